"""The gate, in the database: a release only through an open line, and no line beyond what it holds."""

from django.db import migrations

from projects.guards import close, deferred, function, tie

# The gate's own look at a line, from the signed terms and decisions. Before the signatures money counts as the
# deposit or against no line; a sign-off counts only with every approval that it names.
LINE = """
CREATE FUNCTION line_of(whose uuid, which text, stage uuid, OUT "full" numeric, OUT open numeric)
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

# Money that comes to a line is judged, not money that leaves it: what was recorded beside the gate may stand on
# a line beyond what is open there, and a part of a release that is taken back only makes that less.
GATE = """
CREATE FUNCTION gate_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    line record;
    paid numeric;
    released boolean;
BEGIN
    PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
    SELECT * INTO line FROM line_of(NEW.project_id, NEW.line, NEW.milestone_id);
    SELECT coalesce(sum(a.amount), 0) INTO paid FROM payments_allocation a
        WHERE a.project_id = NEW.project_id AND a.line = NEW.line
        AND a.milestone_id IS NOT DISTINCT FROM NEW.milestone_id;
    SELECT p.kind = 'release' INTO released
        FROM payments_payment p WHERE p.id = NEW.payment_id AND p.project_id = NEW.project_id;
    IF released IS NULL THEN
        RAISE EXCEPTION 'allocation_is_of_its_project' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF line."full" IS NULL OR paid < 0 OR paid > line."full" THEN
        RAISE EXCEPTION 'line_holds_no_more_than_its_full' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF released AND NEW.amount > 0 AND paid > line.open THEN
        RAISE EXCEPTION 'release_only_through_the_gate' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# What was taken back of a payment: a reversal that needs consent is in force from the answer on.
REVERSED = """
CREATE FUNCTION reversed_of(which uuid) RETURNS numeric
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(r.amount), 0) FROM payments_reversal r
    LEFT JOIN payments_reversalanswer a ON a.reversal_id = r.id
    WHERE r.payment_id = which AND (NOT r.needs_consent OR a.consents)
$$
"""

# A release counts whole against open lines, always; what is allocated of a payment is never below zero on a
# line, nor in all more than the payment less what was reversed. PostgreSQL calls NaN larger than any number.
PARTS = """
CREATE FUNCTION payment_adds_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    which uuid := coalesce(to_jsonb(NEW) ->> 'payment_id', to_jsonb(NEW) ->> 'id')::uuid;
    paid payments_payment%ROWTYPE;
    reversed numeric;
    allocated numeric;
BEGIN
    IF TG_TABLE_NAME = 'payments_reversalanswer' THEN
        SELECT r.payment_id INTO which FROM payments_reversal r
            WHERE r.id = (to_jsonb(NEW) ->> 'reversal_id')::uuid;
    END IF;
    SELECT * INTO paid FROM payments_payment WHERE id = which;
    reversed := reversed_of(which);
    SELECT coalesce(sum(amount), 0) INTO allocated FROM payments_allocation WHERE payment_id = which;
    IF paid.amount = 'NaN' OR allocated < 0 OR reversed > paid.amount OR allocated > paid.amount - reversed
       OR (paid.kind = 'release' AND allocated <> paid.amount - reversed)
       OR EXISTS (SELECT 1 FROM payments_allocation WHERE payment_id = which
                  GROUP BY line, milestone_id HAVING sum(amount) < 0)
    THEN
        RAISE EXCEPTION 'payment_adds_up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SET_OFF = """
CREATE FUNCTION early_money_is_set_off_first() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- While money is held against no line, nothing more is released.
    IF NEW.kind = 'release'
       AND (SELECT sum(p.amount - reversed_of(p.id)) FROM payments_payment p WHERE p.project_id = NEW.project_id)
         > (SELECT coalesce(sum(a.amount), 0) FROM payments_allocation a WHERE a.project_id = NEW.project_id)
    THEN
        RAISE EXCEPTION 'early_money_is_set_off_first' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

DEPOSIT = """
CREATE FUNCTION deposit_holds_what_was_paid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.deposit < (SELECT sum(a.amount) FROM payments_allocation a
        WHERE a.project_id = NEW.id AND a.line = 'deposit')
    THEN
        RAISE EXCEPTION 'deposit_holds_what_was_paid' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

MOVED = """
CREATE FUNCTION money_has_moved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Money that is said to move tomorrow, where the project is, has not moved.
    IF coalesce(to_jsonb(NEW) ->> 'paid_on', to_jsonb(NEW) ->> 'received_on')::date
        > (SELECT (clock_timestamp() + interval '5 minutes') AT TIME ZONE c.time_zone
           FROM projects_project c WHERE c.id = NEW.project_id)::date
    THEN
        RAISE EXCEPTION 'money_has_moved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

WHOSE = """
CREATE FUNCTION payment_is_the_payers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Only a present, signing homeowner releases; a record is by a homeowner or the contractor.
    IF NOT EXISTS (
        SELECT 1 FROM projects_journalentry e JOIN projects_party p
        ON p.user_id = e.actor_id AND p.project_id = e.project_id AND p.left_at IS NULL
        AND p.joined_at IS NOT NULL AND p.role = NEW.by_role
        WHERE e.id = NEW.entry_id AND (NEW.kind = 'record' OR (p.signs AND p.confirmed)))
        OR NEW.by_role NOT IN ('homeowner', 'contractor')
    THEN
        RAISE EXCEPTION 'payment_is_the_payers' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

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

HISTORY = [
    "payments_payment",
    "payments_allocation",
    "payments_confirmation",
    "payments_reversal",
    "payments_reversalanswer",
]


class Migration(migrations.Migration):
    replaces = [
        ("payments", "0002_guards"),
        ("payments", "0006_repairs"),
        ("payments", "0016_money_may_leave"),
    ]
    dependencies = [("payments", "0002_figures")]

    operations = [
        function(LINE, "line_of(uuid, text, uuid)"),
        function(GATE, "gate_holds()"),
        function(REVERSED, "reversed_of(uuid)"),
        function(PARTS, "payment_adds_up()"),
        function(SET_OFF, "early_money_is_set_off_first()"),
        function(DEPOSIT, "deposit_holds_what_was_paid()"),
        function(MOVED, "money_has_moved()"),
        function(WHOSE, "payment_is_the_payers()"),
        function(WITHHELD, "withheld_is_within_the_payment()"),
        deferred("payments_allocation", "gate_holds", "INSERT"),
        *[
            deferred(table, "payment_adds_up", "INSERT")
            for table in (
                "payments_payment",
                "payments_allocation",
                "payments_reversal",
                "payments_reversalanswer",
            )
        ],
        deferred("payments_payment", "payment_is_the_payers", "INSERT"),
        deferred("payments_payment", "early_money_is_set_off_first", "INSERT"),
        deferred("payments_payment", "money_has_moved", "INSERT"),
        deferred("payments_confirmation", "money_has_moved", "INSERT"),
        deferred("payments_confirmation", "is_the_contractors", "INSERT"),
        deferred("projects_project", "deposit_holds_what_was_paid", "UPDATE"),
        deferred("milestones_defect", "withheld_is_within_the_payment", "INSERT"),
        *close(*HISTORY),
        *tie(*HISTORY),
    ]
