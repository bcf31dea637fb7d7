"""Retention that opens, contracts that end, and where their money goes: the guards."""

from django.db import migrations

from projects.guards import close, deferred, function, tie

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


class Migration(migrations.Migration):
    replaces = [("payments", "0010_endings")]
    dependencies = [("payments", "0006_changes")]

    operations = [
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
    ]
