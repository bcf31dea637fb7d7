"""What the project page draws: the curve over time, and the milestones on their two strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from milestones.models import Milestone
from milestones.queries import MilestoneWithFacts
from milestones.rounds import current_round_of, decisions_of, waits_for
from payments.history import changes_of
from payments.queries import Ledger
from payments.rules import Contract, Line, State, Step, history_of, planned_at
from payments.showing import last_payment_by_line
from projects.models import Project, Role
from projects.wording import day_text, isolated, percent_digits
from tracker.charts import RailStep, rail
from tracker.curve import Curve, Series, curve
from tracker.waiting import Facts

WIDE = {"width": 660, "height": 290}
NARROW = {"width": 330, "height": 250}


def curves_of(project: Project, ledger: Ledger, today: date) -> tuple[Curve, Curve]:
    """The S-curve for a desk and for a phone: the plan, verified work and money paid."""
    steps = history_of(changes_of(project))
    series = {
        "planned": _plan(ledger.contract),
        "verified": _of(steps, "earned"),
        "paid": _of(steps, "paid"),
        "today": today,
        "total": project.contract_total,
    }
    return curve(**series, **WIDE), curve(**series, **NARROW)


def _of(steps: Sequence[Step], name: str) -> Series:
    return [(step.on, getattr(step, name)) for step in steps]


def _plan(contract: Contract) -> Series:
    """The plan at every day where its slope may change; empty when no milestone has an end."""
    days = {day for term in contract.terms if term.end for day in (term.start or term.end, term.end)}
    return [(day, planned_at(contract.terms, day)) for day in sorted(days)]


@dataclass(frozen=True)
class RailRow:
    """One milestone on the rail: how the strings pass it, its line of the schedule, and what is said of it.

    `part` is money paid against it before it was unlocked.
    """

    step: RailStep
    stage: Milestone
    line: Line
    part: Decimal
    note: str
    waits_for_reader: bool

    @property
    def signed_by(self) -> list[str]:
        """The parts that have approved the open round."""
        return [Role(decision.role).label for decision in decisions_of(self.stage) if decision.approves]

    @property
    def is_in_hand(self) -> bool:
        """Whether its evidence and its way on are shown on the rail itself."""
        return self.stage.state == Milestone.State.SUBMITTED


def rail_rows(facts: Facts, paid: Decimal) -> list[RailRow]:
    """The milestones in their order, with the two strings."""
    signed = [stage.state == Milestone.State.SIGNED_OFF for stage in facts.stages]
    steps = rail([stage.value for stage in facts.stages], signed, paid)
    lines = {line.line: line for line in facts.ledger.lines}
    paid_on = last_payment_by_line(facts.payments)
    return [
        RailRow(
            step,
            stage,
            line := lines[str(stage.id)],
            line.early,
            _note(stage, line, paid_on.get(line.line)),
            waits_for(stage, facts.part, facts.parties),
        )
        for step, stage in zip(steps, facts.stages, strict=True)
    ]


def folded(rows: Sequence[RailRow]) -> dict[str, int]:
    """How many far rows a phone folds away: signed off, and later."""
    far = [row.step.work for row in rows if row.step.far]
    return {work: far.count(work) for work in ("done", "later")}


def _note(stage: MilestoneWithFacts, line: Line, paid_on: date | None) -> str:
    """Where a milestone stands, in a few words with its days."""
    words = [_standing(stage)]
    if paid_on and line.state == State.PAID:
        words.append(_("paid %(day)s") % {"day": isolated(day_text(paid_on))})
    elif stage.agreed_end and stage.state != Milestone.State.SIGNED_OFF:
        words.append(_("planned until %(day)s") % {"day": isolated(day_text(stage.agreed_end))})
    text = " · ".join(filter(None, words))
    return text[:1].upper() + text[1:]


def _standing(stage: MilestoneWithFacts) -> str:
    match stage.state:
        case Milestone.State.SIGNED_OFF:
            return _("Signed off %(day)s") % {"day": isolated(day_text(stage.sign_off.entry.at))}
        case Milestone.State.SUBMITTED:
            submission = current_round_of(stage)
            assert submission is not None
            return _("Submitted %(day)s") % {"day": isolated(day_text(submission.entry.at))}
        case Milestone.State.IN_PROGRESS:
            reported = isolated(percent_digits(stage.reported_percent))
            return _("In progress, the contractor reports %(percent)s") % {"percent": reported}
    return ""
