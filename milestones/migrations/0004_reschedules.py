"""The date of a milestone is moved by the contractor, with a reason: its guard."""

from django.db import migrations

from projects.guards import close, deferred, function, tie

MOVED = """
CREATE FUNCTION reschedule_moves_its_date() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The date of a milestone that is worked on, in a contract that was signed before this act, is the new one
    -- by the same act; and whether it was announced in time is told as it was, where the project is.
    IF NOT EXISTS (
        SELECT 1 FROM milestones_milestone m
        JOIN projects_project c ON c.id = m.project_id AND c.state = 'active' AND c.entry_id <> NEW.entry_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id
        WHERE m.id = NEW.milestone_id AND m.entry_id = NEW.entry_id AND m.agreed_end = NEW.agreed_end
        AND m.state IN ('planned', 'in_progress')
        AND NEW.in_time = coalesce((e.at AT TIME ZONE c.time_zone)::date <= NEW.previous_end, true))
    THEN
        RAISE EXCEPTION 'reschedule_moves_its_date' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    replaces = [("milestones", "0006_changes")]
    dependencies = [("milestones", "0003_defects")]

    operations = [
        function(MOVED, "reschedule_moves_its_date()"),
        deferred("milestones_reschedule", "reschedule_moves_its_date", "INSERT"),
        deferred("milestones_reschedule", "is_the_contractors", "INSERT"),
        *close("milestones_reschedule"),
        *tie("milestones_reschedule"),
    ]
