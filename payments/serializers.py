"""What the API says and takes about money."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments.linkage_serializers import LinkedSerializer
from payments.linking import linked_payment
from payments.models import Dispute, Method, Payment, Reversal
from payments.queries import is_confirmed, left_of, line_name, open_dispute_of, state_of_dispute
from payments.rules import WITHOUT_MILESTONE, DisputeState, Level, Lock, State
from projects import clock
from projects.models import Role
from projects.money import ZERO
from projects.rest.fields import (
    EXAMPLE_ID,
    Body,
    DayField,
    MomentField,
    MoneyField,
    NameField,
    PercentField,
    ProseField,
    Shown,
)
from projects.vat import vat_split

LINE_HELP = "`deposit`, a milestone's id, `retention` or `final`."


class LineField(serializers.CharField):
    """A line of the payment schedule by its name; the project judges whether it has it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, help_text=LINE_HELP, **options)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        try:
            return name if name in WITHOUT_MILESTONE else str(UUID(name))
        except ValueError:
            return name


class LineSerializer(Shown):
    """A line of the payment schedule. Money; `full` is what can ever be paid against it."""

    line = serializers.CharField(help_text=LINE_HELP)
    milestone = serializers.UUIDField(allow_null=True)
    amount = MoneyField(help_text="Gross; over all lines, the contract total.")
    retention = MoneyField(help_text="Kept back from it.")
    full = MoneyField()
    withheld = MoneyField(
        help_text="Of `full`, what an open line does not pay yet: until repairs are verified."
    )
    paid = MoneyField()
    payable = MoneyField(help_text="What may be released now.")
    state = serializers.ChoiceField([state.value for state in State])
    locked_because = serializers.ChoiceField([lock.value for lock in Lock], allow_null=True)


class ScheduleSerializer(Shown):
    """The payment schedule as a list of one page, with the money that is held against no line."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LineSerializer(many=True)
    unheld = MoneyField()


class ExposureSerializer(Shown):
    """Every figure about the money and the work of a project today (docs/exposure.md)."""

    contract_total = MoneyField()
    earned = MoneyField(help_text="V, the verified value of the work.")
    reported = MoneyField(help_text="What the contractor's reports would be worth; shown, never used.")
    planned = MoneyField(help_text="The value of the work that the plan has reached.")
    paid = MoneyField(help_text="P.")
    unlocked = MoneyField(help_text="N, what the contract lets be paid by now.")
    payable = MoneyField(help_text="What may be released now: N + E - P.")
    early = MoneyField(help_text="E, paid beyond what is unlocked, or held against no line.")
    disputed = MoneyField(help_text="Of what is paid, disputed by a side; it counts until it is reversed.")
    repair = MoneyField(help_text="Estimated repair cost of faults found after sign-off.")
    exposure = MoneyField(help_text="X = P - V: what would be lost if the work stopped today.")
    agreed_lead = MoneyField(help_text="The part of X that the signed contract allows.")
    excess = MoneyField(help_text="The part of X that no term covers.")
    level = serializers.ChoiceField([level.value for level in Level])
    shortfall = MoneyField(help_text="By how much what remains to be paid does not cover what remains to do.")
    spi = serializers.DecimalField(None, 2, allow_null=True, help_text="V / planned; null without a plan.")
    days_late = serializers.IntegerField(allow_null=True, help_text="Negative: the work is ahead.")
    lean_percent = serializers.DecimalField(None, 2, help_text="X in percent of the contract total.")
    as_of = DayField()


class SettlementSerializer(Shown):
    """How the two sides of a contract stand; after a termination, what its closing sum settles."""

    earned = MoneyField(help_text="The verified value of the work.")
    paid = MoneyField()
    balance = MoneyField(help_text="Earned less paid; negative: more was paid than was done.")
    retained = MoneyField(help_text="Kept back, and not open yet.")
    withheld = MoneyField(help_text="Withheld until repairs are verified.")
    repair = MoneyField(help_text="Estimated repair cost of faults found after sign-off.")
    unheld = MoneyField(help_text="Held against no line.")
    final = MoneyField(help_text="The closing sum that both sides signed for the contractor.")
    payable = MoneyField(help_text="What may be released now.")


class StepSerializer(Shown):
    on = DayField()
    paid = MoneyField()
    earned = MoneyField()


class PlanPointSerializer(Shown):
    on = DayField()
    planned = MoneyField()


class HistorySerializer(Shown):
    """The series behind the chart: where money and verified work stood at the close of each day on which
    either changed, and the plan at each day where its slope may change."""

    as_of = DayField()
    steps = StepSerializer(many=True)
    plan = PlanPointSerializer(many=True)


class VatSerializer(Shown):
    """What of a sum that includes VAT is tax; the parts add up to it, rounded once for the document."""

    rate = PercentField()
    net = MoneyField()
    vat = MoneyField()


class AllocationSerializer(Shown):
    line = serializers.CharField(help_text=LINE_HELP)
    amount = MoneyField()


class ReversalSerializer(Shown):
    id = serializers.UUIDField()
    amount = MoneyField()
    why = serializers.ChoiceField(Reversal.Why.choices)
    reason = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="`in_force`, `waiting` or `declined`.")
    asked_at = MomentField(source="entry.at")

    def get_state(self, reversal: Reversal) -> str:
        if not reversal.needs_consent:
            return "in_force"
        if not hasattr(reversal, "answer"):
            return "waiting"
        return "in_force" if reversal.answer.consents else "declined"


class DisputeSerializer(Shown):
    id = serializers.UUIDField()
    by_role = serializers.ChoiceField(Role.choices, help_text="The side that disputes it.")
    reason = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="One `open` at most.")
    raised_at = MomentField(source="entry.at")

    @extend_schema_field(serializers.ChoiceField([state.value for state in DisputeState]))
    def get_state(self, dispute: Dispute) -> str:
        return state_of_dispute(dispute, self.context["payment"])


class PaymentSerializer(Shown):
    """Money that moved, where it counts, and what became of it."""

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    kind = serializers.ChoiceField(Payment.Kind.choices)
    by_role = serializers.ChoiceField(Role.choices)
    recorded_by = serializers.CharField(source="entry.actor.full_name")
    recorded_at = MomentField(source="entry.at")
    amount = MoneyField()
    paid_on = DayField()
    method = serializers.ChoiceField(Method.choices)
    reference = serializers.CharField()
    reason = serializers.CharField()
    confirmed = serializers.SerializerMethodField(help_text="Receipt is known.")
    received_on = serializers.SerializerMethodField()
    receipt_number = serializers.SerializerMethodField()
    reversed = serializers.SerializerMethodField(help_text="Taken back, by reversals in force.")
    left = serializers.SerializerMethodField()
    early = serializers.SerializerMethodField(help_text="The part that no unlocked line covers.")
    vat = serializers.SerializerMethodField(help_text="Its parts, at the rate of the day it was paid.")
    linkage = serializers.SerializerMethodField(help_text="Of what is left. Null where none was agreed.")
    advance = serializers.UUIDField(source="advance_id", allow_null=True, help_text="What it was paid under.")
    allocations = serializers.SerializerMethodField(help_text="Where it counts; the rest, against no line.")
    reversals = ReversalSerializer(many=True)
    disputed = serializers.SerializerMethodField(help_text="Disputed by a side; it counts until reversed.")
    disputes = serializers.SerializerMethodField(help_text="The oldest first.")

    def get_confirmed(self, payment: Payment) -> bool:
        return is_confirmed(payment)

    def get_received_on(self, payment: Payment) -> str | None:
        confirmation = getattr(payment, "confirmation", None)
        return confirmation.received_on.isoformat() if confirmation else None

    def get_receipt_number(self, payment: Payment) -> str:
        confirmation = getattr(payment, "confirmation", None)
        return confirmation.receipt_number if confirmation else ""

    def get_reversed(self, payment: Any) -> str:
        return str(payment.reversed or ZERO)

    def get_left(self, payment: Any) -> str:
        return str(left_of(payment))

    def get_early(self, payment: Any) -> str:
        early = getattr(payment, "early", None)
        return str(early.amount if early else ZERO)

    @extend_schema_field(VatSerializer)
    def get_vat(self, payment: Payment) -> Any:
        return VatSerializer(vat_split(payment.amount, payment.paid_on, payment.project.vat_rate)).data

    @extend_schema_field(LinkedSerializer(allow_null=True))
    def get_linkage(self, payment: Any) -> Any:
        found = linked_payment(payment)
        return LinkedSerializer(found).data if found else None

    @extend_schema_field(AllocationSerializer(many=True))
    def get_allocations(self, payment: Payment) -> list[dict[str, str]]:
        by_line: dict[str, Decimal] = {}
        for part in payment.allocations.all():
            name = line_name(part.line, part.milestone_id)
            by_line[name] = by_line.get(name, ZERO) + part.amount
        return [{"line": line, "amount": str(amount)} for line, amount in by_line.items() if amount]

    def get_disputed(self, payment: Payment) -> bool:
        return open_dispute_of(payment) is not None

    @extend_schema_field(DisputeSerializer(many=True))
    def get_disputes(self, payment: Payment) -> Any:
        return DisputeSerializer(payment.disputes.all(), many=True, context={"payment": payment}).data


class ReleaseBody(Body):
    example: ClassVar = {
        "line": "deposit",
        "amount": "100000.00",
        "paid_on": "2026-11-22",
        "method": "bank_transfer",
        "reference": "118-4",
    }

    line = LineField()
    amount = MoneyField(min_value=None)
    paid_on = DayField()
    method = serializers.ChoiceField(Method.choices, default=Method.OTHER)
    reference = NameField(required=False, allow_blank=True)


class RecordBody(ReleaseBody):
    """Money that has already moved. Without a line it fills what is payable, in the schedule's order."""

    example: ClassVar = {
        "amount": "48000.00",
        "paid_on": "2026-11-22",
        "method": "bank_transfer",
        "reason": "He asked for it early.",
    }

    line = LineField(required=False, allow_null=True)
    reason = ProseField()


class ConfirmBody(Body):
    """`received_on` is today unless given."""

    example: ClassVar = {"received_on": "2026-11-22", "receipt_number": "2026-118"}

    received_on = DayField(required=False)
    receipt_number = NameField(required=False, allow_blank=True)

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        payment: Any = self.instance
        return {"received_on": clock.today(payment.project.time_zone)} | dict(attrs)


class ReverseBody(Body):
    """`amount` is all that is left of the payment unless given."""

    example: ClassVar = {"amount": "500.00", "why": "wrong_record", "reason": "Written twice."}

    amount = MoneyField(required=False, min_value=None)
    why = serializers.ChoiceField(Reversal.Why.choices, default=Reversal.Why.WRONG_RECORD)
    reason = ProseField()

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        payment: Any = self.instance
        return {"amount": left_of(payment)} | dict(attrs)


class DisputeBody(Body):
    """What is wrong with it, for the other side to read."""

    example: ClassVar = {"reason": "It never arrived in our account."}

    reason = ProseField(required=True)


class AllocateBody(Body):
    example: ClassVar = {"line": EXAMPLE_ID, "amount": "500.00"}

    line = LineField()
    amount = MoneyField(min_value=None)
