"""The money and the verified work of a project over time: what the chart and the ledger are drawn from."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from milestones.models import Milestone
from payments.models import Payment, Reversal
from payments.rules import Step
from projects.models import Project
from projects.money import ZERO


def changes_of(project: Project) -> list[Step]:
    """Every change, by day: payments on the day they were paid, reversals on the day they came into force,
    sign-offs by the milestone's value. Three queries."""
    return [*_payments(project), *_reversals(project), *_sign_offs(project)]


def _payments(project: Project) -> list[Step]:
    paid = Payment.objects.filter(project=project).values_list("paid_on", "amount")
    return [Step(day, paid=amount) for day, amount in paid]


def _reversals(project: Project) -> list[Step]:
    """In force at once, or from the answer that consented."""
    in_force = Reversal.objects.filter(Q(needs_consent=False) | Q(answer__consents=True), project=project)
    rows = in_force.values_list("entry__at", "answer__entry__at", "amount")
    return [Step(_day(project, consented or asked), paid=-amount) for asked, consented, amount in rows]


def _sign_offs(project: Project) -> list[Step]:
    """A milestone is closed by its sign-off, so its last entry is that of the last approval."""
    signed = Milestone.objects.filter(project=project, state=Milestone.State.SIGNED_OFF)
    return [Step(_day(project, at), ZERO, value) for at, value in signed.values_list("entry__at", "value")]


def _day(project: Project, at: datetime) -> date:
    return at.astimezone(ZoneInfo(project.time_zone)).date()
