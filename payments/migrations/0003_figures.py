"""The figures of SPEC 6 that are sums over rows, as views: derived when read, never stored (docs/exposure.md).

A view rather than subqueries of the ORM: an annotation's SQL is written out again wherever another one
mentions it, so that the level alone would add up the same payments five times.
"""

import django.db.models.deletion
from django.db import migrations, models

# A reversal that needs consent is in force from the answer on; `left` is what a payment still amounts to.
LEFT = """
CREATE VIEW payments_left AS
SELECT p.project_id, p.id AS payment_id, p.amount - coalesce((
        SELECT sum(r.amount) FROM payments_reversal r
        LEFT JOIN payments_reversalanswer a ON a.reversal_id = r.id
        WHERE r.payment_id = p.id AND (NOT r.needs_consent OR a.consents)), 0) AS "left"
FROM payments_payment p
"""

# The payment schedule: what a line holds in all (full), what of it is open, and what is paid against it.
LINES = """
CREATE VIEW payments_line AS
SELECT p.id AS project_id, 'deposit' AS line, NULL::uuid AS milestone_id, p.deposit AS "full",
    CASE WHEN p.state = 'draft' THEN 0.00 ELSE p.deposit END AS open,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a
        WHERE a.project_id = p.id AND a.line = 'deposit'), 0.00) AS paid
FROM projects_project p
UNION ALL
SELECT p.id, 'milestone', m.id, m.amount - kept.amount,
    CASE WHEN p.state <> 'draft' AND m.state = 'signed_off' THEN m.amount - kept.amount ELSE 0.00 END,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a WHERE a.milestone_id = m.id), 0.00)
FROM projects_project p
JOIN milestones_milestone m ON m.project_id = p.id
CROSS JOIN LATERAL (SELECT round(m.amount * p.retention_percent / 100, 2) AS amount) kept
UNION ALL
SELECT p.id, 'retention', NULL,
    coalesce((SELECT sum(round(m.amount * p.retention_percent / 100, 2)) FROM milestones_milestone m
        WHERE m.project_id = p.id), 0.00),
    0.00,
    coalesce((SELECT sum(a.amount) FROM payments_allocation a
        WHERE a.project_id = p.id AND a.line = 'retention'), 0.00)
FROM projects_project p
"""

# Where a project stands. `covered` is the paid money that open lines cover, so early = paid - covered;
# `held` is the money held against lines, so unheld = paid - held.
STANDING = """
CREATE VIEW payments_standing AS
SELECT p.id AS project_id, payments.paid, work.earned, lines.unlocked, lines.covered, lines.held
FROM projects_project p
CROSS JOIN LATERAL (SELECT coalesce(sum(l."left"), 0.00) AS paid
    FROM payments_left l WHERE l.project_id = p.id) payments
CROSS JOIN LATERAL (SELECT coalesce(sum(m.value), 0.00) AS earned
    FROM milestones_milestone m WHERE m.project_id = p.id AND m.state = 'signed_off') work
CROSS JOIN LATERAL (SELECT sum(l.open) AS unlocked, sum(least(l.paid, l.open)) AS covered, sum(l.paid) AS held
    FROM payments_line l WHERE l.project_id = p.id) lines
"""

# The early part of every payment that has one: what of it is held against no line, and what of it lies
# newest on a line beyond what is open there. Of one payment's money on one line, a negative row takes the
# newest: the rows pile up and are worn down from the top, and a row keeps what lies below every later height.
EARLY = """
CREATE VIEW payments_earlypart AS
WITH pile AS (
    SELECT a.project_id, a.payment_id, a.line, a.milestone_id, e.seq, a.id, a.amount, l.paid - l.open AS early,
        sum(a.amount) OVER (PARTITION BY a.project_id, a.payment_id, a.line, a.milestone_id
            ORDER BY e.seq, a.id) AS height
    FROM payments_line l
    JOIN payments_allocation a ON a.project_id = l.project_id AND a.line = l.line
        AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id
    JOIN projects_journalentry e ON e.id = a.entry_id
    WHERE l.paid > l.open
), lots AS (
    SELECT project_id, payment_id, line, milestone_id, seq, id, early,
        greatest(0, min(height) OVER (PARTITION BY project_id, payment_id, line, milestone_id ORDER BY seq, id
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) - (height - amount)) AS amount
    FROM pile
), parts AS (
    SELECT project_id, payment_id, least(amount, early - (sum(amount) OVER (
        PARTITION BY project_id, line, milestone_id ORDER BY seq DESC, id DESC) - amount)) AS amount
    FROM lots
    UNION ALL
    SELECT l.project_id, l.payment_id, l."left" - coalesce((
        SELECT sum(a.amount) FROM payments_allocation a WHERE a.payment_id = l.payment_id), 0)
    FROM payments_left l
)
SELECT payment_id, project_id, sum(amount) AS amount FROM parts
WHERE amount > 0 GROUP BY project_id, payment_id
"""

# What may be paid now, and since when: since its sign-off, or since money that was counted there was taken away.
PAYABLE = """
CREATE VIEW payments_payableline AS
SELECT coalesce(l.milestone_id, l.project_id) AS about_id, l.project_id, l.milestone_id,
    l.open - l.paid AS payable, greatest(opened.at, (
        SELECT max(e.at) FROM payments_allocation a JOIN projects_journalentry e ON e.id = a.entry_id
        WHERE a.project_id = l.project_id AND a.line = l.line
            AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id AND a.amount < 0)) AS since
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


def view(sql: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP VIEW {name}")


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]

    operations = [
        view(LEFT, "payments_left"),
        view(LINES, "payments_line"),
        view(STANDING, "payments_standing"),
        view(EARLY, "payments_earlypart"),
        view(PAYABLE, "payments_payableline"),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("paid", models.DecimalField(decimal_places=2, max_digits=14)),
                ("earned", models.DecimalField(decimal_places=2, max_digits=14)),
                ("unlocked", models.DecimalField(decimal_places=2, max_digits=14)),
                ("covered", models.DecimalField(decimal_places=2, max_digits=14)),
                ("held", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={"managed": False},
        ),
        migrations.CreateModel(
            name="EarlyPart",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="early",
                        serialize=False,
                        to="payments.payment",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={"managed": False},
        ),
        migrations.CreateModel(
            name="PayableLine",
            fields=[
                ("about_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                ("payable", models.DecimalField(decimal_places=2, max_digits=14)),
                ("since", models.DateTimeField()),
            ],
            options={"managed": False},
        ),
    ]
