"""Forms of the milestones: terms, progress, submission, return, signing."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from milestones.models import Criterion, Milestone
from milestones.rules import SIGNER_ROLES
from projects.form_kit import (
    LONGEST_LINE,
    LONGEST_TEXT,
    DayField,
    FilesField,
    FilesInput,
    LinesField,
    MoneyField,
    OnceForm,
    PercentField,
    Upload,
    VersionForm,
    offer,
)
from projects.models import Role

PHOTOS = "image/jpeg,image/heic,image/png,image/webp"
SIGNERS = [(role.value, role.label) for role in Role if role in SIGNER_ROLES]


class MilestoneForm(OnceForm):
    """The terms of one milestone in a draft."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_LINE)
    description = forms.CharField(
        label=_("Description"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    value = MoneyField(
        zero=True,
        label=_("Value of the work"),
        help_text=_("What this milestone is worth within the contract."),
    )
    amount = MoneyField(
        zero=True, label=_("Payment"), help_text=_("What is paid when this milestone is signed off.")
    )
    planned_start = DayField(label=_("Planned start"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False)
    signers = forms.MultipleChoiceField(
        label=_("Who signs it off"),
        choices=SIGNERS,
        initial=["homeowner"],
        widget=forms.CheckboxSelectMultiple,
    )
    criteria = LinesField(
        label=_("When is it done?"),
        max_length=20 * LONGEST_TEXT,
        help_text=_("In the words of the people who will live there. One criterion to a line."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("planned_start"), cleaned.get("planned_end")
        if start and end and end < start:
            self.add_error("planned_end", _("The end is before the start."))
        return cleaned


class EditMilestoneForm(MilestoneForm, VersionForm):
    """The same, from the version that was read; criteria that did not change are left alone."""

    def inputs(self) -> dict[str, Any]:
        unchanged = set() if "criteria" in self.changed_data else {"criteria"}
        return {name: value for name, value in super().inputs().items() if name not in unchanged}


def terms_of(milestone: Milestone) -> dict[str, Any]:
    """A milestone's terms as a form begins with them."""
    names = ("title", "description", "value", "amount", "planned_start", "planned_end", "signers", "version")
    return {name: getattr(milestone, name) for name in names} | {
        "criteria": [criterion.text for criterion in milestone.criteria.all()]
    }


class LogForm(OnceForm):
    """What the contractor shows: photos first, then what they show, then how far it is."""

    camera = FilesField(
        label=_("Take a photo"),
        required=False,
        widget=FilesInput(attrs={"accept": "image/*", "capture": "environment", "multiple": False}),
    )
    evidence = FilesField(
        label=_("Photos and documents"),
        required=False,
        help_text=_("Several at once: JPEG, HEIC, PNG, WebP or PDF, up to 25 MB each."),
        widget=FilesInput(attrs={"accept": f"{PHOTOS},application/pdf"}),
    )
    criterion = forms.ChoiceField(label=_("What do they show?"), required=False, widget=forms.RadioSelect)
    percent = PercentField(
        label=_("How far is the work, in percent?"), help_text=_("Your report. It never unlocks a payment.")
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, milestone: Milestone, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("camera", "evidence"):
            field = self.fields[name]
            assert isinstance(field, FilesField)
            field.zone = milestone.project.time_zone
        offer(self, "criterion", [*_choices(milestone), ("", _("The milestone in general"))])

    def clean_criterion(self) -> UUID | None:
        return UUID(self.cleaned_data["criterion"]) if self.cleaned_data["criterion"] else None

    @property
    def uploads(self) -> list[Upload]:
        return [*self.cleaned_data["camera"], *self.cleaned_data["evidence"]]

    def inputs(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("criterion", "percent", "note")}


class SubmitForm(OnceForm):
    """Every criterion marked as met, and a word to the signers."""

    criteria_met = forms.MultipleChoiceField(
        label=_("What is done"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Mark every criterion as met before you submit.")},
    )
    note = forms.CharField(
        label=_("A word to those who sign"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, milestone: Milestone, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "criteria_met", _choices(milestone))

    def clean_criteria_met(self) -> list[UUID]:
        return [UUID(criterion) for criterion in self.cleaned_data["criteria_met"]]


class ReturnForm(VersionForm):
    """Not yet: which criteria are unmet, and what was seen."""

    unmet_criteria = forms.MultipleChoiceField(
        label=_("Which item is it about?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one item that is not met.")},
    )
    reason = forms.CharField(
        label=_("What did you see?"),
        max_length=LONGEST_TEXT,
        help_text=_("One fact, with a place. No blame."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words what you saw, so that it can be fixed.")},
    )

    def __init__(self, *args: Any, milestone: Milestone, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "unmet_criteria", _choices(milestone))

    def clean_unmet_criteria(self) -> list[UUID]:
        return [UUID(criterion) for criterion in self.cleaned_data["unmet_criteria"]]


class SignForm(VersionForm):
    """A signature under the version that was shown; the note is kept with it."""

    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _choices(milestone: Milestone) -> list[tuple[str, str]]:
    criteria: list[Criterion] = list(milestone.criteria.all())
    return [(str(criterion.id), format_html("<bdi>{}</bdi>", criterion.text)) for criterion in criteria]
