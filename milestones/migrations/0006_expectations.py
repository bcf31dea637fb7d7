"""What the client expects: stated and answered in the draft, closed with it, judged once when it is signed off."""

from django.db import migrations

from projects.guards import before, close, deferred, function, not_emptied, tie

CLOSED = """
CREATE FUNCTION expectations_are_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    state text;
BEGIN
    SELECT p.state INTO state FROM projects_project p WHERE p.id = coalesce(NEW.project_id, OLD.project_id)
        FOR NO KEY UPDATE;
    IF state IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'expectations_are_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$
"""

# Either side states; the homeowners change, accept and let go; the contractor answers, in an act of its own.
ANSWERED = """
CREATE FUNCTION expectation_is_answered_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    actor projects_party%ROWTYPE;
    signs boolean;
    same_words boolean := (NEW.goal, NEW.measure, NEW.version) IS NOT DISTINCT FROM
        (OLD.goal, OLD.measure, OLD.version);
    same_answer boolean := (NEW.counter, NEW.cost, NEW.doer) IS NOT DISTINCT FROM
        (OLD.counter, OLD.cost, OLD.doer);
BEGIN
    SELECT p.* INTO actor FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.project_id = coalesce(NEW.project_id, OLD.project_id)
        AND e.id = coalesce(NEW.entry_id, (SELECT id FROM projects_journalentry
            WHERE project_id = OLD.project_id ORDER BY seq DESC LIMIT 1))
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL;
    signs := actor.signs AND actor.confirmed AND NEW.answered_by_id = actor.id;
    IF NOT coalesce(CASE
        WHEN TG_OP = 'DELETE' THEN actor.role = 'homeowner'
        WHEN TG_OP = 'INSERT' THEN NEW.state = 'open' AND NEW.stated_by_id = actor.id
            AND NEW.by_role = actor.role AND actor.role IN ('homeowner', 'contractor')
        WHEN (NEW.stated_by_id, NEW.by_role) IS DISTINCT FROM (OLD.stated_by_id, OLD.by_role) THEN false
        WHEN NEW.state = 'open' THEN actor.role = 'homeowner' AND NEW.version = OLD.version + 1
        WHEN NEW.entry_id = OLD.entry_id OR NOT same_words OR OLD.state = 'confirmed' THEN false
        WHEN actor.role = 'homeowner' THEN signs AND OLD.state = 'countered' AND NEW.state = 'confirmed'
            AND same_answer
        ELSE signs AND actor.role = 'contractor'
            AND (NEW.state = 'confirmed') = (NEW.counter = '')
            AND (NEW.state = 'confirmed' OR OLD.state = 'open')
        END, false)
    THEN
        RAISE EXCEPTION 'expectation_is_answered_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

CONCERNS = """
CREATE FUNCTION concern_is_of_its_wording() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What an expectation concerns is part of its words: it changes with them, by the same act, or goes with them.
    IF EXISTS (SELECT 1 FROM milestones_expectation x
        WHERE x.id = coalesce(NEW.expectation_id, OLD.expectation_id)
        AND (x.state <> 'open' OR x.entry_id IS DISTINCT FROM (SELECT e.id FROM projects_journalentry e
            WHERE e.project_id = x.project_id ORDER BY e.seq DESC LIMIT 1)))
    THEN
        RAISE EXCEPTION 'concern_is_of_its_wording' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ACTIVE = """
CREATE FUNCTION active_means_confirmed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'draft' AND EXISTS (SELECT 1 FROM milestones_expectation x
        WHERE x.project_id = NEW.id AND x.state <> 'confirmed')
    THEN
        RAISE EXCEPTION 'active_means_confirmed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

JUDGED = """
CREATE FUNCTION judgement_is_the_homeowners() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present, confirmed, signing homeowner, acting itself, when all that it concerns is signed off.
    IF NOT EXISTS (SELECT 1 FROM projects_party p
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        JOIN projects_project c ON c.id = p.project_id AND c.id = NEW.project_id AND c.state <> 'draft'
        WHERE p.id = NEW.party_id AND p.role = 'homeowner' AND p.signs AND p.confirmed
        AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'judgement_is_the_homeowners' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM milestones_milestone m
        WHERE m.project_id = NEW.project_id AND m.state <> 'signed_off'
        AND (NOT EXISTS (SELECT 1 FROM milestones_concern n WHERE n.expectation_id = NEW.expectation_id)
            OR EXISTS (SELECT 1 FROM milestones_concern n
                WHERE n.expectation_id = NEW.expectation_id AND n.milestone_id = m.id)))
    THEN
        RAISE EXCEPTION 'judgement_waits_for_the_work' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

WORDS = ["milestones_expectation", "milestones_concern"]


class Migration(migrations.Migration):
    replaces = [("milestones", "0008_expectations")]
    dependencies = [("milestones", "0005_endings")]

    operations = [
        function(CLOSED, "expectations_are_closed()"),
        function(ANSWERED, "expectation_is_answered_by_right()"),
        function(CONCERNS, "concern_is_of_its_wording()"),
        function(ACTIVE, "active_means_confirmed()"),
        function(JUDGED, "judgement_is_the_homeowners()"),
        *[before(table, "expectations_are_closed", "INSERT OR UPDATE OR DELETE") for table in WORDS],
        *[deferred(table, "edit_voids_signatures", "INSERT OR UPDATE OR DELETE") for table in WORDS],
        deferred("milestones_expectation", "expectation_is_answered_by_right", "INSERT OR UPDATE OR DELETE"),
        deferred("milestones_concern", "concern_is_of_its_wording", "INSERT OR DELETE"),
        deferred("projects_project", "active_means_confirmed"),
        deferred("milestones_judgement", "judgement_is_the_homeowners", "INSERT"),
        *close("milestones_judgement"),
        *not_emptied(*WORDS),
        *tie(*WORDS, "milestones_judgement"),
    ]
