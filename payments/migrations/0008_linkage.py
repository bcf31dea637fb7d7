"""The published values of the index that a contract is linked to, told by its sides."""

from django.db import migrations

from projects.guards import close, deferred, function, tie

WHOSE = """
CREATE FUNCTION index_value_is_a_sides() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of a signed contract, by a present, confirmed, signing part of either side, acting itself.
    IF NOT EXISTS (SELECT 1 FROM projects_party p
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        JOIN projects_project c ON c.id = p.project_id AND c.id = NEW.project_id AND c.state <> 'draft'
        WHERE p.role = NEW.by_role AND p.role IN ('homeowner', 'contractor')
        AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'index_value_is_a_sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

AGREED = """
CREATE FUNCTION index_value_is_of_the_agreed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of a month after the base of the agreed linkage; the base itself is part of the terms.
    IF NOT EXISTS (SELECT 1 FROM projects_project c
        WHERE c.id = NEW.project_id AND c.linkage_index IS NOT NULL AND NEW.month > c.linkage_base_month)
    THEN
        RAISE EXCEPTION 'index_value_is_of_the_agreed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

PUBLISHED = """
CREATE FUNCTION index_was_published() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- When its month was over, and not tomorrow, where the project is.
    IF (NEW.published_on >= NEW.month + interval '1 month' AND NEW.published_on
        <= (SELECT (clock_timestamp() + interval '5 minutes') AT TIME ZONE c.time_zone
            FROM projects_project c WHERE c.id = NEW.project_id)::date) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'index_was_published' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0013_linkage")]
    dependencies = [("payments", "0007_endings")]

    operations = [
        function(WHOSE, "index_value_is_a_sides()"),
        function(AGREED, "index_value_is_of_the_agreed()"),
        function(PUBLISHED, "index_was_published()"),
        deferred("payments_indexvalue", "index_value_is_a_sides", "INSERT"),
        deferred("payments_indexvalue", "index_value_is_of_the_agreed", "INSERT"),
        deferred("payments_indexvalue", "index_was_published", "INSERT"),
        *close("payments_indexvalue"),
        *tie("payments_indexvalue"),
    ]
