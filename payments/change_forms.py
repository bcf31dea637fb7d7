"""Forms about changes of the signed terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.forms import SIGNERS, PlannedForm
from payments.models import MOST_DAYS
from projects.form_kit import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Choices,
    DayField,
    LinesField,
    MoneyField,
    OnceForm,
    offer,
)


class ReasonedForm(OnceForm):
    """What is said of every change: what it is, and why."""

    title = forms.CharField(label=_("What changes?"), max_length=LONGEST_LINE)
    reason = forms.CharField(
        label=_("Why is it needed?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeForm(ReasonedForm):
    """More or less work in one milestone: its price, and its date."""

    milestone = forms.ChoiceField(label=_("In which milestone?"))
    way = forms.ChoiceField(
        label=_("The price"),
        choices=[("add", _("Addition")), ("deduct", _("Deduction"))],
        initial="add",
        widget=forms.RadioSelect,
    )
    amount = MoneyField(
        zero=True,
        label=_("By how much?"),
        help_text=_(
            "The value of the work, its payment and the contract total change by this sum. 0 if none."
        ),
    )
    days = forms.IntegerField(
        label=_("Days added to its date"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("Empty if the date stays. With a minus it comes earlier."),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )

    field_order = ("milestone", "title", "way", "amount", "days", "reason")

    def __init__(self, *args: Any, milestones: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "milestone", milestones)

    def inputs(self) -> dict[str, Any]:
        given = super().inputs()
        sign = -1 if given.pop("way") == "deduct" else 1
        return given | {"amount": sign * given["amount"], "days": given["days"] or 0}


class AddForm(PlannedForm, ReasonedForm):
    """A milestone that is added to the signed contract, and called as the change is."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_LINE)
    amount = MoneyField(
        zero=True, label=_("Price"), help_text=_("What its work is worth, and what is paid for it.")
    )
    criteria = LinesField(
        label=_("When is it done?"),
        max_length=20 * LONGEST_TEXT,
        help_text=_("In the words of the people who will live there. One criterion to a line."),
    )
    signers = forms.MultipleChoiceField(
        label=_("Who signs it off"),
        choices=SIGNERS,
        initial=["homeowner"],
        widget=forms.CheckboxSelectMultiple,
    )
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)

    field_order = ("title", "criteria", "amount", "signers", "planned_start", "planned_end", "reason")


class SettleForm(OnceForm):
    """What is taken off for a defect that is then closed."""

    amount = MoneyField(
        label=_("By how much does the price fall?"),
        help_text=_("The value of the work, its payment and the contract total fall by this sum."),
    )
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def inputs(self) -> dict[str, Any]:
        given = super().inputs()
        return given | {"amount": -given["amount"]}


class DeclineForm(OnceForm):
    """No to a change, or back with one's own."""

    reason = forms.CharField(
        label=_("In a few words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
