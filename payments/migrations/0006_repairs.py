"""What approvals withhold stays within the payment, and what a verified repair frees is due from then on."""

from django.db import migrations

from projects.guards import deferred, function

WITHHELD = """
CREATE FUNCTION withheld_is_within_the_payment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- All that the approvals of a round withhold is at most what was still unpaid of the line.
    IF NEW.withheld > 0 AND (
        SELECT coalesce(sum(d.withheld), 0) FROM milestones_decision given
        JOIN milestones_decision c ON c.submission_id = given.submission_id
        JOIN milestones_defect d ON d.decision_id = c.id WHERE given.id = NEW.decision_id
    ) > (SELECT l."full" FROM line_of(NEW.project_id, 'milestone', NEW.milestone_id) l)
        - (SELECT coalesce(sum(a.amount), 0) FROM payments_allocation a WHERE a.milestone_id = NEW.milestone_id)
    THEN
        RAISE EXCEPTION 'withheld_is_within_the_payment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# What may be paid now, and since when: since its sign-off, since the verified repair that freed the oldest
# part of it, or since money that was counted there was taken away.
PAYABLE = """
CREATE OR REPLACE VIEW payments_payableline AS
SELECT coalesce(l.milestone_id, l.project_id) AS about_id, l.project_id, l.milestone_id,
    l.open - l.paid AS payable, greatest(opened.at, (
        SELECT max(e.at) FROM payments_allocation a JOIN projects_journalentry e ON e.id = a.entry_id
        WHERE a.project_id = l.project_id AND a.line = l.line
            AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id AND a.amount < 0), (
        SELECT min(f.at) FROM (
            SELECT e.at, d.withheld, sum(d.withheld) OVER (ORDER BY e.seq DESC) AS freed,
                sum(d.withheld) OVER () AS freed_in_all
            FROM milestones_defect d
            JOIN milestones_decision c ON c.id = d.decision_id
            JOIN milestones_submission n ON n.id = c.submission_id
            JOIN milestones_milestone m ON m.id = n.milestone_id AND m.round = n.round
            JOIN milestones_defectevent v ON v.defect_id = d.id AND v.kind = 'verified'
            JOIN projects_journalentry e ON e.id = v.entry_id
            WHERE d.milestone_id = l.milestone_id AND d.withheld > 0) f
        WHERE f.freed - f.withheld < l.open - l.paid AND l.open - l.paid <= f.freed_in_all)) AS since
FROM payments_line l
CROSS JOIN LATERAL (
    SELECT max(e.at) AS at FROM milestones_submission s
    JOIN milestones_decision d ON d.submission_id = s.id AND d.approves
    JOIN projects_journalentry e ON e.id = d.entry_id
    WHERE s.milestone_id = l.milestone_id
    UNION ALL
    SELECT max(e.at) FROM projects_agreementsignature s
    JOIN projects_journalentry e ON e.id = s.entry_id
    WHERE s.project_id = l.project_id AND l.line = 'deposit'
    ORDER BY at DESC NULLS LAST LIMIT 1
) opened
WHERE l.open > l.paid
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_terms_of_money"), ("milestones", "0005_guards_of_defects")]

    operations = [
        function(WITHHELD, "withheld_is_within_the_payment()"),
        deferred("milestones_defect", "withheld_is_within_the_payment", "INSERT"),
        migrations.RunSQL(PAYABLE),
    ]
