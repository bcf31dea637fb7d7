"""The terms of a draft, and signing them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .book import Book, Linkage, Part, Project, Stage, admit
from .figures import DEPOSIT, line_of
from .parts import wrote
from .words import CONTRACTOR, HOMEOWNER, SIDES, SIGNERS, Name, No, Who
from .words import hundredths as in_hundredths


def create_project(
    book: Book, who: Who, target: None, *, my_role: str, milestones: Sequence[Mapping[str, Any]], **terms: Any
) -> Name:
    project = Project(book.new("project"), 0, 0, 0, {})
    _set_terms(project, terms)
    assert who.person is not None
    email = book.addresses[who.person][0]
    part = Part(book.new("part"), project.name, my_role, who.person, email, signs=True, confirmed=True)
    part.joined = True
    project.parts.append(book.keep(part))
    for milestone in milestones:
        _add(book, project, **milestone)
    book.projects.append(book.keep(project))
    wrote(project)
    return project.name


def edit_project(book: Book, who: Who, target: Name, *, version: int, **terms: Any) -> Name:
    project = book.project(target)
    admit(project, who, SIDES)
    _require_draft(project)
    if version != project.version:
        raise No("changed_since_read")
    deposit = line_of(project, DEPOSIT)
    if "deposit" in terms and deposit and _agorot(terms["deposit"]) < deposit.paid:
        raise No("deposit_below_paid", paid=deposit.paid)
    _set_terms(project, terms)
    wrote(project, terms=True)
    return project.name


def add_milestone(book: Book, who: Who, target: Name, **terms: Any) -> Name:
    project = book.project(target)
    admit(project, who, SIDES)
    _require_draft(project)
    stage = _add(book, project, **terms)
    wrote(project, terms=True)
    return stage.name


def edit_milestone(
    book: Book, who: Who, target: Name, *, version: int, criteria: Sequence[str] | None = None, **terms: Any
) -> Name:
    stage, project = _stage_of_a_draft(book, who, target, version)
    stage.version += 1
    stage.title = terms.get("title", stage.title)
    stage.signers = terms.get("signers", stage.signers)
    for name in {"value", "amount"} & terms.keys():
        setattr(stage, name, _agorot(terms[name]))
    if criteria is not None:
        stage.criteria = [book.new("criterion") for _ in criteria]
    wrote(project, terms=True)
    return stage.name


def remove_milestone(book: Book, who: Who, target: Name, *, version: int) -> Name:
    stage, project = _stage_of_a_draft(book, who, target, version)
    if any(stage.name in expectation.stages for expectation in project.expectations):
        raise No("milestone_is_expected")
    project.stages.remove(stage)
    del book.things[stage.name]
    for position, left in enumerate(project.stages, start=1):
        left.position = position
    wrote(project, terms=True)
    return project.name


def sign_agreement(book: Book, who: Who, target: Name, *, version: int) -> Name:
    project = book.project(target)
    part = admit(project, who, SIDES, signing=True, proof=True)
    if not project.draft:
        raise No("agreement_is_signed")
    if version != project.version:
        raise No("changed_since_read")
    if missing := missing_of(project):
        raise No("agreement_incomplete", missing=sorted(missing))
    if (part.name, version) in project.signatures:
        return project.name
    project.signatures.add((part.name, version))
    sides = [p for p in project.parts if p.may_sign and p.role in SIDES]
    project.shown_at = book.now
    if all((p.name, version) in project.signatures for p in sides):
        project.state = "active"
    project.entries += 1
    return project.name


def missing_of(project: Project) -> list[tuple[str, str]]:
    """What the agreement lacks: codes, and the position or role each is about."""
    stages = project.stages
    missing = [] if stages else [("no_milestones", "")]
    if sum(stage.value for stage in stages) != project.total:
        missing.append(("values_do_not_add_up", ""))
    if sum(stage.amount for stage in stages) + project.deposit != project.total:
        missing.append(("amounts_do_not_add_up", ""))
    for stage in stages:
        place = str(stage.position)
        missing += [] if stage.title.strip() else [("no_title", place)]
        missing += [] if stage.criteria else [("no_criteria", place)]
        missing += [] if stage.signers else [("no_signers", place)]
    missing += [
        ("expectation_unconfirmed", str(expectation.position))
        for expectation in project.expectations
        if expectation.state != "confirmed"
    ]
    named = {role for stage in stages for role in stage.signers}
    there = {part.role for part in project.parts if part.may_sign}
    absent = ({HOMEOWNER, CONTRACTOR} | named) - there
    return missing + [("nobody_signs_as", role) for role in sorted(absent | named - SIGNERS)]


def _stage_of_a_draft(book: Book, who: Who, target: Name, version: int) -> tuple[Stage, Project]:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    admit(project, who, SIDES)
    _require_draft(project)
    if version != stage.version:
        raise No("changed_since_read")
    return stage, project


def _require_draft(project: Project) -> None:
    if not project.draft:
        raise No("project_not_draft")


def _set_terms(project: Project, terms: Mapping[str, Any]) -> None:
    if "contract_total" in terms:
        project.total = _agorot(terms["contract_total"])
    if "deposit" in terms:
        project.deposit = _agorot(terms["deposit"])
    if "retention_percent" in terms:
        project.kept = in_hundredths(terms["retention_percent"])
    if "linkage_index" in terms:
        project.linkage = _linkage(terms)
    project.policy = terms.get("policy", project.policy)


def _linkage(terms: Mapping[str, Any]) -> Linkage | None:
    if terms["linkage_index"] is None:
        return None
    share = in_hundredths(terms["linkage_share"])
    return Linkage(share, terms["linkage_base_month"], terms["linkage_base_value"])


def _add(
    book: Book,
    project: Project,
    *,
    title: str,
    value: Decimal,
    amount: Decimal,
    signers: list[str],
    criteria: Sequence[str],
    planned_start: date | None = None,
    planned_end: date | None = None,
) -> Stage:
    stage = Stage(
        book.new("stage"),
        project.name,
        len(project.stages) + 1,
        title,
        _agorot(value),
        _agorot(amount),
        signers,
        [book.new("criterion") for _ in criteria],
        planned_start=planned_start,
        end=planned_end,
    )
    project.stages.append(book.keep(stage))
    return stage


def _agorot(amount: Decimal) -> int:
    return int(amount * 100)
