"""Flags about money that is ahead of the work: of a project as a whole, and of single payments."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.figures import with_figures
from payments.models import EarlyPart, Payment
from payments.rules import Level, level_of
from projects.flagging import Figures, Found, register_flag
from projects.models import Flag, Project, Role
from projects.money import ZERO
from projects.policy import policy_of
from projects.wording import day_text, isolated, money_text

SEVERITIES = {
    Level.WATCH.value: Flag.Severity.NOTICE,
    Level.AHEAD.value: Flag.Severity.WARNING,
    Level.CRITICAL.value: Flag.Severity.CRITICAL,
}
AHEAD_FIGURES = ["excess", "exposure", "agreed_lead", "early", "paid", "earned"]


def paid_ahead(project_ids: Collection[UUID] | None) -> Iterator[Found]:
    """Projects where more is paid than the work and the contract's terms cover; severe as their level."""
    projects = Project.objects.all() if project_ids is None else Project.objects.filter(pk__in=project_ids)
    for project in with_figures(projects).filter(excess__gt=ZERO):
        figures = {name: str(getattr(project, name)) for name in AHEAD_FIGURES}
        yield Found(
            project_id=project.id,
            about_kind="project",
            about_id=project.id,
            severity=SEVERITIES[project.level],
            figures=figures | {"level": project.level, "currency": project.currency},
            asks=Role.HOMEOWNER,
        )


def off_schedule_payments(project_ids: Collection[UUID] | None) -> Iterator[Found]:
    """Recorded payments with a part that no unlocked line covers; severe by its size."""
    parts = EarlyPart.objects.filter(payment__kind=Payment.Kind.RECORD)
    if project_ids is not None:
        parts = parts.filter(project_id__in=project_ids)
    for part in parts.select_related("payment", "project"):
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
        "day": isolated(day_text(date.fromisoformat(figures["paid_on"]))),
    }
    if figures["early"] == figures["amount"]:
        return gettext("%(amount)s was paid on %(day)s outside the payment schedule.") % payment
    return gettext("Of %(amount)s paid on %(day)s, %(early)s is outside the payment schedule.") % payment


def _money(figures: Figures, name: str) -> str:
    return money_text(Decimal(figures[name]), figures["currency"])


register_flag("paid_ahead", paid_ahead, title=_("Money is ahead of the work"), sentence=_paid_ahead_sentence)
register_flag(
    "off_schedule_payment",
    off_schedule_payments,
    title=_("Paid outside the schedule"),
    sentence=_off_schedule_sentence,
)
