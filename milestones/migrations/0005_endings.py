"""Work goes on while the project is active; it is completed when all of it is signed off."""

from django.db import migrations

from projects.guards import deferred, function

ACTIVE = """
CREATE FUNCTION work_waits_unless_active() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- While it is suspended, and once it is completed or terminated, nothing unlocks by work.
    IF NOT EXISTS (SELECT 1 FROM projects_project c WHERE c.id = NEW.project_id AND c.state = 'active') THEN
        RAISE EXCEPTION 'work_waits_unless_active' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

COMPLETED = """
CREATE FUNCTION completed_means_signed_off() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'completed' AND EXISTS (SELECT 1 FROM milestones_milestone m
        WHERE m.project_id = NEW.project_id AND (m.state <> 'signed_off' OR NOT is_approved(m.id)))
    THEN
        RAISE EXCEPTION 'completed_means_signed_off' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

WORK = [
    "milestones_progressentry",
    "milestones_submission",
    "milestones_withdrawal",
    "milestones_decision",
]


class Migration(migrations.Migration):
    replaces = [("milestones", "0007_endings")]
    dependencies = [("milestones", "0004_reschedules")]

    operations = [
        function(ACTIVE, "work_waits_unless_active()"),
        function(COMPLETED, "completed_means_signed_off()"),
        *[deferred(table, "work_waits_unless_active", "INSERT") for table in WORK],
        deferred("projects_turn", "completed_means_signed_off", "INSERT"),
    ]
