"""Linkage to an index: who told its values, of which months, and when."""

from uuid import UUID

from .questions import Question, ask, of, within
from .report import Report
from .signatures import SIGNING

TOLD_BY_ANOTHER = f"""
SELECT v.project_id, e.seq, 'payments_indexvalue/' || v.id FROM payments_indexvalue v
LEFT JOIN projects_journalentry e ON e.id = v.entry_id
WHERE {within("v.project_id")} AND NOT EXISTS (SELECT 1 FROM projects_party p
    WHERE p.project_id = v.project_id AND p.user_id = e.actor_id AND p.role = v.by_role
    AND p.role IN ('homeowner', 'contractor') AND {SIGNING.format(p="p", e="e")})
"""

# Of a contract that is linked, of a month after the base, and in force by then.
OF_NO_LINKAGE = f"""
SELECT v.project_id, e.seq, 'payments_indexvalue/' || v.id FROM payments_indexvalue v
LEFT JOIN projects_journalentry e ON e.id = v.entry_id
LEFT JOIN projects_project c ON c.id = v.project_id
WHERE {within("v.project_id")} AND (c.state <> 'draft' AND c.linkage_index IS NOT NULL
    AND v.month > c.linkage_base_month AND EXISTS (SELECT 1 FROM projects_agreementsignature s
        JOIN projects_journalentry told ON told.id = s.entry_id
        WHERE s.project_id = c.id AND told.seq < e.seq)) IS NOT TRUE
"""

TOLD_TOO_SOON = f"""
SELECT v.project_id, e.seq, 'payments_indexvalue/' || v.id FROM payments_indexvalue v
LEFT JOIN projects_journalentry e ON e.id = v.entry_id
LEFT JOIN projects_project c ON c.id = v.project_id
WHERE {within("v.project_id")} AND (v.published_on >= v.month + interval '1 month'
    AND v.published_on <= ((e.at + interval '5 minutes') AT TIME ZONE c.time_zone)::date) IS NOT TRUE
"""

QUESTIONS = [
    Question("index_told_by_another", TOLD_BY_ANOTHER),
    Question("index_of_no_linkage", OF_NO_LINKAGE),
    Question("index_told_too_soon", TOLD_TOO_SOON),
]


def linkage(report: Report, project: UUID | None) -> None:
    """What linkage is reckoned by was told by a side of a linked contract, once it was published."""
    ask(report, "linkage", QUESTIONS, of(project))
