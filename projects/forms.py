"""Forms of the ground: who is invited, and the terms of the whole project."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import clock
from projects.form_kit import (
    LONGEST_LINE,
    LONGEST_TEXT,
    DayField,
    IndexField,
    MoneyField,
    MonthField,
    OnceForm,
    PercentField,
    VersionForm,
    offer,
)
from projects.linkage import month_after
from projects.models import SIDES, Index, Party, Project, Role, Scope
from projects.policy import policy_of, problems_of
from projects.rules import invitation_refusal


class InviteForm(OnceForm):
    """An address and a role; only the roles that the inviter may bring are offered."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The invitation goes to this address.")
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    signs = forms.BooleanField(
        label=_("Signs"),
        required=False,
        initial=True,
        help_text=_("Without this mark they see everything and sign nothing."),
    )

    def __init__(self, *args: Any, roles: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "role", [(role, Role(role).label) for role in roles])
        self.fields["role"].initial = roles[0] if roles else None


def roles_to_invite(part: Party, parties: Sequence[Party]) -> list[str]:
    """The roles that this person may invite someone to now."""
    if part.role not in SIDES:
        return []
    draft = part.project.state == Project.State.DRAFT
    return [
        role
        for role in Role.values
        if invitation_refusal(part, role, parties, draft=draft, signs=True) is None
    ]


class ProjectForm(VersionForm):
    """The terms of a draft that are about the whole project, and its policy."""

    name = forms.CharField(label=_("Name of the project"), max_length=LONGEST_LINE)
    address = forms.CharField(label=_("Address"), max_length=LONGEST_LINE, required=False)
    contract_total = MoneyField(label=_("Contract total, with VAT"))
    deposit = MoneyField(
        zero=True, label=_("Deposit before work begins"), help_text=_("0 when nothing is paid in advance.")
    )
    retention_percent = PercentField(
        most=20,
        label=_("Retention, in percent"),
        help_text=_("Kept back from each milestone's payment until the end."),
    )
    vat_rate = PercentField(label=_("VAT rate, in percent"))
    starts_on = DayField(label=_("Start of work"))
    linkage_index = forms.TypedChoiceField(
        label=_("Which index are the payments linked to?"),
        choices=[("", _("None; the prices are final")), *Index.choices],
        required=False,
        empty_value=None,
    )
    linkage_share = PercentField(
        label=_("Linked share of every payment, in percent"),
        required=False,
        help_text=_("With 40, an index that rose by 10 percent adds 4 percent to a payment."),
    )
    linkage_base_month = MonthField(
        label=_("Base month"), required=False, help_text=_("The month against which later ones are measured.")
    )
    linkage_base_value = IndexField(
        label=_("Index of the base month"),
        required=False,
        help_text=_("As published, and on the scale on which later months are added."),
    )
    homeowner_signers = forms.ChoiceField(
        label=_("How many of the homeowners sign a milestone?"),
        choices=[("one", _("One is enough")), ("all", _("All of them"))],
        widget=forms.RadioSelect,
    )
    evidence_required = forms.BooleanField(
        label=_("No submission without a photo or document"), required=False
    )
    front_loading_percent = PercentField(
        label=_("Planned gap that is called front-loaded, in percent"), required=False
    )
    deposit_cap_percent = PercentField(label=_("Deposit that is warned of, in percent"), required=False)
    retention_at_completion = forms.TypedChoiceField(
        label=_("When the work is completed, what opens of the retention?"),
        choices=[
            ("half", _("Half of it; the rest after the defects period")),
            ("none", _("Nothing; all of it after the defects period")),
        ],
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    defects_period_months = forms.IntegerField(
        label=_("Defects period, in months"),
        required=False,
        help_text=_("It runs from the day of the handover. Up to 36 months."),
    )

    POLICY = (
        "homeowner_signers",
        "evidence_required",
        "front_loading_percent",
        "deposit_cap_percent",
        "retention_at_completion",
        "defects_period_months",
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        self.project = project
        policy = policy_of(project.policy)
        initial = {name: getattr(project, name) for name in self.base_fields if hasattr(project, name)}
        initial |= {name: getattr(policy, name) for name in self.POLICY}
        options["initial"] = initial
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        total, deposit = cleaned.get("contract_total"), cleaned.get("deposit")
        if total is not None and deposit is not None and deposit > total:
            self.add_error("deposit", _("The deposit is larger than the contract total."))
        self._clean_linkage(cleaned)
        for key, code in problems_of(self._policy()):
            self.add_error(key if key in self.fields else None, POLICY_PROBLEMS[code])
        return cleaned

    def _clean_linkage(self, cleaned: dict[str, Any]) -> None:
        """All of it, of a month that is over, or none of it."""
        missing = [name for name in LINKAGE if cleaned.get(name) is None and name not in self.errors]
        if len(missing) < len(LINKAGE):
            for name in missing:
                self.add_error(name, _("Needed for linkage to an index."))
        month = cleaned.get("linkage_base_month")
        if month and month_after(month) > clock.today(self.project.time_zone):
            self.add_error("linkage_base_month", _("Choose a month that is over."))

    def _policy(self) -> dict[str, object]:
        """The policy as stored: what the form holds over what it does not show; empty is the default."""
        given = {name: self.cleaned_data[name] for name in self.POLICY if name in self.cleaned_data}
        kept = {key: value for key, value in self.project.policy.items() if key not in given}
        return kept | {name: _as_stored(value) for name, value in given.items() if value is not None}

    def inputs(self) -> dict[str, Any]:
        terms = {name: value for name, value in super().inputs().items() if name not in self.POLICY}
        return terms | {"policy": self._policy()}


def _as_stored(value: object) -> object:
    """Numbers of a policy are kept as plain decimal strings (projects.policy)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


LINKAGE = ("linkage_index", "linkage_share", "linkage_base_month", "linkage_base_value")


class TokenForm(OnceForm):
    """A personal access token: what it is for, what it may do, how long."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it is for, such as: the bookkeeper's program.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        choices=[(30, _("30 days")), (365, _("One year")), ("", _("No end"))],
        initial=30,
        required=False,
        coerce=int,
        empty_value=None,
    )


POLICY_PROBLEMS = {
    "unknown": _("There is no such rule."),
    "invalid": _("This value is not valid."),
    "too_low": _("This is lower than the rule allows."),
    "too_high": _("This is higher than the rule allows."),
    "out_of_order": _("A lower level would reach above a higher one."),
}


def _words(label: Any, hint: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows})
    )


class ReasonForm(OnceForm):
    """A turn of the project, with its reason."""

    reason = _words(_("Reason"), _("Both sides read it, and it stays in the journal."))


class HandoverForm(OnceForm):
    """The handover protocol."""

    day = DayField(label=_("Handed over on"))
    text = _words(
        _("Protocol"),
        _("Keys and how many, documents and manuals, meter readings, and every open defect."),
        rows=10,
    )


class ClosingSumForm(OnceForm):
    """What settles a contract that ended early."""

    amount = MoneyField(zero=True, label=_("Closing sum"))
    direction = forms.ChoiceField(
        label=_("Who owes it?"),
        choices=[
            ("due", _("The homeowners owe it to the contractor")),
            ("back", _("The contractor owes it back to the homeowners")),
        ],
        widget=forms.RadioSelect,
    )
    text = _words(_("What it settles"), _("What was counted in, and what both sides leave aside."), rows=6)

    def inputs(self) -> dict[str, Any]:
        said = super().inputs()
        is_back = said.pop("direction") == "back"
        return said | {"amount": -said["amount"] if is_back else said["amount"]}
