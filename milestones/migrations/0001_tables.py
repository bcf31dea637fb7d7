"""Tables of milestones, of work and what is found wrong with it, of decisions and of expectations."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import people.ids


class Migration(migrations.Migration):
    replaces = [
        ("milestones", "0001_initial"),
        ("milestones", "0003_worth"),
        ("milestones", "0004_defects"),
        ("milestones", "0009_settled"),
    ]

    initial = True

    dependencies = [
        ("projects", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="projects.project",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("planned_start", models.DateField(blank=True, null=True)),
                ("planned_end", models.DateField(blank=True, null=True)),
                ("agreed_end", models.DateField(blank=True, null=True)),
                (
                    "signers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("homeowner", "Homeowner"),
                                ("contractor", "Contractor"),
                                ("engineer", "Engineer"),
                                ("supervisor", "Supervisor"),
                                ("observer", "Observer"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("submitted", "Submitted"),
                            ("signed_off", "Signed off"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("round", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("project", "position"),
                        name="one_milestone_per_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="milestone_value_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="milestone_amount_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_start", None),
                            ("planned_end", None),
                            ("planned_end__gte", models.F("planned_start")),
                            _connector="OR",
                        ),
                        name="milestone_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "in_progress", "submitted", "signed_off"])
                        ),
                        name="milestone_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="milestones.milestone",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ProgressEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress",
                        to="milestones.milestone",
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="progress_is_a_percent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "progress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="milestones.progressentry",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="milestones.criterion",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("milestone", "attachment"), name="evidence_is_shown_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="milestones.milestone",
                    ),
                ),
                ("round", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("shown_hash", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("milestone", "round"), name="one_submission_per_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="milestones.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="milestones.submission",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="projects.party",
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
                ("approves", models.BooleanField()),
                ("version", models.PositiveIntegerField()),
                ("shown_hash", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                (
                    "unmet",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "party"), name="a_signer_decides_once_per_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approves", False), ("unmet", []), _connector="OR"),
                        name="only_a_return_names_what_is_unmet",
                    ),
                ],
            },
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="milestones.milestone",
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="inspection_is_a_percent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reschedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reschedules",
                        to="milestones.milestone",
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
            options={
                "managed": False,
            },
        ),
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
                ("verified", models.DecimalField(decimal_places=2, max_digits=14)),
                ("verified_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("found_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("withheld", models.DecimalField(decimal_places=2, max_digits=14)),
                ("repair", models.DecimalField(decimal_places=2, max_digits=14)),
                ("blocking_repair", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="milestones.milestone",
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
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="milestones.decision",
                    ),
                ),
                (
                    "reopens",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopened_as",
                        to="milestones.defect",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="one_defect_per_number"),
                    models.CheckConstraint(
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
                ],
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="milestones.defect",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fixed", "Fixed"),
                            ("verified", "Fixed and verified"),
                            ("reopened", "Not fixed yet"),
                            ("settled", "Settled by a deduction"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["fixed", "verified", "reopened", "settled"])),
                        name="defect_event_known",
                    ),
                    models.UniqueConstraint(fields=("defect", "entry"), name="one_event_of_a_defect_per_act"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "verified")),
                        fields=("defect",),
                        name="a_defect_is_verified_once",
                    ),
                ],
            },
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estimates",
                        to="milestones.defect",
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("amount__lte", Decimal("999999999999.99"))),
                        name="estimate_is_an_amount",
                    )
                ],
            },
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "inspection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exhibits",
                        to="milestones.inspection",
                    ),
                ),
                (
                    "defect",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exhibits",
                        to="milestones.defect",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exhibits",
                        to="milestones.defectevent",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("defect", None), ("event", None), ("inspection__isnull", False)),
                            models.Q(("defect__isnull", False), ("event", None), ("inspection", None)),
                            models.Q(("defect", None), ("event__isnull", False), ("inspection", None)),
                            _connector="OR",
                        ),
                        name="an_exhibit_is_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FixDateMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="milestones.defect",
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
                            ("settled", "Settled by a deduction"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_expert", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("by_homeowner", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("by_contractor", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("fix_by", models.DateField(null=True)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Expectation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expectations",
                        to="projects.project",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                (
                    "by_role",
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
                ("goal", models.TextField()),
                ("measure", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Not answered yet"),
                            ("countered", "Not realistic as stated"),
                            ("confirmed", "Confirmed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("counter", models.TextField(blank=True)),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("doer", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.party",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "position"), name="one_expectation_per_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "countered", "confirmed"])),
                        name="expectation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            models.Q(("answered_by", None), ("cost", None), ("counter", ""), ("doer", "")),
                            _connector="OR",
                        ),
                        name="an_open_expectation_has_no_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), ("answered_by__isnull", False), _connector="OR"
                        ),
                        name="an_answer_names_who_gave_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counter", ""), _negated=True),
                            models.Q(models.Q(("state", "countered"), _negated=True), ("cost", None)),
                            _connector="OR",
                        ),
                        name="a_counter_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost", None), ("cost__gt", 0), _connector="OR"),
                        name="meeting_it_costs_more_than_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("by_role", "contractor"), _negated=True),
                            models.Q(("doer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_promise_of_sales_names_who_does_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "expectation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="milestones.expectation",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="milestones.milestone",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("expectation", "milestone"), name="an_expectation_names_a_milestone_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
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
                    "expectation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgement",
                        to="milestones.expectation",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                ("met", models.BooleanField()),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("met", True), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="what_is_not_met_is_said",
                    )
                ],
            },
        ),
    ]
