"""Who inspects, who finds, repairs and verifies, what a blocking defect holds up, and what an approval withholds."""

from django.db import migrations

from projects.guards import close, deferred, function, tie, view

# Where each defect stands: what the latest event made of it, the fix date wherever it was moved to, and the latest
# estimate of each voice; where there is no expert's, the homeowners' counts `alone` up to a bound, and as far as
# both sides `agreed`.
NOW = """
CREATE VIEW milestones_defectnow AS
SELECT d.id AS defect_id, d.project_id, d.milestone_id,
    coalesce((SELECT CASE v.kind WHEN 'reopened' THEN 'open' ELSE v.kind END FROM milestones_defectevent v
        JOIN projects_journalentry e ON e.id = v.entry_id
        WHERE v.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), 'open') AS state,
    said.by_expert, said.by_homeowner, said.by_contractor,
    coalesce((SELECT r.fix_by FROM milestones_fixdatemove r JOIN projects_journalentry e ON e.id = r.entry_id
        WHERE r.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), d.fix_by) AS fix_by,
    CASE WHEN said.by_expert IS NULL THEN said.by_homeowner END AS alone,
    CASE WHEN said.by_expert IS NULL AND said.by_homeowner IS NOT NULL AND said.by_contractor IS NOT NULL
        THEN least(said.by_homeowner, said.by_contractor) END AS agreed
FROM milestones_defect d
CROSS JOIN LATERAL (SELECT
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role IN ('engineer', 'supervisor')))[1]
            ::numeric(14, 2) AS by_expert,
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role = 'homeowner'))[1]
            ::numeric(14, 2) AS by_homeowner,
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role = 'contractor'))[1]
            ::numeric(14, 2) AS by_contractor
    FROM milestones_estimate x JOIN projects_journalentry e ON e.id = x.entry_id
    WHERE x.defect_id = d.id) said
"""

# What the repair of faults of one milestone counts as (milestones.findings.repair_of), from the sums of what is
# said of each: an expert's estimate; else the homeowners', as far as both sides agree, and alone, over all of
# them, up to the value of the milestone. Without a search path of its own, so that queries take it in: it calls
# nothing that could be found elsewhere.
REPAIR = """
CREATE FUNCTION repair_of(value numeric, expert numeric, alone numeric, agreed numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(expert, 0.00) + least(coalesce(alone, 0.00), greatest(value, coalesce(agreed, 0.00)))
$$
"""

# Whoever acts in the entry of a new row, with their present, confirmed part.
ACTING = """
        FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.id = NEW.entry_id AND p.joined_at IS NOT NULL AND p.left_at IS NULL AND p.confirmed"""

INSPECTED = f"""
CREATE FUNCTION inspection_is_a_partys_finding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- An engineer's, supervisor's or homeowner's, of a milestone of a signed agreement that is not finished.
    IF NEW.role NOT IN ('homeowner', 'engineer', 'supervisor')
       OR NOT EXISTS (SELECT 1 {ACTING} AND p.role = NEW.role)
       OR NOT EXISTS (SELECT 1 FROM milestones_milestone m JOIN projects_project c ON c.id = m.project_id
            WHERE m.id = NEW.milestone_id AND m.state <> 'signed_off' AND c.state <> 'draft')
    THEN
        RAISE EXCEPTION 'inspection_is_a_partys_finding' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

FOUND = f"""
CREATE FUNCTION defect_is_found_by_a_party() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of a signed agreement; after the sign-off or before it, as the milestone stood when it was found.
    IF NOT EXISTS (SELECT 1 {ACTING} AND p.role <> 'observer')
       OR NOT EXISTS (SELECT 1 FROM milestones_milestone m JOIN projects_project c ON c.id = m.project_id
            WHERE m.id = NEW.milestone_id AND c.state <> 'draft'
            AND NEW.after_sign_off = (m.state = 'signed_off' AND m.entry_id <> NEW.entry_id))
    THEN
        RAISE EXCEPTION 'defect_is_found_by_a_party' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# What a decision names was found by it, on its milestone. Only an approval withholds, and none blocks.
NAMED = """
CREATE FUNCTION defect_is_of_its_decision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM milestones_decision d JOIN milestones_submission s ON s.id = d.submission_id
        WHERE d.id = NEW.decision_id AND d.entry_id = NEW.entry_id AND s.milestone_id = NEW.milestone_id
        AND CASE WHEN d.approves THEN NOT NEW.blocking ELSE NEW.withheld = 0 END)
    THEN
        RAISE EXCEPTION 'defect_is_of_its_decision' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

RETURNED = """
CREATE FUNCTION return_names_what_is_wrong() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT NEW.approves AND NEW.unmet = '{}'
       AND NOT EXISTS (SELECT 1 FROM milestones_defect d WHERE d.decision_id = NEW.id)
    THEN
        RAISE EXCEPTION 'return_names_what_is_wrong' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# Who signs for the milestone of a defect, or for the homeowners: they judge its repair.
JUDGES = """
CREATE FUNCTION judges_repairs(entry uuid, stage uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        JOIN milestones_milestone m ON m.id = stage AND m.project_id = e.project_id
        WHERE e.id = entry AND p.joined_at IS NOT NULL AND p.left_at IS NULL AND p.confirmed AND p.signs
        AND (p.role = 'homeowner' OR (p.role IN ('engineer', 'supervisor') AND p.role = ANY (m.signers))))
$$
"""

REOPENED = """
CREATE FUNCTION what_was_freed_stays_free() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A verified repair that did not hold is a new defect of the same milestone; nothing is withheld again.
    IF NEW.reopens_id IS NOT NULL AND (NEW.decision_id IS NOT NULL
        OR NOT judges_repairs(NEW.entry_id, NEW.milestone_id)
        OR NOT EXISTS (SELECT 1 FROM milestones_defect d JOIN milestones_defectnow s ON s.defect_id = d.id
            WHERE d.id = NEW.reopens_id AND d.milestone_id = NEW.milestone_id AND s.state = 'verified'
            AND d.blocking = NEW.blocking))
    THEN
        RAISE EXCEPTION 'what_was_freed_stays_free' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

COURSE = f"""
CREATE FUNCTION defect_goes_its_way() RETURNS trigger
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

ESTIMATED = f"""
CREATE FUNCTION estimate_is_a_partys_word() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- An engineer's, supervisor's or either side's, in their own role; for a side only by who signs for it.
    IF NEW.role = 'observer' OR NOT EXISTS (SELECT 1 {ACTING} AND p.role = NEW.role AND p.signs)
    THEN
        RAISE EXCEPTION 'estimate_is_a_partys_word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SHOWN = """
CREATE FUNCTION exhibit_is_of_its_act() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM milestones_inspection i WHERE i.id = NEW.inspection_id AND i.entry_id = NEW.entry_id
        UNION ALL
        SELECT 1 FROM milestones_defect d WHERE d.id = NEW.defect_id AND d.entry_id = NEW.entry_id
        UNION ALL
        SELECT 1 FROM milestones_defectevent v WHERE v.id = NEW.event_id AND v.entry_id = NEW.entry_id)
    THEN
        RAISE EXCEPTION 'exhibit_is_of_its_act' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

BLOCKED = """
CREATE FUNCTION no_blocking_defect_is_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stage uuid := coalesce(to_jsonb(NEW) ->> 'milestone_id', to_jsonb(NEW) ->> 'id')::uuid;
BEGIN
    -- Nothing is submitted over one that is open, and nothing signed off over one that is not verified.
    IF (TG_TABLE_NAME = 'milestones_submission' OR to_jsonb(NEW) ->> 'state' = 'signed_off')
       AND EXISTS (SELECT 1 FROM milestones_defect d JOIN milestones_defectnow s ON s.defect_id = d.id
            WHERE d.milestone_id = stage AND d.blocking AND NOT d.after_sign_off
            AND (s.state = 'open' OR (s.state = 'fixed' AND TG_TABLE_NAME = 'milestones_milestone')))
    THEN
        RAISE EXCEPTION 'no_blocking_defect_is_open' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

MOVED = """
CREATE FUNCTION fix_date_moves_from_where_it_stood() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of an open defect of a signed agreement; and whether it was announced in time is told as it was, where the
    -- project is.
    IF NOT EXISTS (
        SELECT 1 FROM milestones_defect d
        JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state = 'open'
        JOIN projects_project c ON c.id = d.project_id AND c.state <> 'draft'
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        WHERE d.id = NEW.defect_id
        AND NEW.in_time = coalesce((e.at AT TIME ZONE c.time_zone)::date <= NEW.previous_fix_by, true)
        AND NEW.previous_fix_by IS NOT DISTINCT FROM coalesce((
            SELECT r.fix_by FROM milestones_fixdatemove r JOIN projects_journalentry x ON x.id = r.entry_id
            WHERE r.defect_id = d.id AND r.id <> NEW.id ORDER BY x.seq DESC LIMIT 1), d.fix_by))
    THEN
        RAISE EXCEPTION 'fix_date_moves_from_where_it_stood' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

HISTORY = [
    "milestones_inspection",
    "milestones_defect",
    "milestones_defectevent",
    "milestones_estimate",
    "milestones_exhibit",
    "milestones_fixdatemove",
]


class Migration(migrations.Migration):
    replaces = [
        ("milestones", "0005_guards_of_defects"),
        ("milestones", "0010_fix_dates"),
        ("milestones", "0011_repairs"),
    ]
    dependencies = [("milestones", "0002_guards")]

    operations = [
        view(NOW, "milestones_defectnow"),
        function(REPAIR, "repair_of(numeric, numeric, numeric, numeric)"),
        function(INSPECTED, "inspection_is_a_partys_finding()"),
        function(FOUND, "defect_is_found_by_a_party()"),
        function(NAMED, "defect_is_of_its_decision()"),
        function(RETURNED, "return_names_what_is_wrong()"),
        function(JUDGES, "judges_repairs(uuid, uuid)"),
        function(REOPENED, "what_was_freed_stays_free()"),
        function(COURSE, "defect_goes_its_way()"),
        function(ESTIMATED, "estimate_is_a_partys_word()"),
        function(SHOWN, "exhibit_is_of_its_act()"),
        function(BLOCKED, "no_blocking_defect_is_open()"),
        deferred("milestones_inspection", "inspection_is_a_partys_finding", "INSERT"),
        deferred("milestones_defect", "defect_is_found_by_a_party", "INSERT"),
        deferred("milestones_defect", "defect_is_of_its_decision", "INSERT"),
        deferred("milestones_defect", "what_was_freed_stays_free", "INSERT"),
        deferred("milestones_decision", "return_names_what_is_wrong", "INSERT"),
        deferred("milestones_defectevent", "defect_goes_its_way", "INSERT"),
        deferred("milestones_estimate", "estimate_is_a_partys_word", "INSERT"),
        deferred("milestones_exhibit", "exhibit_is_of_its_act", "INSERT"),
        deferred("milestones_submission", "no_blocking_defect_is_open", "INSERT"),
        deferred("milestones_milestone", "no_blocking_defect_is_open", "UPDATE"),
        function(MOVED, "fix_date_moves_from_where_it_stood()"),
        deferred("milestones_fixdatemove", "fix_date_moves_from_where_it_stood", "INSERT"),
        deferred("milestones_fixdatemove", "is_the_contractors", "INSERT"),
        *close(*HISTORY),
        *tie(*HISTORY),
    ]
