"""How far the work of each milestone is verified, and what of its payment waits: derived when read, never stored."""

import django.db.models.deletion
from django.db import migrations, models

# Every statement about money reads these from here: what inspections and defects add replaces this view.
WORTH = """
CREATE VIEW milestones_worth AS
SELECT m.id AS milestone_id, m.project_id, 0.00::numeric AS verified_percent, 0.00::numeric AS withheld,
    0.00::numeric AS repair, 0.00::numeric AS blocking_repair
FROM milestones_milestone m
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0002_guards")]

    operations = [
        migrations.RunSQL(WORTH, "DROP VIEW milestones_worth"),
        migrations.CreateModel(
            name="Worth",
            fields=[
                (
                    "milestone",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="worth",
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
                ("verified_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("withheld", models.DecimalField(decimal_places=2, max_digits=14)),
                ("repair", models.DecimalField(decimal_places=2, max_digits=14)),
                ("blocking_repair", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={"managed": False},
        ),
    ]
