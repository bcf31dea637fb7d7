"""Beginning a project: choose a template, see the split and its front-loading test, invite the other side."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milestones.front_loading import FrontLoading, PlannedPayment, front_loading_of
from people.queries import verified_addresses
from projects.actions import invite_party
from projects.models import Party, Project
from projects.money import total_of
from projects.once import Answer
from projects.page_kit import once, page, reader_of, show
from projects.policy import Policy
from projects.refusals import not_there
from tracker.actions import create_project
from tracker.catalogue import KEYS, Template, milestones_from_template, template_of, templates, vat_rate_on
from tracker.forms import OTHER_SIDE, ContractForm, OtherSideForm, Split, WholeContractForm, first_day

NOTHING = "blank"
STEPS = [_("Template"), _("Amounts and dates"), _("The other side")]
LOOKS = {"house": "house", "renovation": "paint-roller", "kitchen": "cooking-pot"}


def choices() -> list[dict[str, Any]]:
    """The templates as cards."""
    return [
        {
            "template": template,
            "icon": LOOKS[template.key],
            "weights": [stage.value_percent for stage in template.milestones],
            "first": template.milestones[0].title,
            "last": template.milestones[-1].title,
        }
        for template in templates(_language())
    ]


def _language() -> str:
    return (get_language() or "he")[:2]


@page()
def choose(request: HttpRequest) -> HttpResponse:
    """What are you building? A choice leads on to its amounts."""
    chosen = request.GET.get("template")
    if chosen in {*KEYS, NOTHING}:
        return HttpResponseRedirect(reverse("new_project_terms", args=[chosen]))
    return render(request, "tracker/choose.html", {"choices": choices(), "steps": STEPS})


@page("GET", "HEAD", "POST")
def terms(request: HttpRequest, template: str) -> HttpResponse:
    """Amounts and dates; the other side; then the project is made.

    The first form asks for the contract and makes the split; `do=split` makes it anew, `do=check` tests what
    was typed, `do=create` begins the project.
    """
    found = _template(template)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    contract = _contract(request, found)
    other = OtherSideForm(
        request.POST if do == "create" else None, own=verified_addresses(reader_of(request))
    )
    split = None
    if contract.is_valid():
        split = _split(request, found, contract, do)
        rows_are_good = split.is_valid()
        if do == "create" and rows_are_good and other.is_valid():
            return _create(request, found, contract, other, split)
    context = {
        "currency": Project._meta.get_field("currency").default,
        "template": found,
        "form": contract,
        "other": other,
        "split": split,
        "test": _test(contract, split) if split and split.forms else None,
        "sums": _sums(contract, split) if split else None,
        "steps": STEPS,
        "step": 3 if split and not split.forms else 2,
    }
    return show(request, "tracker/terms.html", context, contract)


def _template(key: str) -> Template | None:
    """The chosen template; None for a project from nothing."""
    if key == NOTHING:
        return None
    if key not in KEYS:
        raise not_there()
    return template_of(key, _language())


def _contract(request: HttpRequest, found: Template | None) -> ContractForm:
    initial: dict[str, Any] = {"starts_on": first_day(timezone.localdate()), "deposit": Decimal(0)}
    data = request.POST if request.method == "POST" else None
    if found is None:
        return WholeContractForm(data, initial=initial)
    initial |= {"retention_percent": found.retention_percent, "name": _first_name(request, found)}
    return ContractForm(data, initial=initial)


def _first_name(request: HttpRequest, found: Template) -> str:
    """What the project is called until somebody calls it otherwise: nobody has to type it."""
    return f"{found.name}, {request.user.full_name}"


def _split(request: HttpRequest, found: Template | None, contract: ContractForm, do: str) -> Split:
    """The template's milestones for this contract, or, unless it is made anew, as they were typed."""
    if found is None:
        return Split([])
    given = contract.cleaned_data
    stages = milestones_from_template(
        found.key, given["contract_total"], given["starts_on"], _language(), given["deposit"]
    )
    return Split(stages, request.POST if do in {"check", "create"} else None)


def _test(contract: ContractForm, split: Split) -> FrontLoading:
    planned = [PlannedPayment(n, *sums) for n, sums in enumerate(split.sums(), start=1)]
    given = contract.cleaned_data
    return front_loading_of(
        given["contract_total"], given["deposit"], given["retention_percent"], planned, Policy()
    )


def _sums(contract: ContractForm, split: Split) -> dict[str, Decimal]:
    """What the rows add up to, and what is missing to the total (negative: too much). Money."""
    total, deposit = contract.cleaned_data["contract_total"], contract.cleaned_data["deposit"]
    values = total_of([value for value, _amount in split.sums()])
    amounts = total_of([amount for _value, amount in split.sums()])
    return {
        "values": values,
        "amounts": amounts,
        "values_missing": total - values,
        "amounts_missing": total - deposit - amounts,
    }


def _create(
    request: HttpRequest, found: Template | None, contract: ContractForm, other: OtherSideForm, split: Split
) -> HttpResponse:
    """Begin the project and invite the other side; the same form sent twice does both once."""
    given = contract.inputs()
    inputs = given | {
        "kind": found.kind if found else given["kind"],
        "template": found.key if found else "",
        "vat_rate": vat_rate_on(given["starts_on"]),
        "milestones": split.rows(),
    }
    made = once(request, create_project, None, _with_id, inputs, part="project")
    project_id = UUID(made.body)
    if email := other.cleaned_data["email"]:
        invitation = {"email": email, "role": OTHER_SIDE[given["my_role"]]}
        once(request, invite_party, project_id, _with_id, invitation, part="invitation")
    return HttpResponseRedirect(reverse("project", args=[project_id]))


def _with_id(made: Project | Party) -> Answer:
    return Answer(201, str(made.pk))
