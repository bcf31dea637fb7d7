"""A defect that both sides settled by a deduction is closed, as one whose repair was verified is; and the act that
signed a milestone off, which is not its last where a deduction came later."""

import django.db.models.deletion
from django.db import migrations, models

# As before; of a milestone's defects those count that are neither verified nor settled.
REPAIR = """coalesce(sum(s.by_expert) FILTER (WHERE {which}), 0.00) + least(
            coalesce(sum(s.by_homeowner) FILTER (WHERE {which} AND s.by_expert IS NULL), 0.00),
            greatest(m.value, coalesce(sum(least(s.by_homeowner, s.by_contractor)) FILTER (WHERE {which}
                AND s.by_expert IS NULL AND s.by_homeowner IS NOT NULL AND s.by_contractor IS NOT NULL), 0.00)))"""

WORTH = f"""
CREATE OR REPLACE VIEW milestones_worth AS
SELECT m.id AS milestone_id, m.project_id,
    coalesce(least(expert.percent, own.percent), 0.00)::numeric AS verified_percent,
    faults.withheld::numeric AS withheld, faults.repair::numeric AS repair,
    faults.blocking_repair::numeric AS blocking_repair
FROM milestones_milestone m
LEFT JOIN LATERAL (SELECT i.percent, e.seq FROM milestones_inspection i
    JOIN projects_journalentry e ON e.id = i.entry_id
    WHERE i.milestone_id = m.id AND i.role <> 'homeowner' ORDER BY e.seq DESC LIMIT 1) expert ON true
LEFT JOIN LATERAL (SELECT i.percent FROM milestones_inspection i
    JOIN projects_journalentry e ON e.id = i.entry_id
    WHERE i.milestone_id = m.id AND i.role = 'homeowner' AND e.seq > coalesce(expert.seq, 0)
    ORDER BY e.seq DESC LIMIT 1) own ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(d.withheld) FILTER (WHERE n.round = m.round
            AND m.state IN ('submitted', 'signed_off')), 0.00) AS withheld,
        {REPAIR.format(which="d.after_sign_off")} AS repair,
        {REPAIR.format(which="d.after_sign_off AND d.blocking")} AS blocking_repair
    FROM milestones_defect d
    JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state NOT IN ('verified', 'settled')
    LEFT JOIN milestones_decision c ON c.id = d.decision_id
    LEFT JOIN milestones_submission n ON n.id = c.submission_id
    WHERE d.milestone_id = m.id) faults
"""

SIGN_OFF = """
CREATE VIEW milestones_signoff AS
SELECT m.id AS milestone_id, m.project_id, last.entry_id
FROM milestones_milestone m
CROSS JOIN LATERAL (
    SELECT d.entry_id FROM milestones_submission s
    JOIN milestones_decision d ON d.submission_id = s.id AND d.approves
    JOIN projects_journalentry e ON e.id = d.entry_id
    WHERE s.milestone_id = m.id AND s.round = m.round ORDER BY e.seq DESC LIMIT 1) last
WHERE m.state = 'signed_off'
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0008_expectations")]

    operations = [
        migrations.AlterField(
            model_name="defectevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fixed", "Fixed"),
                    ("verified", "Fixed and verified"),
                    ("reopened", "Not fixed yet"),
                    ("settled", "Settled by a deduction"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="defectevent", name="defect_event_known"),
        migrations.AddConstraint(
            model_name="defectevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["fixed", "verified", "reopened", "settled"])),
                name="defect_event_known",
            ),
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "milestone",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="sign_off",
                        serialize=False,
                        to="milestones.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.journalentry",
                    ),
                ),
            ],
            options={"managed": False},
        ),
        migrations.RunSQL(WORTH),
        migrations.RunSQL(SIGN_OFF, "DROP VIEW milestones_signoff"),
    ]
