"""The life of a milestone."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .book import Book, Decision, Part, Project, Stage, admit
from .figures import line_of
from .findings import holds_up, require_sound, withheld_by, write_defect
from .parts import wrote
from .words import CONTRACTOR, HOMEOWNER, SIGNERS, WAITS_BECAUSE, Name, No, Who


def log_progress(
    book: Book,
    who: Who,
    target: Name,
    *,
    percent: Decimal,
    evidence: Sequence[Name] = (),
    criterion: Name | None = None,
) -> Name:
    stage, project, _ = _stage(book, who, target, {CONTRACTOR})
    _require_open(project, stage)
    if not 0 <= percent <= 100:
        raise No("progress_out_of_range")
    if criterion is not None and criterion not in stage.criteria:
        raise No("unknown_criterion")
    files = {file.name for file in project.files}
    if set(evidence) - files or set(evidence) & stage.evidence:
        raise No("unknown_evidence")
    stage.state, stage.reported = "in_progress", int(percent * 100)
    stage.evidence |= set(evidence)
    stage.version += bool(evidence)
    project.shown_at = book.now
    wrote(project)
    return stage.name


def submit_milestone(book: Book, who: Who, target: Name, *, criteria_met: Sequence[Name]) -> Name:
    stage, project, _ = _stage(book, who, target, {CONTRACTOR})
    _require_open(project, stage)
    if set(criteria_met) - set(stage.criteria):
        raise No("unknown_criterion")
    if set(criteria_met) != set(stage.criteria):
        raise No("criteria_unmet")
    if project.policy.get("evidence_required", True) and not stage.evidence:
        raise No("evidence_missing")
    if holds_up(project, stage, "open"):
        raise No("blocking_defects")
    stage.state, stage.decisions = "submitted", []
    stage.submitted_at = project.shown_at = book.now
    stage.round += 1
    stage.version += 1
    wrote(project)
    return stage.name


def withdraw_submission(book: Book, who: Who, target: Name) -> Name:
    stage, project, _ = _stage(book, who, target, {CONTRACTOR})
    require_active(project)
    if stage.state != "submitted":
        raise No("milestone_not_submitted")
    stage.state = "in_progress"
    stage.version += 1
    wrote(project)
    return stage.name


def approve_milestone(
    book: Book, who: Who, target: Name, *, version: int, minor_defects: Sequence[Mapping[str, Any]] = ()
) -> Name:
    stage, project, part = _stage(book, who, target, SIGNERS, signing=True, proof=True)
    _require_undecided(project, stage, part, version)
    if holds_up(project, stage, "open", "fixed"):
        raise No("blocking_defects")
    _require_within_the_payment(project, stage, withheld_by(minor_defects))
    require_sound(project, minor_defects)
    assert part.person is not None
    stage.decisions.append(Decision(part.name, part.person, part.role, approves=True))
    for found in minor_defects:
        write_defect(book, project, stage, found, round=stage.round)
    if not awaited(project, stage):
        stage.state = "signed_off"
    wrote(project)
    return stage.name


def _require_within_the_payment(project: Project, stage: Stage, withheld: int) -> None:
    """All that a round withholds is at most what is unpaid of the line."""
    named = [d for d in project.defects if d.stage == stage.name and d.round == stage.round]
    line = line_of(project, stage.name)
    assert line is not None
    if withheld and withheld + sum(defect.withheld for defect in named) > line.room:
        raise No("withheld_above_payment", room=line.room)


def return_milestone(
    book: Book,
    who: Who,
    target: Name,
    *,
    version: int,
    reason: str,
    unmet_criteria: Sequence[Name] = (),
    defects: Sequence[Mapping[str, Any]] = (),
) -> Name:
    stage, project, part = _stage(book, who, target, SIGNERS, signing=True)
    _require_undecided(project, stage, part, version)
    if not reason.strip():
        raise No("reason_missing")
    if not unmet_criteria and not defects:
        raise No("nothing_unmet")
    if set(unmet_criteria) - set(stage.criteria):
        raise No("unknown_criterion")
    require_sound(project, defects)
    for found in defects:
        write_defect(book, project, stage, found, round=stage.round)
    stage.state = "in_progress"
    wrote(project)
    return stage.name


def awaited(project: Project, stage: Stage) -> list[str]:
    """The roles whose approval the round lacks; every signing homeowner's, where the policy asks for it."""
    given = {decision.role for decision in stage.decisions}
    missing = [role for role in stage.signers if role not in given]
    if HOMEOWNER not in stage.signers or project.policy.get("homeowner_signers") != "all":
        return missing
    approved = {decision.part for decision in stage.decisions}
    if all(p.name in approved for p in project.parts if p.role == HOMEOWNER and p.may_sign):
        return missing
    return [HOMEOWNER, *(role for role in missing if role != HOMEOWNER)]


def _stage(
    book: Book, who: Who, target: Name, by: set[str], *, signing: bool = False, proof: bool = False
) -> tuple[Stage, Project, Part]:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    return stage, project, admit(project, who, by, signing, proof)


def require_active(project: Project) -> None:
    if project.state != "active":
        raise No(WAITS_BECAUSE[project.state])


def _require_open(project: Project, stage: Stage) -> None:
    require_active(project)
    if stage.state == "submitted":
        raise No("milestone_is_submitted")
    if stage.state == "signed_off":
        raise No("milestone_is_closed")


def _require_undecided(project: Project, stage: Stage, part: Part, version: int) -> None:
    if part.role not in stage.signers:
        raise No("not_your_role")
    if stage.state == "signed_off":
        raise No("milestone_is_closed")
    if not project.draft:
        require_active(project)
    if stage.state != "submitted":
        raise No("milestone_not_submitted")
    if version != stage.version:
        raise No("changed_since_read")
    if any(decision.person == part.person for decision in stage.decisions):
        raise No("decided_already")
