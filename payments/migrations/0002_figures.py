"""The figures that are sums over rows, as views: derived when read, never stored (docs/exposure.md).

A view rather than subqueries of the ORM: an annotation's SQL is written out again wherever another one
mentions it, so that the level alone would add up the same payments five times.
"""

from django.db import migrations

from projects.guards import function, view

# How far the work is verified (milestones.findings.Findings). An inspection found a percent of what the work was
# worth then: its present value without the changes that came into force since. That money stays, cut at every
# value since. An expert's latest counts, or a homeowner's after it if it is lower now. `found_percent` is what
# that inspection said, `verified_percent` what the money is of the present value.
# Withheld is what the approvals of the round that waits or closed the milestone keep back, repair by repair.
WORTH = """
CREATE VIEW milestones_worth AS
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

# A reversal that needs consent is in force from the answer on; `left` is what a payment still amounts to.
LEFT = """
CREATE VIEW payments_left AS
SELECT p.project_id, p.id AS payment_id, p.amount - coalesce((
        SELECT sum(r.amount) FROM payments_reversal r
        LEFT JOIN payments_reversalanswer a ON a.reversal_id = r.id
        WHERE r.payment_id = p.id AND (NOT r.needs_consent OR a.consents)), 0) AS "left"
FROM payments_payment p
"""

# How a contract comes to its end. What opened of the retention never closes again by itself: openings are facts.
ENDING = """
CREATE VIEW payments_ending AS
SELECT p.id AS project_id,
    coalesce((SELECT sum(o.amount) FROM payments_retentionopening o WHERE o.project_id = p.id), 0.00)
        AS retention_open,
    p.state = 'terminated' AS terminated,
    coalesce((SELECT greatest(d.amount, 0.00) FROM projects_deed d
        JOIN projects_deedsignature s ON s.deed_id = d.id AND s.concludes
        WHERE d.project_id = p.id AND d.kind = 'closing_sum'), 0.00) AS final
FROM projects_project p
"""

# The payment schedule: what a line holds in all (full), what of it is open, and what is paid against it.
LINES = """
CREATE VIEW payments_line AS
SELECT p.id AS project_id, 'deposit' AS line, NULL::uuid AS milestone_id, deposit."full",
    CASE WHEN p.state = 'draft' THEN 0.00 ELSE deposit."full" END AS open, held.paid
FROM projects_project p
JOIN payments_ending e ON e.project_id = p.id
CROSS JOIN LATERAL (SELECT coalesce(sum(a.amount), 0.00) AS paid FROM payments_allocation a
    WHERE a.project_id = p.id AND a.line = 'deposit') held
CROSS JOIN LATERAL (SELECT CASE WHEN e.terminated THEN held.paid ELSE p.deposit END AS "full") deposit
UNION ALL
SELECT p.id, 'milestone', m.id, holds."full",
    CASE WHEN p.state <> 'draft' AND m.state = 'signed_off' THEN holds."full" - w.withheld ELSE 0.00 END,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a WHERE a.milestone_id = m.id), 0.00)
FROM projects_project p
JOIN payments_ending e ON e.project_id = p.id
JOIN milestones_milestone m ON m.project_id = p.id
JOIN milestones_worth w ON w.milestone_id = m.id
CROSS JOIN LATERAL (SELECT CASE WHEN e.terminated AND m.state <> 'signed_off' THEN 0.00
    ELSE m.amount - round(m.amount * p.retention_percent / 100, 2) END AS "full") holds
UNION ALL
SELECT p.id, 'retention', NULL,
    coalesce((SELECT sum(round(m.amount * p.retention_percent / 100, 2)) FROM milestones_milestone m
        WHERE m.project_id = p.id AND (m.state = 'signed_off' OR NOT e.terminated)), 0.00),
    e.retention_open,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a
        WHERE a.project_id = p.id AND a.line = 'retention'), 0.00)
FROM projects_project p
JOIN payments_ending e ON e.project_id = p.id
UNION ALL
SELECT e.project_id, 'final', NULL, e.final, e.final,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a
        WHERE a.project_id = e.project_id AND a.line = 'final'), 0.00)
FROM payments_ending e
"""

# Where a project stands. `covered` is the paid money that open lines cover, so early = paid - covered;
# `held` is the money held against lines, so unheld = paid - held.
STANDING = """
CREATE VIEW payments_standing AS
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

# The early part of every payment that has one: what of it is held against no line, and what of it lies
# newest on a line beyond what is open there; an advance counts before records. Of one payment's money on one
# line, a negative row takes the newest: the rows pile up and are worn down from the top, and a row keeps what
# lies below every later height.
EARLY = """
CREATE VIEW payments_earlypart AS
WITH pile AS (
    SELECT a.project_id, a.payment_id, a.line, a.milestone_id, e.seq, a.id, a.amount, l.paid - l.open AS early,
        y.kind = 'advance' AS is_advance,
        sum(a.amount) OVER (PARTITION BY a.project_id, a.payment_id, a.line, a.milestone_id
            ORDER BY e.seq, a.id) AS height
    FROM payments_line l
    JOIN payments_allocation a ON a.project_id = l.project_id AND a.line = l.line
        AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id
    JOIN payments_payment y ON y.id = a.payment_id
    JOIN projects_journalentry e ON e.id = a.entry_id
    WHERE l.paid > l.open
), lots AS (
    SELECT project_id, payment_id, line, milestone_id, seq, id, early, is_advance,
        greatest(0, min(height) OVER (PARTITION BY project_id, payment_id, line, milestone_id ORDER BY seq, id
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) - (height - amount)) AS amount
    FROM pile
), parts AS (
    SELECT project_id, payment_id, least(amount, early - (sum(amount) OVER (
        PARTITION BY project_id, line, milestone_id ORDER BY is_advance, seq DESC, id DESC) - amount)) AS amount
    FROM lots
    UNION ALL
    SELECT l.project_id, l.payment_id, l."left" - coalesce((
        SELECT sum(a.amount) FROM payments_allocation a WHERE a.payment_id = l.payment_id), 0)
    FROM payments_left l
)
SELECT payment_id, project_id, sum(amount) AS amount FROM parts
WHERE amount > 0 GROUP BY project_id, payment_id
"""

# What of the rest of the retention waits for repairs: the estimated cost of open faults that were reported
# within the defects period; counted on each milestone as milestones_worth counts it.
FOR_DEFECTS = """
CREATE FUNCTION retention_kept_for_defects(whose uuid) RETURNS numeric
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

RETAINED = """
CREATE VIEW payments_retained AS
SELECT l.project_id, l."full" AS kept, l.open AS opened, retention_kept_for_defects(l.project_id) AS for_defects,
    defects_period_ends_on(l.project_id) AS ends_on
FROM payments_line l WHERE l.line = 'retention'
"""

# Ended by its withdrawal, by a full reversal of its payment, and, where the contractor had disputed it, by the
# receipt that they confirmed since (payments.rules.disputes).
OPEN = """
CREATE VIEW payments_opendispute AS
SELECT d.id AS dispute_id, d.project_id, d.payment_id, l."left" AS amount
FROM payments_dispute d
JOIN payments_left l ON l.payment_id = d.payment_id AND l."left" > 0
WHERE NOT EXISTS (SELECT 1 FROM payments_disputewithdrawal w WHERE w.dispute_id = d.id)
AND NOT (d.by_role = 'contractor' AND EXISTS (SELECT 1 FROM payments_confirmation c
    JOIN projects_journalentry received ON received.id = c.entry_id
    JOIN projects_journalentry raised ON raised.id = d.entry_id
    WHERE c.payment_id = d.payment_id AND received.seq > raised.seq))
"""


class Migration(migrations.Migration):
    replaces = [
        ("payments", "0003_figures"),
        ("payments", "0005_terms_of_money"),
        ("payments", "0015_verified"),
    ]
    dependencies = [("payments", "0001_tables"), ("milestones", "0006_expectations")]

    operations = [
        view(WORTH, "milestones_worth"),
        view(LEFT, "payments_left"),
        view(ENDING, "payments_ending"),
        view(LINES, "payments_line"),
        view(STANDING, "payments_standing"),
        view(EARLY, "payments_earlypart"),
        function(FOR_DEFECTS, "retention_kept_for_defects(uuid)"),
        view(RETAINED, "payments_retained"),
        view(OPEN, "payments_opendispute"),
    ]
