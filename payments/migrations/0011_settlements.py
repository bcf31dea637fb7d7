"""On a signed milestone only a deduction that settles a named minor defect; none after completion (SPEC 3)."""

import django.db.models.deletion
from django.db import migrations, models

from projects.guards import deferred, function

NAMED = """
CREATE FUNCTION settlement_names_a_minor_defect() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of the signed milestone whose price it takes from; a blocking one has to be fixed.
    IF NEW.kind = 'settle_defect' AND NOT EXISTS (SELECT 1 FROM milestones_defect d
        JOIN milestones_milestone m ON m.id = d.milestone_id AND m.state = 'signed_off'
        WHERE d.id = NEW.defect_id AND m.id = NEW.milestone_id AND NOT d.blocking)
    THEN
        RAISE EXCEPTION 'settlement_names_a_minor_defect' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# As before; and of a signed milestone, whose version stays that of its approvals, value and amount alone, by a
# deduction that settles one of its defects.
MILESTONES = """
CREATE OR REPLACE FUNCTION milestone_terms_are_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    act uuid := to_jsonb(NEW) ->> 'entry_id';
    state text;
BEGIN
    SELECT p.state INTO state FROM projects_project p WHERE p.id = coalesce(NEW.project_id, OLD.project_id)
        FOR NO KEY UPDATE;
    IF state = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'milestones_milestone' AND was ->> 'state' <> 'signed_off'
       AND (becomes - '{entry_id,state,version,round}'::text[])
         = (was - '{entry_id,state,version,round}'::text[])
    THEN
        RETURN NEW;
    END IF;
    IF state = 'active' AND TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'milestones_milestone'
       AND was ->> 'state' = 'signed_off'
       AND (becomes - '{entry_id,value,amount}'::text[]) = (was - '{entry_id,value,amount}'::text[])
       AND EXISTS (
            SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
            WHERE f.entry_id = act AND f.milestone_id = (was ->> 'id')::uuid AND c.milestone_id = f.milestone_id
            AND c.kind = 'settle_defect'
            AND f.value = (becomes ->> 'value')::numeric AND f.value = (was ->> 'value')::numeric + c.amount
            AND f.amount = (becomes ->> 'amount')::numeric AND f.amount = (was ->> 'amount')::numeric + c.amount)
    THEN
        RETURN NEW;
    END IF;
    IF state = 'active' AND TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'milestones_milestone'
       AND was ->> 'state' IN ('planned', 'in_progress')
       AND (becomes ->> 'version')::int = (was ->> 'version')::int + 1
       AND (becomes - '{entry_id,version,value,amount,agreed_end}'::text[])
         = (was - '{entry_id,version,value,amount,agreed_end}'::text[])
       AND (EXISTS (
            SELECT 1 FROM milestones_reschedule r
            WHERE r.entry_id = act AND r.milestone_id = (was ->> 'id')::uuid
            AND r.previous_end IS NOT DISTINCT FROM (was ->> 'agreed_end')::date
            AND r.agreed_end = (becomes ->> 'agreed_end')::date
            AND becomes -> 'value' = was -> 'value' AND becomes -> 'amount' = was -> 'amount')
         OR EXISTS (
            SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
            WHERE f.entry_id = act AND f.milestone_id = (was ->> 'id')::uuid AND c.milestone_id = f.milestone_id
            AND f.value = (becomes ->> 'value')::numeric AND f.value = (was ->> 'value')::numeric + c.amount
            AND f.amount = (becomes ->> 'amount')::numeric AND f.amount = (was ->> 'amount')::numeric + c.amount
            AND f.agreed_end IS NOT DISTINCT FROM (becomes ->> 'agreed_end')::date
            AND f.agreed_end IS NOT DISTINCT FROM (was ->> 'agreed_end')::date + c.days))
    THEN
        RETURN NEW;
    END IF;
    IF state = 'active' AND TG_OP = 'INSERT' AND EXISTS (
        SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
        WHERE f.entry_id = act AND c.kind = 'add_milestone' AND CASE TG_TABLE_NAME
            WHEN 'milestones_criterion' THEN f.milestone_id = (becomes ->> 'milestone_id')::uuid
            ELSE f.milestone_id = (becomes ->> 'id')::uuid
                AND (becomes ->> 'value')::numeric = c.amount AND (becomes ->> 'amount')::numeric = c.amount
                AND becomes ->> 'title' = c.title AND becomes -> 'signers' = to_jsonb(c.signers)
                AND (becomes ->> 'planned_start')::date IS NOT DISTINCT FROM c.planned_start
                AND (becomes ->> 'planned_end')::date IS NOT DISTINCT FROM c.planned_end
                AND (becomes ->> 'agreed_end')::date IS NOT DISTINCT FROM c.planned_end
                AND becomes ->> 'state' = 'planned' AND (becomes ->> 'position')::int = (
                    SELECT max(m.position) + 1 FROM milestones_milestone m WHERE m.project_id = f.project_id)
            END)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'milestone_terms_are_closed' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# A milestone that was signed off may change later, when other homeowners sign: all of them are those of then.
SIGNED = """
CREATE OR REPLACE FUNCTION signed_off_means_approved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'signed_off' AND NOT is_approved(NEW.id) THEN
        RAISE EXCEPTION 'signed_off_means_approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Where the policy asks for all homeowners, each who signs has approved.
    IF NEW.state = 'signed_off' AND OLD.state IS DISTINCT FROM 'signed_off'
       AND 'homeowner' = ANY (NEW.signers) AND EXISTS (
        SELECT 1 FROM projects_project c JOIN projects_party p ON p.project_id = c.id
        WHERE c.id = NEW.project_id AND c.policy ->> 'homeowner_signers' = 'all'
        AND p.role = 'homeowner' AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM milestones_decision d JOIN milestones_submission s ON s.id = d.submission_id
            WHERE s.milestone_id = NEW.id AND s.round = NEW.round AND d.party_id = p.id AND d.approves))
    THEN
        RAISE EXCEPTION 'signed_off_by_all_homeowners' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

DOES = """
CREATE OR REPLACE FUNCTION change_does_what_it_says() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The contract and the milestone stand by this act as it says; nothing is changed after completion; and a
    -- milestone that was added has the criteria that were signed. What settles a defect does that to a signed
    -- milestone, about which the act decides and finds nothing.
    IF NOT EXISTS (
        SELECT 1 FROM payments_changeorder c
        JOIN projects_project p ON p.id = c.project_id AND p.entry_id = NEW.entry_id
        JOIN milestones_milestone m ON m.id = NEW.milestone_id AND m.entry_id = NEW.entry_id
        WHERE c.id = NEW.change_id AND p.state = 'active' AND p.contract_total = NEW.contract_total
        AND m.value = NEW.value AND m.amount = NEW.amount AND m.agreed_end IS NOT DISTINCT FROM NEW.agreed_end
        AND m.id = coalesce(c.milestone_id, m.id)
        AND CASE c.kind
            WHEN 'settle_defect' THEN m.state = 'signed_off'
                AND EXISTS (SELECT 1 FROM milestones_defectevent v WHERE v.defect_id = c.defect_id
                    AND v.kind = 'settled' AND v.entry_id = NEW.entry_id)
                AND NOT EXISTS (SELECT 1 FROM milestones_decision d WHERE d.entry_id = NEW.entry_id)
                AND NOT EXISTS (SELECT 1 FROM milestones_defect d WHERE d.entry_id = NEW.entry_id)
            ELSE EXISTS (SELECT 1 FROM milestones_milestone k WHERE k.project_id = p.id
                AND k.state <> 'signed_off' AND (c.kind = 'change_milestone' OR k.id <> m.id)) END
        AND (c.kind <> 'add_milestone' OR string_to_array(c.criteria, chr(10)) = ARRAY(
            SELECT k.text FROM milestones_criterion k WHERE k.milestone_id = m.id ORDER BY k.position)))
    THEN
        RAISE EXCEPTION 'change_does_what_it_says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# Whoever acts in the entry of a new row, with their present, confirmed part.
ACTING = """
        FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.id = NEW.entry_id AND p.joined_at IS NOT NULL AND p.left_at IS NULL AND p.confirmed"""

COURSE = f"""
CREATE OR REPLACE FUNCTION defect_goes_its_way() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was text;
    stage uuid;
BEGIN
    -- Open; fixed, by the contractor; verified, for good, or open again, by those who sign for it; or settled,
    -- for good, by the change that names it and comes into force by the same act.
    SELECT d.milestone_id INTO stage FROM milestones_defect d WHERE d.id = NEW.defect_id;
    SELECT v.kind INTO was FROM milestones_defectevent v JOIN projects_journalentry e ON e.id = v.entry_id
        WHERE v.defect_id = NEW.defect_id AND v.id <> NEW.id ORDER BY e.seq DESC LIMIT 1;
    was := CASE WHEN was IS NULL OR was = 'reopened' THEN 'open' ELSE was END;
    IF NOT (CASE NEW.kind
        WHEN 'fixed' THEN was = 'open' AND EXISTS (SELECT 1 {ACTING} AND p.role = 'contractor')
        WHEN 'verified' THEN was IN ('open', 'fixed') AND judges_repairs(NEW.entry_id, stage)
        WHEN 'settled' THEN was IN ('open', 'fixed') AND EXISTS (SELECT 1 FROM payments_changeinforce f
            JOIN payments_changeorder c ON c.id = f.change_id
            WHERE f.entry_id = NEW.entry_id AND c.defect_id = NEW.defect_id)
        ELSE was = 'fixed' AND judges_repairs(NEW.entry_id, stage) END)
    THEN
        RAISE EXCEPTION 'defect_goes_its_way' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# What of the rest of the retention waits for repairs: as before, of defects neither verified nor settled.
FOR_DEFECTS = """
CREATE OR REPLACE FUNCTION retention_kept_for_defects(whose uuid) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(faults.cost), 0.00) FROM (
        SELECT coalesce(sum(s.by_expert), 0.00) + least(
            coalesce(sum(s.by_homeowner) FILTER (WHERE s.by_expert IS NULL), 0.00),
            greatest(m.value, coalesce(sum(least(s.by_homeowner, s.by_contractor)) FILTER (WHERE
                s.by_expert IS NULL AND s.by_homeowner IS NOT NULL AND s.by_contractor IS NOT NULL), 0.00))) AS cost
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

# What may be paid now, and since when: as before; a settled defect freed what was withheld for it less what the
# deduction took off the line.
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
            SELECT g.at, g.amount, sum(g.amount) OVER (ORDER BY g.seq DESC) AS freed,
                sum(g.amount) OVER () AS freed_in_all
            FROM (
                SELECT e.at, e.seq, d.withheld + coalesce(o.amount
                    + round((t.amount - o.amount) * p.retention_percent / 100, 2)
                    - round(t.amount * p.retention_percent / 100, 2), 0) AS amount
                FROM milestones_defect d
                JOIN milestones_decision c ON c.id = d.decision_id
                JOIN milestones_submission n ON n.id = c.submission_id
                JOIN milestones_milestone m ON m.id = n.milestone_id AND m.round = n.round
                JOIN projects_project p ON p.id = m.project_id
                JOIN milestones_defectevent v ON v.defect_id = d.id AND v.kind IN ('verified', 'settled')
                JOIN projects_journalentry e ON e.id = v.entry_id
                LEFT JOIN payments_changeinforce t ON t.entry_id = v.entry_id
                LEFT JOIN payments_changeorder o ON o.id = t.change_id
                WHERE d.milestone_id = l.milestone_id AND d.withheld > 0) g
            WHERE g.amount > 0) f
        WHERE f.freed - f.amount < l.open - l.paid AND l.open - l.paid <= f.freed_in_all)) AS since, l.line
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


class Migration(migrations.Migration):
    dependencies = [("milestones", "0009_settled"), ("payments", "0010_endings")]

    operations = [
        migrations.AddField(
            model_name="changeorder",
            name="defect",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="milestones.defect",
            ),
        ),
        migrations.AlterField(
            model_name="changeorder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("add_milestone", "Another milestone"),
                    ("change_milestone", "Change of a milestone"),
                    ("settle_defect", "A defect settled by a deduction"),
                ],
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint(model_name="changeorder", name="change_says_what_it_changes"),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("defect", None),
                        ("kind", "change_milestone"),
                        ("milestone__isnull", False),
                        ("signers", []),
                        models.Q(
                            models.Q(("amount", 0), _negated=True),
                            models.Q(("days", 0), _negated=True),
                            _connector="OR",
                        ),
                        ("planned_end", None),
                        ("planned_start", None),
                    ),
                    models.Q(
                        ("amount__gte", 0),
                        ("days", 0),
                        ("defect", None),
                        ("kind", "add_milestone"),
                        ("milestone", None),
                        models.Q(("signers", []), _negated=True),
                    ),
                    models.Q(
                        ("defect__isnull", False),
                        ("kind", "settle_defect"),
                        ("milestone__isnull", False),
                        ("signers", []),
                        ("amount__lt", 0),
                        ("days", 0),
                        ("planned_end", None),
                        ("planned_start", None),
                    ),
                    _connector="OR",
                ),
                name="change_says_what_it_changes",
            ),
        ),
        function(NAMED, "settlement_names_a_minor_defect()"),
        *[migrations.RunSQL(sql) for sql in (MILESTONES, SIGNED, DOES, COURSE, FOR_DEFECTS, PAYABLE)],
        deferred("payments_changeorder", "settlement_names_a_minor_defect", "INSERT"),
    ]
