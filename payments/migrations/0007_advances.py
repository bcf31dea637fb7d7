"""Money asked for before its milestone is signed off: the request, its answers, and the payment under it."""

import django.db.models.deletion
from django.db import migrations, models

import people.ids


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0003_worth"),
        ("payments", "0006_repairs"),
        ("projects", "0003_guards_of_terms"),
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
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("reason", models.TextField(blank=True)),
                ("catch_up_on", models.DateField()),
            ],
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
                ("version", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("condition", models.TextField(blank=True)),
                ("completes", models.BooleanField()),
            ],
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
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
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
            ],
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="only_homeowners_release",
        ),
        migrations.AddField(
            model_name="advance",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="advance",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="advances",
                to="milestones.milestone",
            ),
        ),
        migrations.AddField(
            model_name="advance",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="advance",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment",
                to="payments.advance",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["release", "record", "advance"])), name="payment_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "record"), ("by_role", "homeowner"), _connector="OR"),
                name="only_homeowners_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("advance__isnull", False), ("kind", "advance")),
                    models.Q(models.Q(("kind", "advance"), _negated=True), ("advance__isnull", True)),
                    _connector="OR",
                ),
                name="an_advance_is_paid_under_its_request",
            ),
        ),
        migrations.AddField(
            model_name="advanceapproval",
            name="advance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="payments.advance"
            ),
        ),
        migrations.AddField(
            model_name="advanceapproval",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="advanceapproval",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
            ),
        ),
        migrations.AddField(
            model_name="advanceapproval",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="advancedecline",
            name="advance",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="decline", to="payments.advance"
            ),
        ),
        migrations.AddField(
            model_name="advancedecline",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="advancedecline",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
            ),
        ),
        migrations.AddField(
            model_name="advancedecline",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="advanceopening",
            name="advance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="payments.advance"
            ),
        ),
        migrations.AddField(
            model_name="advanceopening",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="advanceopening",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
            ),
        ),
        migrations.AddField(
            model_name="advanceopening",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="advancewithdrawal",
            name="advance",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="payments.advance"
            ),
        ),
        migrations.AddField(
            model_name="advancewithdrawal",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="advancewithdrawal",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddConstraint(
            model_name="advance",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="advance_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="advanceapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="approved_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="advanceopening",
            constraint=models.UniqueConstraint(fields=("advance", "party"), name="an_advance_is_opened_once"),
        ),
    ]
