"""Payments that a side disputes: raised by either, one at a time, and taken back by the side that raised it."""

from django.db import migrations

from projects.guards import close, deferred, function, tie

RAISED = """
CREATE FUNCTION dispute_is_a_sides() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Either side disputes a payment, in its own role, for as long as something is left of it.
    IF NOT EXISTS (
        SELECT 1 FROM payments_payment m
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        JOIN projects_party p ON p.project_id = m.project_id AND p.user_id = e.actor_id AND p.role = NEW.by_role
        WHERE m.id = NEW.payment_id AND m.amount > reversed_of(m.id)
        AND p.role IN ('homeowner', 'contractor') AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'dispute_is_a_sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ALONE = """
CREATE FUNCTION one_dispute_at_a_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Another one of the payment has ended by then, and not by this very act.
    IF EXISTS (SELECT 1 FROM payments_dispute d
        LEFT JOIN payments_disputewithdrawal w ON w.dispute_id = d.id
        LEFT JOIN payments_confirmation c ON c.payment_id = d.payment_id
        WHERE d.payment_id = NEW.payment_id AND d.id <> NEW.id
        AND (NEW.entry_id IN (w.entry_id, c.entry_id)
            OR EXISTS (SELECT 1 FROM payments_opendispute o WHERE o.dispute_id = d.id)))
    THEN
        RAISE EXCEPTION 'one_dispute_at_a_time' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

TAKEN_BACK = """
CREATE FUNCTION dispute_is_its_sides_to_withdraw() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- By the side that raised it, in an act of its own, while nothing else had ended it.
    IF NOT EXISTS (
        SELECT 1 FROM payments_dispute d
        JOIN payments_payment m ON m.id = d.payment_id AND m.amount > reversed_of(m.id)
        JOIN projects_journalentry raised ON raised.id = d.entry_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        JOIN projects_party p ON p.project_id = d.project_id AND p.user_id = e.actor_id AND p.role = d.by_role
        WHERE d.id = NEW.dispute_id AND d.entry_id <> NEW.entry_id
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND NOT (d.by_role = 'contractor' AND EXISTS (SELECT 1 FROM payments_confirmation c
            JOIN projects_journalentry received ON received.id = c.entry_id
            WHERE c.payment_id = d.payment_id AND received.seq > raised.seq)))
    THEN
        RAISE EXCEPTION 'dispute_is_its_sides_to_withdraw' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0014_disputes")]
    dependencies = [("payments", "0008_linkage")]

    operations = [
        function(RAISED, "dispute_is_a_sides()"),
        function(ALONE, "one_dispute_at_a_time()"),
        function(TAKEN_BACK, "dispute_is_its_sides_to_withdraw()"),
        deferred("payments_dispute", "dispute_is_a_sides", "INSERT"),
        deferred("payments_dispute", "one_dispute_at_a_time", "INSERT"),
        deferred("payments_disputewithdrawal", "dispute_is_its_sides_to_withdraw", "INSERT"),
        *close("payments_dispute", "payments_disputewithdrawal"),
        *tie("payments_dispute", "payments_disputewithdrawal"),
    ]
