"""The signed terms change only by a change order that both sides signed, or by a date moved with a reason."""

from django.db import migrations

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

HISTORY = [
    "payments_changeorder",
    "payments_changesignature",
    "payments_changeend",
    "payments_changeinforce",
]


class Migration(migrations.Migration):
    replaces = [("payments", "0009_changes"), ("payments", "0011_settlements")]
    dependencies = [("payments", "0005_guards_of_advances")]

    operations = [
        function(BY_RIGHT, "terms_change_by_right(uuid)"),
        function(PROPOSED, "change_is_proposed_by_a_side()"),
        function(SIGNED, "change_is_signed_by_a_side()"),
        function(ENDED, "change_ends_by_right()"),
        function(IN_FORCE, "change_in_force_is_signed()"),
        function(DOES, "change_does_what_it_says()"),
        function(HOLDS, "lines_hold_what_was_paid()"),
        function(NAMED, "settlement_names_a_minor_defect()"),
        deferred("payments_changeorder", "change_is_proposed_by_a_side", "INSERT"),
        deferred("payments_changesignature", "change_is_signed_by_a_side", "INSERT"),
        deferred("payments_changeend", "change_ends_by_right", "INSERT"),
        deferred("payments_changeinforce", "change_in_force_is_signed", "INSERT"),
        deferred("payments_changeinforce", "change_does_what_it_says", "INSERT"),
        deferred("payments_changeinforce", "lines_hold_what_was_paid", "INSERT"),
        deferred("payments_changeorder", "settlement_names_a_minor_defect", "INSERT"),
        *close(*HISTORY),
        *tie(*HISTORY),
    ]
