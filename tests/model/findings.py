"""What is found of the work: inspections, and defects with what becomes of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .book import Book, Defect, Finding, Part, Project, Stage, admit
from .parts import wrote
from .words import CONTRACTOR, EXPERT, HOMEOWNER, SIDES, SIGNERS, WAITS_BECAUSE, Name, No, Who, share
from .words import hundredths as in_hundredths

FINDERS = SIGNERS | {CONTRACTOR}


def inspect_milestone(
    book: Book, who: Who, target: Name, *, percent: Decimal, evidence: Sequence[Name] = ()
) -> Name:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    part = admit(project, who, SIGNERS, confirmed=True)
    if project.state != "active":
        raise No(WAITS_BECAUSE[project.state])
    if stage.state == "signed_off":
        raise No("milestone_is_closed")
    if not 0 <= percent <= 100:
        raise No("progress_out_of_range")
    _require_files(project, evidence)
    found = Finding(share(stage.value, in_hundredths(percent)), in_hundredths(percent))
    if part.role == HOMEOWNER:
        stage.by_homeowner = found
    else:
        stage.by_expert, stage.by_homeowner = found, None
    stage.claimed = stage.reported
    wrote(project)
    return stage.name


def report_defect(
    book: Book, who: Who, target: Name, *, estimated_cost: Decimal | None = None, **found: Any
) -> Name:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    part = admit(project, who, FINDERS, confirmed=True)
    _require_agreement(project)
    require_sound(project, [found])
    if estimated_cost is not None and not part.signs:
        raise No("not_a_signer")
    defect = write_defect(book, project, stage, found, after=stage.state == "signed_off")
    if estimated_cost is not None:
        _estimate(defect, part, estimated_cost)
    wrote(project)
    return defect.name


def fix_defect(book: Book, who: Who, target: Name, *, photos: Sequence[Name] = ()) -> Name:
    defect, project = _defect(book, target)
    admit(project, who, {CONTRACTOR})
    _require_agreement(project)
    if defect.state != "open":
        raise No("defect_is_settled" if defect.state == "settled" else "defect_not_open")
    _require_files(project, photos)
    defect.state = "fixed"
    wrote(project)
    return defect.name


def verify_defect(book: Book, who: Who, target: Name) -> Name:
    defect, project = _defect(book, target)
    _require_judge(book, defect, admit(project, who, SIGNERS, signing=True))
    _require_unclosed(defect)
    defect.state = "verified"
    wrote(project)
    return defect.name


def reopen_defect(book: Book, who: Who, target: Name, *, fix_by: date | None = None) -> Name:
    defect, project = _defect(book, target)
    _require_judge(book, defect, admit(project, who, SIGNERS, signing=True))
    if defect.state in {"open", "settled"}:
        raise No(f"defect_is_{defect.state}")
    if defect.state == "fixed":
        defect.state = "open"
        wrote(project)
        return defect.name
    if defect.found_again:
        raise No("reopened_already")
    stage, defect.found_again = book.find(Stage, defect.stage), True
    found = {"blocking": defect.blocking, "fix_by": fix_by}
    again = write_defect(book, project, stage, found, after=stage.state == "signed_off")
    wrote(project)
    return again.name


def estimate_defect(book: Book, who: Who, target: Name, *, amount: Decimal) -> Name:
    defect, project = _defect(book, target)
    part = admit(project, who, FINDERS, signing=True)
    _require_agreement(project)
    _require_unclosed(defect)
    _estimate(defect, part, amount)
    wrote(project)
    return defect.name


def write_defect(
    book: Book,
    project: Project,
    stage: Stage,
    found: Mapping[str, Any],
    *,
    round: int = 0,
    after: bool = False,
) -> Defect:
    """A new defect as it was told, by a decision of this round where it names one."""
    defect = Defect(
        book.new("defect"),
        project.name,
        stage.name,
        found.get("blocking", False),
        found.get("fix_by"),
        withheld_by([found]),
        round,
        after,
        book.today,
    )
    project.defects.append(book.keep(defect))
    return defect


def require_sound(project: Project, defects: Sequence[Mapping[str, Any]]) -> None:
    """Each has a title, and photos that are there."""
    for found in defects:
        if not found["title"].strip():
            raise No("title_missing")
        _require_files(project, found.get("photos", ()))


def withheld_by(defects: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(found.get("withheld", 0) * 100) for found in defects)


def holds_up(project: Project, stage: Stage, *states: str) -> bool:
    """Whether a blocking defect in one of these states was found before the sign-off."""
    before = [d for d in project.defects if d.stage == stage.name and d.blocking and not d.after]
    return any(defect.state in states for defect in before)


def _estimate(defect: Defect, part: Part, amount: Decimal) -> None:
    defect.estimates[part.role if part.role in SIDES else EXPERT] = int(amount * 100)


def _defect(book: Book, target: Name) -> tuple[Defect, Project]:
    defect = book.find(Defect, target)
    return defect, book.project(defect.project)


def _require_unclosed(defect: Defect) -> None:
    if defect.is_closed:
        raise No(f"defect_is_{defect.state}")


def _require_agreement(project: Project) -> None:
    if project.draft:
        raise No("project_not_active")


def _require_judge(book: Book, defect: Defect, part: Part) -> None:
    """Repairs are verified by signing homeowners, and by who signs for the stage."""
    if part.role != HOMEOWNER and part.role not in book.find(Stage, defect.stage).signers:
        raise No("not_yours_to_verify")


def _require_files(project: Project, names: Sequence[Name]) -> None:
    if set(names) - {file.name for file in project.files}:
        raise No("unknown_evidence")
