"""Retention that opens, contracts that end, and where their money goes: facts, figures and guards."""

import django.db.models.deletion
from django.db import migrations, models

import people.ids
from projects.guards import close, deferred, function, tie

# How a contract comes to its end. What opened of the retention never closes again by itself: openings are facts.
ENDING = """
CREATE OR REPLACE VIEW payments_ending AS
SELECT p.id AS project_id,
    coalesce((SELECT sum(o.amount) FROM payments_retentionopening o WHERE o.project_id = p.id), 0.00)
        AS retention_open,
    p.state = 'terminated' AS terminated,
    coalesce((SELECT greatest(d.amount, 0.00) FROM projects_deed d
        JOIN projects_deedsignature s ON s.deed_id = d.id AND s.concludes
        WHERE d.project_id = p.id AND d.kind = 'closing_sum'), 0.00) AS final
FROM projects_project p
"""

# What of the rest of the retention waits for repairs: the estimated cost of open faults that were reported
# within the defects period; counted on each milestone as milestones_worth counts it.
FOR_DEFECTS = """
CREATE FUNCTION retention_kept_for_defects(whose uuid) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(faults.cost), 0.00) FROM (
        SELECT coalesce(sum(s.by_expert), 0.00) + least(
            coalesce(sum(s.by_homeowner) FILTER (WHERE s.by_expert IS NULL), 0.00),
            greatest(m.value, coalesce(sum(least(s.by_homeowner, s.by_contractor)) FILTER (WHERE
                s.by_expert IS NULL AND s.by_homeowner IS NOT NULL AND s.by_contractor IS NOT NULL), 0.00))) AS cost
        FROM milestones_defect d
        JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state <> 'verified'
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

# What may be paid now, and since when: since its line opened, since the verified repair that freed the oldest
# part of it, or since money that counted there was taken away.
PAYABLE = """
CREATE OR REPLACE VIEW payments_payableline AS
SELECT CASE l.line WHEN 'milestone' THEN l.milestone_id WHEN 'deposit' THEN l.project_id
        ELSE md5(l.project_id || l.line)::uuid END AS about_id,
    l.project_id, l.milestone_id,
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
        WHERE f.freed - f.withheld < l.open - l.paid AND l.open - l.paid <= f.freed_in_all)) AS since, l.line
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
    UNION ALL
    SELECT max(e.at) FROM payments_retentionopening o
    JOIN projects_journalentry e ON e.id = o.entry_id
    WHERE o.project_id = l.project_id AND l.line = 'retention'
    UNION ALL
    SELECT max(e.at) FROM projects_deed d
    JOIN projects_deedsignature s ON s.deed_id = d.id AND s.concludes
    JOIN projects_journalentry e ON e.id = s.entry_id
    WHERE d.project_id = l.project_id AND d.kind = 'closing_sum' AND l.line = 'final'
    ORDER BY at DESC NULLS LAST LIMIT 1
) opened
WHERE l.open > l.paid
"""

# Why money moves between lines: with the payment itself, because a termination closed its line, by the
# payment's reversal, or because it is set off.
WHY = """
CREATE OR REPLACE FUNCTION why_it_moves(moved payments_allocation) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN p.entry_id = moved.entry_id THEN 'told'
        WHEN EXISTS (SELECT 1 FROM projects_turn t
            WHERE t.entry_id = moved.entry_id AND t.kind = 'terminated') THEN 'closed'
        WHEN EXISTS (SELECT 1 FROM payments_reversal r LEFT JOIN payments_reversalanswer a ON a.reversal_id = r.id
            WHERE r.payment_id = p.id
            AND moved.entry_id = CASE WHEN r.needs_consent THEN a.entry_id ELSE r.entry_id END) THEN 'reversed'
        ELSE 'set_off' END
    FROM payments_payment p WHERE p.id = moved.payment_id
$$
"""

CLOSED = """
CREATE FUNCTION closed_lines_give_back() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A termination takes from a line what it can hold no longer, and puts nothing anywhere.
    IF why_it_moves(NEW) = 'closed' AND (NEW.amount > 0 OR NEW.line NOT IN ('milestone', 'retention')
        OR (SELECT sum(a.amount) FROM payments_allocation a
            WHERE a.project_id = NEW.project_id AND a.line = NEW.line
            AND a.milestone_id IS NOT DISTINCT FROM NEW.milestone_id)
         <> (SELECT "full" FROM line_of(NEW.project_id, NEW.line, NEW.milestone_id)))
    THEN
        RAISE EXCEPTION 'closed_lines_give_back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Nothing more counts as a deposit once the contract has ended.
    IF NEW.line = 'deposit' AND NEW.amount > 0
       AND (SELECT terminated FROM payments_ending WHERE project_id = NEW.project_id)
    THEN
        RAISE EXCEPTION 'closed_lines_take_nothing' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

EMPTIED = """
CREATE FUNCTION termination_empties_closed_lines() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- By the termination itself: money on a line that it closed is held against none.
    IF NEW.kind = 'terminated' AND EXISTS (SELECT 1 FROM payments_allocation a
        WHERE a.project_id = NEW.project_id GROUP BY a.line, a.milestone_id
        HAVING sum(a.amount) > (SELECT "full" FROM line_of(NEW.project_id, a.line, a.milestone_id)))
    THEN
        RAISE EXCEPTION 'termination_empties_closed_lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

OPENS = """
CREATE FUNCTION retention_opens_by_its_rule() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c projects_project%ROWTYPE;
    kept numeric;
    opened numeric;
BEGIN
    SELECT * INTO c FROM projects_project WHERE id = NEW.project_id;
    SELECT r.kept, r.opened - NEW.amount INTO kept, opened FROM payments_retained r WHERE r.project_id = c.id;
    -- Half of it by the act that completed the work, where that was agreed; the rest by the system, once the
    -- defects period is over, less what open faults will cost.
    IF (CASE NEW.part
        WHEN 'completion' THEN NEW.amount = round(kept / 2, 2)
            AND coalesce(c.policy ->> 'retention_at_completion', 'half') = 'half'
            AND EXISTS (SELECT 1 FROM projects_turn t WHERE t.entry_id = NEW.entry_id AND t.kind = 'completed')
        ELSE NEW.amount = kept - opened - retention_kept_for_defects(c.id)
            AND defects_period_ends_on(c.id)
                <= ((clock_timestamp() + interval '5 minutes') AT TIME ZONE c.time_zone)::date
            AND c.state IN ('closed', 'terminated')
            AND EXISTS (SELECT 1 FROM projects_journalentry e WHERE e.id = NEW.entry_id AND e.actor_id IS NULL)
        END) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'retention_opens_by_its_rule' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

HALF = """
CREATE FUNCTION completion_opens_its_half() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'completed' AND EXISTS (SELECT 1 FROM projects_project c
        JOIN payments_retained r ON r.project_id = c.id
        WHERE c.id = NEW.project_id AND round(r.kept / 2, 2) > 0
        AND coalesce(c.policy ->> 'retention_at_completion', 'half') = 'half'
        AND NOT EXISTS (SELECT 1 FROM payments_retentionopening o
            WHERE o.entry_id = NEW.entry_id AND o.part = 'completion'))
    THEN
        RAISE EXCEPTION 'completion_opens_its_half' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# As before, and the system also ends a defects period.
ACTED = """
CREATE OR REPLACE FUNCTION act_is_by_a_party() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said jsonb := convert_from(NEW.body, 'UTF8');
BEGIN
    -- Who acts is a party, or ends their part by this very act, or declines one and does nothing else. The
    -- system raises and clears flags, ends a defects period and opens the retention then, nothing else.
    IF NEW.actor_id IS NULL THEN
        IF said ? 'removed' OR EXISTS (SELECT 1 FROM jsonb_object_keys(said -> 'facts') AS key
            WHERE split_part(key, '/', 1) NOT IN ('projects_flag', 'payments_retentionopening')
            AND NOT (split_part(key, '/', 1) IN ('projects_project', 'projects_turn')
                AND EXISTS (SELECT 1 FROM projects_turn t WHERE t.entry_id = NEW.id AND t.kind = 'closed')))
        THEN
            RAISE EXCEPTION 'act_is_by_a_party' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = NEW.project_id AND (
        (p.user_id = NEW.actor_id AND p.joined_at IS NOT NULL AND (p.left_at IS NULL OR p.entry_id = NEW.id))
        OR (p.declined_at IS NOT NULL AND p.entry_id = NEW.id
            AND (SELECT count(*) FROM jsonb_object_keys(said -> 'facts')) = 1)))
    THEN
        RAISE EXCEPTION 'act_is_by_a_party' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_changes"), ("milestones", "0007_endings")]

    operations = [
        migrations.CreateModel(
            "RetentionOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("completion", "At completion"), ("period", "After the defects period")],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "retentionopening",
            models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="retention_opening_is_positive"
            ),
        ),
        migrations.AddConstraint(
            "retentionopening",
            models.UniqueConstraint(
                condition=models.Q(("part", "completion")),
                fields=("project",),
                name="retention_opens_once_at_completion",
            ),
        ),
        migrations.RemoveConstraint("allocation", "allocation_names_its_line"),
        migrations.AlterField(
            "allocation",
            "line",
            models.CharField(
                choices=[
                    ("deposit", "Deposit"),
                    ("milestone", "Milestone"),
                    ("retention", "Retention"),
                    ("final", "Closing sum"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "allocation",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("line", "milestone"), ("milestone__isnull", False)),
                    models.Q(("line__in", ["deposit", "retention", "final"]), ("milestone", None)),
                    _connector="OR",
                ),
                name="allocation_names_its_line",
            ),
        ),
        migrations.RunSQL(ENDING),
        function(FOR_DEFECTS, "retention_kept_for_defects(uuid)"),
        migrations.RunSQL(RETAINED, "DROP VIEW payments_retained"),
        migrations.RunSQL(PAYABLE),
        migrations.RunSQL(WHY),
        migrations.RunSQL(ACTED),
        function(CLOSED, "closed_lines_give_back()"),
        function(EMPTIED, "termination_empties_closed_lines()"),
        function(OPENS, "retention_opens_by_its_rule()"),
        function(HALF, "completion_opens_its_half()"),
        deferred("payments_allocation", "closed_lines_give_back", "INSERT"),
        deferred("projects_turn", "termination_empties_closed_lines", "INSERT"),
        deferred("projects_turn", "completion_opens_its_half", "INSERT"),
        deferred("payments_retentionopening", "retention_opens_by_its_rule", "INSERT"),
        *close("payments_retentionopening"),
        *tie("payments_retentionopening"),
        migrations.CreateModel(
            "Retained",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="retained",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("kept", models.DecimalField(decimal_places=2, max_digits=14)),
                ("opened", models.DecimalField(decimal_places=2, max_digits=14)),
                ("for_defects", models.DecimalField(decimal_places=2, max_digits=14)),
                ("ends_on", models.DateField(null=True)),
            ],
            options={"managed": False},
        ),
    ]
