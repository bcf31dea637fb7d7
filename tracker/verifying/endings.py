"""How projects went on and ended: turns by right, deeds signed by both sides, retention by its rule."""

from uuid import UUID

from .questions import Question, ask, of, within
from .report import Report
from .signatures import SIGNING

TURNS = f"""
    SELECT t.*, e.seq, e.at, e.actor_id, CASE t.kind WHEN 'resumed' THEN 'active' ELSE t.kind END AS leads_to,
        coalesce(lag(CASE t.kind WHEN 'resumed' THEN 'active' ELSE t.kind END)
            OVER (PARTITION BY t.project_id ORDER BY e.seq), 'active') AS leads_from,
        lead(t.kind) OVER (PARTITION BY t.project_id ORDER BY e.seq) IS NULL AS is_last
    FROM projects_turn t JOIN projects_journalentry e ON e.id = t.entry_id WHERE {within("t.project_id")}
"""

OUT_OF_ORDER = f"""
SELECT t.project_id, t.seq, 'projects_turn/' || t.id FROM ({TURNS}) t
WHERE NOT t.leads_from || ' ' || t.kind = ANY (ARRAY['active completed', 'completed closed',
    'active suspended', 'suspended resumed', 'active terminated', 'suspended terminated'])
"""

OF_ANOTHER_STATE = f"""
SELECT c.id, NULL, 'projects_project/' || c.id FROM projects_project c
LEFT JOIN ({TURNS}) t ON t.project_id = c.id AND t.is_last
WHERE c.state <> 'draft' AND c.state <> coalesce(t.leads_to, 'active') AND {within("c.id")}
"""

TURNED_BY_ANOTHER = f"""
SELECT t.project_id, t.seq, 'projects_turn/' || t.id FROM ({TURNS}) t
WHERE (t.kind = 'closed' AND t.actor_id IS NOT NULL)
OR (t.kind <> 'closed' AND NOT EXISTS (SELECT 1 FROM projects_party p JOIN projects_journalentry e
    ON e.id = t.entry_id WHERE p.project_id = t.project_id AND p.user_id = t.actor_id AND p.role = t.by_role
    AND p.role IN ('homeowner', 'contractor') AND {SIGNING.format(p="p", e="e")}))
"""

COMPLETED_UNSIGNED = f"""
SELECT t.project_id, t.seq, 'milestones_milestone/' || m.id FROM ({TURNS}) t
JOIN milestones_milestone m ON m.project_id = t.project_id
LEFT JOIN projects_journalentry e ON e.id = m.entry_id
WHERE t.kind = 'completed' AND (m.state <> 'signed_off' OR e.seq > t.seq)
"""

CONCLUDED_UNSIGNED = f"""
SELECT s.project_id, e.seq, 'projects_deed/' || s.deed_id FROM projects_deedsignature s
JOIN projects_journalentry e ON e.id = s.entry_id
WHERE s.concludes AND {within("s.project_id")} AND (EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = s.project_id AND p.role IN ('homeowner', 'contractor')
    AND {SIGNING.format(p="p", e="e")}
    AND (p.left_at IS NULL OR p.left_at > e.at)
    AND NOT EXISTS (SELECT 1 FROM projects_deedsignature o JOIN projects_journalentry oe ON oe.id = o.entry_id
        WHERE o.deed_id = s.deed_id AND o.party_id = p.id AND oe.seq <= e.seq))
    OR (SELECT count(DISTINCT p.role) FROM projects_deedsignature o JOIN projects_party p ON p.id = o.party_id
        WHERE o.deed_id = s.deed_id AND p.role IN ('homeowner', 'contractor')) < 2)
"""

DEED_SIGNED_BY_ANOTHER = f"""
SELECT s.project_id, e.seq, 'projects_deedsignature/' || s.id FROM projects_deedsignature s
LEFT JOIN projects_journalentry e ON e.id = s.entry_id LEFT JOIN projects_party p ON p.id = s.party_id
WHERE {within("s.project_id")} AND (p.user_id = e.actor_id AND p.role IN ('homeowner', 'contractor')
    AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

# What opened at completion is half, and by the act that completed; the rest came by the system in its time;
# all of it is no more than was kept.
OPENED_OTHERWISE = f"""
SELECT o.project_id, e.seq, 'payments_retentionopening/' || o.id FROM payments_retentionopening o
JOIN projects_journalentry e ON e.id = o.entry_id JOIN projects_project c ON c.id = o.project_id
LEFT JOIN payments_retained r ON r.project_id = o.project_id
WHERE {within("o.project_id")} AND (r.opened <= r.kept AND CASE o.part
    WHEN 'completion' THEN o.amount = round(r.kept / 2, 2)
        AND coalesce(c.policy ->> 'retention_at_completion', 'half') = 'half'
        AND EXISTS (SELECT 1 FROM projects_turn t WHERE t.entry_id = o.entry_id AND t.kind = 'completed')
    ELSE e.actor_id IS NULL AND r.ends_on <= (e.at AT TIME ZONE c.time_zone)::date END) IS NOT TRUE
"""

QUESTIONS = [
    Question("turned_out_of_order", OUT_OF_ORDER),
    Question("state_differs_from_turns", OF_ANOTHER_STATE),
    Question("turned_by_another", TURNED_BY_ANOTHER),
    Question("completed_unsigned", COMPLETED_UNSIGNED),
    Question("concluded_unsigned", CONCLUDED_UNSIGNED),
    Question("deed_signed_by_another", DEED_SIGNED_BY_ANOTHER),
    Question("retention_opened_otherwise", OPENED_OTHERWISE),
]


def endings(report: Report, project: UUID | None) -> None:
    """Projects went from state to state by right, and ended by what both sides signed."""
    ask(report, "endings", QUESTIONS, of(project))
