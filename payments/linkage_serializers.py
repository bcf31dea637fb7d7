"""What the API says and takes about linkage to the agreed index."""

from typing import ClassVar

from rest_framework import serializers

from payments.models import IndexValue
from projects.models import Role
from projects.rest.fields import Body, DayField, IndexField, MomentField, MoneyField, MonthField, Shown
from projects.serializers import LinkageTermsSerializer

MOST_VALUES = 240


class LinkedSerializer(Shown):
    """The linkage of a payment, by the index known on the day it was paid."""

    index_month = MonthField(source="month")
    index_value = IndexField(source="value")
    amount = MoneyField(
        allow_null=True, help_text="Linkage money; may be negative. Null while one is missing."
    )
    missing = MonthField(allow_null=True, help_text="The month whose index was due by then and was not told.")


class LinkedPaymentSerializer(Shown):
    """What is left of a payment, and its linkage."""

    payment = serializers.UUIDField(source="payment.id")
    paid_on = DayField(source="payment.paid_on")
    left = MoneyField(help_text="The payment less what was taken back of it.")
    linkage = LinkedSerializer(source="linked")


class LinkageSerializer(Shown):
    """The linkage of all that was paid. No other figure holds any of it: P, N, X and the gate know none."""

    terms = LinkageTermsSerializer(allow_null=True, help_text="Null where none was agreed.")
    paid = MoneyField(help_text="P.")
    amount = MoneyField(help_text="The linkage money of all payments whose index is known.")
    together = MoneyField(help_text="`paid` and `amount`.")
    missing = serializers.ListField(
        child=MonthField(), help_text="The months whose index has to be told for the other payments."
    )
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LinkedPaymentSerializer(many=True)


class LinkageInPeriodSerializer(Shown):
    """The linkage money of a certificate, its own line: no column of the certificate holds any of it."""

    before = MoneyField(help_text="By the close of the day before the period.")
    this_period = MoneyField(source="period", help_text="Also what values told in the period changed.")
    to_date = MoneyField()
    missing = serializers.ListField(child=MonthField(), help_text="As in the linkage of the project.")


class IndexValueSerializer(Shown):
    """What a side told of the index for a month."""

    id = serializers.UUIDField()
    month = MonthField()
    value = IndexField()
    published_on = DayField()
    counts = serializers.BooleanField(help_text="False once a newer one was told for the month.")
    by_role = serializers.ChoiceField(Role.choices)
    told_by = serializers.SerializerMethodField()
    told_at = MomentField(source="entry.at")

    def get_told_by(self, value: IndexValue) -> str:
        return str(value.entry.actor)


class IndexValueBody(Body):
    month = MonthField()
    value = IndexField()
    published_on = DayField(required=False, help_text="The usual day unless given.")


class IndexValuesBody(Body):
    """One month or several: all of them are told, or none."""

    example: ClassVar = {
        "values": [{"month": "2026-10", "value": "141.2", "published_on": "2026-11-15"}],
    }

    values = IndexValueBody(many=True, allow_empty=False, max_length=MOST_VALUES)  # type: ignore[call-arg]
