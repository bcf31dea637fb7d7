"""The money and the verified work of a project over time: what the chart and the ledger are drawn from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from milestones.findings import Estimates, Finding, repair_of, verified_percent_of
from milestones.models import Defect, DefectEvent, DefectNow, Estimate, Inspection, Milestone
from payments.models import Payment, Reversal
from payments.rules import Step
from projects.models import Project
from projects.money import ZERO, percent_of, total_of


def changes_of(project: Project) -> list[Step]:
    """Every change, by day: payments on the day they were paid, reversals on the day they came into force,
    and what inspections, sign-offs, faults found after them and their repairs did to the verified value, on
    the day they were told. Seven queries."""
    return [*_payments(project), *_reversals(project), *_earnings(project)]


def _payments(project: Project) -> list[Step]:
    paid = Payment.objects.filter(project=project).values_list("paid_on", "amount")
    return [Step(day, paid=amount) for day, amount in paid]


def _reversals(project: Project) -> list[Step]:
    """In force at once, or from the answer that consented."""
    in_force = Reversal.objects.filter(Q(needs_consent=False) | Q(answer__consents=True), project=project)
    rows = in_force.values_list("entry__at", "answer__entry__at", "amount")
    return [Step(day_of(project, consented or asked), paid=-amount) for asked, consented, amount in rows]


@dataclass
class _Stage:
    """What is known of a milestone's work by some moment."""

    value: Decimal
    signed_off: bool = False
    findings: list[Finding] = field(default_factory=list)
    faults: dict[UUID, Estimates] = field(default_factory=dict)  # blocking, open, found after the sign-off

    @property
    def earned(self) -> Decimal:
        return self.value if self.signed_off else percent_of(self.value, verified_percent_of(self.findings))

    @property
    def repair(self) -> Decimal:
        return repair_of(self.value, self.faults.values())


# What was told of which milestone: the entry's number and moment, and the fact.
_Told = tuple[int, datetime, UUID, Any]


def _earnings(project: Project) -> Iterator[Step]:
    """Every change of the verified value, in the order in which the journal tells of them."""
    milestones = list(Milestone.objects.filter(project=project).select_related("sign_off__entry"))
    stages = {milestone.pk: _Stage(milestone.value) for milestone in milestones}
    earned = ZERO
    for _seq, at, stage, fact in sorted(_told(project, milestones), key=lambda told: told[0]):
        _learn(stages[stage], fact)
        now = _earned_of(stages.values())
        if now != earned:
            yield Step(day_of(project, at), earned=now - earned)
        earned = now


def _earned_of(stages: Iterable[_Stage]) -> Decimal:
    """As `Contract.earned`: never below 0."""
    stages = list(stages)
    worth = total_of([stage.earned for stage in stages])
    return max(ZERO, worth - total_of([stage.repair for stage in stages]))


def _told(project: Project, milestones: Iterable[Milestone]) -> Iterator[_Told]:
    """The facts that change it."""
    for milestone in milestones:
        if milestone.state == Milestone.State.SIGNED_OFF:
            signed = milestone.sign_off.entry
            yield signed.seq, signed.at, milestone.pk, milestone
    for inspection in Inspection.objects.filter(project=project).select_related("entry"):
        yield inspection.entry.seq, inspection.entry.at, inspection.milestone_id, inspection
    late = {"project": project, "blocking": True, "after_sign_off": True}
    for defect in Defect.objects.filter(**late).select_related("entry"):
        yield defect.entry.seq, defect.entry.at, defect.milestone_id, defect
    of_these = {f"defect__{name}": wanted for name, wanted in late.items()}
    for estimate in Estimate.objects.filter(**of_these).select_related("entry", "defect"):
        yield estimate.entry.seq, estimate.entry.at, estimate.defect.milestone_id, estimate
    closed = DefectEvent.objects.filter(kind__in=DefectNow.CLOSED, **of_these)
    for event in closed.select_related("entry", "defect"):
        yield event.entry.seq, event.entry.at, event.defect.milestone_id, event


def _learn(stage: _Stage, fact: Any) -> None:
    match fact:
        case Milestone():
            stage.signed_off = True
        case Inspection():
            stage.findings.append(Finding(fact.role, fact.percent))
        case Defect():
            stage.faults[fact.pk] = Estimates()
        case Estimate():
            stage.faults[fact.defect_id] = stage.faults[fact.defect_id].said(fact.role, fact.amount)
        case DefectEvent():
            del stage.faults[fact.defect_id]


def day_of(project: Project, at: datetime) -> date:
    """The day of a moment where the project is."""
    return at.astimezone(ZoneInfo(project.time_zone)).date()
