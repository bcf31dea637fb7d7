"""The date of a milestone is moved by the contractor, with a reason: its facts and their guard."""

import django.db.models.deletion
from django.db import migrations, models

import people.ids
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
    dependencies = [
        ("milestones", "0005_guards_of_defects"),
        ("projects", "0003_guards_of_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reschedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("previous_end", models.DateField(null=True)),
                ("agreed_end", models.DateField()),
                ("in_time", models.BooleanField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("consultant", "Waiting for a consultant or an engineer"),
                            ("supply", "Materials are delayed"),
                            ("weather", "The weather"),
                            ("other", "Another reason"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reschedules",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("previous_end", None),
                            models.Q(("previous_end", models.F("agreed_end")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_reschedule_moves_the_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["consultant", "supply", "weather", "other"])),
                        name="reschedule_cause_known",
                    ),
                ],
            },
        ),
        function(MOVED, "reschedule_moves_its_date()"),
        deferred("milestones_reschedule", "reschedule_moves_its_date", "INSERT"),
        deferred("milestones_reschedule", "is_the_contractors", "INSERT"),
        *close("milestones_reschedule"),
        *tie("milestones_reschedule"),
    ]
