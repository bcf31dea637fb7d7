"""Forms of what is found: an inspection, a defect, its repair, and what that may cost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.forms import NewDateForm, ShownForm
from projects.form_kit import LONGEST_LINE, LONGEST_TEXT, DayField, MoneyField, OnceForm, PercentField


def note_field(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, required=False, widget=area)


class InspectForm(ShownForm):
    """How far the work was found to be, with what shows it."""

    percent = PercentField(
        label=_("How far did you find the work, in percent?"),
        help_text=_("It counts as verified work. It unlocks no payment; only a sign-off does."),
    )
    note = note_field(_("What did you see?"))


class DefectForm(ShownForm):
    """A defect: what and where, whether it holds up the sign-off, by when, and what its repair may cost."""

    title = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST_LINE,
        help_text=_("One fact. No blame."),
        error_messages={"required": _("Write in a few words what is wrong, and where.")},
    )
    place = forms.CharField(label=_("Where?"), max_length=LONGEST_LINE, required=False)
    blocking = forms.BooleanField(
        label=_("To be fixed before the sign-off"),
        required=False,
        help_text=_("The milestone cannot be submitted while it is open."),
    )
    fix_by = DayField(label=_("Fixed by when?"), required=False)
    estimated_cost = MoneyField(
        zero=True,
        required=False,
        label=_("What may the repair cost?"),
        help_text=_("An engineer's estimate counts. Without one the homeowners' does, up to the value."),
    )
    note = note_field(_("Note"))


class DoneForm(ShownForm):
    """The contractor says that a defect is fixed."""

    note = note_field(_("What was done?"))


class FixDateForm(NewDateForm):
    """A new fix date: what happened, and until when."""

    fix_by = DayField(label=_("The new date"), help_text=_("Better a later date that can be kept."))

    field_order = ("cause", "fix_by", "reason")


class ReopenForm(ShownForm):
    """It is not fixed after all."""

    note = note_field(_("What did you see?"))


class FoundAgainForm(ReopenForm):
    """It is not fixed after all, though its repair was verified: a new defect, with a date of its own."""

    fix_by = DayField(label=_("Fixed by when?"), required=False)


class EstimateForm(OnceForm):
    amount = MoneyField(zero=True, label=_("What may the repair cost?"))
