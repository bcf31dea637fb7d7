"""Who is in a project, what they signed, and the files that they added."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.columns import AMEND, APPEND, money_field
from projects.models.project import Fact, Role


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
