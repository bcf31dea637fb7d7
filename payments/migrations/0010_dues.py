"""Money that is due: since when it has been payable without a break, whatever moved meanwhile."""

from django.db import migrations

from projects.guards import view

# What may be paid now, since when without a break, and how much of it ever since (`unbroken`). A line opens by its
# sign-off, the agreement or a closing sum; what is payable there grows by money that goes back, by withheld money
# that a closed repair sets free, and of the retention by each opening; it falls by what is paid, and by a deduction
# that settles a defect. Going back from what is payable now, the latest of these before which nothing was payable is
# the beginning.
PAYABLE = """
CREATE OR REPLACE VIEW payments_payableline AS
SELECT CASE l.line WHEN 'milestone' THEN l.milestone_id WHEN 'deposit' THEN l.project_id
        ELSE md5(l.project_id || l.line)::uuid END AS about_id,
    l.project_id, l.milestone_id, l.open - l.paid AS payable, course.since, l.line, course.unbroken
FROM payments_line l
LEFT JOIN LATERAL (
    SELECT max(e.seq) AS seq FROM projects_journalentry e WHERE e.id IN (
        SELECT d.entry_id FROM milestones_submission s
        JOIN milestones_decision d ON d.submission_id = s.id AND d.approves
        WHERE s.milestone_id = l.milestone_id
        UNION ALL
        SELECT s.entry_id FROM projects_agreementsignature s
        WHERE s.project_id = l.project_id AND l.line = 'deposit'
        UNION ALL
        SELECT s.entry_id FROM projects_deed d
        JOIN projects_deedsignature s ON s.deed_id = d.id AND s.concludes
        WHERE d.project_id = l.project_id AND d.kind = 'closing_sum' AND l.line = 'final')) opened ON true
LEFT JOIN LATERAL (
    WITH moves AS (
        SELECT m.seq, m.amount, sum(m.amount) OVER (ORDER BY m.seq DESC) AS since_then
        FROM (
            SELECT e.seq, -a.amount AS amount
            FROM payments_allocation a JOIN projects_journalentry e ON e.id = a.entry_id
            WHERE a.project_id = l.project_id AND a.line = l.line
                AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id
            UNION ALL
            SELECT e.seq, o.amount
            FROM payments_retentionopening o JOIN projects_journalentry e ON e.id = o.entry_id
            WHERE o.project_id = l.project_id AND l.line = 'retention'
            UNION ALL
            SELECT e.seq, CASE WHEN n.round = m.round THEN d.withheld ELSE 0 END + coalesce(o.amount
                + round((t.amount - o.amount) * p.retention_percent / 100, 2)
                - round(t.amount * p.retention_percent / 100, 2), 0)
            FROM milestones_defect d
            JOIN milestones_milestone m ON m.id = d.milestone_id
            JOIN projects_project p ON p.id = m.project_id
            LEFT JOIN milestones_decision c ON c.id = d.decision_id
            LEFT JOIN milestones_submission n ON n.id = c.submission_id
            JOIN milestones_defectevent v ON v.defect_id = d.id AND v.kind IN ('verified', 'settled')
            JOIN projects_journalentry e ON e.id = v.entry_id
            LEFT JOIN payments_changeinforce t ON t.entry_id = v.entry_id
            LEFT JOIN payments_changeorder o ON o.id = t.change_id
            WHERE d.milestone_id = l.milestone_id) m
        WHERE m.seq > coalesce(opened.seq, 0)
    ), begun AS (
        SELECT coalesce(max(seq), opened.seq) AS seq FROM moves
        WHERE amount > 0 AND since_then >= l.open - l.paid
    )
    SELECT e.at AS since, least(l.open - l.paid,
        (SELECT min(l.open - l.paid - since_then) FROM moves WHERE seq > begun.seq)) AS unbroken
    FROM begun JOIN projects_journalentry e ON e.project_id = l.project_id AND e.seq = begun.seq) course ON true
WHERE l.open > l.paid
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_disputes")]

    operations = [view(PAYABLE, "payments_payableline")]
