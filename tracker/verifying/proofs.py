"""The pass: every proof in its turn, in one snapshot; what one cannot read, the others still look at."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from projects.integrity import Break, check_history, snapshot
from projects.outages import is_absence
from tracker.guards import broken_guards

from .changes import changes
from .disputes import disputes
from .endings import endings
from .expectations import expectations
from .linkage import linkage
from .money import money
from .promises import flags, promises
from .report import Report
from .signatures import signatures
from .stored import stored_files
from .work import work

Proof = Callable[[Report, UUID | None], None]

# What data that contradict themselves raise, in the database or in the rules that take them for whole.
UNREADABLE = (
    DatabaseError,
    ObjectDoesNotExist,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)


def verify(project: UUID | None = None, *, files: bool = False) -> Report:
    """Look at one project, or at all of them. The number of statements does not grow with theirs.

    files: also read every stored file and compare it with its hash.
    """
    report = Report()
    with snapshot():
        for name, proof in (PROOFS | ({"files": stored_files} if files else {})).items():
            try:
                with transaction.atomic():
                    proof(report, project)
            except UNREADABLE as error:
                if is_absence(error):
                    raise
                said = " ".join(str(error).split()) or type(error).__name__
                report.add(Break(name, "cannot_be_read", project, about=said[:200]))
    return report


def history(report: Report, project: UUID | None) -> None:
    """Every chain holds, and every fact is as its entry names it."""
    checked = check_history(project)
    report.counts.update(projects=checked.projects, entries=checked.entries, facts=checked.facts)
    for found in checked.breaks:
        report.add(found)
    report.unlisted["history"] = checked.broken - len(checked.breaks)


def guards(report: Report, project: UUID | None) -> None:
    """The guards in the database are those that the migrations made."""
    for guard in broken_guards():
        report.add(Break("guards", guard.problem, about=guard.name))


PROOFS: dict[str, Proof] = {
    "history": history,
    "signatures": signatures,
    "expectations": expectations,
    "work": work,
    "changes": changes,
    "money": money,
    "linkage": linkage,
    "disputes": disputes,
    "endings": endings,
    "promises": promises,
    "flags": flags,
    "guards": guards,
}
