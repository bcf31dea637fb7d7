"""What goes in and comes out: money and percentages as exact strings, days, and bodies that refuse more."""

import re
from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from projects.money import DECIMAL_PLACES, MAX_DIGITS
from projects.policy import problems_of
from projects.wording import index_digits

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_NAME, LONGEST_TEXT = 200, 4000
LARGEST_VERSION = 2**31 - 1
EXAMPLE_ID = "01a204d6-88f3-7888-9ff9-04a115c0519d"
PLAIN_NUMBER = r"[0-9]{1,12}(\.[0-9]{1,2})?"
INDEX_NUMBER = r"[0-9]{1,6}(\.[0-9]{1,4})?"
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"
_PLAIN_NUMBER = re.compile(f"-?{PLAIN_NUMBER}", re.ASCII)
_INDEX_NUMBER = re.compile(INDEX_NUMBER, re.ASCII)
_MONTH = re.compile(MONTH, re.ASCII)


def is_plain_number(value: object) -> bool:
    """Whether a JSON value is a number, or a string of one, with at most two decimals and no exponent."""
    is_number = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    return is_number and bool(_PLAIN_NUMBER.fullmatch(str(value)))


class MoneyField(serializers.DecimalField):
    """Money: a string with two decimals. What is not negative, unless `min_value` says otherwise."""

    default_error_messages = {"not_money": "not money"}
    wrong = "not_money"

    def __init__(self, **options: Any) -> None:
        bounds: dict[str, Any] = {"max_digits": MAX_DIGITS, "min_value": Decimal(0)}
        super().__init__(decimal_places=DECIMAL_PLACES, **bounds | options)

    def to_internal_value(self, data: Any) -> Decimal:
        if not is_plain_number(data):
            self.fail(self.wrong)
        return super().to_internal_value(str(data))

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


class PercentField(MoneyField):
    """A percentage: a string with two decimals, from 0 to 100 unless told otherwise."""

    default_error_messages = {"not_a_percent": "not a percentage"}
    wrong = "not_a_percent"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 5, "max_value": Decimal(100)} | options)


class IndexField(serializers.DecimalField):
    """The value of a published index: a string above 0 with at most four decimals."""

    default_error_messages = {"not_an_index": "not an index"}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=10, decimal_places=4, min_value=Decimal("0.0001"), **options)

    def to_internal_value(self, data: Any) -> Decimal:
        is_number = isinstance(data, str | int | Decimal) and not isinstance(data, bool)
        if not is_number or not _INDEX_NUMBER.fullmatch(str(data)):
            self.fail("not_an_index")
        return super().to_internal_value(str(data))

    def to_representation(self, value: Decimal) -> str:
        return index_digits(value)


class MonthField(serializers.Field):
    """A calendar month of this century, as 2026-10: its first day."""

    default_error_messages = {"not_a_month": "not a month"}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _MONTH.fullmatch(data):
            self.fail("not_a_month")
        return date.fromisoformat(f"{data}-01")

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


class DayField(serializers.DateField):
    """A calendar day, ISO 8601, of this century."""

    default_error_messages = {"date_out_of_range": "out of range"}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("date_out_of_range")
        return day


class MomentField(serializers.DateTimeField):
    """A moment in UTC, ISO 8601 with Z."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class NameField(serializers.CharField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_NAME} | options)


class ProseField(serializers.CharField):
    """What a person writes: may be empty, and is unless given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_TEXT, "allow_blank": True, "required": False} | options)


class VersionField(serializers.IntegerField):
    """The version that was read; an old one is answered with 409 `changed_since_read`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_VERSION} | options)


class PolicyField(serializers.DictField):
    """Named keys of the project's policy with their values (projects.policy): numbers as strings."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        given = {key: _as_stored(value) for key, value in super().to_internal_value(data).items()}
        if problems := problems_of(given):
            raise ValidationError({key: [ErrorDetail(code, code)] for key, code in problems})
        return given


def _as_stored(value: Any) -> Any:
    return str(value) if is_plain_number(value) else value


class Shown(serializers.Serializer[Any]):
    """What an answer shows."""

    def address(self, name: str, pk: Any) -> str:
        """The whole address of something shown."""
        return self.context["request"].build_absolute_uri(reverse(name, args=[pk]))


class Body(serializers.Serializer[Any]):
    """What a request may say: a name that is not expected is an error, not ignored.

    `instance` is the thing as it stands, where a rule needs it; `example` shows what a request may look like.
    """

    example: ClassVar[Mapping[str, Any]] = {}

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        errors: dict[str, Any] = {str(name): [ErrorDetail("unknown", "unknown_field")] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            if isinstance(error.detail, dict):
                errors |= error.detail
        if errors:
            raise ValidationError(errors)
        return value


class Nothing(Body):
    """A request that says nothing beyond its address."""
