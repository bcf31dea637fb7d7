"""Forms of expectations: their words, the contractor's answer, and how they were judged."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.models import Expectation
from projects.form_kit import LONGEST_LINE, LONGEST_TEXT, Choices, MoneyField, OnceForm, VersionForm, offer

LONGEST_GOAL = 500


class ExpectationForm(OnceForm):
    """A goal and how it is measured, in the client's words."""

    goal = forms.CharField(
        label=_("What do you expect?"),
        max_length=LONGEST_GOAL,
        help_text=_("In the words of the people who will live there. One goal at a time."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    measure = forms.CharField(
        label=_("How will both sides see that it was met?"),
        max_length=LONGEST_GOAL,
        help_text=_("Something that can be seen, counted or measured."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    milestones = forms.MultipleChoiceField(
        label=_("Which milestones does it concern?"),
        required=False,
        help_text=_("Without a choice it concerns the whole project."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, milestones: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "milestones", milestones)
        if not milestones:
            del self.fields["milestones"]

    def clean_milestones(self) -> list[UUID]:
        return [UUID(milestone) for milestone in self.cleaned_data["milestones"]]


class EditExpectationForm(ExpectationForm, VersionForm):
    """The same, from the version that was read."""


def words_of(expectation: Expectation) -> dict[str, Any]:
    """An expectation as its form begins with it."""
    named = [str(concern.milestone_id) for concern in expectation.concerns.all()]
    words = {name: getattr(expectation, name) for name in ("goal", "measure", "version")}
    return words | {"milestones": named}


class ConfirmExpectationForm(VersionForm):
    """It will be met. For a promise of the sales side, the person who stands behind it."""

    doer = forms.CharField(
        label=_("Who will do the work?"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("The name of the person on site who stands behind it."),
    )

    def __init__(self, *args: Any, expectation: Expectation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["doer"].required = expectation.is_sales_promise
        self.fields["doer"].error_messages["required"] = _("Name the person who will do the work.")


class CounterForm(ConfirmExpectationForm):
    """Not realistic as stated: what meeting it would take."""

    counter = forms.CharField(
        label=_("What is realistic, and what would meeting it take?"),
        max_length=LONGEST_TEXT,
        help_text=_("Plain words. If the homeowners accept, this is the final wording."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    cost = MoneyField(
        label=_("What would meeting it cost?"),
        required=False,
        help_text=_("Only a figure to decide by. It changes no amount of the contract."),
    )

    field_order = ("counter", "cost", "doer")


class JudgeForm(OnceForm):
    """Met or not met, and in a few words what was seen."""

    met = forms.TypedChoiceField(
        label=_("Was it met?"),
        choices=[("yes", _("Met")), ("no", _("Not met"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: met, or not met.")},
    )
    note = forms.CharField(
        label=_("What did you see?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("Needed where it was not met. One fact, with a place. No blame."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
