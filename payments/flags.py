"""Flags about money and work that part: money ahead of the work, due money unpaid, work that stopped."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone
from payments.figures import ProjectWithFigures, with_figures
from payments.models import EarlyPart, LineKind, OpenDispute, PayableLine, Payment, Standing
from payments.rules import Level, level_of
from projects import clock
from projects.flagging import BOTH_SIDES, Figures, Found, Reach, register_flag
from projects.models import Flag, JournalEntry, Project, Role
from projects.money import ZERO
from projects.policy import policy_of
from projects.wording import day_text, isolated, money_text

SEVERITIES = {
    Level.WATCH.value: Flag.Severity.NOTICE,
    Level.AHEAD.value: Flag.Severity.WARNING,
    Level.CRITICAL.value: Flag.Severity.CRITICAL,
}

OVERDUE_AFTER = timedelta(days=10)

STALLED_AFTER = timedelta(days=7)

SIGNS_OF_WORK = [
    "progress_logged",
    "milestone_submitted",
    "agreement_signed",
    "project_resumed",
    "date_announced",
    "date_missed",
]

ABOUT = {LineKind.DEPOSIT.value: "project", LineKind.MILESTONE.value: "milestone"}

AHEAD_FIGURES = ["excess", "exposure", "agreed_lead", "early", "paid", "earned"]


def projects_ahead(reach: Reach) -> list[ProjectWithFigures]:
    """Projects where more is paid than the work and the contract's terms cover, with their figures."""
    return list(with_figures(reach.of(Project.objects.all(), "pk")).filter(excess__gt=ZERO))


def paid_ahead(reach: Reach) -> Iterator[Found]:
    """Each of `projects_ahead`, severe as its level."""
    for project in reach.once(projects_ahead):
        figures = {name: str(getattr(project, name)) for name in AHEAD_FIGURES}
        yield Found(
            project_id=project.id,
            about_kind="project",
            about_id=project.id,
            severity=SEVERITIES[project.level],
            figures=figures | {"level": project.level, "currency": project.currency},
            asks=Role.HOMEOWNER,
        )


def _early_parts(reach: Reach) -> Mapping[str, list[EarlyPart]]:
    """What of payments no unlocked line covers, by the kind of the payment."""
    parts: defaultdict[str, list[EarlyPart]] = defaultdict(list)
    rows = reach.of(EarlyPart.objects.select_related("payment__advance__milestone", "project"))
    for part in rows:
        parts[part.payment.kind].append(part)
    return parts


def off_schedule_payments(reach: Reach) -> Iterator[Found]:
    """Recorded payments with a part that no unlocked line covers; severe by its size."""
    for part in reach.once(_early_parts)[Payment.Kind.RECORD]:
        yield Found(
            project_id=part.project_id,
            about_kind="payment",
            about_id=part.payment_id,
            severity=_severity(part),
            figures={
                "early": str(part.amount),
                "amount": str(part.payment.amount),
                "paid_on": part.payment.paid_on.isoformat(),
                "currency": part.project.currency,
            },
            asks=Role.HOMEOWNER,
        )


def _severity(part: EarlyPart) -> str:
    """As severe as an excess of this size would be."""
    size, project = part.amount, part.project
    return SEVERITIES[level_of(size, size, size, project.contract_total, policy_of(project.policy))]


def advance_outstanding(reach: Reach) -> Iterator[Found]:
    """Paid advances that no unlocked line covers yet; a warning once the day has passed by which the work was
    to have caught up."""
    for part in reach.once(_early_parts)[Payment.Kind.ADVANCE]:
        advance = part.payment.advance
        assert advance is not None
        is_late = advance.catch_up_on < clock.today(part.project.time_zone)
        yield Found(
            project_id=part.project_id,
            about_kind="payment",
            about_id=part.payment_id,
            severity=Flag.Severity.WARNING if is_late else Flag.Severity.NOTICE,
            figures={
                "early": str(part.amount),
                "amount": str(part.payment.amount),
                "paid_on": part.payment.paid_on.isoformat(),
                "catch_up_on": advance.catch_up_on.isoformat(),
                "position": str(advance.milestone.position),
                "currency": part.project.currency,
            },
            asks=Role.CONTRACTOR,
        )


def payment_disputed(reach: Reach) -> Iterator[Found]:
    """Payments of which a side says that they did not move as recorded; both are asked to settle it.

    A warning, whatever the sum: no figure moves by it, so nothing is lost yet, but no rule can settle it.
    """
    for disputed in reach.of(OpenDispute.objects.select_related("payment", "dispute", "project")):
        yield Found(
            project_id=disputed.project_id,
            about_kind="payment",
            about_id=disputed.payment_id,
            severity=Flag.Severity.WARNING,
            figures={
                "amount": str(disputed.amount),
                "paid_on": disputed.payment.paid_on.isoformat(),
                "by_role": disputed.dispute.by_role,
                "currency": disputed.project.currency,
            },
            asks=BOTH_SIDES,
        )


def payment_overdue(reach: Reach) -> Iterator[Found]:
    """Lines that have been payable for OVERDUE_AFTER without a break: the contractor's due money.

    `later` is what of it became payable since.
    """
    lines = reach.of(PayableLine.objects.filter(since__lte=clock.now() - OVERDUE_AFTER))
    for line in lines.select_related("project", "milestone"):
        since = line.since.astimezone(ZoneInfo(line.project.time_zone)).date()
        yield Found(
            project_id=line.project_id,
            about_kind=ABOUT.get(line.line, "line"),
            about_id=line.about_id,
            severity=Flag.Severity.WARNING,
            figures={
                "payable": str(line.payable),
                "later": str(line.payable - line.unbroken),
                "since": since.isoformat(),
                "position": str(line.milestone.position) if line.milestone else "",
                "line": line.line,
                "currency": line.project.currency,
            },
            asks=Role.HOMEOWNER,
        )


def stalled(reach: Reach) -> Iterator[Found]:
    """Active projects with work to do of which the contractor has shown nothing for STALLED_AFTER.

    Counted from the latest report, submission or new date, the agreement's last signature, a resumption, and
    the start, whichever is latest. Critical while money is ahead of the work.
    """
    undone = Milestone.objects.filter(
        project=OuterRef("pk"), state__in=[Milestone.State.PLANNED, Milestone.State.IN_PROGRESS]
    )
    projects = reach.of(Project.objects.filter(Exists(undone), state=Project.State.ACTIVE), "pk")
    shown = JournalEntry.objects.filter(project=OuterRef("pk"), kind__in=SIGNS_OF_WORK).order_by("-seq")
    quiet = projects.annotate(shown_at=Subquery(shown.values("at")[:1]))
    since = {
        project: max(project.shown_at.astimezone(ZoneInfo(project.time_zone)).date(), project.starts_on)
        for project in quiet.filter(shown_at__lte=clock.now() - STALLED_AFTER)
    }
    still = [project for project in since if since[project] + STALLED_AFTER <= clock.today(project.time_zone)]
    standing = Standing.objects.in_bulk([project.pk for project in still])
    for project in still:
        exposure = standing[project.pk].exposure
        yield Found(
            project_id=project.id,
            about_kind="project",
            about_id=project.id,
            severity=Flag.Severity.CRITICAL if exposure > 0 else Flag.Severity.WARNING,
            figures={
                "since": since[project].isoformat(),
                "exposure": str(exposure),
                "currency": project.currency,
            },
            asks=Role.CONTRACTOR,
        )


def _payment_overdue_sentence(figures: Figures) -> str:
    later = gettext("Part of it became due later.") if Decimal(figures.get("later", 0)) else ""
    return f"{_due_since(figures)} {later}".strip()


def _due_since(figures: Figures) -> str:
    due = {"payable": _money(figures, "payable"), "day": _day(figures, "since")}
    if figures["position"]:
        return gettext("%(payable)s for milestone %(position)s has been due since %(day)s.") % (
            due | {"position": figures["position"]}
        )
    if figures.get("line") == LineKind.RETENTION:
        return gettext("%(payable)s of the retention has been due since %(day)s.") % due
    if figures.get("line") == LineKind.FINAL:
        return gettext("%(payable)s of the closing sum has been due since %(day)s.") % due
    return gettext("%(payable)s of the deposit has been due since %(day)s.") % due


def _stalled_sentence(figures: Figures) -> str:
    if Decimal(figures["exposure"]) > 0:
        return gettext(
            "No progress has been reported since %(day)s, and money is ahead of the work by %(exposure)s."
        ) % {"day": _day(figures, "since"), "exposure": _money(figures, "exposure")}
    return gettext("No progress has been reported since %(day)s.") % {"day": _day(figures, "since")}


def _paid_ahead_sentence(figures: Figures) -> str:
    ahead = {
        "exposure": _money(figures, "exposure"),
        "excess": _money(figures, "excess"),
    }
    if Decimal(figures["agreed_lead"]):
        return (
            gettext(
                "Money is ahead of the work by %(exposure)s; the contract does not cover %(excess)s of it."
            )
            % ahead
        )
    return gettext("Money is ahead of the work by %(exposure)s.") % ahead


def _off_schedule_sentence(figures: Figures) -> str:
    payment = {
        "early": _money(figures, "early"),
        "amount": _money(figures, "amount"),
        "day": _day(figures, "paid_on"),
    }
    if figures["early"] == figures["amount"]:
        return gettext("%(amount)s was paid on %(day)s outside the payment schedule.") % payment
    return gettext("Of %(amount)s paid on %(day)s, %(early)s is outside the payment schedule.") % payment


def _advance_outstanding_sentence(figures: Figures) -> str:
    return gettext(
        "%(early)s of the advance for milestone %(position)s is not covered by signed-off work."
        " The work was to catch up by %(day)s."
    ) % {
        "early": _money(figures, "early"),
        "position": figures["position"],
        "day": _day(figures, "catch_up_on"),
    }


def _payment_disputed_sentence(figures: Figures) -> str:
    payment = {"amount": _money(figures, "amount"), "day": _day(figures, "paid_on")}
    if figures["by_role"] == Role.CONTRACTOR:
        return gettext("The contractor disputes %(amount)s, recorded as paid on %(day)s.") % payment
    return gettext("The homeowners dispute %(amount)s, recorded as paid on %(day)s.") % payment


def _money(figures: Figures, name: str) -> str:
    return money_text(Decimal(figures[name]), figures["currency"])


def _day(figures: Figures, name: str) -> str:
    return isolated(day_text(date.fromisoformat(figures[name])))


register_flag("paid_ahead", paid_ahead, title=_("Money is ahead of the work"), sentence=_paid_ahead_sentence)

register_flag(
    "off_schedule_payment",
    off_schedule_payments,
    title=_("Paid outside the schedule"),
    sentence=_off_schedule_sentence,
)

register_flag(
    "advance_outstanding",
    advance_outstanding,
    title=_("An advance is outstanding"),
    sentence=_advance_outstanding_sentence,
)

register_flag(
    "payment_disputed",
    payment_disputed,
    title=_("A payment is disputed"),
    sentence=_payment_disputed_sentence,
    is_mailed=False,
)

register_flag(
    "payment_overdue",
    payment_overdue,
    title=_("A payment is overdue"),
    sentence=_payment_overdue_sentence,
)

register_flag("stalled", stalled, title=_("The work has stopped"), sentence=_stalled_sentence)
