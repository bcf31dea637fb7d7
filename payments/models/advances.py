"""Requests to be paid before a milestone is signed off, and what was answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from milestones.models import Milestone
from projects.models import APPEND, Fact, Party, money_field


class Advance(Fact):
    """What the contractor asks for before a milestone is signed off, and by when the work catches up.

    Where it stands is derived from it, from the answers below and its payment (payments.rules.advances).
    """

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="advances")
    amount = money_field()
    reason = models.TextField(blank=True)
    catch_up_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="advance_is_positive")]


class AdvanceOpening(Fact):
    """A homeowner who signs has opened the request; the time to think runs from the last one of them."""

    rights: ClassVar[str] = APPEND

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="openings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advance", "party"], name="an_advance_is_opened_once")]


class AdvanceApproval(Fact):
    """A homeowner agrees to an advance, on terms. Other terms than those of the last version make a new one,
    which voids the approvals before it. `completes`: with this one everybody who signs had approved."""

    rights: ClassVar[str] = APPEND

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="approvals")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    amount = money_field()
    condition = models.TextField(blank=True)
    completes = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="approved_amount_is_positive")]


class AdvanceDecline(Fact):
    """A homeowner who signs says no, which ends it."""

    rights: ClassVar[str] = APPEND

    advance = models.OneToOneField(Advance, models.PROTECT, related_name="decline")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)


class AdvanceWithdrawal(Fact):
    """The contractor took the request back."""

    rights: ClassVar[str] = APPEND

    advance = models.OneToOneField(Advance, models.PROTECT, related_name="withdrawal")
