"""The stored files: each is there, and its bytes have the hash under which it was added."""

from uuid import UUID

from projects.files import is_intact
from projects.integrity import Break
from projects.integrity.reading import rows_of

from .questions import of, within
from .report import Report

ATTACHED = f"""
SELECT DISTINCT ON (a.sha256) a.sha256, a.project_id, e.seq, 'projects_attachment/' || a.id
FROM projects_attachment a LEFT JOIN projects_journalentry e ON e.id = a.entry_id
WHERE {within("a.project_id")} ORDER BY a.sha256, a.id
"""


def stored_files(report: Report, project: UUID | None) -> None:
    """Read every stored file once."""
    for digest, owner, seq, about in rows_of(ATTACHED, of(project)):
        report.counts["files"] += 1
        if not _is_kept(digest):
            report.add(Break("files", "lost_or_changed", owner, seq, about))


def _is_kept(digest: str) -> bool:
    try:
        return is_intact(digest)
    except ValueError:  # no hash, so no file either
        return False
