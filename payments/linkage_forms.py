"""Forms that tell the published index: one month, or the rows of a CSV file."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.linkage_serializers import MOST_VALUES
from payments.rules import Published, value_refusal
from projects.form_kit import DayField, IndexField, MonthField, OnceForm
from projects.linkage import Linkage, usual_day
from projects.refusals import known_refusals

LONGEST_ROWS = 20_000  # characters
ERRORS_SHOWN = 20


class IndexForm(OnceForm):
    """What is told of an index, judged by the agreed linkage."""

    def __init__(self, *args: Any, linkage: Linkage, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.linkage, self.today = linkage, today
        self.told: list[dict[str, Any]] = []

    def refusal(self, value: dict[str, Any]) -> str | None:
        """Why a value cannot be told beside those before it."""
        day = value["published_on"] or usual_day(self.linkage.index, value["month"])
        others = {other["month"] for other in self.told}
        code = value_refusal(self.linkage, Published(value["month"], value["value"], day), others, self.today)
        return str(known_refusals()[code][1]) if code else None

    def inputs(self) -> dict[str, Any]:
        return {"values": self.told}


class IndexValueForm(IndexForm):
    """The index of one month."""

    month = MonthField(label=gettext_lazy("Month"))
    value = IndexField(label=gettext_lazy("Index"), help_text=gettext_lazy("As published, in points."))
    published_on = DayField(
        label=gettext_lazy("Published on"),
        required=False,
        help_text=gettext_lazy("Empty: the 15th of the next month, the usual day."),
    )

    def clean(self) -> dict[str, Any]:
        value = {name: self.cleaned_data.get(name) for name in COLUMNS}
        if not self.errors:
            if refusal := self.refusal(value):
                self.add_error("month", refusal)
            self.told = [value]
        return self.cleaned_data


COLUMNS: dict[str, Callable[[], forms.Field]] = {
    "month": MonthField,
    "value": IndexField,
    "published_on": lambda: DayField(required=False),
}


class ImportForm(IndexForm):
    """Rows of month, index and day of publication, from a CSV file or pasted from a table."""

    file = forms.FileField(label=gettext_lazy("CSV file"), required=False)
    rows = forms.CharField(
        label=gettext_lazy("Rows"),
        max_length=LONGEST_ROWS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Month, index, day of publication; the day may be left out."),
    )

    def __init__(
        self, data: QueryDict | None, files: MultiValueDict[str, UploadedFile] | None, **options: Any
    ) -> None:
        super().__init__(_with_file(data, files), files, **options)

    def clean(self) -> dict[str, Any]:
        """Every row is read, and every one that is wrong is named: then none of them is told."""
        wrong = []
        for number, cells in _rows(self.cleaned_data.get("rows") or ""):
            try:
                self.told.append(self._value(cells))
            except ValidationError as error:
                wrong += [
                    _("Row %(number)s: %(problem)s") % {"number": number, "problem": problem}
                    for problem in error.messages
                ]
        if not wrong and not self.told and not self.errors:
            wrong = [_("Choose a file or paste at least one row.")]
        if len(self.told) > MOST_VALUES:
            wrong = [_("Send at most %(most)s months at a time.") % {"most": MOST_VALUES}]
        for problem in wrong[:ERRORS_SHOWN]:
            self.add_error("rows", problem)
        return self.cleaned_data

    def _value(self, cells: list[str]) -> dict[str, Any]:
        """A row as a value; a ValidationError says what is wrong with it."""
        if not 2 <= len(cells) <= len(COLUMNS):
            raise ValidationError(_("Write month, index, and the day of publication."))
        padded = cells + [""] * (len(COLUMNS) - len(cells))
        value = {
            name: field().clean(cell) for (name, field), cell in zip(COLUMNS.items(), padded, strict=True)
        }
        if refusal := self.refusal(value):
            raise ValidationError(refusal)
        return value


def _with_file(data: QueryDict | None, files: MultiValueDict[str, UploadedFile] | None) -> QueryDict | None:
    """What was sent, with a chosen file's text as the rows: what is wrong in it can be mended on the page."""
    if data is None or not files or not (file := files.get("file")):
        return data
    merged = data.copy()
    file.seek(0)  # it was read for the hash of what the form says
    merged["rows"] = file.read(4 * LONGEST_ROWS).decode("utf-8-sig", "replace")
    return merged


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, with their numbers; a first one without any digit names the columns."""
    separator = next((mark for mark in ("\t", ";") if mark in text), ",")
    rows = csv.reader(text.splitlines(), delimiter=separator)
    told = ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(rows, start=1))
    for place, (number, cells) in enumerate((number, cells) for number, cells in told if any(cells)):
        if place or any(character.isdigit() for character in "".join(cells)):
            yield number, cells
