"""What the database derives: where contracts, lines and payments stand. Money."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from milestones.models import Milestone
from payments.models.money import Dispute, LineKind, Payment
from projects.models import READ, Project, money_field


class Standing(models.Model):
    """Where a project stands, as sums over its rows: a view, read with payments.figures. Money.

    `covered`: the paid money that open lines cover. `held`: the money held against lines. `repair`: the
    estimated cost of faults found after sign-off and still open.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="standing")
    paid = money_field()
    earned = money_field()
    unlocked = money_field()
    covered = money_field()
    held = money_field()
    repair = money_field()

    class Meta:
        managed = False

    @property
    def exposure(self) -> Decimal:
        """How much money is ahead of the work; below zero, work is ahead."""
        return self.paid - self.earned


class Ending(models.Model):
    """How a contract comes to its end: a view. Money.

    `retention_open`: how much of the retention may be paid by now. `final`: the closing sum of a termination
    that both sides signed for the contractor.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="ending")
    retention_open = money_field()
    terminated = models.BooleanField()
    final = money_field()

    class Meta:
        managed = False


class Retained(models.Model):
    """The retention of a project and when the rest of it opens: a view, read with payments.rules.retention.

    `kept`: all that milestone lines keep back. `opened`: what opened of it by now. `for_defects`: the
    estimated cost of open faults that were reported within the defects period. `ends_on`: the first day after
    the defects period; none until it has begun.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="retained")
    kept = money_field()
    opened = money_field()
    for_defects = money_field()
    ends_on = models.DateField(null=True)

    class Meta:
        managed = False


class EarlyPart(models.Model):
    """What of a payment no unlocked line covers, for the payments that have such a part: a view."""

    rights: ClassVar[str] = READ

    payment = models.OneToOneField(Payment, models.DO_NOTHING, primary_key=True, related_name="early")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    amount = money_field()

    class Meta:
        managed = False


class PayableLine(models.Model):
    """A line of the schedule that may be paid now, how much, and since when without a break: a view. Money.

    `unbroken`: how much of it has been payable ever since; the rest came later.
    `about_id`: the milestone, for the deposit the project, for other lines an id made of the project's.
    """

    rights: ClassVar[str] = READ

    about_id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    milestone = models.ForeignKey(Milestone, models.DO_NOTHING, null=True, related_name="+")
    payable = money_field()
    since = models.DateTimeField()
    line = models.CharField(max_length=10, choices=LineKind.choices)
    unbroken = money_field()

    class Meta:
        managed = False


class OpenDispute(models.Model):
    """A dispute that is open, with what is left of its payment, in money: a view."""

    rights: ClassVar[str] = READ

    dispute = models.OneToOneField(Dispute, models.DO_NOTHING, primary_key=True, related_name="now_open")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    payment = models.OneToOneField(Payment, models.DO_NOTHING, related_name="disputed")
    amount = money_field()

    class Meta:
        managed = False
