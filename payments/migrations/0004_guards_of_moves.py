"""Money that moves later: who takes it back, who consents, and what may be set off, in the database itself."""

from django.db import migrations

from projects.guards import deferred, function

TAKEN_BACK = """
CREATE FUNCTION reversal_is_the_tellers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The side that told of a payment takes it back, a release who may release; with consent once its receipt
    -- is known: the contractor confirmed it, or told of it themselves.
    IF NOT EXISTS (
        SELECT 1 FROM payments_payment m
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        JOIN projects_party p ON p.project_id = m.project_id AND p.user_id = e.actor_id AND p.role = m.by_role
        WHERE m.id = NEW.payment_id AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND (m.kind = 'record' OR (p.signs AND p.confirmed))
        AND NEW.needs_consent = (m.by_role = 'contractor'
            OR EXISTS (SELECT 1 FROM payments_confirmation c WHERE c.payment_id = m.id)))
    THEN
        RAISE EXCEPTION 'reversal_is_the_tellers' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

CONSENT = """
CREATE FUNCTION consent_is_the_other_sides() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who signs for the other side consents; either side declines.
    IF NOT EXISTS (
        SELECT 1 FROM payments_reversal r
        JOIN payments_payment m ON m.id = r.payment_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        JOIN projects_party p ON p.project_id = m.project_id AND p.user_id = e.actor_id
        WHERE r.id = NEW.reversal_id AND r.needs_consent
        AND p.role IN ('homeowner', 'contractor') AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND (NOT NEW.consents OR (p.role <> m.by_role AND p.signs AND p.confirmed)))
    THEN
        RAISE EXCEPTION 'consent_is_the_other_sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# Why money moves between lines: with the payment itself, because a termination closed its line, by the
# payment's reversal, or because it is set off.
WHY = """
CREATE FUNCTION why_it_moves(moved payments_allocation) RETURNS text
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

LOOSE = """
CREATE FUNCTION reversal_takes_loose_money_first() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A reversal puts nothing on a line, and takes from one only when nothing is held against none.
    IF why_it_moves(NEW) = 'reversed' AND (NEW.amount > 0
        OR (SELECT p.amount - reversed_of(p.id) FROM payments_payment p WHERE p.id = NEW.payment_id)
         > (SELECT sum(a.amount) FROM payments_allocation a WHERE a.payment_id = NEW.payment_id))
    THEN
        RAISE EXCEPTION 'reversal_takes_loose_money_first' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

COVERED = """
CREATE FUNCTION covered_money_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Early money is set off elsewhere; the line that it leaves stays as full as it is open.
    IF NEW.amount < 0 AND why_it_moves(NEW) = 'set_off'
       AND (SELECT sum(a.amount) FROM payments_allocation a
            WHERE a.project_id = NEW.project_id AND a.line = NEW.line
            AND a.milestone_id IS NOT DISTINCT FROM NEW.milestone_id)
         < (SELECT open FROM line_of(NEW.project_id, NEW.line, NEW.milestone_id))
    THEN
        RAISE EXCEPTION 'covered_money_stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SETTERS = """
CREATE FUNCTION homeowners_set_off() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF why_it_moves(NEW) = 'set_off' AND NOT EXISTS (
        SELECT 1 FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.id = NEW.entry_id AND p.role = 'homeowner' AND p.signs AND p.confirmed
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'homeowners_set_off' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_guards")]

    operations = [
        function(TAKEN_BACK, "reversal_is_the_tellers()"),
        function(CONSENT, "consent_is_the_other_sides()"),
        function(WHY, "why_it_moves(payments_allocation)"),
        function(LOOSE, "reversal_takes_loose_money_first()"),
        function(COVERED, "covered_money_stays()"),
        function(SETTERS, "homeowners_set_off()"),
        deferred("payments_reversal", "reversal_is_the_tellers", "INSERT"),
        deferred("payments_reversalanswer", "consent_is_the_other_sides", "INSERT"),
        deferred("payments_allocation", "reversal_takes_loose_money_first", "INSERT"),
        deferred("payments_allocation", "covered_money_stays", "INSERT"),
        deferred("payments_allocation", "homeowners_set_off", "INSERT"),
    ]
