"""The ground: a project, its parties and agreement, its journal, what is owed to the future, its flags.

Three kinds of tables, told by `rights` (granted to the application's role, sealed by tracker.guards):
- history (APPEND): rows are written once; nobody changes or removes them;
- standing facts (AMEND): the present state of something; every change carries a new journal entry;
- book-keeping (FREE): no fact of the project, so no entry.
Where rows change, `changes` names the columns that may; UPDATE is granted on these and a fact's entry alone.

In facts, prose lives in TextField and codes in CharField: the database hashes prose before it goes into
the hash of a row (docs/journal.md), so that a person's words can be erased and the chain still verify.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.ids import new_id
from projects.linkage import Linkage

APPEND = "SELECT, INSERT"
AMEND = "SELECT, INSERT, UPDATE"
DRAFT = "SELECT, INSERT, UPDATE, DELETE"  # rows may go while the project is a draft; a guard sees to it
FREE = "SELECT, INSERT, UPDATE, DELETE"
LASTING = "SELECT, INSERT, UPDATE"  # book-keeping of which nothing goes
READ = "SELECT"  # views: derived, never stored

MOST_INDEX = 999_999  # a numeric column takes NaN too, which is above every number


def money_field(**options: object) -> "models.DecimalField":
    return models.DecimalField(max_digits=14, decimal_places=2, **options)  # type: ignore[arg-type]


def percent_field(**options: object) -> "models.DecimalField":
    return models.DecimalField(max_digits=5, decimal_places=2, **options)  # type: ignore[arg-type]


def index_field(**options: object) -> "models.DecimalField":
    """The value of a published index."""
    return models.DecimalField(max_digits=10, decimal_places=4, **options)  # type: ignore[arg-type]


class Role(models.TextChoices):
    HOMEOWNER = "homeowner", _("Homeowner")
    CONTRACTOR = "contractor", _("Contractor")
    ENGINEER = "engineer", _("Engineer")
    SUPERVISOR = "supervisor", _("Supervisor")
    OBSERVER = "observer", _("Observer")


class Kind(models.TextChoices):
    HOUSE_BUILD = "house_build", _("House build")
    RENOVATION = "renovation", _("Renovation")
    CUSTOM_FURNITURE = "custom_furniture", _("Made to order")


class Index(models.TextChoices):
    """The indices that a contract may be linked to; projects/indices.json says when each comes out."""

    CONSTRUCTION_INPUTS = "construction_inputs", _("Construction inputs index for residential building")
    CONSUMER_PRICES = "consumer_prices", _("Consumer price index")


class JournalEntry(models.Model):
    """One act, as canonical bytes in a chain of hashes. See projects.journal and docs/journal.md."""

    rights: ClassVar[str] = APPEND

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey("Project", models.PROTECT, related_name="journal")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    body = models.BinaryField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    xid = models.BigIntegerField(default=0)  # the writing transaction; filled by the database

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "seq"], name="journal_one_entry_per_seq")]
        indexes = [models.Index(fields=["project", "kind"], name="journal_by_kind")]


class Project(models.Model):
    """One contract between a homeowner side and a contractor. Its terms change only in draft."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        COMPLETED = "completed", _("Completed")
        CLOSED = "closed", _("Closed")
        SUSPENDED = "suspended", _("Suspended")
        TERMINATED = "terminated", _("Terminated")

    rights: ClassVar[str] = AMEND
    changes: ClassVar[tuple[str, ...]] = (
        "name",
        "address",
        "contract_total",
        "deposit",
        "retention_percent",
        "vat_rate",
        "linkage_index",
        "linkage_share",
        "linkage_base_month",
        "linkage_base_value",
        "starts_on",
        "policy",
        "state",
        "version",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")
    name = models.TextField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    address = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="ILS")
    contract_total = money_field()
    deposit = money_field(default=0)
    retention_percent = percent_field(default=0)
    vat_rate = percent_field()
    # Linkage to an index, where it is agreed. NULL is in no hash of a row, so those of before it still hold.
    linkage_index = models.CharField(max_length=20, choices=Index.choices, null=True, blank=True)  # noqa: DJ001
    linkage_share = percent_field(null=True, blank=True)
    linkage_base_month = models.DateField(null=True, blank=True)  # its first day
    linkage_base_value = index_field(null=True, blank=True)
    starts_on = models.DateField()
    policy = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=40, default="Asia/Jerusalem")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(contract_total__gt=0), name="project_total_positive"),
            models.CheckConstraint(
                condition=Q(deposit__gte=0, deposit__lte=F("contract_total")),
                name="project_deposit_within_total",
            ),
            models.CheckConstraint(
                condition=Q(retention_percent__gte=0, retention_percent__lte=20),
                name="project_retention_up_to_20_percent",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="project_vat_is_a_percent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "active", "completed", "closed", "suspended", "terminated"]),
                name="project_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    linkage_index=None,
                    linkage_share=None,
                    linkage_base_month=None,
                    linkage_base_value=None,
                )
                | Q(  # a check that comes out NULL lets a row in
                    linkage_index__isnull=False,
                    linkage_share__isnull=False,
                    linkage_base_month__isnull=False,
                    linkage_base_value__isnull=False,
                    linkage_index__in=["construction_inputs", "consumer_prices"],
                    linkage_share__gte=0,
                    linkage_share__lte=100,
                    linkage_base_month__day=1,
                    linkage_base_value__gt=0,
                    linkage_base_value__lte=MOST_INDEX,
                ),
                name="project_linkage_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def linkage(self) -> Linkage | None:
        """The agreed linkage to an index; None where none was agreed."""
        if (
            self.linkage_index is None
            or self.linkage_share is None
            or self.linkage_base_month is None
            or self.linkage_base_value is None
        ):
            return None
        return Linkage(
            self.linkage_index, self.linkage_share, self.linkage_base_month, self.linkage_base_value
        )


class Fact(models.Model):
    """A row tied to the journal entry of the act that wrote it; the database refuses one without."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Party(Fact):
    """A person's part in a project, from the invitation to its end. Ended, never deleted."""

    rights: ClassVar[str] = AMEND
    changes: ClassVar[tuple[str, ...]] = ("user_id", "confirmed", "joined_at", "declined_at", "left_at")

    role = models.CharField(max_length=12, choices=Role.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="parts"
    )
    invited_email = models.TextField(blank=True)
    invited_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    signs = models.BooleanField(default=True)
    confirmed = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], condition=Q(left_at=None), name="one_part_per_person"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="contractor", left_at=None, declined_at=None),
                name="one_contractor_per_project",
            ),
            models.CheckConstraint(
                condition=Q(joined_at=None) | Q(user__isnull=False), name="only_a_person_joins"
            ),
            models.CheckConstraint(
                condition=~Q(role="observer") | Q(signs=False), name="an_observer_does_not_sign"
            ),
        ]
        indexes = [models.Index(fields=["user", "left_at"], name="party_of_a_person")]

    @property
    def is_present(self) -> bool:
        return self.joined_at is not None and self.left_at is None

    @property
    def may_sign(self) -> bool:
        return self.is_present and self.signs and self.confirmed


class AgreementSignature(Fact):
    """One party's signature under one version of the agreement, with the hash of the terms shown."""

    rights: ClassVar[str] = APPEND

    party = models.ForeignKey(Party, models.PROTECT, related_name="signatures")
    version = models.PositiveIntegerField()
    terms_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "version"], name="one_signature_per_version")]


class Turn(Fact):
    """A turn in the life of a signed project: who made it, and in a few words why (docs/endings.md)."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        CLOSED = "closed", _("Closed")
        SUSPENDED = "suspended", _("Suspended")
        RESUMED = "resumed", _("Resumed")
        TERMINATED = "terminated", _("Terminated")

    rights: ClassVar[str] = APPEND

    kind = models.CharField(max_length=10, choices=Kind.choices)
    by_role = models.CharField(max_length=12, choices=Role.choices, blank=True)  # empty: the system
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["completed", "closed"]) | ~Q(reason=""), name="turn_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="closed", by_role="")
                | ~Q(kind="closed") & Q(by_role__in=["homeowner", "contractor"]),
                name="turn_is_of_a_side",
            ),
        ]


class Deed(Fact):
    """What both sides sign at the end, in numbered versions: the handover protocol, or the closing sum.

    `day`: when the place was handed over. `amount`: the closing sum of a termination, what is still due to
    the contractor; below 0 it is due back.
    """

    class Kind(models.TextChoices):
        HANDOVER = "handover", _("Handover protocol")
        CLOSING_SUM = "closing_sum", _("Closing sum")

    rights: ClassVar[str] = APPEND

    kind = models.CharField(max_length=11, choices=Kind.choices)
    version = models.PositiveIntegerField()
    text = models.TextField()
    day = models.DateField(null=True)
    amount = money_field(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "version"], name="one_deed_per_version"),
            models.CheckConstraint(
                condition=Q(kind="handover", day__isnull=False, amount=None)
                | Q(kind="closing_sum", day=None, amount__isnull=False),
                name="deed_says_what_its_kind_says",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="deed_has_words"),
        ]


class DeedSignature(Fact):
    """One party's signature under one version of a deed; the last one that was missing `concludes` it."""

    rights: ClassVar[str] = APPEND

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    concludes = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deed", "party"], name="one_signature_per_deed"),
            models.UniqueConstraint(
                fields=["deed"], condition=Q(concludes=True), name="a_deed_is_concluded_once"
            ),
        ]


class Attachment(Fact):
    """A photo or document that a party uploaded; the bytes are kept by their hash (projects.files)."""

    rights: ClassVar[str] = APPEND

    kind = models.CharField(max_length=10)
    name = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)


class Flag(Fact):
    """An open or cleared warning. Its figures are refreshed in FlagReading without an entry."""

    class Severity(models.TextChoices):
        NOTICE = "notice", _("Notice")
        WARNING = "warning", _("Warning")
        CRITICAL = "critical", _("Critical")

    rights: ClassVar[str] = AMEND
    changes: ClassVar[tuple[str, ...]] = ("severity", "asks", "cleared_at")

    kind = models.CharField(max_length=30)
    about_kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    severity = models.CharField(max_length=8, choices=Severity.choices)
    asks = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "about_id"],
                condition=Q(cleared_at=None),
                name="one_open_flag_per_kind_and_thing",
            )
        ]


class FlagReading(models.Model):
    """The latest figures of a flag."""

    rights: ClassVar[str] = LASTING
    changes: ClassVar[tuple[str, ...]] = ("figures", "read_at")

    flag = models.OneToOneField(Flag, models.CASCADE, primary_key=True, related_name="reading")
    figures = models.JSONField()
    read_at = models.DateTimeField()


class FlagSeen(models.Model):
    rights: ClassVar[str] = APPEND

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag", "user"], name="a_flag_is_seen_once")]


class Once(models.Model):
    """The answer to a request that carried an idempotency key: given again to the same request."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("status", "answer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]


class Obligation(models.Model):
    """Something promised to be done later (the outbox): written with the act, done at least once."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("payload", "next_at", "attempts", "last_error", "done_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at=None), name="obligations_due")]


class JobRun(models.Model):
    """A periodic job ran for a period; the row makes a second beat's tick a no-op."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("started_at", "finished_at")

    job = models.CharField(max_length=30)
    period = models.CharField(max_length=30)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="a_job_runs_once_a_period")]


class Scope(models.TextChoices):
    READ = "read", _("Read")
    PROGRESS = "progress", _("Log progress")
    SIGN = "sign", _("Sign")
    PAY = "pay", _("Release and record payments")
    MANAGE = "manage", _("Manage projects")


class ApiToken(models.Model):
    """A personal access token: kept as a hash, shown once. It can never do what its owner can't."""

    rights: ClassVar[str] = LASTING
    changes: ClassVar[tuple[str, ...]] = ("revoked_at", "last_used_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour

    def __str__(self) -> str:
        return self.name
