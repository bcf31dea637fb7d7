"""Moved money: through the gate or recorded beside it, where it counts, and what was said of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone
from payments.models.advances import Advance
from projects.models import APPEND, Fact, Project, Role, money_field


class Method(models.TextChoices):
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CARD = "card", _("Card")
    CASH = "cash", _("Cash")
    OTHER = "other", _("Other")


class LineKind(models.TextChoices):
    DEPOSIT = "deposit", _("Deposit")
    MILESTONE = "milestone", _("Milestone")
    RETENTION = "retention", _("Retention")
    FINAL = "final", _("Closing sum")


class Payment(Fact):
    """Money that moved. Never edited or deleted; corrected by a reversal."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("Released through the gate")
        RECORD = "record", _("Recorded outside the gate")
        ADVANCE = "advance", _("Advance")

    rights: ClassVar[str] = APPEND

    project = models.ForeignKey(Project, models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by_role = models.CharField(max_length=12, choices=Role.choices)
    amount = money_field()
    paid_on = models.DateField()
    method = models.CharField(max_length=15, choices=Method.choices)
    reference = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    advance = models.OneToOneField(Advance, models.PROTECT, null=True, related_name="payment")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=["release", "record", "advance"]), name="payment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="record") | Q(by_role="homeowner"), name="only_homeowners_release"
            ),
            models.CheckConstraint(
                condition=Q(kind="advance", advance__isnull=False)
                | (~Q(kind="advance") & Q(advance__isnull=True)),
                name="an_advance_is_paid_under_its_request",
            ),
        ]


class Allocation(Fact):
    """Part of a payment counted against a line of the schedule; negative where it was moved away."""

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    line = models.CharField(max_length=10, choices=LineKind.choices)
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="allocations")
    amount = money_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_is_not_zero"),
            models.CheckConstraint(
                condition=Q(line="milestone", milestone__isnull=False)
                | Q(line__in=["deposit", "retention", "final"], milestone=None),
                name="allocation_names_its_line",
            ),
        ]


class RetentionOpening(Fact):
    """Part of what was kept back opens, once and for all: at completion, or after the defects period."""

    class Part(models.TextChoices):
        COMPLETION = "completion", _("At completion")
        PERIOD = "period", _("After the defects period")

    rights: ClassVar[str] = APPEND

    part = models.CharField(max_length=10, choices=Part.choices)
    amount = money_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="retention_opening_is_positive"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(part="completion"), name="retention_opens_once_at_completion"
            ),
        ]


class Confirmation(Fact):
    """The contractor confirms that the money arrived."""

    rights: ClassVar[str] = APPEND

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="confirmation")
    received_on = models.DateField()
    receipt_number = models.TextField(blank=True)


class Reversal(Fact):
    """A payment, or part of it, was recorded wrongly or came back. In force at once or by consent."""

    class Why(models.TextChoices):
        WRONG_RECORD = "wrong_record", _("Wrong record")
        MONEY_BACK = "money_back", _("The money came back")

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="reversals")
    amount = money_field()
    why = models.CharField(max_length=12, choices=Why.choices)
    reason = models.TextField(blank=True)
    needs_consent = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="reversal_is_positive")]


class ReversalAnswer(Fact):
    """The other side's answer to a reversal that needs consent."""

    rights: ClassVar[str] = APPEND

    reversal = models.OneToOneField(Reversal, models.PROTECT, related_name="answer")
    consents = models.BooleanField()


class Dispute(Fact):
    """A side says that a payment did not move as it stands recorded; it counts until it is reversed.

    Whether it is still open is derived from it, from what follows and from the payment
    (payments.rules.disputes).
    """

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    by_role = models.CharField(max_length=12, choices=Role.choices)
    reason = models.TextField()


class DisputeWithdrawal(Fact):
    """The side that disputed a payment does so no more."""

    rights: ClassVar[str] = APPEND

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="withdrawal")
