"""Expectations as pages show them: each with what the reader may do about it now."""

from collections.abc import Iterable
from dataclasses import dataclass

from milestones.actions import (
    accept_counter,
    confirm_expectation,
    counter_expectation,
    edit_expectation,
    judge_expectation,
)
from milestones.models import Expectation
from milestones.queries import concerned_by
from milestones.rules import is_ripe
from projects.models import Party, Project
from projects.page_kit import may_do

State = Expectation.State


@dataclass(frozen=True)
class Row:
    """An expectation with what the reader may do about it now."""

    expectation: Expectation
    may_edit: bool
    may_confirm: bool
    may_counter: bool
    may_accept: bool
    may_judge: bool


def rows_for(part: Party, expectations: Iterable[Expectation]) -> list[Row]:
    """The expectations of the part's project, as the reader meets them."""
    draft = part.project.state == Project.State.DRAFT
    return [_row(part, expectation, draft) for expectation in expectations]


def _row(part: Party, expectation: Expectation, draft: bool) -> Row:
    state = expectation.state
    return Row(
        expectation,
        may_edit=draft and may_do(part, edit_expectation),
        may_confirm=draft and state != State.CONFIRMED and may_do(part, confirm_expectation),
        may_counter=draft and state == State.OPEN and may_do(part, counter_expectation),
        may_accept=draft and state == State.COUNTERED and may_do(part, accept_counter),
        may_judge=awaits_judgement(expectation) and may_do(part, judge_expectation),
    )


def awaits_judgement(expectation: Expectation) -> bool:
    """Whether its work is signed off, and nobody has said yet whether it was met."""
    is_in_force = expectation.project.state != Project.State.DRAFT
    return is_in_force and not hasattr(expectation, "judgement") and is_ripe(concerned_by(expectation))
