"""How a signed project goes on and ends: its turns, and the deeds that both sides sign at the end."""

from django.db import migrations

from projects.guards import before, close, deferred, function, tie

FORWARD = """
CREATE FUNCTION project_states_go_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT OLD.state || ' ' || NEW.state = ANY (ARRAY[
        'draft active', 'active completed', 'completed closed', 'active suspended', 'suspended active',
        'active terminated', 'suspended terminated'])
    THEN
        RAISE EXCEPTION 'project_states_go_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

TURNED = """
CREATE FUNCTION project_state_has_its_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state <> 'draft' AND NOT EXISTS (
        SELECT 1 FROM projects_turn t WHERE t.project_id = NEW.id AND t.entry_id = NEW.entry_id
        AND t.kind = CASE NEW.state WHEN 'active' THEN 'resumed' ELSE NEW.state END)
    THEN
        RAISE EXCEPTION 'project_state_has_its_turn' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# A present, confirmed, signing part of either side, acting itself.
SIDE = """
CREATE FUNCTION acts_for_a_side(entry uuid, part uuid, side text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.id = entry AND p.id = coalesce(part, p.id) AND p.role = coalesce(side, p.role)
        AND p.role IN ('homeowner', 'contractor')
        AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
$$
"""

BY_RIGHT = """
CREATE FUNCTION turn_is_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A turn is the act that gave the project this state, by who signs for a side; the system alone closes.
    IF NOT EXISTS (SELECT 1 FROM projects_project c WHERE c.id = NEW.project_id AND c.entry_id = NEW.entry_id
            AND c.state = CASE NEW.kind WHEN 'resumed' THEN 'active' ELSE NEW.kind END)
       OR (CASE WHEN NEW.kind = 'closed' THEN EXISTS (SELECT 1 FROM projects_journalentry e
                WHERE e.id = NEW.entry_id AND e.actor_id IS NULL)
            ELSE acts_for_a_side(NEW.entry_id, NULL, NEW.by_role) END) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'turn_is_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

NEXT = """
CREATE FUNCTION deed_is_the_next() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Either side proposes the next version, in the state that it belongs to, until one was concluded; a place
    -- is not handed over tomorrow.
    IF NEW.version <> 1 + (SELECT count(*) FROM projects_deed d
            WHERE d.project_id = NEW.project_id AND d.kind = NEW.kind AND d.id <> NEW.id)
       OR NOT acts_for_a_side(NEW.entry_id, NULL, NULL)
       OR NOT EXISTS (SELECT 1 FROM projects_project c WHERE c.id = NEW.project_id
            AND c.state = CASE NEW.kind WHEN 'handover' THEN 'completed' ELSE 'terminated' END
            AND (NEW.day IS NULL
                OR NEW.day <= ((clock_timestamp() + interval '5 minutes') AT TIME ZONE c.time_zone)::date))
       OR EXISTS (SELECT 1 FROM projects_deedsignature s JOIN projects_deed d ON d.id = s.deed_id
            WHERE d.project_id = NEW.project_id AND d.kind = NEW.kind AND d.id <> NEW.id AND s.concludes)
    THEN
        RAISE EXCEPTION 'deed_is_the_next' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SIGNED = """
CREATE FUNCTION deed_is_signed_by_both_sides() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who signs for a side signs the newest version, while it is not concluded. It is concluded by the signature
    -- after which no signing homeowner's is missing, nor the contractor's.
    IF NOT acts_for_a_side(NEW.entry_id, NEW.party_id, NULL)
       OR NOT EXISTS (SELECT 1 FROM projects_deed d JOIN projects_project c ON c.id = d.project_id
            WHERE d.id = NEW.deed_id
            AND c.state = CASE d.kind WHEN 'handover' THEN 'completed' ELSE 'terminated' END
            AND d.version = (SELECT max(n.version) FROM projects_deed n
                WHERE n.project_id = d.project_id AND n.kind = d.kind))
       OR EXISTS (SELECT 1 FROM projects_deedsignature s
            WHERE s.deed_id = NEW.deed_id AND s.id <> NEW.id AND s.concludes)
       OR NEW.concludes <> ((SELECT count(DISTINCT p.role) = 2
                AND bool_and(EXISTS (SELECT 1 FROM projects_deedsignature s
                    WHERE s.deed_id = NEW.deed_id AND s.party_id = p.id))
            FROM projects_party p WHERE p.project_id = NEW.project_id AND p.role IN ('homeowner', 'contractor')
            AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL))
    THEN
        RAISE EXCEPTION 'deed_is_signed_by_both_sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

# The first day after the defects period, which runs from the handover that both sides signed, or from the
# termination, for as long as the signed policy says; none while it has not begun.
PERIOD = """
CREATE FUNCTION defects_period_ends_on(whose uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (coalesce((SELECT d.day FROM projects_deed d JOIN projects_deedsignature s ON s.deed_id = d.id
            WHERE d.project_id = whose AND d.kind = 'handover' AND s.concludes),
        (SELECT (e.at AT TIME ZONE c.time_zone)::date FROM projects_turn t
            JOIN projects_journalentry e ON e.id = t.entry_id
            WHERE t.project_id = whose AND t.kind = 'terminated'))
        + make_interval(months => coalesce((c.policy ->> 'defects_period_months')::int, 12)))::date
    FROM projects_project c WHERE c.id = whose
$$
"""

CLOSES = """
CREATE FUNCTION closes_after_the_period() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'closed' AND (SELECT defects_period_ends_on(c.id)
            <= ((clock_timestamp() + interval '5 minutes') AT TIME ZONE c.time_zone)::date
        FROM projects_project c WHERE c.id = NEW.project_id) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'closes_after_the_period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

TABLES = ["projects_turn", "projects_deed", "projects_deedsignature"]


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_guards_of_terms")]

    operations = [
        function(FORWARD, "project_states_go_forward()"),
        function(TURNED, "project_state_has_its_turn()"),
        function(SIDE, "acts_for_a_side(uuid, uuid, text)"),
        function(BY_RIGHT, "turn_is_by_right()"),
        function(NEXT, "deed_is_the_next()"),
        function(SIGNED, "deed_is_signed_by_both_sides()"),
        function(PERIOD, "defects_period_ends_on(uuid)"),
        function(CLOSES, "closes_after_the_period()"),
        before("projects_project", "project_states_go_forward", "UPDATE"),
        deferred("projects_project", "project_state_has_its_turn", "UPDATE"),
        deferred("projects_turn", "turn_is_by_right", "INSERT"),
        deferred("projects_turn", "closes_after_the_period", "INSERT"),
        deferred("projects_deed", "deed_is_the_next", "INSERT"),
        deferred("projects_deedsignature", "deed_is_signed_by_both_sides", "INSERT"),
        *close(*TABLES),
        *tie(*TABLES),
    ]
