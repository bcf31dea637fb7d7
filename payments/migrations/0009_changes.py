"""The signed terms change only by a change order that both sides signed, or by a date moved with a reason."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import people.ids
from projects.guards import close, deferred, function, tie

# By which act the terms of a signed contract may differ from what they were: it carries one of these facts, whose
# own guards say who may and what they do.
BY_RIGHT = """
CREATE FUNCTION terms_change_by_right(act uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM payments_changeinforce WHERE entry_id = act)
        OR EXISTS (SELECT 1 FROM milestones_reschedule WHERE entry_id = act)
$$
"""

TERMS = """
CREATE OR REPLACE FUNCTION terms_are_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What was agreed changes in draft only, and nothing leads back to draft; but the contract total by a
    -- change order that comes into force.
    IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR
        to_jsonb(NEW) - '{entry_id,state}'::text[] <> to_jsonb(OLD) - '{entry_id,state}'::text[])
       AND NOT EXISTS (
        SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
        WHERE f.entry_id = NEW.entry_id AND f.project_id = NEW.id AND OLD.state = 'active'
        AND NEW.contract_total = f.contract_total AND NEW.contract_total = OLD.contract_total + c.amount
        AND to_jsonb(NEW) - '{entry_id,contract_total}'::text[]
          = to_jsonb(OLD) - '{entry_id,contract_total}'::text[])
    THEN
        RAISE EXCEPTION 'terms_are_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version < OLD.version THEN
        RAISE EXCEPTION 'terms_go_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

EDITED = """
CREATE OR REPLACE FUNCTION edit_voids_signatures() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - '{entry_id,state,version,round}'::text[];
    becomes jsonb := to_jsonb(NEW) - '{entry_id,state,version,round}'::text[];
    whose uuid := coalesce(becomes, was)
        ->> CASE TG_TABLE_NAME WHEN 'projects_project' THEN 'id' ELSE 'project_id' END;
BEGIN
    -- Who signed a version signed these very terms: after an edit nobody has signed the present version. What
    -- is agreed later is signed by itself.
    IF was IS DISTINCT FROM becomes AND NOT terms_change_by_right((to_jsonb(NEW) ->> 'entry_id')::uuid)
       AND EXISTS (
        SELECT 1 FROM projects_agreementsignature s JOIN projects_project c ON c.id = s.project_id
        WHERE c.id = whose AND s.version = c.version)
    THEN
        RAISE EXCEPTION 'edit_voids_signatures' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# In draft everything is free; afterwards a milestone's terms are what was signed, and its state goes
# forward. A row of a draft may be removed, of a signed agreement never. What a change order adds is added with
# it; what it changes, and a date that is moved, change while the milestone is worked on, and only they.
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

STATE = """
CREATE OR REPLACE FUNCTION state_has_its_fact() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Terms that change by right leave the state as it is.
    IF NEW.state = OLD.state AND terms_change_by_right(NEW.entry_id) THEN
        RETURN NULL;
    END IF;
    -- Signatures are waited for by the submission of this round and version; work goes on by a report, a
    -- withdrawal or a return of the same act; and nothing leads back to the plan.
    IF (NEW.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM milestones_submission s
            WHERE s.milestone_id = NEW.id AND s.round = NEW.round AND s.version = NEW.version))
       OR (NEW.state = 'in_progress' AND NOT EXISTS (
            SELECT 1 FROM milestones_progressentry p
            WHERE p.milestone_id = NEW.id AND p.entry_id = NEW.entry_id
            UNION ALL
            SELECT 1 FROM milestones_submission s
            LEFT JOIN milestones_withdrawal w ON w.submission_id = s.id AND w.entry_id = NEW.entry_id
            LEFT JOIN milestones_decision d ON d.submission_id = s.id AND d.entry_id = NEW.entry_id
                AND NOT d.approves
            WHERE s.milestone_id = NEW.id AND s.round = NEW.round AND coalesce(w.id, d.id) IS NOT NULL))
       OR (NEW.state = 'planned' AND EXISTS (
            SELECT 1 FROM projects_project c WHERE c.id = NEW.project_id AND c.state <> 'draft'))
    THEN
        RAISE EXCEPTION 'state_has_its_fact' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# Which terms a change order is read and signed on: it rises with every change order of the contract that comes
# into force, and with every date of its milestone that is moved. `act` is left out: what it does is not yet read.
VERSION = """
CREATE FUNCTION version_of_change(which uuid, act uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT 1 + (SELECT count(*) FROM payments_changeinforce f
            WHERE f.project_id = c.project_id AND f.entry_id <> act)
        + (SELECT count(*) FROM milestones_reschedule r
            WHERE r.milestone_id = c.milestone_id AND r.entry_id <> act)
    FROM payments_changeorder c WHERE c.id = which
$$
"""

PROPOSED = """
CREATE FUNCTION change_is_proposed_by_a_side() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present part of either side, acting itself, once the agreement is signed.
    IF NOT EXISTS (
        SELECT 1 FROM projects_party p
        JOIN projects_project c ON c.id = p.project_id AND c.state = 'active'
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        WHERE p.id = NEW.party_id AND p.role = NEW.by_role AND p.role IN ('homeowner', 'contractor')
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND NEW.signers <@ '{homeowner,engineer,supervisor}'::varchar[])
    THEN
        RAISE EXCEPTION 'change_is_proposed_by_a_side' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SIGNED = """
CREATE FUNCTION change_is_signed_by_a_side() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present, signing part of either side, acting itself, on the terms as they stand; while the change
    -- waits, or by the very act that brings it into force.
    IF NOT EXISTS (
        SELECT 1 FROM projects_party p
        JOIN projects_project c ON c.id = p.project_id AND c.state = 'active'
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        WHERE p.id = NEW.party_id AND p.role IN ('homeowner', 'contractor')
        AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND NEW.version = version_of_change(NEW.change_id, NEW.entry_id)
        AND NOT EXISTS (SELECT 1 FROM payments_changeend WHERE change_id = NEW.change_id)
        AND NOT EXISTS (SELECT 1 FROM payments_changeinforce
            WHERE change_id = NEW.change_id AND entry_id <> NEW.entry_id))
    THEN
        RAISE EXCEPTION 'change_is_signed_by_a_side' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ENDED = """
CREATE FUNCTION change_ends_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who proposed it takes it back, who signs for either side declines it; not once it is in force.
    IF NOT EXISTS (
        SELECT 1 FROM payments_changeorder c
        JOIN projects_party p ON p.id = NEW.party_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        WHERE c.id = NEW.change_id AND p.role IN ('homeowner', 'contractor')
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND CASE NEW.why WHEN 'withdrawn' THEN c.party_id = p.id
            WHEN 'declined' THEN c.party_id <> p.id AND p.signs AND p.confirmed ELSE false END)
       OR EXISTS (SELECT 1 FROM payments_changeinforce WHERE change_id = NEW.change_id)
    THEN
        RAISE EXCEPTION 'change_ends_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

IN_FORCE = """
CREATE FUNCTION change_in_force_is_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both sides, and every signing homeowner, signed it on the terms as they stood, and the same of it; the
    -- last of them by this act.
    IF NEW.version <> version_of_change(NEW.change_id, NEW.entry_id)
       OR EXISTS (SELECT 1 FROM payments_changeend WHERE change_id = NEW.change_id)
       OR NOT EXISTS (SELECT 1 FROM payments_changesignature
            WHERE change_id = NEW.change_id AND entry_id = NEW.entry_id)
       OR EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = NEW.project_id
            AND p.role IN ('homeowner', 'contractor') AND p.signs AND p.confirmed
            AND p.joined_at IS NOT NULL AND p.left_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM payments_changesignature s
                WHERE s.change_id = NEW.change_id AND s.party_id = p.id AND s.version = NEW.version))
       OR (SELECT count(DISTINCT p.role) FROM payments_changesignature s JOIN projects_party p ON p.id = s.party_id
            WHERE s.change_id = NEW.change_id AND s.version = NEW.version) < 2
       OR (SELECT count(DISTINCT s.terms_hash) FROM payments_changesignature s
            WHERE s.change_id = NEW.change_id AND s.version = NEW.version) > 1
    THEN
        RAISE EXCEPTION 'change_in_force_is_signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

DOES = """
CREATE FUNCTION change_does_what_it_says() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The contract and the milestone stand by this act as it says; nothing is changed after completion; and a
    -- milestone that was added has the criteria that were signed.
    IF NOT EXISTS (
        SELECT 1 FROM payments_changeorder c
        JOIN projects_project p ON p.id = c.project_id AND p.entry_id = NEW.entry_id
        JOIN milestones_milestone m ON m.id = NEW.milestone_id AND m.entry_id = NEW.entry_id
        WHERE c.id = NEW.change_id AND p.state = 'active' AND p.contract_total = NEW.contract_total
        AND m.value = NEW.value AND m.amount = NEW.amount AND m.agreed_end IS NOT DISTINCT FROM NEW.agreed_end
        AND m.id = coalesce(c.milestone_id, m.id)
        AND EXISTS (SELECT 1 FROM milestones_milestone k WHERE k.project_id = p.id AND k.state <> 'signed_off'
            AND (c.kind = 'change_milestone' OR k.id <> m.id))
        AND (c.kind = 'change_milestone' OR string_to_array(c.criteria, chr(10)) = ARRAY(
            SELECT k.text FROM milestones_criterion k WHERE k.milestone_id = m.id ORDER BY k.position)))
    THEN
        RAISE EXCEPTION 'change_does_what_it_says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

HOLDS = """
CREATE FUNCTION lines_hold_what_was_paid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A deduction leaves the line of its milestone, without what is withheld there, and the retention line at
    -- what is paid against them, or more.
    IF EXISTS (
        SELECT 1 FROM (VALUES ('milestone', NEW.milestone_id), ('retention', NULL)) AS l(line, milestone_id)
        LEFT JOIN milestones_worth w ON w.milestone_id = l.milestone_id
        WHERE (SELECT sum(a.amount) FROM payments_allocation a WHERE a.project_id = NEW.project_id
                AND a.line = l.line AND a.milestone_id IS NOT DISTINCT FROM l.milestone_id)
            > (SELECT "full" FROM line_of(NEW.project_id, l.line, l.milestone_id)) - coalesce(w.withheld, 0))
    THEN
        RAISE EXCEPTION 'lines_hold_what_was_paid' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

HISTORY = [
    "payments_changeorder",
    "payments_changesignature",
    "payments_changeend",
    "payments_changeinforce",
]


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0006_changes"),
        ("payments", "0008_guards_of_advances"),
        ("projects", "0003_guards_of_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "by_role",
                    models.CharField(
                        choices=[
                            ("homeowner", "Homeowner"),
                            ("contractor", "Contractor"),
                            ("engineer", "Engineer"),
                            ("supervisor", "Supervisor"),
                            ("observer", "Observer"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add_milestone", "Another milestone"),
                            ("change_milestone", "Change of a milestone"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.TextField()),
                ("reason", models.TextField(blank=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("days", models.SmallIntegerField(default=0)),
                ("criteria", models.TextField(blank=True)),
                (
                    "signers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("homeowner", "Homeowner"),
                                ("contractor", "Contractor"),
                                ("engineer", "Engineer"),
                                ("supervisor", "Supervisor"),
                                ("observer", "Observer"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("planned_start", models.DateField(null=True)),
                ("planned_end", models.DateField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
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
        migrations.CreateModel(
            name="ChangeInForce",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("contract_total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("agreed_end", models.DateField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="force",
                        to="payments.changeorder",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeEnd",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("declined", "Declined"), ("withdrawn", "Withdrawn")], max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="payments.changeorder",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("terms_hash", models.CharField(max_length=64)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="payments.changeorder",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
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
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
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
                        ("kind", "add_milestone"),
                        ("milestone", None),
                        models.Q(("signers", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="change_says_what_it_changes",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("planned_start", None),
                    ("planned_end", None),
                    ("planned_end__gte", models.F("planned_start")),
                    _connector="OR",
                ),
                name="change_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", Decimal("-999999999999.99")),
                    ("amount__lte", Decimal("999999999999.99")),
                ),
                name="change_is_of_a_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="changesignature",
            constraint=models.UniqueConstraint(
                fields=("change", "party", "version"), name="one_signature_per_version_of_a_change"
            ),
        ),
        function(BY_RIGHT, "terms_change_by_right(uuid)"),
        *[migrations.RunSQL(sql) for sql in (TERMS, EDITED, MILESTONES, STATE)],
        function(VERSION, "version_of_change(uuid, uuid)"),
        function(PROPOSED, "change_is_proposed_by_a_side()"),
        function(SIGNED, "change_is_signed_by_a_side()"),
        function(ENDED, "change_ends_by_right()"),
        function(IN_FORCE, "change_in_force_is_signed()"),
        function(DOES, "change_does_what_it_says()"),
        function(HOLDS, "lines_hold_what_was_paid()"),
        deferred("payments_changeorder", "change_is_proposed_by_a_side", "INSERT"),
        deferred("payments_changesignature", "change_is_signed_by_a_side", "INSERT"),
        deferred("payments_changeend", "change_ends_by_right", "INSERT"),
        deferred("payments_changeinforce", "change_in_force_is_signed", "INSERT"),
        deferred("payments_changeinforce", "change_does_what_it_says", "INSERT"),
        deferred("payments_changeinforce", "lines_hold_what_was_paid", "INSERT"),
        *close(*HISTORY),
        *tie(*HISTORY),
    ]
