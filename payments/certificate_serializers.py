"""What the API says of certificates for payment, and how their period is asked for."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from payments.linkage_serializers import LinkageInPeriodSerializer
from payments.serializers import LINE_HELP, VatSerializer
from projects import clock
from projects.rest.fields import Body, DayField, MoneyField, Shown


class PeriodBody(Body):
    """The period of a certificate, both days included."""

    on = DayField(required=False, help_text="The last day; today unless given. Never in the future.")

    def get_fields(self) -> dict[str, Any]:
        begins = DayField(required=False, help_text="The first day; that of the month of `on` unless given.")
        return super().get_fields() | {"from": begins}

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        project: Any = self.instance
        today = clock.today(project.time_zone)
        ends = attrs.get("on", today)
        begins = attrs.get("from", ends.replace(day=1))
        if ends > today:
            raise ValidationError({"on": [ErrorDetail("in the future", "in_future")]})
        if begins > ends:
            raise ValidationError({"from": [ErrorDetail("after the end", "ends_before_it_starts")]})
        return {"begins": begins, "ends": ends}


class ColumnsSerializer(Shown):
    """Columns of a certificate. Work columns are values of work, money columns follow the schedule."""

    scheduled_value = MoneyField(source="scheduled")
    completed_before = MoneyField(source="before", help_text="By the close of the day before the period.")
    completed_this_period = MoneyField(source="period", help_text="Negative where a finding was taken back.")
    completed_to_date = MoneyField(source="to_date")
    percent = serializers.DecimalField(None, 2, help_text="Of the scheduled value.")
    balance_to_finish = MoneyField(source="balance")
    gross = MoneyField(help_text="What is unlocked, before anything is kept back.")
    retention = MoneyField(help_text="Kept back; negative where it is released.")
    withheld = MoneyField(help_text="Until repairs are verified.")
    unlocked_before = MoneyField()
    unlocked_this_period = MoneyField(source="unlocked_period")
    unlocked = MoneyField(help_text="N: gross less retention and withheld.")
    less_earlier_certificates = MoneyField(source="earlier", help_text="Paid, as far as it is unlocked.")
    due_now = MoneyField(source="due", help_text="N + E - P.")
    early = MoneyField(help_text="E: paid, and covered by nothing that is unlocked.")
    paid = MoneyField(help_text="P.")


class CertificateRowSerializer(ColumnsSerializer):
    """One line of a certificate."""

    line = serializers.CharField(help_text=LINE_HELP)
    milestone = serializers.UUIDField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        named = {"line": instance.line, "milestone": instance.milestone}
        return named | ColumnsSerializer(instance.columns).data


class CertificateSerializer(Shown):
    """A certificate for payment, line by line, as what the journal had told by the close of its last day."""

    on = DayField(source="ends")
    currency = serializers.CharField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CertificateRowSerializer(source="rows", many=True)
    unheld = MoneyField(help_text="Money held against no line; the total counts it as paid early.")
    total = ColumnsSerializer()
    due_vat = VatSerializer(help_text="Of `due_now` in total, at the rate of the last day.")
    linkage = LinkageInPeriodSerializer(allow_null=True, help_text="Null where none was agreed.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": DayField(source="begins")} | super().get_fields()
