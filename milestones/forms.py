"""Forms of the milestones: terms, progress, submission, return, signing."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from milestones.models import Criterion, Milestone, Reschedule
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
from projects.money import ZERO

PHOTOS = "image/jpeg,image/heic,image/png,image/webp"

SIGNERS = [(role.value, role.label) for role in Role if role in SIGNER_ROLES]


class PlannedForm(forms.Form):
    """A form with the planned days of a milestone: it does not end before it starts."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("planned_start"), cleaned.get("planned_end")
        if start and end and end < start:
            self.add_error("planned_end", _("The end is before the start."))
        return cleaned


class MilestoneForm(PlannedForm, OnceForm):
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


class ShownForm(OnceForm):
    """A form with photos and documents: from the camera, and what lies on the device."""

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

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("camera", "evidence"):
            field = self.fields[name]
            assert isinstance(field, FilesField)
            field.zone = zone

    @property
    def uploads(self) -> list[Upload]:
        return [*self.cleaned_data["camera"], *self.cleaned_data["evidence"]]

    def inputs(self) -> dict[str, Any]:
        return {name: said for name, said in super().inputs().items() if name not in {"camera", "evidence"}}


class LogForm(ShownForm):
    """What the contractor shows: photos first, then what they show, then how far it is."""

    criterion = forms.ChoiceField(label=_("What do they show?"), required=False, widget=forms.RadioSelect)
    percent = PercentField(
        label=_("How far is the work, in percent?"), help_text=_("Your report. It never unlocks a payment.")
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, milestone: Milestone, **options: Any) -> None:
        super().__init__(*args, zone=milestone.project.time_zone, **options)
        offer(self, "criterion", [*_choices(milestone), ("", _("The milestone in general"))])

    def clean_criterion(self) -> UUID | None:
        return UUID(self.cleaned_data["criterion"]) if self.cleaned_data["criterion"] else None


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


SHOWS_A_DEFECT = ("place", "fix_by", "camera", "evidence")


class ReturnForm(ShownForm, VersionForm):
    """Not yet: which criteria are unmet, what was seen, and the defect to be fixed, where there is one."""

    unmet_criteria = forms.MultipleChoiceField(
        label=_("Which criterion is it about?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("What did you see?"),
        max_length=LONGEST_TEXT,
        help_text=_("One fact, with a place. No blame."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words what you saw, so that it can be fixed.")},
    )
    title = forms.CharField(
        label=_("A short name"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Without one, the first words of what you saw."),
    )
    place = forms.CharField(label=_("Where?"), max_length=LONGEST_LINE, required=False)
    fix_by = DayField(label=_("Fixed by when?"), required=False)
    blocking = forms.BooleanField(
        label=_("Fix it before the payment"),
        required=False,
        initial=True,
        help_text=_("You may take the mark off if it can wait."),
    )

    def __init__(self, *args: Any, milestone: Milestone, **options: Any) -> None:
        super().__init__(*args, zone=milestone.project.time_zone, **options)
        offer(self, "unmet_criteria", _choices(milestone))

    def clean_unmet_criteria(self) -> list[UUID]:
        return [UUID(criterion) for criterion in self.cleaned_data["unmet_criteria"]]

    def clean(self) -> dict[str, Any]:
        """A photo, a place or a date tells of a defect; without a name it is called by what was seen."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("title") and any(cleaned.get(name) for name in SHOWS_A_DEFECT):
            seen = " ".join(cleaned.get("reason", "").split())
            cleaned["title"] = Truncator(seen).chars(LONGEST_LINE)
        elif not cleaned.get("title") and not cleaned.get("unmet_criteria"):
            self.add_error(
                "unmet_criteria", _("Choose at least one criterion that is not met, or name a defect.")
            )
        return cleaned

    @property
    def names_a_defect(self) -> bool:
        return bool(self.cleaned_data["title"])

    def inputs(self) -> dict[str, Any]:
        said = super().inputs()
        defect = {name: said.pop(name) for name in ("title", "place", "fix_by", "blocking")}
        return said | {"defects": [defect] if self.names_a_defect else []}


MINOR_ROWS = 3


class NewDateForm(OnceForm):
    """What happened, before a date is moved."""

    cause = forms.ChoiceField(
        label=_("What happened?"), choices=Reschedule.Cause.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("In your words"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("They get it as you write it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RescheduleForm(NewDateForm):
    """A new date for a milestone: what happened, and until when."""

    agreed_end = DayField(label=_("The new date"), help_text=_("Better a later date that can be kept."))

    field_order = ("cause", "agreed_end", "reason")


class SignForm(VersionForm):
    """A signature under the version that was shown, with minor defects and what is withheld for them."""

    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in range(1, MINOR_ROWS + 1):
            self.fields[f"title_{row}"] = forms.CharField(
                label=_("What is wrong, and where?"), max_length=LONGEST_LINE, required=False
            )
            self.fields[f"withheld_{row}"] = MoneyField(
                zero=True, required=False, label=_("Withheld until it is fixed")
            )
            self.fields[f"fix_by_{row}"] = DayField(label=_("Fixed by when?"), required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each minor defect, as a page shows them."""
        names = ("title", "withheld", "fix_by")
        return [{name: self[f"{name}_{row}"] for name in names} for row in range(1, MINOR_ROWS + 1)]

    @property
    def has_rows(self) -> bool:
        """Whether something was written about a minor defect."""
        return any(bound.value() or bound.errors for row in self.rows for bound in row.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in range(1, MINOR_ROWS + 1):
            is_told = cleaned.get(f"withheld_{row}") or cleaned.get(f"fix_by_{row}")
            if is_told and not cleaned.get(f"title_{row}"):
                self.add_error(f"title_{row}", _("Write in a few words what is wrong, and where."))
        return cleaned

    def inputs(self) -> dict[str, Any]:
        said = self.cleaned_data
        minor = [
            {
                "title": said[f"title_{row}"],
                "withheld": said[f"withheld_{row}"] or ZERO,
                "fix_by": said[f"fix_by_{row}"],
            }
            for row in range(1, MINOR_ROWS + 1)
            if said[f"title_{row}"]
        ]
        return {"version": said["version"], "note": said["note"], "minor_defects": minor}


def _choices(milestone: Milestone) -> list[tuple[str, str]]:
    criteria: list[Criterion] = list(milestone.criteria.all())
    return [(str(criterion.id), format_html("<bdi>{}</bdi>", criterion.text)) for criterion in criteria]
