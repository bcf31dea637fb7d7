"""A project, its journal, and what every fact of it has."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.ids import new_id
from projects.linkage import Linkage
from projects.models.columns import AMEND, APPEND, MOST_INDEX, index_field, money_field, percent_field


class Role(models.TextChoices):
    HOMEOWNER = "homeowner", _("Homeowner")
    CONTRACTOR = "contractor", _("Contractor")
    ENGINEER = "engineer", _("Engineer")
    SUPERVISOR = "supervisor", _("Supervisor")
    OBSERVER = "observer", _("Observer")


# Whom the contract binds; everybody else takes part in it.
SIDES = frozenset({Role.HOMEOWNER, Role.CONTRACTOR})


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
    # Linkage to an index, where it is agreed; all four NULL, and in no hash, where it is not.
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
