"""Forms of the roof: beginning a project."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.forms import PlannedForm
from projects.form_kit import LONGEST_LINE, DayField, MoneyField, OnceForm, PercentField
from projects.models import Kind, Role
from projects.money import ZERO

SIDES = [
    (Role.HOMEOWNER.value, _("We are the homeowners")),
    (Role.CONTRACTOR.value, _("I am the contractor")),
]
OTHER_SIDE = {Role.HOMEOWNER.value: Role.CONTRACTOR.value, Role.CONTRACTOR.value: Role.HOMEOWNER.value}


class ContractForm(OnceForm):
    """The contract as a whole: what the split is made of, and what it is called."""

    my_role = forms.ChoiceField(
        label=_("Who are you here?"), choices=SIDES, initial=Role.HOMEOWNER.value, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Name of the project"),
        max_length=LONGEST_LINE,
        help_text=_("For example: Almog family house."),
    )
    address = forms.CharField(label=_("Address"), max_length=LONGEST_LINE, required=False)
    contract_total = MoneyField(label=_("Contract total, with VAT"))
    starts_on = DayField(label=_("Start of work"))
    deposit = MoneyField(
        zero=True,
        required=False,
        label=_("Deposit before work begins"),
        help_text=_("0 when nothing is paid in advance."),
    )
    retention_percent = PercentField(
        most=20,
        required=False,
        label=_("Retention, in percent"),
        help_text=_("Kept back from each milestone's payment until the end."),
    )

    def clean_deposit(self) -> Decimal:
        return self.cleaned_data["deposit"] or ZERO

    def clean_retention_percent(self) -> Decimal:
        return self.cleaned_data["retention_percent"] or ZERO

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        total, deposit = cleaned.get("contract_total"), cleaned.get("deposit")
        if total is not None and deposit is not None and deposit > total:
            self.add_error("deposit", _("The deposit is larger than the contract total."))
        return cleaned


class WholeContractForm(ContractForm):
    """A contract begun from nothing names its kind; its milestones are added afterwards."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect)


class OtherSideForm(forms.Form):
    """Who is invited with the new project; may be left for later."""

    email = forms.EmailField(
        label=_("E-mail of the other side"),
        max_length=254,
        required=False,
        help_text=_("They get an invitation, see the same draft, and may change it until both sign."),
    )

    def __init__(self, *args: Any, own: Collection[str], **options: Any) -> None:
        self.own = own
        super().__init__(*args, **options)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email in self.own:
            raise forms.ValidationError(_("This is your own address. Write that of the other side."))
        return email


class StageForm(PlannedForm):
    """One milestone of the split; who signs and on which criteria comes with the template."""

    title = forms.CharField(label=_("Milestone"), max_length=LONGEST_LINE)
    planned_start = DayField(label=_("From"), required=False)
    planned_end = DayField(label=_("Until"), required=False)
    value = MoneyField(label=_("Value of the work"), zero=True)
    amount = MoneyField(label=_("Payment"), zero=True)


class Split:
    """The milestones of a new project as one table of forms, in the order of the template."""

    def __init__(self, stages: list[dict[str, Any]], data: Mapping[str, Any] | None = None) -> None:
        self.stages = stages
        self.forms = [StageForm(data, prefix=f"stage{n}", initial=stage) for n, stage in enumerate(stages)]

    def is_valid(self) -> bool:
        """Every row is judged, so that each shows its own errors."""
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    def is_readable(self) -> bool:
        """Whether every sum can be read: only then is there something to say about the split as a whole."""
        return not any({"value", "amount"} & form.errors.keys() for form in self.forms)

    def rows(self) -> list[dict[str, Any]]:
        """The milestones as `create_project` takes them: as typed, over what the template says."""
        return [stage | form.cleaned_data for stage, form in zip(self.stages, self.forms, strict=True)]

    def sums(self) -> list[tuple[Decimal, Decimal]]:
        """Value and amount of each row that can be read; what cannot counts as nothing."""
        return [(self._sum(form, "value"), self._sum(form, "amount")) for form in self.forms]

    @staticmethod
    def _sum(form: StageForm, name: str) -> Decimal:
        if form.is_bound:
            return getattr(form, "cleaned_data", {}).get(name) or ZERO
        return form.initial[name]


def first_day(today: date) -> date:
    """The start that is proposed: the first of the month after next, so that there is time to agree."""
    month = today.month + 2
    return date(today.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
