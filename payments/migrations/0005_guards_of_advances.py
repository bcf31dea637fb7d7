"""Advances, in the database itself: one at a time, answered by those who sign, after the time to think, and paid
only as everybody approved it (docs/gate.md).

Time is that of the acts' own entries. An entry is not older than the one before it and at most five minutes
ahead of the database's clock (entry_is_chained), so by no more than that can a lapse or a time to think be cut
short or drawn out here; the acts judge by the same moments, and so agree with these guards to the microsecond.
"""

from django.db import migrations

from projects.guards import close, deferred, function, tie

# Where an advance stood just before an act: its terms, whether everybody who signs now approved them, and its
# state (asked, approved, paid, closed). Leaving approves nothing, so an approval must have completed them. Since a
# change of the contract total, or of the milestone, that came into force after the last approval, the terms are
# another version, and everybody approves them anew.
BEFORE = """
CREATE FUNCTION advance_before(which uuid, act uuid,
    OUT version integer, OUT amount numeric, OUT condition text, OUT state text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(terms.version, 1) + since.changes, coalesce(terms.amount, a.amount),
        coalesce(terms.condition, ''), CASE
            WHEN m.state = 'signed_off' OR e.terminated
                OR EXISTS (SELECT 1 FROM payments_advancedecline d WHERE d.advance_id = a.id AND d.entry_id <> act)
                OR EXISTS (SELECT 1 FROM payments_advancewithdrawal w
                    WHERE w.advance_id = a.id AND w.entry_id <> act) THEN 'closed'
            WHEN y.amount <= reversed_of(y.id) THEN 'closed'
            WHEN y.id IS NOT NULL THEN 'paid'
            WHEN since.changes = 0 AND EXISTS (SELECT 1 FROM payments_advanceapproval p WHERE p.advance_id = a.id
                    AND p.version = terms.version AND p.completes AND p.entry_id <> act)
                AND NOT EXISTS (SELECT 1 FROM advance_signers(a.project_id) signer
                    WHERE NOT EXISTS (SELECT 1 FROM payments_advanceapproval p WHERE p.advance_id = a.id
                        AND p.version = terms.version AND p.party_id = signer AND p.entry_id <> act))
                THEN 'approved'
            WHEN this.at >= asked.at + interval '168 hours' THEN 'closed'
            ELSE 'asked' END
    FROM payments_advance a
    JOIN projects_journalentry asked ON asked.id = a.entry_id
    JOIN projects_journalentry this ON this.id = act
    JOIN milestones_milestone m ON m.id = a.milestone_id
    JOIN payments_ending e ON e.project_id = a.project_id
    LEFT JOIN payments_payment y ON y.advance_id = a.id AND y.entry_id <> act
    LEFT JOIN LATERAL (SELECT p.version, p.amount, p.condition, e.seq FROM payments_advanceapproval p
        JOIN projects_journalentry e ON e.id = p.entry_id
        WHERE p.advance_id = a.id AND p.entry_id <> act ORDER BY e.seq DESC LIMIT 1) terms ON true
    CROSS JOIN LATERAL (SELECT count(*)::integer AS changes FROM payments_changeinforce f
        JOIN payments_changeorder c ON c.id = f.change_id
        JOIN projects_journalentry e ON e.id = f.entry_id
        WHERE f.project_id = a.project_id AND f.entry_id <> act AND e.seq > coalesce(terms.seq, asked.seq)
        AND (c.amount <> 0 OR f.milestone_id = a.milestone_id)) since
    WHERE a.id = which
$$
"""

SIGNERS = """
CREATE FUNCTION advance_signers(whose uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM projects_party WHERE project_id = whose AND role = 'homeowner' AND signs AND confirmed
        AND joined_at IS NOT NULL AND left_at IS NULL
$$
"""

ONE = """
CREATE FUNCTION one_advance_at_a_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- None while another is asked, approved and unpaid, or paid and its milestone unsigned.
    PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM payments_advance a WHERE a.project_id = NEW.project_id AND a.id <> NEW.id
        AND (advance_before(a.id, NEW.entry_id)).state <> 'closed')
       OR (SELECT count(*) FROM payments_advance a WHERE a.entry_id = NEW.entry_id) <> 1
    THEN
        RAISE EXCEPTION 'one_advance_at_a_time' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

UNSIGNED = """
CREATE FUNCTION advance_is_for_unsigned_work() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM projects_project c JOIN milestones_milestone m ON m.project_id = c.id
        WHERE c.id = NEW.project_id AND c.state = 'active' AND m.id = NEW.milestone_id
        AND m.state <> 'signed_off')
    THEN
        RAISE EXCEPTION 'advance_is_for_unsigned_work' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

WAITS = """
CREATE FUNCTION advance_still_waits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What was paid, declined, withdrawn, ended or lapsed is answered no more; and nothing is approved once
    -- seven days have passed.
    IF coalesce((advance_before(NEW.advance_id, NEW.entry_id)).state, '') NOT IN ('asked', 'approved')
       OR (TG_TABLE_NAME = 'payments_advanceapproval' AND EXISTS (
            SELECT 1 FROM payments_advance a JOIN projects_journalentry asked ON asked.id = a.entry_id
            JOIN projects_journalentry this ON this.id = NEW.entry_id
            WHERE a.id = NEW.advance_id AND this.at >= asked.at + interval '168 hours'))
    THEN
        RAISE EXCEPTION 'advance_still_waits: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ANSWERED = """
CREATE FUNCTION homeowners_answer_an_advance() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present, confirmed, signing homeowner, acting itself.
    IF NOT EXISTS (SELECT 1 FROM projects_journalentry e
        JOIN projects_party p ON p.user_id = e.actor_id AND p.id = NEW.party_id
        WHERE e.id = NEW.entry_id AND p.id IN (SELECT advance_signers(NEW.project_id)))
    THEN
        RAISE EXCEPTION 'homeowners_answer_an_advance: %', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

THOUGHT = """
CREATE FUNCTION approval_waits_for_thought() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Everybody who signs has opened the request, and the hours of the policy have passed since the last did.
    IF EXISTS (SELECT 1 FROM advance_signers(NEW.project_id) signer WHERE NOT EXISTS (
        SELECT 1 FROM payments_advanceopening o
        JOIN projects_journalentry opened ON opened.id = o.entry_id
        JOIN projects_journalentry this ON this.id = NEW.entry_id
        JOIN projects_project c ON c.id = NEW.project_id
        WHERE o.advance_id = NEW.advance_id AND o.party_id = signer AND this.at >= opened.at
            + coalesce((c.policy ->> 'cooling_off_hours')::numeric, 48)::double precision * interval '1 hour'))
    THEN
        RAISE EXCEPTION 'approval_waits_for_thought' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

TERMS = """
CREATE FUNCTION approval_is_of_its_terms() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stood record;
    same boolean;
BEGIN
    -- The terms as they stood, or others, which are the next version; never more than was asked. It completes
    -- them when nobody who signs is missing any more.
    SELECT * INTO stood FROM advance_before(NEW.advance_id, NEW.entry_id);
    same := NEW.amount = stood.amount AND NEW.condition = stood.condition;
    IF NEW.version IS DISTINCT FROM stood.version + (NOT same)::integer
       OR NEW.amount > (SELECT amount FROM payments_advance WHERE id = NEW.advance_id)
       OR (SELECT count(*) FROM payments_advanceapproval WHERE entry_id = NEW.entry_id) <> 1
       OR NEW.completes = EXISTS (SELECT 1 FROM advance_signers(NEW.project_id) signer
            WHERE NOT EXISTS (SELECT 1 FROM payments_advanceapproval p WHERE p.advance_id = NEW.advance_id
                AND p.version = NEW.version AND p.party_id = signer))
    THEN
        RAISE EXCEPTION 'approval_is_of_its_terms' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

PAID = """
CREATE FUNCTION advance_is_paid_as_approved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Approved and unpaid, up to what was approved, all of it against its milestone.
    IF NEW.kind = 'advance' AND NOT EXISTS (
        SELECT 1 FROM payments_advance a CROSS JOIN LATERAL advance_before(a.id, NEW.entry_id) stood
        WHERE a.id = NEW.advance_id AND stood.state = 'approved' AND NEW.amount <= stood.amount
        AND NEW.amount = (SELECT sum(k.amount) FROM payments_allocation k WHERE k.payment_id = NEW.id
            AND k.entry_id = NEW.entry_id AND k.milestone_id = a.milestone_id AND k.amount > 0)
        AND NOT EXISTS (SELECT 1 FROM payments_advancedecline d
            WHERE d.advance_id = a.id AND d.entry_id = NEW.entry_id))
    THEN
        RAISE EXCEPTION 'advance_is_paid_as_approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

CAP = """
CREATE FUNCTION advance_keeps_under_its_cap() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- With an advance, money is ahead of the work by no more than the agreement allows.
    IF NEW.kind = 'advance' AND EXISTS (
        SELECT 1 FROM projects_project c JOIN payments_standing s ON s.project_id = c.id
        WHERE c.id = NEW.project_id AND s.paid - s.earned > round(
            c.contract_total * coalesce((c.policy ->> 'advance_cap_percent')::numeric, 10) / 100, 2))
    THEN
        RAISE EXCEPTION 'advance_keeps_under_its_cap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

HOMEOWNERS = ["payments_advanceopening", "payments_advanceapproval", "payments_advancedecline"]

ANSWERS = [*HOMEOWNERS, "payments_advancewithdrawal"]

HISTORY = ["payments_advance", *ANSWERS]


class Migration(migrations.Migration):
    replaces = [("payments", "0008_guards_of_advances"), ("payments", "0012_changes_void_approvals")]
    dependencies = [("payments", "0004_guards_of_moves")]

    operations = [
        function(SIGNERS, "advance_signers(uuid)"),
        function(BEFORE, "advance_before(uuid, uuid)"),
        function(ONE, "one_advance_at_a_time()"),
        function(UNSIGNED, "advance_is_for_unsigned_work()"),
        function(WAITS, "advance_still_waits()"),
        function(ANSWERED, "homeowners_answer_an_advance()"),
        function(THOUGHT, "approval_waits_for_thought()"),
        function(TERMS, "approval_is_of_its_terms()"),
        function(PAID, "advance_is_paid_as_approved()"),
        function(CAP, "advance_keeps_under_its_cap()"),
        deferred("payments_advance", "one_advance_at_a_time", "INSERT"),
        deferred("payments_advance", "advance_is_for_unsigned_work", "INSERT"),
        deferred("payments_advance", "is_the_contractors", "INSERT"),
        deferred("payments_advancewithdrawal", "is_the_contractors", "INSERT"),
        *[deferred(table, "homeowners_answer_an_advance", "INSERT") for table in HOMEOWNERS],
        *[deferred(table, "advance_still_waits", "INSERT") for table in ANSWERS],
        deferred("payments_advanceapproval", "approval_waits_for_thought", "INSERT"),
        deferred("payments_advanceapproval", "approval_is_of_its_terms", "INSERT"),
        deferred("payments_payment", "advance_is_paid_as_approved", "INSERT"),
        deferred("payments_payment", "advance_keeps_under_its_cap", "INSERT"),
        *close(*HISTORY),
        *tie(*HISTORY),
    ]
