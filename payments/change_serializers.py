"""What the API says and takes about change orders."""

from typing import Any, ClassVar

from rest_framework import serializers

from milestones.serializers import Dated, SignersOnce, criteria_field, signers_field
from payments.changing import signatures_that_count, state_of
from payments.models import MOST_DAYS, ChangeOrder, ChangeSignature
from projects.models import Role
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


class ChangeSignatureSerializer(Shown):
    party = serializers.UUIDField(source="party_id")
    role = serializers.ChoiceField(Role.choices, source="party.role")
    name = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    at = MomentField(source="entry.at")

    def get_name(self, signature: ChangeSignature) -> str:
        return str(signature.party.user)


class ChangeSerializer(Shown):
    """A change order: by `amount` the contract total and one milestone's value and payment change alike.

    Without a `milestone` it adds one, which has its id once it is in force. With a `defect` it is a deduction
    on a signed milestone, and settles that defect.
    """

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    kind = serializers.ChoiceField(ChangeOrder.Kind.choices)
    state = serializers.SerializerMethodField(help_text="`proposed`, `in_force`, `declined` or `withdrawn`.")
    milestone = serializers.SerializerMethodField()
    defect = serializers.UUIDField(source="defect_id", allow_null=True)
    title = serializers.CharField()
    reason = serializers.CharField()
    amount = MoneyField(min_value=None, help_text="Below 0 for a deduction.")
    value = MoneyField(source="amount", min_value=None, help_text="The same sum, of the work's value.")
    days = serializers.IntegerField(help_text="By how many days the agreed end moves.")
    criteria = serializers.SerializerMethodField()
    signers = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    planned_start = DayField(allow_null=True)
    planned_end = DayField(allow_null=True)
    version = serializers.SerializerMethodField(help_text="Which terms it is signed on.")
    signatures = serializers.SerializerMethodField(help_text="Those that count, under this version.")
    proposed_by = serializers.UUIDField(source="party_id")
    by_role = serializers.ChoiceField(Role.choices)
    proposed_at = MomentField(source="entry.at")

    def get_state(self, order: ChangeOrder) -> str:
        return state_of(order)

    def get_milestone(self, order: ChangeOrder) -> str | None:
        pk = order.force.milestone_id if hasattr(order, "force") else order.milestone_id
        return str(pk) if pk else None

    def get_criteria(self, order: ChangeOrder) -> list[str]:
        return order.criteria.split("\n") if order.criteria else []

    def get_version(self, order: Any) -> int:
        return int(order.force.version if hasattr(order, "force") else order.version)

    def get_signatures(self, order: Any) -> list[dict[str, Any]]:
        return list(ChangeSignatureSerializer(signatures_that_count(order), many=True).data)


class ChangeBody(SignersOnce, Dated):
    """A change of a milestone, or a deduction that settles a defect, or without either a new milestone with
    its criteria, signers and dates."""

    example: ClassVar = {
        "title": "Without the steel beam",
        "reason": "The engineer found that the wall carries it.",
        "milestone": EXAMPLE_ID,
        "amount": "-12000.00",
        "days": -3,
    }

    title = NameField()
    reason = ProseField()
    amount = MoneyField(min_value=None)
    value = MoneyField(required=False, min_value=None)
    milestone = serializers.UUIDField(required=False, allow_null=True)
    defect = serializers.UUIDField(
        required=False, allow_null=True, help_text="A minor one of a signed milestone; `amount` is below 0."
    )
    version = VersionField(required=False, help_text="The milestone's version that was read.")
    days = serializers.IntegerField(required=False, min_value=-MOST_DAYS, max_value=MOST_DAYS)
    criteria = criteria_field()
    signers = signers_field()
    planned_start = DayField(required=False, allow_null=True)
    planned_end = DayField(required=False, allow_null=True)


class SignChangeBody(Body):
    example: ClassVar = {"version": 1}

    version = VersionField()


class DeclineChangeBody(Body):
    example: ClassVar = {"reason": "We would rather keep the beam."}

    reason = ProseField()
