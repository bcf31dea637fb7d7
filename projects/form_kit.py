"""What every form shares: sums, percents and days as people write them, files, and one effect per form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from people.ids import new_id
from projects.files import Received, receive
from projects.formats import BadFile
from projects.money import MAX_AMOUNT, ZERO
from projects.wording import index_digits

LONGEST_LINE = 200
LONGEST_TEXT = 4000
MOST_FILES = 20
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)

Choices = Sequence[tuple[str, Any]]

_SUM = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_INDEX = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII)
_MONTH = re.compile(
    r"(?P<month>0?[1-9]|1[0-2])[/.](?P<year>20\d\d)|(?P<its_year>20\d\d)-(?P<its_month>0?[1-9]|1[0-2])",
    re.ASCII,
)
_AROUND_A_SUM = str.maketrans("", "", "₪ \u00a0\u200e\u200f\u2066\u2067\u2068\u2069")


class OnceForm(forms.Form):
    """A form that acts once: it carries a key made when its page was rendered (projects.page_kit)."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    def inputs(self) -> dict[str, Any]:
        """The cleaned data without the key: what the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give a field of choices those that only its project knows."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class VersionForm(OnceForm):
    """A form about something that has versions: it says which one the person read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SumInput(forms.TextInput):
    """A line for a sum; its script writes thousands separators while one types."""

    class Media:
        js = (forms.Script("sums.js", defer=True),)


class MoneyField(forms.Field):
    """A sum as people write it: 95000, 95,000 or 95,000.50. A comma never means a decimal point."""

    widget = SumInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-sum": True})
    default_error_messages = {
        "invalid": _("Write a sum in digits, such as 95,000 or 95,000.50."),
        "too_large": _("This sum is too large."),
        "not_above_zero": _("Write a sum above zero."),
    }

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        self.zero = zero
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").translate(_AROUND_A_SUM)
        if not text:
            return None
        if not _SUM.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", "")).quantize(ZERO)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value > MAX_AMOUNT:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        if value <= 0 and not (self.zero and value == 0):
            raise ValidationError(self.error_messages["not_above_zero"], code="not_above_zero")

    def prepare_value(self, value: Any) -> Any:
        """The sum as it is shown, also one that was typed; what cannot be read stays as it was typed."""
        try:
            amount = self.to_python(value) if isinstance(value, str) else value
        except ValidationError:
            return value
        return f"{amount:,.2f}".removesuffix(".00") if isinstance(amount, Decimal | int) else value


class PercentField(forms.Field):
    """A percentage from 0 to `most`, with at most two decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Write a percentage in digits, such as 5 or 12.5."),
        "too_high": _("Write a percentage from 0 to %(most)s."),
    }

    def __init__(self, *, most: int = 100, **options: Any) -> None:
        self.most = most
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value if value is not None else "").translate(_AROUND_A_SUM).removesuffix("%")
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text).quantize(ZERO)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and value > self.most:
            raise ValidationError(self.error_messages["too_high"] % {"most": self.most}, code="too_high")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day as dd/mm/yyyy, within this century."""

    widget = forms.DateInput(
        format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}
    )
    default_error_messages = {
        "invalid": _("Write a date as day, month and year: 31/12/2026."),
        "out_of_reach": _("This date is too far away. Check the year."),
    }

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day and not EARLIEST <= day <= LATEST:
            raise ValidationError(self.error_messages["out_of_reach"], code="out_of_reach")
        return day


class IndexField(forms.Field):
    """The value of a published index, above 0, with at most four decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write the index as published, in digits, such as 139.3.")}

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value if value is not None else "").translate(_AROUND_A_SUM)
        if not text:
            return None
        if not _INDEX.fullmatch(text) or not Decimal(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text)

    def prepare_value(self, value: Any) -> Any:
        return index_digits(value) if isinstance(value, Decimal) else value


class MonthField(forms.Field):
    """A month as 10/2026 or 2026-10: its first day."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "mm/yyyy", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a month as month and year: 10/2026.")}

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").translate(_AROUND_A_SUM)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return date(int(found["year"] or found["its_year"]), int(found["month"] or found["its_month"]), 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, date) else value


class LinesField(forms.CharField):
    """A list written one thing to a line; empty lines do not count."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(line) > LONGEST_TEXT for line in value):
            raise ValidationError(_("One of the lines is too long."), code="too_long")

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Upload:
    """A file that was checked and made safe, under the name it came with."""

    name: str
    received: Received


class FilesInput(forms.ClearableFileInput):
    """A field for files, several at once; its script shows them and takes them off again."""

    allow_multiple_selected = True

    class Media:
        js = (forms.Script("files.js", defer=True),)


class FilesField(forms.FileField):
    """Photos and documents, several at once; cleaned into what is ready to be stored.

    A camera that names no time zone is taken to have been in `zone`, an IANA name.
    """

    widget = FilesInput
    zone = "UTC"

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        uploads = [data] if isinstance(data, UploadedFile) else [upload for upload in data or [] if upload]
        if len(uploads) > MOST_FILES:
            raise ValidationError(_("Send at most %(most)d files at a time.") % {"most": MOST_FILES})
        if not uploads:
            super().clean(None, initial)
        return _received(uploads, ZoneInfo(self.zone))


def _received(uploads: Sequence[UploadedFile], zone: ZoneInfo) -> list[Upload]:
    """Every upload, checked and made safe; a ValidationError names each that was not taken."""
    good, bad = [], []
    for upload in uploads:
        try:
            good.append(Upload(upload.name or "", receive(upload, zone=zone)))
        except BadFile as refused:
            bad.append(f"\u2068{upload.name}\u2069: {refused.sentence}")
    if bad:
        raise ValidationError(bad)
    return good
