"""Sums that agree from activation on, closed terms, and sign-offs by the right people."""

from django.db import migrations

from projects.guards import before, close, deferred, function, not_emptied, tie, view

SUMS = """
CREATE FUNCTION sums_agree() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    whose uuid := CASE TG_TABLE_NAME WHEN 'projects_project'
        THEN (coalesce(to_jsonb(NEW), to_jsonb(OLD)) ->> 'id')
        ELSE (coalesce(to_jsonb(NEW), to_jsonb(OLD)) ->> 'project_id') END;
    contract projects_project%ROWTYPE;
    worth numeric;
    priced numeric;
BEGIN
    SELECT * INTO contract FROM projects_project WHERE id = whose FOR NO KEY UPDATE;
    IF contract.state = 'draft' THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(value), 0), coalesce(sum(amount), 0) INTO worth, priced
        FROM milestones_milestone WHERE project_id = whose;
    IF worth <> contract.contract_total OR priced + contract.deposit <> contract.contract_total THEN
        RAISE EXCEPTION 'sums_agree' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# In draft everything is free; afterwards a milestone's terms are what was signed, and its state goes
# forward. A row of a draft may be removed, of a signed agreement never. What a change order adds is added with
# it; what it changes, and a date that is moved, change while the milestone is worked on, and only they. Of a
# signed milestone, whose version stays that of its approvals, value and amount alone change, by a deduction
# that settles one of its defects.
TERMS = """
CREATE FUNCTION milestone_terms_are_closed() RETURNS trigger
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

ROUNDS = """
CREATE FUNCTION rounds_go_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    opens boolean := NEW.state = 'submitted' AND OLD.state IS DISTINCT FROM 'submitted';
BEGIN
    -- Only a submission opens a round, on a version of its own; nothing is worked on in a draft.
    IF NEW.version < OLD.version OR NEW.round <> coalesce(OLD.round, 0) + opens::int
       OR (opens AND NEW.version = OLD.version)
       OR (NEW.state <> 'planned'
           AND EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id AND state = 'draft'))
    THEN
        RAISE EXCEPTION 'rounds_go_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

OPEN = """
CREATE FUNCTION work_is_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Progress (and with it evidence) and a withdrawal leave the milestone in progress, by the same act: while
    -- it is submitted its evidence is closed, and once it is signed off everything is.
    IF NOT EXISTS (
        SELECT 1 FROM milestones_milestone m
        LEFT JOIN milestones_submission s ON s.id = (to_jsonb(NEW) ->> 'submission_id')::uuid
        WHERE m.id = coalesce((to_jsonb(NEW) ->> 'milestone_id')::uuid, s.milestone_id)
        AND m.state = 'in_progress' AND m.entry_id = NEW.entry_id)
    THEN
        RAISE EXCEPTION 'work_is_open' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SUBMITTED = """
CREATE FUNCTION submission_is_of_its_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM milestones_milestone m WHERE m.id = NEW.milestone_id AND m.entry_id = NEW.entry_id
        AND m.state = 'submitted' AND m.round = NEW.round AND m.version = NEW.version)
    THEN
        RAISE EXCEPTION 'submission_is_of_its_version' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

EVIDENCE = """
CREATE FUNCTION evidence_is_of_its_work() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Evidence comes with a report on the same milestone, and is shown for that milestone's criteria.
    IF NOT EXISTS (SELECT 1 FROM milestones_progressentry p WHERE p.id = NEW.progress_id
            AND p.milestone_id = NEW.milestone_id AND p.entry_id = NEW.entry_id)
       OR (NEW.criterion_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM milestones_criterion c
            WHERE c.id = NEW.criterion_id AND c.milestone_id = NEW.milestone_id))
    THEN
        RAISE EXCEPTION 'evidence_is_of_its_work' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SHOWN = """
CREATE FUNCTION submission_shows_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Unless the signed policy asks for none.
    IF NOT EXISTS (SELECT 1 FROM milestones_evidence WHERE milestone_id = NEW.milestone_id)
       AND (SELECT coalesce((policy ->> 'evidence_required')::boolean, true)
            FROM projects_project WHERE id = NEW.project_id)
    THEN
        RAISE EXCEPTION 'submission_shows_evidence' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

STATE = """
CREATE FUNCTION state_has_its_fact() RETURNS trigger
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

APPROVED = """
CREATE FUNCTION is_approved(stage uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Every role that signs has an approval of the latest submission, of the version it was made on,
    -- nobody returned it, and the approvals are of distinct persons.
    SELECT coalesce((
        SELECT bool_and(EXISTS (
                SELECT 1 FROM milestones_decision d WHERE d.submission_id = s.id
                AND d.role = r.role AND d.approves AND d.version = s.version))
            AND NOT EXISTS (SELECT 1 FROM milestones_decision d
                WHERE d.submission_id = s.id AND NOT d.approves)
            AND NOT EXISTS (SELECT 1 FROM milestones_withdrawal w WHERE w.submission_id = s.id)
            AND (SELECT count(DISTINCT p.user_id) = count(*) FROM milestones_decision d
                JOIN projects_party p ON p.id = d.party_id WHERE d.submission_id = s.id)
        FROM milestones_milestone m
        JOIN milestones_submission s ON s.milestone_id = m.id AND s.round = m.round AND s.version = m.version
        CROSS JOIN unnest(m.signers) AS r(role)
        WHERE m.id = stage GROUP BY s.id
    ), false)
$$
"""

DECIDED = """
CREATE FUNCTION decision_is_the_signers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present, confirmed, signing part of that role, acting itself, once, on the version submitted last;
    -- while it waits for decisions, or by the very act that signs it off or returns it, for unmet criteria.
    IF NOT EXISTS (
        SELECT 1 FROM projects_party p
        JOIN milestones_submission s ON s.id = NEW.submission_id AND s.project_id = NEW.project_id
        JOIN milestones_milestone m ON m.id = s.milestone_id AND m.project_id = NEW.project_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        WHERE p.id = NEW.party_id AND p.project_id = NEW.project_id AND p.role = NEW.role
        AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND e.actor_id = p.user_id AND NEW.role = ANY (m.signers)
        AND s.round = m.round AND NEW.version = s.version AND NEW.version = m.version
        AND NEW.shown_hash = s.shown_hash
        AND NOT EXISTS (SELECT 1 FROM milestones_decision d JOIN projects_party other ON other.id = d.party_id
            WHERE d.submission_id = s.id AND d.id <> NEW.id AND other.user_id = p.user_id)
        AND NEW.unmet <@ ARRAY(SELECT c.id FROM milestones_criterion c WHERE c.milestone_id = m.id)
        AND CASE WHEN NEW.approves THEN m.state = 'submitted' OR (m.state = 'signed_off' AND m.entry_id = e.id)
            ELSE m.state = 'in_progress' AND m.entry_id = e.id END)
    THEN
        RAISE EXCEPTION 'decision_is_the_signers' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# A milestone that was signed off may change later, when other homeowners sign: all of them are those of then.
SIGNED = """
CREATE FUNCTION signed_off_means_approved() RETURNS trigger
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

# The act that signed a milestone off, which is not its last where a deduction came later.
SIGN_OFF = """
CREATE VIEW milestones_signoff AS
SELECT m.id AS milestone_id, m.project_id, last.entry_id
FROM milestones_milestone m
CROSS JOIN LATERAL (
    SELECT d.entry_id FROM milestones_submission s
    JOIN milestones_decision d ON d.submission_id = s.id AND d.approves
    JOIN projects_journalentry e ON e.id = d.entry_id
    WHERE s.milestone_id = m.id AND s.round = m.round ORDER BY e.seq DESC LIMIT 1) last
WHERE m.state = 'signed_off'
"""

CONTRACTORS = ["milestones_progressentry", "milestones_withdrawal", "milestones_submission"]

HISTORY = [*CONTRACTORS, "milestones_evidence", "milestones_decision"]

TERM_TABLES = ["milestones_milestone", "milestones_criterion"]


class Migration(migrations.Migration):
    dependencies = [("milestones", "0001_tables"), ("projects", "0004_endings")]

    operations = [
        function(SUMS, "sums_agree()"),
        function(TERMS, "milestone_terms_are_closed()"),
        function(ROUNDS, "rounds_go_forward()"),
        function(OPEN, "work_is_open()"),
        function(SUBMITTED, "submission_is_of_its_version()"),
        function(EVIDENCE, "evidence_is_of_its_work()"),
        function(SHOWN, "submission_shows_evidence()"),
        function(STATE, "state_has_its_fact()"),
        function(APPROVED, "is_approved(uuid)"),
        function(DECIDED, "decision_is_the_signers()"),
        function(SIGNED, "signed_off_means_approved()"),
        view(SIGN_OFF, "milestones_signoff"),
        deferred("projects_project", "sums_agree"),
        deferred("milestones_milestone", "sums_agree", "INSERT OR UPDATE OR DELETE"),
        deferred("milestones_milestone", "signed_off_means_approved"),
        deferred("milestones_decision", "decision_is_the_signers", "INSERT"),
        deferred("milestones_submission", "submission_is_of_its_version", "INSERT"),
        deferred("milestones_submission", "submission_shows_evidence", "INSERT"),
        deferred("milestones_evidence", "evidence_is_of_its_work", "INSERT"),
        deferred("milestones_milestone", "state_has_its_fact", "UPDATE"),
        deferred("milestones_progressentry", "work_is_open", "INSERT"),
        deferred("milestones_withdrawal", "work_is_open", "INSERT"),
        *[deferred(table, "is_the_contractors", "INSERT") for table in CONTRACTORS],
        *[deferred(table, "edit_voids_signatures", "INSERT OR UPDATE OR DELETE") for table in TERM_TABLES],
        before("milestones_milestone", "rounds_go_forward", "INSERT OR UPDATE"),
        *[before(table, "milestone_terms_are_closed", "INSERT OR UPDATE OR DELETE") for table in TERM_TABLES],
        *close(*HISTORY),
        *not_emptied(*TERM_TABLES),
        *tie(*HISTORY, *TERM_TABLES),
    ]
