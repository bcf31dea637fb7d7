"""What was promised to be done later, answers that are kept, and the flags."""

from datetime import timedelta
from uuid import UUID

from projects import clock
from projects.flagging import unsettled

from .questions import Question, ask, of, within
from .report import Report

# Longer than any wait between two tries of an obligation, and than most outages of a mail server.
LONGEST_DELAY = timedelta(days=1)
# Clocks of two machines that write moments into one row.
CLOCKS_APART = timedelta(minutes=5)

OVERDUE = f"""
SELECT o.project_id, NULL, 'projects_obligation/' || o.id FROM projects_obligation o
WHERE o.done_at IS NULL AND o.created_at < %(waited)s AND {within("o.project_id")}
"""

DONE_TOO_SOON = f"""
SELECT o.project_id, NULL, 'projects_obligation/' || o.id FROM projects_obligation o
WHERE o.done_at < o.created_at - %(apart)s AND {within("o.project_id")}
"""

DONE_WITH_ERROR = f"""
SELECT o.project_id, NULL, 'projects_obligation/' || o.id FROM projects_obligation o
WHERE o.done_at IS NOT NULL AND o.last_error <> '' AND {within("o.project_id")}
"""

UNANSWERED = """
SELECT NULL, NULL, 'projects_once/' || o.id FROM projects_once o
WHERE o.status = 0 AND %(project)s::uuid IS NULL
"""

PROMISES = [
    Question("overdue", OVERDUE),
    Question("done_before_owed", DONE_TOO_SOON),
    Question("done_with_error", DONE_WITH_ERROR),
    Question("kept_without_answer", UNANSWERED),
]

TWICE_OPEN = f"""
SELECT f.project_id, NULL, f.kind || ' about ' || f.about_id FROM projects_flag f
WHERE f.cleared_at IS NULL AND {within("f.project_id")}
GROUP BY f.project_id, f.kind, f.about_id HAVING count(*) > 1
"""

BY_HAND = f"""
SELECT e.project_id, e.seq, e.kind FROM projects_journalentry e
WHERE {within("e.project_id")} AND e.kind IN ('flag_raised', 'flag_changed', 'flag_cleared')
    AND e.actor_id IS NOT NULL
"""

CLEARED_TOO_SOON = f"""
SELECT f.project_id, e.seq, 'projects_flag/' || f.id FROM projects_flag f
LEFT JOIN projects_journalentry e ON e.id = f.entry_id
WHERE f.cleared_at < f.opened_at AND {within("f.project_id")}
"""

UNREAD = f"""
SELECT f.project_id, NULL, 'projects_flag/' || f.id FROM projects_flag f
LEFT JOIN projects_flagreading r ON r.flag_id = f.id WHERE r.flag_id IS NULL AND {within("f.project_id")}
"""

FLAGS = [
    Question("open_twice", TWICE_OPEN),
    Question("raised_by_hand", BY_HAND),
    Question("cleared_before_raised", CLEARED_TOO_SOON),
    Question("without_figures", UNREAD),
]


def promises(report: Report, project: UUID | None) -> None:
    """Nothing that is owed waits for more than a day, and nothing is in a state that no worker leaves."""
    moments = {"waited": clock.now() - LONGEST_DELAY, "apart": CLOCKS_APART}
    ask(report, "promises", PROMISES, of(project) | moments)


def flags(report: Report, project: UUID | None) -> None:
    """Flags are one of a kind and raised by rules. What the next sweep will change is counted, no break:
    flags follow the facts, and time, a little later."""
    ask(report, "flags", FLAGS, of(project))
    report.counts["flags that wait for a sweep"] = len(unsettled([project] if project else None))
