"""Tables of money that moved, of advances, and of changes of the terms."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import people.ids


class Migration(migrations.Migration):
    replaces = [("payments", "0001_initial"), ("payments", "0007_advances")]

    initial = True

    dependencies = [
        ("milestones", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Advance",
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
                        related_name="advances",
                        to="milestones.milestone",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("reason", models.TextField(blank=True)),
                ("catch_up_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="advance_is_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="AdvanceOpening",
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
                    "advance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="payments.advance",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("advance", "party"), name="an_advance_is_opened_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AdvanceApproval",
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
                    "advance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="payments.advance",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("condition", models.TextField(blank=True)),
                ("completes", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="approved_amount_is_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AdvanceDecline",
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
                    "advance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decline",
                        to="payments.advance",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdvanceWithdrawal",
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
                    "advance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="payments.advance",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Payment",
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
                        related_name="payments",
                        to="projects.project",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("release", "Released through the gate"),
                            ("record", "Recorded outside the gate"),
                            ("advance", "Advance"),
                        ],
                        max_length=8,
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
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("paid_on", models.DateField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("bank_transfer", "Bank transfer"),
                            ("cheque", "Cheque"),
                            ("card", "Card"),
                            ("cash", "Cash"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("reference", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "advance",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment",
                        to="payments.advance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["release", "record", "advance"])),
                        name="payment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "record"), ("by_role", "homeowner"), _connector="OR"),
                        name="only_homeowners_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("advance__isnull", False), ("kind", "advance")),
                            models.Q(models.Q(("kind", "advance"), _negated=True), ("advance__isnull", True)),
                            _connector="OR",
                        ),
                        name="an_advance_is_paid_under_its_request",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
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
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="payments.payment",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("deposit", "Deposit"),
                            ("milestone", "Milestone"),
                            ("retention", "Retention"),
                            ("final", "Closing sum"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="milestones.milestone",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="allocation_is_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line", "milestone"), ("milestone__isnull", False)),
                            models.Q(("line__in", ["deposit", "retention", "final"]), ("milestone", None)),
                            _connector="OR",
                        ),
                        name="allocation_names_its_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionOpening",
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
                    "part",
                    models.CharField(
                        choices=[("completion", "At completion"), ("period", "After the defects period")],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="retention_opening_is_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "completion")),
                        fields=("project",),
                        name="retention_opens_once_at_completion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
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
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="payments.payment",
                    ),
                ),
                ("received_on", models.DateField()),
                ("receipt_number", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reversal",
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
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="payments.payment",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "why",
                    models.CharField(
                        choices=[("wrong_record", "Wrong record"), ("money_back", "The money came back")],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("needs_consent", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="reversal_is_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReversalAnswer",
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
                    "reversal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="payments.reversal",
                    ),
                ),
                ("consents", models.BooleanField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Dispute",
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
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="payments.payment",
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
                ("reason", models.TextField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DisputeWithdrawal",
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
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="payments.dispute",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeOrder",
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
                    "party",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add_milestone", "Another milestone"),
                            ("change_milestone", "Change of a milestone"),
                            ("settle_defect", "A defect settled by a deduction"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "defect",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.defect",
                    ),
                ),
                ("title", models.TextField()),
                ("reason", models.TextField(blank=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("days", models.SmallIntegerField(default=0)),
                ("criteria", models.TextField(blank=True)),
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
                        default=list,
                        size=None,
                    ),
                ),
                ("planned_start", models.DateField(null=True)),
                ("planned_end", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("defect", None),
                                ("kind", "change_milestone"),
                                ("milestone__isnull", False),
                                ("signers", []),
                                models.Q(
                                    models.Q(("amount", 0), _negated=True),
                                    models.Q(("days", 0), _negated=True),
                                    _connector="OR",
                                ),
                                ("planned_end", None),
                                ("planned_start", None),
                            ),
                            models.Q(
                                ("amount__gte", 0),
                                ("days", 0),
                                ("defect", None),
                                ("kind", "add_milestone"),
                                ("milestone", None),
                                models.Q(("signers", []), _negated=True),
                            ),
                            models.Q(
                                ("defect__isnull", False),
                                ("kind", "settle_defect"),
                                ("milestone__isnull", False),
                                ("signers", []),
                                ("amount__lt", 0),
                                ("days", 0),
                                ("planned_end", None),
                                ("planned_start", None),
                            ),
                            _connector="OR",
                        ),
                        name="change_says_what_it_changes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_start", None),
                            ("planned_end", None),
                            ("planned_end__gte", models.F("planned_start")),
                            _connector="OR",
                        ),
                        name="change_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", Decimal("-999999999999.99")),
                            ("amount__lte", Decimal("999999999999.99")),
                        ),
                        name="change_is_of_a_sum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeSignature",
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="payments.changeorder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("terms_hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "party", "version"), name="one_signature_per_version_of_a_change"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeEnd",
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
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="payments.changeorder",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("declined", "Declined"), ("withdrawn", "Withdrawn")], max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeInForce",
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
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="force",
                        to="payments.changeorder",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("contract_total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("agreed_end", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IndexValue",
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
                        related_name="index_values",
                        to="projects.project",
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
                ("month", models.DateField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=10)),
                ("published_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="index_is_of_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("value__gt", 0), ("value__lte", 999999)), name="index_is_positive"
                    ),
                    models.UniqueConstraint(fields=("entry", "month"), name="an_act_tells_a_month_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("paid", models.DecimalField(decimal_places=2, max_digits=14)),
                ("earned", models.DecimalField(decimal_places=2, max_digits=14)),
                ("unlocked", models.DecimalField(decimal_places=2, max_digits=14)),
                ("covered", models.DecimalField(decimal_places=2, max_digits=14)),
                ("held", models.DecimalField(decimal_places=2, max_digits=14)),
                ("repair", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="ending",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("retention_open", models.DecimalField(decimal_places=2, max_digits=14)),
                ("terminated", models.BooleanField()),
                ("final", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Retained",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="retained",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("kept", models.DecimalField(decimal_places=2, max_digits=14)),
                ("opened", models.DecimalField(decimal_places=2, max_digits=14)),
                ("for_defects", models.DecimalField(decimal_places=2, max_digits=14)),
                ("ends_on", models.DateField(null=True)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="EarlyPart",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="early",
                        serialize=False,
                        to="payments.payment",
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
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PayableLine",
            fields=[
                ("about_id", models.UUIDField(primary_key=True, serialize=False)),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                ("payable", models.DecimalField(decimal_places=2, max_digits=14)),
                ("since", models.DateTimeField()),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("deposit", "Deposit"),
                            ("milestone", "Milestone"),
                            ("retention", "Retention"),
                            ("final", "Closing sum"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="OpenDispute",
            fields=[
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="now_open",
                        serialize=False,
                        to="payments.dispute",
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
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="disputed",
                        to="payments.payment",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "managed": False,
            },
        ),
    ]
