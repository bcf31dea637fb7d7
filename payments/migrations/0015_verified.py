"""Verified money stays when the price of a milestone changes; what repairs cost is counted by one function."""

from django.db import migrations

# How far the work is verified (milestones.findings.Findings). An inspection found a percent of what the work was
# worth then: its present value without the changes that came into force since. That money stays, cut at every
# value since. An expert's latest counts, or a homeowner's after it if it is lower now. `found_percent` is what
# that inspection said, `verified_percent` what the money is of the present value.
# Withheld is what the approvals of the round that waits or closed the milestone keep back, repair by repair.
WORTH = """
CREATE OR REPLACE VIEW milestones_worth AS
SELECT m.id AS milestone_id, m.project_id,
    coalesce(CASE WHEN found.money = round(m.value * found.percent / 100, 2) THEN found.percent
        ELSE round(found.money * 100 / m.value, 2) END, 0.00)::numeric AS verified_percent,
    faults.withheld::numeric AS withheld, faults.repair::numeric AS repair,
    faults.blocking_repair::numeric AS blocking_repair,
    coalesce(found.money, 0.00)::numeric AS verified, coalesce(found.percent, 0.00)::numeric AS found_percent
FROM milestones_milestone m
LEFT JOIN LATERAL (SELECT i.percent, e.seq FROM milestones_inspection i
    JOIN projects_journalentry e ON e.id = i.entry_id
    WHERE i.milestone_id = m.id AND i.role <> 'homeowner' ORDER BY e.seq DESC LIMIT 1) expert ON true
LEFT JOIN LATERAL (SELECT i.percent, e.seq FROM milestones_inspection i
    JOIN projects_journalentry e ON e.id = i.entry_id
    WHERE i.milestone_id = m.id AND i.role = 'homeowner' AND e.seq > coalesce(expert.seq, 0)
    ORDER BY e.seq DESC LIMIT 1) own ON true
LEFT JOIN LATERAL (
    SELECT i.percent, least(round((m.value - since.amount) * i.percent / 100, 2), since.lowest) AS money
    FROM (VALUES (expert.percent, expert.seq), (own.percent, own.seq)) i (percent, seq)
    CROSS JOIN LATERAL (SELECT coalesce(sum(c.amount), 0.00) AS amount, min(f.value) AS lowest
        FROM payments_changeinforce f
        JOIN payments_changeorder c ON c.id = f.change_id
        JOIN projects_journalentry e ON e.id = f.entry_id
        WHERE f.milestone_id = m.id AND e.seq > i.seq) since
    WHERE i.seq IS NOT NULL ORDER BY money, percent LIMIT 1) found ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(d.withheld) FILTER (WHERE n.round = m.round
            AND m.state IN ('submitted', 'signed_off')), 0.00) AS withheld,
        repair_of(m.value, sum(s.by_expert) FILTER (WHERE d.after_sign_off),
            sum(s.alone) FILTER (WHERE d.after_sign_off),
            sum(s.agreed) FILTER (WHERE d.after_sign_off)) AS repair,
        repair_of(m.value, sum(s.by_expert) FILTER (WHERE d.after_sign_off AND d.blocking),
            sum(s.alone) FILTER (WHERE d.after_sign_off AND d.blocking),
            sum(s.agreed) FILTER (WHERE d.after_sign_off AND d.blocking)) AS blocking_repair
    FROM milestones_defect d
    JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state NOT IN ('verified', 'settled')
    LEFT JOIN milestones_decision c ON c.id = d.decision_id
    LEFT JOIN milestones_submission n ON n.id = c.submission_id
    WHERE d.milestone_id = m.id) faults
"""

# Where a project stands. `covered` is the paid money that open lines cover, so early = paid - covered;
# `held` is the money held against lines, so unheld = paid - held.
STANDING = """
CREATE OR REPLACE VIEW payments_standing AS
SELECT p.id AS project_id, payments.paid, work.earned, lines.unlocked, lines.covered, lines.held, work.repair
FROM projects_project p
CROSS JOIN LATERAL (SELECT coalesce(sum(l."left"), 0.00) AS paid
    FROM payments_left l WHERE l.project_id = p.id) payments
CROSS JOIN LATERAL (SELECT
        greatest(0.00, coalesce(sum(CASE WHEN m.state = 'signed_off' THEN m.value ELSE w.verified END
            - w.blocking_repair), 0.00)) AS earned,
        coalesce(sum(w.repair), 0.00) AS repair
    FROM milestones_milestone m JOIN milestones_worth w ON w.milestone_id = m.id
    WHERE m.project_id = p.id) work
CROSS JOIN LATERAL (SELECT sum(l.open) AS unlocked, sum(least(l.paid, l.open)) AS covered, sum(l.paid) AS held
    FROM payments_line l WHERE l.project_id = p.id) lines
"""

# What of the rest of the retention waits for repairs: the estimated cost of open faults that were reported
# within the defects period; counted on each milestone as milestones_worth counts it.
FOR_DEFECTS = """
CREATE OR REPLACE FUNCTION retention_kept_for_defects(whose uuid) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(faults.cost), 0.00) FROM (
        SELECT repair_of(m.value, sum(s.by_expert), sum(s.alone), sum(s.agreed)) AS cost
        FROM milestones_defect d
        JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state NOT IN ('verified', 'settled')
        JOIN milestones_milestone m ON m.id = d.milestone_id
        JOIN projects_project c ON c.id = d.project_id
        JOIN projects_journalentry e ON e.id = d.entry_id
        WHERE d.project_id = whose AND d.after_sign_off
            AND (e.at AT TIME ZONE c.time_zone)::date <= defects_period_ends_on(whose)
        GROUP BY m.id, m.value) faults
$$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_disputes"), ("milestones", "0011_repairs")]

    operations = [migrations.RunSQL(sql) for sql in (WORTH, STANDING, FOR_DEFECTS)]
