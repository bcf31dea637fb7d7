"""The fix date of a defect is moved by the contractor, with a reason: its facts and their guard."""

import django.db.models.deletion
from django.db import migrations, models

import people.ids
from projects.guards import close, deferred, function, tie

# As before, and the fix date, wherever it was moved to.
LATEST_ESTIMATE = """(SELECT x.amount FROM milestones_estimate x JOIN projects_journalentry e ON e.id = x.entry_id
        WHERE x.defect_id = d.id AND x.role {roles} ORDER BY e.seq DESC LIMIT 1)"""
NOW = f"""
CREATE OR REPLACE VIEW milestones_defectnow AS
SELECT d.id AS defect_id, d.project_id, d.milestone_id,
    coalesce((SELECT CASE v.kind WHEN 'reopened' THEN 'open' ELSE v.kind END FROM milestones_defectevent v
        JOIN projects_journalentry e ON e.id = v.entry_id
        WHERE v.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), 'open') AS state,
    {LATEST_ESTIMATE.format(roles="IN ('engineer', 'supervisor')")} AS by_expert,
    {LATEST_ESTIMATE.format(roles="= 'homeowner'")} AS by_homeowner,
    {LATEST_ESTIMATE.format(roles="= 'contractor'")} AS by_contractor,
    coalesce((SELECT r.fix_by FROM milestones_fixdatemove r JOIN projects_journalentry e ON e.id = r.entry_id
        WHERE r.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), d.fix_by) AS fix_by
FROM milestones_defect d
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


class Migration(migrations.Migration):
    dependencies = [("milestones", "0009_settled")]

    operations = [
        migrations.CreateModel(
            name="FixDateMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("previous_fix_by", models.DateField(null=True)),
                ("fix_by", models.DateField()),
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
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="milestones.defect",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journalentry",
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
                    models.UniqueConstraint(fields=("defect", "entry"), name="a_fix_date_moves_once_per_act"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("previous_fix_by", None),
                            models.Q(("previous_fix_by", models.F("fix_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_moved_fix_date_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["consultant", "supply", "weather", "other"])),
                        name="fix_date_cause_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(NOW),
        function(MOVED, "fix_date_moves_from_where_it_stood()"),
        deferred("milestones_fixdatemove", "fix_date_moves_from_where_it_stood", "INSERT"),
        deferred("milestones_fixdatemove", "is_the_contractors", "INSERT"),
        *close("milestones_fixdatemove"),
        *tie("milestones_fixdatemove"),
    ]
