"""Inspections, repairs, withheld amounts, retention that opens and contracts that end, in every sum of money."""

import django.db.models.deletion
from django.db import migrations, models

# How a contract comes to its end: what completion, handover and termination add replaces this view.
ENDING = """
CREATE VIEW payments_ending AS
SELECT p.id AS project_id, 0.00::numeric AS retention_open, false AS terminated, 0.00::numeric AS final
FROM projects_project p
"""

# The payment schedule: what a line holds in all (full), what of it is open, and what is paid against it.
LINES = """
CREATE OR REPLACE VIEW payments_line AS
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

# The gate's own look at a line, from the signed terms and decisions. Before the signatures money counts as the
# deposit or against no line; a sign-off counts only with every approval that it names.
LINE = """
CREATE OR REPLACE FUNCTION line_of(whose uuid, which text, stage uuid, OUT "full" numeric, OUT open numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT holds."full", CASE
            WHEN p.state = 'draft' THEN 0
            WHEN which IN ('deposit', 'final') THEN holds."full"
            WHEN which = 'retention' THEN e.retention_open
            WHEN m.state = 'signed_off' AND is_approved(stage) THEN holds."full" - w.withheld
            ELSE 0 END
    FROM projects_project p
    JOIN payments_ending e ON e.project_id = p.id
    LEFT JOIN milestones_milestone m ON m.id = stage AND m.project_id = p.id
    LEFT JOIN milestones_worth w ON w.milestone_id = m.id
    CROSS JOIN LATERAL (SELECT CASE
            WHEN which = 'deposit' AND NOT e.terminated THEN p.deposit
            WHEN which = 'deposit' THEN (SELECT coalesce(sum(a.amount), 0) FROM payments_allocation a
                WHERE a.project_id = p.id AND a.line = 'deposit')
            WHEN p.state = 'draft' THEN 0
            WHEN which = 'final' THEN e.final
            WHEN which = 'retention' THEN (
                SELECT coalesce(sum(round(k.amount * p.retention_percent / 100, 2)), 0)
                FROM milestones_milestone k
                WHERE k.project_id = p.id AND (k.state = 'signed_off' OR NOT e.terminated))
            WHEN e.terminated AND m.state <> 'signed_off' THEN 0
            ELSE m.amount - round(m.amount * p.retention_percent / 100, 2) END AS "full") holds
    WHERE p.id = whose
$$
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
        greatest(0.00, coalesce(sum(CASE WHEN m.state = 'signed_off' THEN m.value
            ELSE round(m.value * w.verified_percent / 100, 2) END - w.blocking_repair), 0.00)) AS earned,
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
CREATE OR REPLACE VIEW payments_earlypart AS
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


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_guards_of_moves"), ("milestones", "0003_worth")]

    operations = [
        migrations.RunSQL(ENDING, "DROP VIEW payments_ending"),
        *[migrations.RunSQL(sql) for sql in (LINES, LINE, STANDING, EARLY)],
        migrations.AlterField(
            model_name="payment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("release", "Released through the gate"),
                    ("record", "Recorded outside the gate"),
                    ("advance", "Advance"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="ending",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("retention_open", models.DecimalField(decimal_places=2, max_digits=14)),
                ("terminated", models.BooleanField()),
                ("final", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={"managed": False},
        ),
    ]
