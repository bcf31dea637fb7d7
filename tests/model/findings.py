"""What is found of the work: inspections (SPEC 4 and 6)."""

from collections.abc import Sequence
from decimal import Decimal

from .book import HOMEOWNER, SIGNERS, Book, Name, No, Project, Stage, Who, admit
from .book import hundredths as in_hundredths
from .parts import wrote


def inspect_milestone(
    book: Book, who: Who, target: Name, *, percent: Decimal, evidence: Sequence[Name] = ()
) -> Name:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    part = admit(project, who, SIGNERS, confirmed=True)
    if project.state != "active":
        raise No("project_not_active")
    if stage.state == "signed_off":
        raise No("milestone_is_closed")
    if not 0 <= percent <= 100:
        raise No("progress_out_of_range")
    _require_files(project, evidence)
    if part.role == HOMEOWNER:
        stage.by_homeowner = in_hundredths(percent)
    else:
        stage.by_expert, stage.by_homeowner = in_hundredths(percent), None
    stage.claimed = stage.reported
    wrote(project)
    return stage.name


def _require_files(project: Project, names: Sequence[Name]) -> None:
    if set(names) - {file.name for file in project.files}:
        raise No("unknown_evidence")
