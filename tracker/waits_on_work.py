"""Who waits for whom over the work: decisions, corrections, repairs to be made and to be verified."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from milestones.defect_flags import REPAIRED_IN
from milestones.models import Defect, DefectNow, Milestone, Submission
from milestones.queries import awaited_roles
from milestones.rules import judges_repairs
from milestones.web import defect_address
from projects import clock
from projects.models import Project, Role
from projects.wording import day_text, isolated
from tracker.waits import SIDES, Reader, Wait, wait_of, waits


@waits("signature")
def signatures(reader: Reader) -> Iterator[Wait]:
    """Submitted milestones, until every required signer has decided; decisions wait while the work does.

    Where the last whose decision was missing has left, it is submitted anew: leaving approves nothing.
    """
    rounds = Submission.objects.filter(
        project__in=reader.projects,
        project__state=Project.State.ACTIVE,
        milestone__state=Milestone.State.SUBMITTED,
        round=F("milestone__round"),
    )
    for submission in rounds.select_related("milestone__project", "entry").prefetch_related("decisions"):
        milestone, part = submission.milestone, reader.parts[submission.project_id]
        roles = awaited_roles(milestone, submission, reader.parties[submission.project_id])
        has_decided = any(decision.party_id == part.id for decision in submission.decisions.all())
        mine = part.may_sign and part.role in roles and not has_decided
        if roles and (mine or part.role in SIDES):
            yield wait_of(
                part,
                milestone.id,
                submission.entry.at,
                mine=mine,
                roles=roles,
                title=_("Milestone %(number)s is ready for review") % {"number": milestone.position},
                text=f"\u2068{milestone.title}\u2069",
                url=reverse("milestone", args=[milestone.id]),
                act=_("Review and decide"),
            )
        elif not roles and part.role in SIDES:
            yield wait_of(
                part,
                milestone.id,
                submission.entry.at,
                mine=part.role == Role.CONTRACTOR,
                roles=[Role.CONTRACTOR.value],
                title=_("Milestone %(number)s is to be submitted again") % {"number": milestone.position},
                text=_(
                    "Who was still to sign has left the project."
                    " Withdraw the submission, and submit it again."
                ),
                url=reverse("milestone", args=[milestone.id]),
                act=_("To the milestone"),
            )


@waits("correction")
def corrections(reader: Reader) -> Iterator[Wait]:
    """Milestones that came back, until the contractor submits them again."""
    returned = Submission.objects.filter(
        project__in=reader.projects,
        project__state=Project.State.ACTIVE,
        milestone__state=Milestone.State.IN_PROGRESS,
        round=F("milestone__round"),
        decisions__approves=False,
    )
    rows = returned.annotate(returned_at=F("decisions__entry__at"), reason=F("decisions__note"))
    for submission in rows.select_related("milestone"):
        milestone, part = submission.milestone, reader.parts[submission.project_id]
        if part.role in SIDES:
            yield wait_of(
                part,
                milestone.id,
                submission.returned_at,
                mine=part.role == Role.CONTRACTOR,
                roles=[Role.CONTRACTOR.value],
                title=_("Milestone %(number)s came back for correction") % {"number": milestone.position},
                text=f"\u2068{submission.reason}\u2069",
                url=reverse("milestone", args=[milestone.id]),
                act=_("See what is missing"),
            )


@waits("overdue_repair")
def overdue_repairs(reader: Reader) -> Iterator[Wait]:
    """Open defects whose fix date has passed where they are, until the contractor fixes them or moves it."""
    tomorrow_anywhere = clock.now().date() + timedelta(days=1)
    late = Defect.objects.filter(
        project__in=reader.projects,
        project__state__in=REPAIRED_IN,
        now__state=DefectNow.State.OPEN,
        now__fix_by__lt=tomorrow_anywhere,
    )
    for defect in late.select_related("milestone", "now"):
        part, fix_by = reader.parts[defect.project_id], defect.now.fix_by
        zone = part.project.time_zone
        if fix_by and fix_by < clock.today(zone) and part.role in SIDES:
            words = {"number": defect.number, "day": isolated(day_text(fix_by))}
            yield wait_of(
                part,
                defect.id,
                datetime.combine(fix_by + timedelta(days=1), time(), ZoneInfo(zone)),
                mine=part.role == Role.CONTRACTOR,
                roles=[Role.CONTRACTOR.value],
                title=_("Defect %(number)s was to be fixed by %(day)s") % words,
                text=f"\u2068{defect.title}\u2069",
                url=defect_address(defect),
                act=_("To the defect"),
            )


@waits("repair")
def repairs(reader: Reader) -> Iterator[Wait]:
    """Defects that are said to be fixed, until somebody who judges it has verified the repair."""
    fixed = Defect.objects.filter(project__in=reader.projects, now__state=DefectNow.State.FIXED)
    for defect in fixed.select_related("milestone").prefetch_related("events__entry"):
        part = reader.parts[defect.project_id]
        mine = judges_repairs(part, defect.milestone)
        if mine or part.role in SIDES:
            yield wait_of(
                part,
                defect.id,
                max(event.entry.at for event in defect.events.all()),
                mine=mine,
                roles=sorted({Role.HOMEOWNER.value, *defect.milestone.signers}),
                title=_("Defect %(number)s is marked as fixed") % {"number": defect.number},
                text=f"\u2068{defect.title}\u2069",
                url=defect_address(defect),
                act=_("Review and decide"),
            )
