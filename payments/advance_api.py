"""The doors of advances: the contractor asks, the homeowners open, approve or decline, and pay."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet
from rest_framework import serializers

from payments import actions
from payments.advances import AdvanceWithFacts, advances_visible_to, catch_up_of, offer_of
from payments.effect import Effect, effect_of_paying
from payments.models import Method, Payment
from payments.queries import Ledger, ledger_of
from payments.rules import UNPAID, AdvanceState, Level, Promise
from projects import clock
from projects.journal import timestamp
from projects.rest.fields import (
    EXAMPLE_ID,
    Body,
    DayField,
    MomentField,
    MoneyField,
    NameField,
    ProseField,
    Shown,
    VersionField,
)
from projects.rest.views import Door, acts, reads_many, reads_one


class OpeningSerializer(Shown):
    party = serializers.UUIDField(source="party_id")
    at = MomentField(source="entry.at")


class ApprovalSerializer(Shown):
    """A yes to one version of the terms; it counts while that version stands."""

    party = serializers.UUIDField(source="party_id")
    version = serializers.IntegerField()
    amount = MoneyField()
    condition = serializers.CharField()
    at = MomentField(source="entry.at")


class AdvanceSerializer(Shown):
    """A request for money before a milestone is signed off, where it stands, and what paying it would do.

    `version`, `offered` and `condition` are the terms in force: those asked for, until an approval changes
    them. What paying it would do is told while it is unpaid; afterwards it is null.
    """

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    milestone = serializers.UUIDField(source="milestone_id")
    amount = MoneyField(help_text="What was asked for.")
    reason = serializers.CharField()
    catch_up_on = DayField(help_text="By when the work will have caught up.")
    promise = serializers.SerializerMethodField(
        help_text="Of a paid one, whether its milestone was signed off by then; null where none is owed."
    )
    asked_by = serializers.CharField(source="entry.actor.full_name")
    asked_at = MomentField(source="entry.at")
    state = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()
    offered = serializers.SerializerMethodField(help_text="What the terms in force would pay, at most.")
    condition = serializers.SerializerMethodField()
    decide_after = serializers.SerializerMethodField(
        help_text="From when it may be approved; null until every homeowner who signs has opened it."
    )
    lapses_at = serializers.SerializerMethodField(help_text="When it lapses if it is still undecided.")
    openings = OpeningSerializer(many=True)
    approvals = ApprovalSerializer(many=True)
    awaits = serializers.SerializerMethodField(help_text="The parties whose approval is missing.")
    exposure_now = serializers.SerializerMethodField()
    exposure_after = serializers.SerializerMethodField()
    level_after = serializers.SerializerMethodField()
    payment = serializers.SerializerMethodField()

    def get_promise(self, advance: AdvanceWithFacts) -> Promise | None:
        promised = catch_up_of(advance, clock.today(advance.project.time_zone))
        return promised.state if promised else None

    def get_state(self, advance: AdvanceWithFacts) -> str:
        return offer_of(advance).state(clock.now()).value

    def get_version(self, advance: AdvanceWithFacts) -> int:
        return offer_of(advance).version

    def get_offered(self, advance: AdvanceWithFacts) -> str:
        return f"{offer_of(advance).amount:.2f}"

    def get_condition(self, advance: AdvanceWithFacts) -> str:
        return offer_of(advance).condition

    def get_decide_after(self, advance: AdvanceWithFacts) -> str | None:
        after = offer_of(advance).decide_after
        return timestamp(after) if after else None

    def get_lapses_at(self, advance: AdvanceWithFacts) -> str:
        return timestamp(offer_of(advance).lapses_at)

    def get_awaits(self, advance: AdvanceWithFacts) -> list[str]:
        offer = offer_of(advance)
        waits = offer.state(clock.now()) == AdvanceState.ASKED
        return sorted(offer.awaited) if waits else []

    def get_exposure_now(self, advance: AdvanceWithFacts) -> str:
        return f"{self._effect(advance).before.exposure:.2f}"

    def get_exposure_after(self, advance: AdvanceWithFacts) -> str | None:
        return f"{self._effect(advance).after.exposure:.2f}" if _is_unpaid(advance) else None

    def get_level_after(self, advance: AdvanceWithFacts) -> Level | None:
        return self._effect(advance).after.level if _is_unpaid(advance) else None

    def get_payment(self, advance: AdvanceWithFacts) -> str | None:
        paid: UUID | None = advance.payment_id  # type: ignore[attr-defined]  # annotated by the door
        return str(paid) if paid else None

    def _effect(self, advance: AdvanceWithFacts) -> Effect:
        """Over one ledger of the project for all that is shown of it."""
        ledgers: dict[UUID, Ledger] = self.root.__dict__.setdefault("_ledgers", {})
        project = advance.project
        if project.id not in ledgers:
            ledgers[project.id] = ledger_of(project)
        today = clock.today(project.time_zone)
        name, amount = str(advance.milestone_id), offer_of(advance).amount
        return effect_of_paying(project, ledgers[project.id], name, amount, today)


def _is_unpaid(advance: AdvanceWithFacts) -> bool:
    return offer_of(advance).state(clock.now()) in UNPAID


class AskBody(Body):
    example: ClassVar = {
        "milestone": EXAMPLE_ID,
        "amount": "67200.00",
        "reason": "The supplier of the waterproofing asks for payment ahead.",
        "catch_up_on": "2026-12-20",
    }

    milestone = serializers.UUIDField()
    amount = MoneyField(min_value=None)
    reason = ProseField()
    catch_up_on = DayField()


class ApproveBody(Body):
    """The version that was read. Less than it offers, or a condition, makes a new one for the others too."""

    example: ClassVar = {"version": 1, "amount": "40000.00", "condition": "Against a bank guarantee."}

    version = VersionField()
    amount = MoneyField(required=False, min_value=None)
    condition = ProseField()


class DeclineBody(Body):
    example: ClassVar = {"reason": "We would rather pay the supplier directly."}

    reason = ProseField()


class PayBody(Body):
    example: ClassVar = {"amount": "40000.00", "paid_on": "2026-11-22", "method": "bank_transfer"}

    amount = MoneyField(min_value=None)
    paid_on = DayField()
    method = serializers.ChoiceField(Method.choices, default=Method.OTHER)
    reference = NameField(required=False, allow_blank=True)


def advances(user_id: UUID) -> QuerySet[Any]:
    return advances_visible_to(user_id).annotate(seq=F("entry__seq"), payment_id=F("payment__id"))


def advance_again(user_id: UUID, written: Any) -> Any:
    """The request as it stands after an act, also where the act returned its payment."""
    pk = written.advance_id if isinstance(written, Payment) else written.pk
    return advances(user_id).get(pk=pk)


SHOWN: dict[str, Any] = {"answers": AdvanceSerializer, "again": advance_again}


class Advances(Door):
    """The requests for advances of a project, the newest first. One at a time is open.

    `state`: asked, approved, paid, declined, withdrawn, lapsed or ended, by the facts as they stand now.
    """

    order = ("-seq", "-id")
    get = reads_many("list_advances", AdvanceSerializer, advances, of_project=True)
    post = acts("ask_for_advance", actions.ask_for_advance, takes=AskBody, status=201, **SHOWN)


class AdvanceDoor(Door):
    """A request for an advance, and what paying it would do.

    `exposure_now`, `exposure_after` and `level_after` are of today. Approving is possible from `decide_after`
    on, with the `version` that was read; it is null until every homeowner who signs has opened the request.
    """

    get = reads_one("read_advance", AdvanceSerializer, advances)


class AdvanceOpen(Door):
    post = acts("open_advance", actions.open_advance, **SHOWN)


class AdvanceApprove(Door):
    post = acts("approve_advance", actions.approve_advance, takes=ApproveBody, **SHOWN)


class AdvanceDecline(Door):
    post = acts("decline_advance", actions.decline_advance, takes=DeclineBody, **SHOWN)


class AdvanceWithdraw(Door):
    post = acts("withdraw_advance", actions.withdraw_advance, **SHOWN)


class AdvancePay(Door):
    post = acts("pay_advance", actions.pay_advance, takes=PayBody, **SHOWN)
