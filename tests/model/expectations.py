"""What the client expects: stated, answered and agreed in the draft, judged in the end."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .book import Book, Expectation, Project, Stage, admit
from .parts import wrote
from .words import CONTRACTOR, HOMEOWNER, SIDES, Name, No, Who


def add_expectation(book: Book, who: Who, target: Name, *, milestones: Sequence[Name] = (), **_: Any) -> Name:
    project = book.project(target)
    part = admit(project, who, SIDES)
    _require_draft(project)
    _require_stages(project, milestones)
    place = max((expectation.position for expectation in project.expectations), default=0) + 1
    expectation = Expectation(
        book.new("expectation"), project.name, place, part.role == CONTRACTOR, [*milestones]
    )
    project.expectations.append(book.keep(expectation))
    wrote(project, terms=True)
    return expectation.name


def edit_expectation(
    book: Book,
    who: Who,
    target: Name,
    *,
    version: int,
    milestones: Sequence[Name] | None = None,
    **_: Any,
) -> Name:
    expectation, project = _expectation(book, target)
    admit(project, who, {HOMEOWNER})
    _require_draft(project)
    _require_version(expectation, version)
    if milestones is not None:
        _require_stages(project, milestones)
        expectation.stages = [*milestones]
    expectation.state, expectation.countered = "open", False
    expectation.version += 1
    wrote(project, terms=True)
    return expectation.name


def remove_expectation(book: Book, who: Who, target: Name) -> Name:
    expectation, project = _expectation(book, target)
    admit(project, who, {HOMEOWNER})
    _require_draft(project)
    project.expectations.remove(expectation)
    del book.things[expectation.name]
    wrote(project, terms=True)
    return project.name


def confirm_expectation(book: Book, who: Who, target: Name, *, version: int, doer: str = "") -> Name:
    expectation, project = _to_answer(book, who, target, CONTRACTOR, version)
    if expectation.state != "confirmed":
        _require_doer(expectation, doer)
        expectation.state, expectation.countered = "confirmed", False
        wrote(project, terms=True)
    return expectation.name


def counter_expectation(
    book: Book,
    who: Who,
    target: Name,
    *,
    version: int,
    counter: str,
    cost: Decimal | None = None,
    doer: str = "",
) -> Name:
    expectation, project = _to_answer(book, who, target, CONTRACTOR, version)
    if expectation.state != "open":
        raise No("expectation_is_answered")
    _require_doer(expectation, doer)
    expectation.state, expectation.countered = "countered", True
    wrote(project, terms=True)
    return expectation.name


def accept_counter(book: Book, who: Who, target: Name, *, version: int) -> Name:
    expectation, project = _to_answer(book, who, target, HOMEOWNER, version)
    if expectation.state == "confirmed" and expectation.countered:
        return expectation.name
    if expectation.state != "countered":
        raise No("nothing_countered")
    expectation.state = "confirmed"
    wrote(project, terms=True)
    return expectation.name


def judge_expectation(book: Book, who: Who, target: Name, *, met: bool, note: str = "") -> Name:
    expectation, project = _expectation(book, target)
    admit(project, who, {HOMEOWNER}, signing=True)
    if project.draft:
        raise No("project_not_active")
    if expectation.judged:
        raise No("judged_already")
    if not is_ripe(project, expectation):
        raise No("expectation_not_ripe")
    if not met and not note.strip():
        raise No("reason_missing")
    expectation.judged = True
    wrote(project)
    return project.name


def is_ripe(project: Project, expectation: Expectation) -> bool:
    """Whether all of its work is signed off."""
    concerned: list[Stage] = [stage for stage in project.stages if stage.name in expectation.stages]
    return all(stage.state == "signed_off" for stage in concerned or project.stages)


def _expectation(book: Book, target: Name) -> tuple[Expectation, Project]:
    expectation = book.find(Expectation, target)
    return expectation, book.project(expectation.project)


def _to_answer(book: Book, who: Who, target: Name, by: str, version: int) -> tuple[Expectation, Project]:
    expectation, project = _expectation(book, target)
    admit(project, who, {by}, signing=True)
    _require_draft(project)
    _require_version(expectation, version)
    return expectation, project


def _require_draft(project: Project) -> None:
    if not project.draft:
        raise No("project_not_draft")


def _require_version(expectation: Expectation, version: int) -> None:
    if version != expectation.version:
        raise No("changed_since_read")


def _require_doer(expectation: Expectation, doer: str) -> None:
    if expectation.promised and not doer.strip():
        raise No("doer_missing")


def _require_stages(project: Project, names: Sequence[Name]) -> None:
    if set(names) - {stage.name for stage in project.stages}:
        raise No("unknown_milestone")
