"""Tables of contracts and their parties, of the journal, and of flags, files and what is owed.

`replaces`, here and in other files, names migrations that a database may have applied instead: migrated to their
end, it stands at the same point.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import people.ids


class Migration(migrations.Migration):
    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0005_facts_are_named"),
        ("projects", "0006_linkage"),
    ]

    initial = True

    dependencies = [
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("house_build", "House build"),
                            ("renovation", "Renovation"),
                            ("custom_furniture", "Made to order"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.TextField(blank=True)),
                ("currency", models.CharField(default="ILS", max_length=3)),
                ("contract_total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("deposit", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("retention_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("vat_rate", models.DecimalField(decimal_places=2, max_digits=5)),
                (
                    "linkage_index",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("construction_inputs", "Construction inputs index for residential building"),
                            ("consumer_prices", "Consumer price index"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("linkage_share", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("linkage_base_month", models.DateField(blank=True, null=True)),
                (
                    "linkage_base_value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True),
                ),
                ("starts_on", models.DateField()),
                ("policy", models.JSONField(default=dict)),
                ("time_zone", models.CharField(default="Asia/Jerusalem", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("terminated", "Terminated"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("contract_total__gt", 0)), name="project_total_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deposit__gte", 0), ("deposit__lte", models.F("contract_total"))),
                        name="project_deposit_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retention_percent__gte", 0), ("retention_percent__lte", 20)),
                        name="project_retention_up_to_20_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_rate__gte", 0), ("vat_rate__lte", 100)),
                        name="project_vat_is_a_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "active", "completed", "closed", "suspended", "terminated"],
                            )
                        ),
                        name="project_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("linkage_base_month", None),
                                ("linkage_base_value", None),
                                ("linkage_index", None),
                                ("linkage_share", None),
                            ),
                            models.Q(
                                ("linkage_base_month__day", 1),
                                ("linkage_base_month__isnull", False),
                                ("linkage_base_value__gt", 0),
                                ("linkage_base_value__isnull", False),
                                ("linkage_base_value__lte", 999999),
                                ("linkage_index__in", ["construction_inputs", "consumer_prices"]),
                                ("linkage_index__isnull", False),
                                ("linkage_share__gte", 0),
                                ("linkage_share__isnull", False),
                                ("linkage_share__lte", 100),
                            ),
                            _connector="OR",
                        ),
                        name="project_linkage_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="projects.project",
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("body", models.BinaryField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("xid", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["project", "kind"], name="journal_by_kind")],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "seq"), name="journal_one_entry_per_seq")
                ],
            },
        ),
        migrations.AddField(
            model_name="project",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.journalentry"
            ),
        ),
        migrations.CreateModel(
            name="Flag",
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
                ("kind", models.CharField(max_length=30)),
                ("about_kind", models.CharField(max_length=20)),
                ("about_id", models.UUIDField()),
                (
                    "severity",
                    models.CharField(
                        choices=[("notice", "Notice"), ("warning", "Warning"), ("critical", "Critical")],
                        max_length=8,
                    ),
                ),
                ("asks", models.CharField(max_length=12)),
                ("opened_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("project", "kind", "about_id"),
                        name="one_open_flag_per_kind_and_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagReading",
            fields=[
                (
                    "flag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reading",
                        serialize=False,
                        to="projects.flag",
                    ),
                ),
                ("figures", models.JSONField()),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FlagSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="projects.flag"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("flag", "user"), name="a_flag_is_seen_once")],
            },
        ),
        migrations.CreateModel(
            name="Once",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("answer", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="one_answer_per_key")],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["next_at"], name="obligations_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=30)),
                ("period", models.CharField(max_length=30)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "period"), name="a_job_runs_once_a_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=people.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read"),
                                ("progress", "Log progress"),
                                ("sign", "Sign"),
                                ("pay", "Release and record payments"),
                                ("manage", "Manage projects"),
                            ],
                            max_length=8,
                        ),
                        size=None,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Party",
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
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("invited_email", models.TextField(blank=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.party",
                    ),
                ),
                ("signs", models.BooleanField(default=True)),
                ("confirmed", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "left_at"], name="party_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("project", "user"),
                        name="one_part_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("declined_at", None), ("left_at", None), ("role", "contractor")),
                        fields=("project",),
                        name="one_contractor_per_project",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("joined_at", None), ("user__isnull", False), _connector="OR"),
                        name="only_a_person_joins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "observer"), _negated=True), ("signs", False), _connector="OR"
                        ),
                        name="an_observer_does_not_sign",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementSignature",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="projects.party",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("terms_hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("party", "version"), name="one_signature_per_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("completed", "Completed"),
                            ("closed", "Closed"),
                            ("suspended", "Suspended"),
                            ("resumed", "Resumed"),
                            ("terminated", "Terminated"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by_role",
                    models.CharField(
                        blank=True,
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
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["completed", "closed"]),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="turn_has_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by_role", ""), ("kind", "closed")),
                            models.Q(
                                models.Q(("kind", "closed"), _negated=True),
                                ("by_role__in", ["homeowner", "contractor"]),
                            ),
                            _connector="OR",
                        ),
                        name="turn_is_of_a_side",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
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
                    "kind",
                    models.CharField(
                        choices=[("handover", "Handover protocol"), ("closing_sum", "Closing sum")],
                        max_length=11,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("day", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "kind", "version"), name="one_deed_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("day__isnull", False), ("kind", "handover")),
                            models.Q(("amount__isnull", False), ("day", None), ("kind", "closing_sum")),
                            _connector="OR",
                        ),
                        name="deed_says_what_its_kind_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="deed_has_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeedSignature",
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
                    "deed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="projects.deed",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.party"
                    ),
                ),
                ("concludes", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("deed", "party"), name="one_signature_per_deed"),
                    models.UniqueConstraint(
                        condition=models.Q(("concludes", True)),
                        fields=("deed",),
                        name="a_deed_is_concluded_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                ("kind", models.CharField(max_length=10)),
                ("name", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
