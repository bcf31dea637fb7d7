"""Disputed payments: who raised and who withdrew a dispute, and when; which ones are open."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from payments.rules import DisputeState, dispute_state
from projects.integrity import Break
from projects.integrity.reading import rows_of

from .questions import Question, ask, of, within
from .report import Report

# A part {p} in either side that was there at the moment of an entry {e}.
OF_A_SIDE = """
    {p}.project_id = {e}.project_id AND {p}.user_id = {e}.actor_id AND {p}.role IN ('homeowner', 'contractor')
    AND {p}.joined_at <= {e}.at AND ({p}.left_at IS NULL OR {p}.left_at >= {e}.at)
"""

RAISED_BY_ANOTHER = f"""
SELECT d.project_id, e.seq, 'payments_dispute/' || d.id FROM payments_dispute d
LEFT JOIN projects_journalentry e ON e.id = d.entry_id
WHERE {within("d.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE {OF_A_SIDE.format(p="p", e="e")} AND p.role = d.by_role)
"""

WITHDRAWN_BY_ANOTHER = f"""
SELECT w.project_id, e.seq, 'payments_disputewithdrawal/' || w.id FROM payments_disputewithdrawal w
LEFT JOIN projects_journalentry e ON e.id = w.entry_id
LEFT JOIN payments_dispute d ON d.id = w.dispute_id
WHERE {within("w.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE {OF_A_SIDE.format(p="p", e="e")} AND p.role = d.by_role)
"""

# Every dispute with the entry that raised it, and the first that ended it: it was withdrawn, or, where it is
# the contractor's, they confirmed receipt since.
ENDED = f"""
    SELECT d.*, e.seq, e.at, (SELECT min(x.seq) FROM projects_journalentry x WHERE x.id IN (
            SELECT w.entry_id FROM payments_disputewithdrawal w WHERE w.dispute_id = d.id
            UNION ALL
            SELECT c.entry_id FROM payments_confirmation c JOIN projects_journalentry k ON k.id = c.entry_id
            WHERE c.payment_id = d.payment_id AND d.by_role = 'contractor' AND k.seq > e.seq)) AS ended_at
    FROM payments_dispute d JOIN projects_journalentry e ON e.id = d.entry_id WHERE {within("d.project_id")}
"""

BESIDE_ANOTHER = f"""
SELECT b.project_id, b.seq, 'payments_dispute/' || b.id FROM ({ENDED}) b
JOIN ({ENDED}) a ON a.payment_id = b.payment_id AND a.id <> b.id
    AND (a.seq, a.id) < (b.seq, b.id) AND (a.ended_at IS NULL OR a.ended_at >= b.seq)
"""

# What was taken back of a payment {y} before an entry {seq}.
TAKEN_BACK = """
    (SELECT coalesce(sum(r.amount), 0) FROM payments_reversal r
        JOIN projects_journalentry re ON re.id = r.entry_id
        LEFT JOIN payments_reversalanswer s ON s.reversal_id = r.id
        LEFT JOIN projects_journalentry se ON se.id = s.entry_id
        WHERE r.payment_id = {y} AND CASE WHEN r.needs_consent
            THEN s.consents AND se.seq < {seq} ELSE re.seq < {seq} END)
"""

OF_NOTHING = f"""
SELECT d.project_id, e.seq, 'payments_dispute/' || d.id FROM payments_dispute d
JOIN projects_journalentry e ON e.id = d.entry_id
LEFT JOIN payments_payment y ON y.id = d.payment_id
WHERE {within("d.project_id")} AND (y.amount > {TAKEN_BACK.format(y="y.id", seq="e.seq")}) IS NOT TRUE
"""

WITHDRAWN_TOO_LATE = f"""
SELECT d.project_id, e.seq, 'payments_disputewithdrawal/' || w.id FROM ({ENDED}) d
JOIN payments_disputewithdrawal w ON w.dispute_id = d.id
JOIN projects_journalentry e ON e.id = w.entry_id
LEFT JOIN payments_payment y ON y.id = d.payment_id
WHERE (d.seq < e.seq AND d.ended_at = e.seq
    AND y.amount > {TAKEN_BACK.format(y="y.id", seq="e.seq")}) IS NOT TRUE
"""

# What the rule needs of every dispute, and whether the database takes it for open.
DISPUTES = f"""
SELECT d.project_id, d.id, d.payment_id, e.seq, d.by_role, w.id IS NOT NULL, c.seq,
    y.amount - {TAKEN_BACK.format(y="y.id", seq="2147483648")}, o.amount
FROM payments_dispute d
JOIN projects_journalentry e ON e.id = d.entry_id
JOIN payments_payment y ON y.id = d.payment_id
LEFT JOIN payments_disputewithdrawal w ON w.dispute_id = d.id
LEFT JOIN (SELECT k.payment_id, ke.seq FROM payments_confirmation k
    JOIN projects_journalentry ke ON ke.id = k.entry_id) c ON c.payment_id = y.id
LEFT JOIN payments_opendispute o ON o.dispute_id = d.id
WHERE {within("d.project_id")}
"""

QUESTIONS = [
    Question("disputed_by_another", RAISED_BY_ANOTHER),
    Question("dispute_withdrawn_by_another", WITHDRAWN_BY_ANOTHER),
    Question("dispute_beside_another", BESIDE_ANOTHER),
    Question("disputed_when_taken_back", OF_NOTHING),
    Question("dispute_withdrawn_too_late", WITHDRAWN_TOO_LATE),
]


class Row(NamedTuple):
    """A dispute: `received_at` is the entry of the receipt, `shown` what the view says is disputed."""

    project: UUID
    dispute: UUID
    payment: UUID
    seq: int
    by_role: str
    is_withdrawn: bool
    received_at: int | None
    left: Decimal
    shown: Decimal | None


def disputes(report: Report, project: UUID | None) -> None:
    """Disputes were raised and withdrawn by a side, one at a time, and those are open that the rule says."""
    ask(report, "disputes", QUESTIONS, of(project))
    for row in _rows(project):
        if row.shown != (row.left if _is_open(row) else None):
            about = f"payments_dispute/{row.dispute}"
            report.add(Break("disputes", "open_dispute_differs", row.project, row.seq, about))


def _rows(project: UUID | None) -> Iterator[Row]:
    return (Row(*row) for row in rows_of(DISPUTES, of(project)))


def _is_open(row: Row) -> bool:
    is_received = row.by_role == "contractor" and row.received_at is not None and row.received_at > row.seq
    state = dispute_state(is_withdrawn=row.is_withdrawn, is_received=is_received, left=row.left)
    return state == DisputeState.OPEN
