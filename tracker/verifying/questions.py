"""Questions to the rows, each one statement over all projects: whatever it answers is a break."""

from typing import Any, NamedTuple
from uuid import UUID

from projects.integrity import Break
from projects.integrity.reading import rows_of

from .report import Report


class Question(NamedTuple):
    """What would be wrong, and the statement that finds it: (project, seq of an entry, what it is about).

    It names the project as %(project)s, NULL for all of them.
    """

    problem: str
    statement: str


def ask(report: Report, proof: str, questions: list[Question], values: dict[str, Any]) -> None:
    """Add a break for every row that a question finds."""
    for question in questions:
        for project, seq, about in rows_of(question.statement, values):
            report.add(Break(proof, question.problem, project, seq, about))


def of(project: UUID | None) -> dict[str, Any]:
    return {"project": project}


def within(column: str) -> str:
    """The condition that a row is of the project that is looked at."""
    return f"(%(project)s::uuid IS NULL OR {column} = %(project)s)"
