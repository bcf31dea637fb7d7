"""The terms since the agreement: changes that both sides signed, and what the last of them left."""

from uuid import UUID

from .questions import Question, ask, of, within
from .report import Report
from .signatures import SIGNING

SIGNED_BY_ANOTHER = f"""
SELECT s.project_id, e.seq, 'payments_changesignature/' || s.id FROM payments_changesignature s
LEFT JOIN projects_journalentry e ON e.id = s.entry_id
LEFT JOIN projects_party p ON p.id = s.party_id
WHERE {within("s.project_id")} AND (p.project_id = s.project_id AND p.role IN ('homeowner', 'contractor')
    AND p.user_id = e.actor_id AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

# Who signed for either side when it came into force, and did not sign this change on these terms.
UNSIGNED = f"""
SELECT f.project_id, e.seq, 'payments_changeinforce/' || f.id FROM payments_changeinforce f
JOIN projects_journalentry e ON e.id = f.entry_id
WHERE {within("f.project_id")} AND (
    (SELECT count(DISTINCT p.role) FROM payments_changesignature s JOIN projects_party p ON p.id = s.party_id
        WHERE s.change_id = f.change_id AND s.version = f.version) < 2
    OR (SELECT count(DISTINCT s.terms_hash) FROM payments_changesignature s
        WHERE s.change_id = f.change_id AND s.version = f.version) <> 1
    OR EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = f.project_id
        AND p.role IN ('homeowner', 'contractor') AND {SIGNING.format(p="p", e="e")}
        AND NOT EXISTS (SELECT 1 FROM payments_changesignature s
            WHERE s.change_id = f.change_id AND s.party_id = p.id AND s.version = f.version)))
"""

ENDED_TOO = f"""
SELECT f.project_id, e.seq, 'payments_changeend/' || x.id FROM payments_changeend x
JOIN payments_changeinforce f ON f.change_id = x.change_id
LEFT JOIN projects_journalentry e ON e.id = x.entry_id WHERE {within("f.project_id")}
"""

# Each change leads from the total before it, and the last one to the total that stands.
TOTALS = f"""
SELECT t.project_id, t.seq, 'payments_changeinforce/' || t.id FROM (
    SELECT f.id, f.project_id, e.seq, f.contract_total, c.amount,
        lag(f.contract_total) OVER w AS before, lead(f.id) OVER w AS next
    FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
    JOIN projects_journalentry e ON e.id = f.entry_id
    WHERE {within("f.project_id")} WINDOW w AS (PARTITION BY f.project_id ORDER BY e.seq)) t
JOIN projects_project p ON p.id = t.project_id
WHERE t.contract_total <> coalesce(t.before, t.contract_total - t.amount) + t.amount
    OR (t.next IS NULL AND t.contract_total <> p.contract_total)
"""

# The price of a milestone is that of its last change, its date that of its last change or move.
MILESTONES = f"""
SELECT m.project_id, t.seq, 'milestones_milestone/' || m.id FROM milestones_milestone m
CROSS JOIN LATERAL (
    SELECT e.seq, f.value, f.amount, f.agreed_end FROM payments_changeinforce f
    JOIN projects_journalentry e ON e.id = f.entry_id WHERE f.milestone_id = m.id
    UNION ALL
    SELECT e.seq, NULL, NULL, r.agreed_end FROM milestones_reschedule r
    JOIN projects_journalentry e ON e.id = r.entry_id WHERE r.milestone_id = m.id
    ORDER BY seq DESC LIMIT 1) t
WHERE {within("m.project_id")} AND (m.agreed_end IS DISTINCT FROM t.agreed_end
    OR m.value <> coalesce(t.value, m.value) OR m.amount <> coalesce(t.amount, m.amount))
"""

# A defect is settled by the act that brings the change into force that names it, and each such change settles
# a minor one of its signed milestone.
SETTLED = f"""
SELECT x.project_id, e.seq, x.about FROM (
    SELECT v.project_id, v.entry_id, 'milestones_defectevent/' || v.id AS about FROM milestones_defectevent v
    WHERE v.kind = 'settled' AND NOT EXISTS (SELECT 1 FROM payments_changeinforce f
        JOIN payments_changeorder c ON c.id = f.change_id
        WHERE f.entry_id = v.entry_id AND c.defect_id = v.defect_id)
    UNION ALL
    SELECT f.project_id, f.entry_id, 'payments_changeinforce/' || f.id FROM payments_changeinforce f
    JOIN payments_changeorder c ON c.id = f.change_id AND c.kind = 'settle_defect'
    WHERE NOT EXISTS (SELECT 1 FROM milestones_defectevent v JOIN milestones_defect d ON d.id = v.defect_id
        JOIN milestones_milestone m ON m.id = d.milestone_id AND m.state = 'signed_off'
        WHERE d.id = c.defect_id AND m.id = f.milestone_id AND NOT d.blocking
        AND v.kind = 'settled' AND v.entry_id = f.entry_id)) x
LEFT JOIN projects_journalentry e ON e.id = x.entry_id
WHERE {within("x.project_id")}
"""

# Every fix date that the contractor moved was the one that stood.
FIX_DATES = f"""
SELECT t.project_id, t.seq, 'milestones_fixdatemove/' || t.id FROM (
    SELECT r.*, e.seq, lag(r.fix_by) OVER (PARTITION BY r.defect_id ORDER BY e.seq) AS before,
        EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = r.project_id AND p.user_id = e.actor_id
            AND p.role = 'contractor' AND p.joined_at <= e.at
            AND (p.left_at IS NULL OR p.left_at >= e.at)) AS by_the_contractor
    FROM milestones_fixdatemove r LEFT JOIN projects_journalentry e ON e.id = r.entry_id
    WHERE {within("r.project_id")}) t
LEFT JOIN milestones_defect d ON d.id = t.defect_id
WHERE t.previous_fix_by IS DISTINCT FROM coalesce(t.before, d.fix_by) OR NOT t.by_the_contractor
"""

QUESTIONS = [
    Question("change_signed_by_another", SIGNED_BY_ANOTHER),
    Question("change_in_force_unsigned", UNSIGNED),
    Question("change_in_force_and_ended", ENDED_TOO),
    Question("total_differs_from_changes", TOTALS),
    Question("milestone_differs_from_changes", MILESTONES),
    Question("settled_otherwise", SETTLED),
    Question("fix_date_moved_otherwise", FIX_DATES),
]


def changes(report: Report, project: UUID | None) -> None:
    """What changed after the agreement was signed by both sides, and the terms stand as it left them."""
    ask(report, "changes", QUESTIONS, of(project))
