"""Inspections, defects and what becomes of them; how far work is verified, and what repairs count as."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import people.ids

# Where each defect stands: what the latest event made of it, and the latest estimate of each voice.
LATEST_ESTIMATE = """(SELECT x.amount FROM milestones_estimate x JOIN projects_journalentry e ON e.id = x.entry_id
        WHERE x.defect_id = d.id AND x.role {roles} ORDER BY e.seq DESC LIMIT 1)"""
NOW = f"""
CREATE VIEW milestones_defectnow AS
SELECT d.id AS defect_id, d.project_id, d.milestone_id,
    coalesce((SELECT CASE v.kind WHEN 'reopened' THEN 'open' ELSE v.kind END FROM milestones_defectevent v
        JOIN projects_journalentry e ON e.id = v.entry_id
        WHERE v.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), 'open') AS state,
    {LATEST_ESTIMATE.format(roles="IN ('engineer', 'supervisor')")} AS by_expert,
    {LATEST_ESTIMATE.format(roles="= 'homeowner'")} AS by_homeowner,
    {LATEST_ESTIMATE.format(roles="= 'contractor'")} AS by_contractor
FROM milestones_defect d
"""

# What the repair of a set of open faults counts as (milestones.findings.repair_of): an expert's estimate; else
# the homeowners', as far as both sides agree, and alone, over all of them, up to the milestone's value.
REPAIR = """coalesce(sum(s.by_expert) FILTER (WHERE {which}), 0.00) + least(
            coalesce(sum(s.by_homeowner) FILTER (WHERE {which} AND s.by_expert IS NULL), 0.00),
            greatest(m.value, coalesce(sum(least(s.by_homeowner, s.by_contractor)) FILTER (WHERE {which}
                AND s.by_expert IS NULL AND s.by_homeowner IS NOT NULL AND s.by_contractor IS NOT NULL), 0.00)))"""

# Verified by the latest inspection; a homeowner's counts over an expert's before it only if it is lower.
# Withheld is what the approvals of the round that waits or closed the milestone keep back, repair by repair.
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
    JOIN milestones_defectnow s ON s.defect_id = d.id AND s.state <> 'verified'
    LEFT JOIN milestones_decision c ON c.id = d.decision_id
    LEFT JOIN milestones_submission n ON n.id = c.submission_id
    WHERE d.milestone_id = m.id) faults
"""


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0003_worth"),
        ("projects", "0003_guards_of_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Defect",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("place", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("blocking", models.BooleanField()),
                ("fix_by", models.DateField(null=True)),
                ("withheld", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("after_sign_off", models.BooleanField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="DefectEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fixed", "Fixed"),
                            ("verified", "Fixed and verified"),
                            ("reopened", "Not fixed yet"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Estimate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("homeowner", "Homeowner"),
                            ("contractor", "Contractor"),
                            ("engineer", "Engineer"),
                            ("supervisor", "Supervisor"),
                            ("observer", "Observer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
        ),
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("homeowner", "Homeowner"),
                            ("contractor", "Contractor"),
                            ("engineer", "Engineer"),
                            ("supervisor", "Supervisor"),
                            ("observer", "Observer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="only_a_return_names_what_is_unmet",
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("approves", False), ("unmet", []), _connector="OR"),
                name="only_a_return_names_what_is_unmet",
            ),
        ),
        migrations.CreateModel(
            name="DefectNow",
            fields=[
                (
                    "defect",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="now",
                        serialize=False,
                        to="milestones.defect",
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("fixed", "Fixed, waiting to be verified"),
                            ("verified", "Fixed and verified"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_expert", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("by_homeowner", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("by_contractor", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.AddField(
            model_name="defect",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="defects",
                to="milestones.decision",
            ),
        ),
        migrations.AddField(
            model_name="defect",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="defect",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="milestones.milestone"
            ),
        ),
        migrations.AddField(
            model_name="defect",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="defect",
            name="reopens",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reopened_as",
                to="milestones.defect",
            ),
        ),
        migrations.AddField(
            model_name="defectevent",
            name="defect",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="milestones.defect"
            ),
        ),
        migrations.AddField(
            model_name="defectevent",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="defectevent",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="defect",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="estimates", to="milestones.defect"
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.attachment"
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="defect",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exhibits",
                to="milestones.defect",
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exhibits",
                to="milestones.defectevent",
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="milestones.milestone",
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="exhibit",
            name="inspection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exhibits",
                to="milestones.inspection",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.UniqueConstraint(fields=("project", "number"), name="one_defect_per_number"),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withheld", 0),
                    models.Q(
                        ("blocking", False),
                        ("decision__isnull", False),
                        ("withheld__gt", 0),
                        ("withheld__lte", Decimal("999999999999.99")),
                    ),
                    _connector="OR",
                ),
                name="only_an_approval_withholds",
            ),
        ),
        migrations.AddConstraint(
            model_name="defectevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["fixed", "verified", "reopened"])), name="defect_event_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="defectevent",
            constraint=models.UniqueConstraint(
                fields=("defect", "entry"), name="one_event_of_a_defect_per_act"
            ),
        ),
        migrations.AddConstraint(
            model_name="defectevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "verified")), fields=("defect",), name="a_defect_is_verified_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="estimate",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("amount__lte", Decimal("999999999999.99"))),
                name="estimate_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 0), ("percent__lte", 100)), name="inspection_is_a_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("defect", None), ("event", None), ("inspection__isnull", False)),
                    models.Q(("defect__isnull", False), ("event", None), ("inspection", None)),
                    models.Q(("defect", None), ("event__isnull", False), ("inspection", None)),
                    _connector="OR",
                ),
                name="an_exhibit_is_of_one_thing",
            ),
        ),
        migrations.RunSQL(NOW, "DROP VIEW milestones_defectnow"),
        migrations.RunSQL(WORTH),
    ]
