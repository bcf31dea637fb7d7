"""A journal as one file, for whoever wants to keep it or check it without us (static/check_journal.py)."""

from typing import Any

from projects.models import Project
from projects.queries import journal_of

FILE_FORMAT = "plumbline-journal-1"


def journal_file(project: Project) -> dict[str, Any]:
    """All entries, the oldest first: one statement. Ids, codes, sums and hashes; no names, no prose.

    Bytes that are no text any more (a broken journal is exported too) show as such, and fail the check.
    """
    rows = journal_of(project.id).values_list("seq", "previous_hash", "hash", "body")
    entries = [
        {"seq": seq, "previous_hash": previous, "hash": digest, "body": bytes(body).decode(errors="replace")}
        for seq, previous, digest, body in rows.iterator()
    ]
    return {"format": FILE_FORMAT, "project": str(project.id), "entries": entries}


def file_name(project: Project) -> str:
    return f"journal-{project.id}.json"
