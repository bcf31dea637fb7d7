"""Flags about the terms of a draft, and about dates and decisions that are overdue."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milestones.figures import FRONT_LOADED, with_front_loading
from milestones.models import Milestone, Submission
from milestones.queries import awaited_roles
from milestones.rules import OVERDUE_AFTER
from projects import clock
from projects.business_days import business_days_before
from projects.flagging import Figures, Found, Reach, register_flag
from projects.models import Flag, Party, Project, Role
from projects.money import as_percent
from projects.wording import day_text, isolated, money_text, percent_text

SLIPS = 2  # from how many moves on a date keeps moving


def front_loaded(reach: Reach) -> Iterator[Found]:
    """Drafts that pay ahead of the work by more than the policy allows, as planned or by their deposit.

    After the signing it is a sentence of the agreement, no flag.
    """
    drafts = reach.of(Project.objects.filter(state=Project.State.DRAFT), "pk")
    for draft in with_front_loading(drafts).filter(FRONT_LOADED):
        figures = {
            "worst_gap": str(draft.worst_gap),
            "worst_gap_percent": str(as_percent(draft.worst_gap, draft.contract_total)),
            "gap_limit": str(draft.gap_limit),
            "deposit": str(draft.deposit),
            "deposit_cap": str(draft.deposit_cap),
            "currency": draft.currency,
        }
        yield Found(
            project_id=draft.id,
            about_kind="project",
            about_id=draft.id,
            severity=Flag.Severity.WARNING,
            figures=figures,
            asks=Role.HOMEOWNER,
        )


def late(reach: Reach) -> Iterator[Found]:
    """Milestones of active projects whose agreed date has passed where they are, not submitted yet."""
    undone = [Milestone.State.PLANNED, Milestone.State.IN_PROGRESS]
    tomorrow_anywhere = clock.now().date() + timedelta(days=1)
    milestones = Milestone.objects.filter(
        project__state=Project.State.ACTIVE, state__in=undone, agreed_end__lt=tomorrow_anywhere
    )
    for milestone in reach.of(milestones).select_related("project"):
        agreed = milestone.agreed_end
        if agreed and agreed < clock.today(milestone.project.time_zone):
            yield Found(
                project_id=milestone.project_id,
                about_kind="milestone",
                about_id=milestone.id,
                severity=Flag.Severity.WARNING,
                figures={
                    "position": str(milestone.position),
                    "agreed_end": agreed.isoformat(),
                },
                asks=Role.CONTRACTOR,
            )


def slipping(reach: Reach) -> Iterator[Found]:
    """Milestones that are worked on whose date was put off SLIPS times or more; every slip is remembered.

    A date that a change order moves was agreed by both sides, and counts no slip.
    """
    undone = [Milestone.State.PLANNED, Milestone.State.IN_PROGRESS]
    put_off = Q(reschedules__agreed_end__gt=F("reschedules__previous_end"))
    milestones = (
        reach.of(Milestone.objects.filter(project__state=Project.State.ACTIVE, state__in=undone))
        .annotate(slips=Count("reschedules", filter=put_off))
        .annotate(first_end=Min("reschedules__previous_end", filter=put_off))
        .filter(slips__gte=SLIPS)
    )
    for milestone in milestones:
        yield Found(
            project_id=milestone.project_id,
            about_kind="milestone",
            about_id=milestone.id,
            severity=Flag.Severity.WARNING,
            figures={
                "position": str(milestone.position),
                "slips": str(milestone.slips),
                "first_end": milestone.first_end.isoformat(),
                "agreed_end": milestone.agreed_end.isoformat() if milestone.agreed_end else "",
            },
            asks=Role.CONTRACTOR,
        )


def review_overdue(reach: Reach) -> Iterator[Found]:
    """Submitted milestones for which a signer has been silent for OVERDUE_AFTER business days."""
    waiting = Submission.objects.filter(
        milestone__project__state=Project.State.ACTIVE,
        milestone__state=Milestone.State.SUBMITTED,
        round=F("milestone__round"),
        entry__at__lte=clock.now() - timedelta(days=OVERDUE_AFTER),
    )
    waiting = reach.of(waiting).select_related("milestone__project", "entry")
    submissions = list(waiting.prefetch_related("decisions"))
    parties = _parties_of({submission.project_id for submission in submissions})
    for submission in submissions:
        milestone, zone = submission.milestone, submission.milestone.project.time_zone
        if submission.entry.at > business_days_before(clock.now(), OVERDUE_AFTER, zone):
            continue
        roles = awaited_roles(milestone, submission, parties[submission.project_id])
        if roles:
            yield Found(
                project_id=milestone.project_id,
                about_kind="milestone",
                about_id=milestone.id,
                severity=Flag.Severity.WARNING,
                figures={
                    "position": str(milestone.position),
                    "submitted_on": submission.entry.at.astimezone(ZoneInfo(zone)).date().isoformat(),
                    "awaited": ",".join(roles),
                },
                asks=roles[0],
            )


def _parties_of(project_ids: Collection[UUID]) -> dict[UUID, list[Party]]:
    parties: dict[UUID, list[Party]] = defaultdict(list)
    for party in Party.objects.filter(project_id__in=project_ids):
        parties[party.project_id].append(party)
    return parties


def _late_sentence(figures: Figures) -> str:
    return gettext("The date agreed for milestone %(position)s, %(day)s, has passed.") % {
        "position": figures["position"],
        "day": _day(figures["agreed_end"]),
    }


def _slipping_sentence(figures: Figures) -> str:
    return gettext(
        "The date of milestone %(position)s was put off %(slips)s times, from %(first)s to %(day)s."
    ) % {
        "position": figures["position"],
        "slips": figures["slips"],
        "first": _day(figures["first_end"]),
        "day": _day(figures["agreed_end"]),
    }


def _review_overdue_sentence(figures: Figures) -> str:
    return gettext("Milestone %(position)s has waited since %(day)s for a decision: %(roles)s.") % {
        "position": figures["position"],
        "day": _day(figures["submitted_on"]),
        "roles": ", ".join(str(Role(role).label) for role in figures["awaited"].split(",")),
    }


def _day(written: str) -> str:
    return isolated(day_text(date.fromisoformat(written)))


def _front_loaded_sentence(figures: Figures) -> str:
    currency = figures["currency"]
    if Decimal(figures["worst_gap"]) > Decimal(figures["gap_limit"]):
        return gettext(
            "As planned, money would run ahead of the work by up to %(gap)s, %(percent)s of the contract."
        ) % {
            "gap": money_text(Decimal(figures["worst_gap"]), currency),
            "percent": percent_text(Decimal(figures["worst_gap_percent"])),
        }
    return gettext("The deposit of %(deposit)s is above the cap of %(cap)s.") % {
        "deposit": money_text(Decimal(figures["deposit"]), currency),
        "cap": money_text(Decimal(figures["deposit_cap"]), currency),
    }


register_flag(
    "front_loaded",
    front_loaded,
    title=_("The plan pays ahead of the work"),
    sentence=_front_loaded_sentence,
)
register_flag("late", late, title=_("A date has passed"), sentence=_late_sentence)
register_flag("slipping", slipping, title=_("A date keeps moving"), sentence=_slipping_sentence)
register_flag(
    "review_overdue",
    review_overdue,
    title=_("A decision is overdue"),
    sentence=_review_overdue_sentence,
)
