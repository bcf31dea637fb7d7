"""What the client expects: who stated, answered and judged it, and when."""

from uuid import UUID

from .questions import Question, ask, of, within
from .report import Report
from .signatures import SIGNING

UNCONFIRMED = f"""
SELECT x.project_id, NULL, 'milestones_expectation/' || x.id FROM milestones_expectation x
JOIN projects_project c ON c.id = x.project_id
WHERE c.state <> 'draft' AND x.state <> 'confirmed' AND {within("x.project_id")}
"""

STATED_BY_ANOTHER = f"""
SELECT x.project_id, NULL, 'milestones_expectation/' || x.id FROM milestones_expectation x
LEFT JOIN projects_party p ON p.id = x.stated_by_id
WHERE {within("x.project_id")} AND (p.project_id = x.project_id AND p.role = x.by_role
    AND x.by_role IN ('homeowner', 'contractor')) IS NOT TRUE
"""

# An answer is the last act on an expectation: the contractor's, or the homeowners' who accepted a counter. A
# promise of the sales side names who will do the work.
ANSWERED_BY_ANOTHER = f"""
SELECT x.project_id, e.seq, 'milestones_expectation/' || x.id FROM milestones_expectation x
LEFT JOIN projects_journalentry e ON e.id = x.entry_id
LEFT JOIN projects_party p ON p.id = x.answered_by_id
WHERE {within("x.project_id")} AND x.state <> 'open' AND (p.project_id = x.project_id
    AND p.user_id = e.actor_id AND {SIGNING.format(p="p", e="e")}
    AND p.role = CASE WHEN x.state = 'confirmed' AND x.counter <> '' THEN 'homeowner' ELSE 'contractor' END
    AND (x.by_role = 'homeowner' OR x.doer <> '')) IS NOT TRUE
"""

JUDGED_BY_ANOTHER = f"""
SELECT j.project_id, e.seq, 'milestones_judgement/' || j.id FROM milestones_judgement j
LEFT JOIN projects_journalentry e ON e.id = j.entry_id
LEFT JOIN projects_party p ON p.id = j.party_id
WHERE {within("j.project_id")} AND (p.project_id = j.project_id AND p.role = 'homeowner'
    AND p.user_id = e.actor_id AND {SIGNING.format(p="p", e="e")}) IS NOT TRUE
"""

# What it concerns was signed off by then: the milestones that it names, else all that there were.
JUDGED_TOO_SOON = f"""
SELECT j.project_id, e.seq, 'milestones_judgement/' || j.id FROM milestones_judgement j
JOIN projects_journalentry e ON e.id = j.entry_id
WHERE {within("j.project_id")} AND EXISTS (
    SELECT 1 FROM milestones_milestone m WHERE m.project_id = j.project_id
    AND CASE WHEN EXISTS (SELECT 1 FROM milestones_concern n WHERE n.expectation_id = j.expectation_id)
        THEN EXISTS (SELECT 1 FROM milestones_concern n
            WHERE n.expectation_id = j.expectation_id AND n.milestone_id = m.id)
        ELSE EXISTS (SELECT 1 FROM projects_journalentry told WHERE told.project_id = j.project_id
            AND told.seq < e.seq
            AND position(convert_to('milestones_milestone/' || m.id, 'UTF8') IN told.body) > 0) END
    AND (m.state <> 'signed_off' OR EXISTS (SELECT 1 FROM milestones_submission s
        JOIN milestones_decision d ON d.submission_id = s.id
        JOIN projects_journalentry de ON de.id = d.entry_id
        WHERE s.milestone_id = m.id AND s.round = m.round AND de.seq > e.seq)))
"""

QUESTIONS = [
    Question("active_unconfirmed", UNCONFIRMED),
    Question("stated_by_another", STATED_BY_ANOTHER),
    Question("answered_by_another", ANSWERED_BY_ANOTHER),
    Question("judged_by_another", JUDGED_BY_ANOTHER),
    Question("judged_too_soon", JUDGED_TOO_SOON),
]


def expectations(report: Report, project: UUID | None) -> None:
    """What is in force was confirmed by whom it should be, and judged when its work was signed off."""
    ask(report, "expectations", QUESTIONS, of(project))
