"""Forms about money: release, record, confirm, reverse, dispute, set off."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.models import Method, Reversal
from projects.form_kit import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Choices,
    DayField,
    MoneyField,
    OnceForm,
    VersionForm,
    offer,
)


class MoneyMovedForm(OnceForm):
    """What is said of every payment: how much, when, how."""

    amount = MoneyField(label=_("Amount"))
    paid_on = DayField(label=_("Paid on"))
    method = forms.ChoiceField(label=_("How"), choices=Method.choices, initial=Method.BANK_TRANSFER)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("The bank's number of the transfer, or of the cheque."),
    )


class ReleaseForm(MoneyMovedForm):
    """Pay what is unlocked on one line."""

    line = forms.CharField(max_length=40, widget=forms.HiddenInput)


class AskForm(OnceForm):
    """The contractor asks for an advance."""

    milestone = forms.TypedChoiceField(label=_("Which milestone is it for?"), coerce=UUID)
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(
        label=_("Why is it needed now?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    catch_up_on = DayField(
        label=_("By when will the work have caught up?"),
        help_text=_("The day on which the milestone will be ready for signing. Both sides see if it was."),
    )

    def __init__(self, *args: Any, milestones: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "milestone", milestones)


class ApproveForm(VersionForm):
    """A homeowner agrees to an advance, as it is offered or on other terms."""

    amount = MoneyField(label=_("Amount"), help_text=_("Less than was asked may be approved."))
    condition = forms.CharField(
        label=_("On a condition"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A guarantee, for example, or a date. The others who sign then approve it as well."),
    )


class DeclineForm(OnceForm):
    """Not to pay early."""

    reason = forms.CharField(
        label=_("In a few words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RecordForm(MoneyMovedForm):
    """Money that has already moved outside the gate."""

    line = forms.ChoiceField(
        label=_("What was it for?"),
        required=False,
        help_text=_("Without a choice it fills what is payable, in the order of the schedule."),
    )
    reason = forms.CharField(
        label=_("Why was it paid outside the schedule?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("amount", "paid_on", "line", "method", "reference", "reason")

    def __init__(self, *args: Any, lines: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "line", [("", _("No line in particular")), *lines])

    def clean_line(self) -> str | None:
        return self.cleaned_data["line"] or None


class ConfirmForm(OnceForm):
    """The money arrived."""

    received_on = DayField(label=_("Received on"))
    receipt_number = forms.CharField(
        label=_("Number of the receipt or invoice"), max_length=LONGEST_LINE, required=False
    )


class ReverseForm(OnceForm):
    """A payment, or part of it, taken back."""

    amount = MoneyField(label=_("Amount to take back"))
    why = forms.ChoiceField(label=_("What happened?"), choices=Reversal.Why.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DisputeForm(OnceForm):
    """What is wrong with a payment as it stands recorded."""

    reason = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "That it did not arrive, for example, or that the sum is another. The other side reads it."
        ),
    )


class AllocateForm(OnceForm):
    """Early money set off against a line with room."""

    line = forms.ChoiceField(label=_("Set off against"))
    amount = MoneyField(label=_("Amount"))

    def __init__(self, *args: Any, lines: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "line", lines)


class AnswerForm(OnceForm):
    """Yes or no to a reversal that waits."""

    consents = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda answer: answer == "yes"
    )


class PeriodForm(forms.Form):
    """The period of a certificate, both days included; it is only read, so it has no key.

    What is not asked for is filled in: until today, from the first day of that month.
    """

    on = DayField(label=_("Until"))

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        period = {"on": f"{today:%d/%m/%Y}"} | {name: day for name, day in asked.items() if day}
        super().__init__({"from": _month_of(period["on"])} | period)
        self.today = today
        self.fields = {"from": DayField(label=_("From")), **self.fields}

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("from"), self.cleaned_data.get("on")
        if ends and ends > self.today:
            self.add_error("on", _("Choose today or an earlier day."))
        elif begins and ends and begins > ends:
            self.add_error("from", _("The end cannot be before the start."))
        return self.cleaned_data


def _month_of(written: str) -> str:
    """The first day of the month of a day, as it is written; of what is no day, the same again."""
    try:
        day = DayField().clean(written)
    except forms.ValidationError:
        return written
    return f"{day:01/%m/%Y}"
