"""Beginning a project: choose a template, see the split and its front-loading test, invite the other side."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from milestones.front_loading import FrontLoading, PlannedPayment, front_loading_of
from people.queries import verified_addresses
from projects.actions import invite_party
from projects.drafts import draft_of
from projects.models import Party, Project
from projects.money import total_of
from projects.once import Answer
from projects.page_kit import once, page, posted, reader_of, show
from projects.policy import Policy
from projects.refusals import not_there
from projects.vat import vat_rate_on
from tracker.actions import create_project
from tracker.catalogue import KEYS, Template, milestones_from_template, template_of, templates
from tracker.forms import OTHER_SIDE, ContractForm, OtherSideForm, Split, WholeContractForm, first_day

NOTHING = "blank"
LIVE = "HX-Request"  # a header of htmx: the page asks what to say while one types
AS_TYPED = {"check", "adopt", "create"}  # what leaves the milestones as they were typed
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
    was typed (and answers typing itself: LIVE), `do=adopt` puts in what the test proposes,
    `do=create` begins the project.
    """
    found = _template(template)
    typed, do = _asked(request, found)
    contract, split = _written(request, found, typed, do)
    other = OtherSideForm(
        typed if do == "create" else None,
        own=verified_addresses(reader_of(request)),
        initial={"email": typed.get("email", "")} if typed else None,
    )
    if split and do == "create" and split.is_valid() and other.is_valid():
        return _create(request, found, contract, other, split)
    if LIVE in request.headers:
        return render(request, "tracker/split_live.html", _figures(contract, split))
    context = _figures(contract, split) | {
        "template": found,
        "form": contract,
        "other": other,
        "is_adopted": do == "adopt",
        "is_restored": bool(typed) and request.method != "POST",
        "steps": STEPS,
        "step": 3 if split and not split.forms else 2,
    }
    return show(request, "tracker/terms.html", context, _first_at_fault(contract, other, split))


def _asked(request: HttpRequest, found: Template | None) -> tuple[QueryDict | None, str]:
    """What was typed, and what is to be done with it; words of a lost session are only looked at again."""
    typed = posted(request)
    if typed is None:
        restored = draft_of(request)
        return restored, "check" if restored and "stage0-title" in restored else "split"
    do = typed.get("do", "")
    return (_with_proposal(request, found, typed) if do == "adopt" else typed), do


def _first_at_fault(contract: ContractForm, other: OtherSideForm, split: Split | None) -> Form:
    """The first part of the form with an error; the contract when there is none."""
    parts: list[Form] = [contract, other, *(split.forms if split else [])]
    return next((part for part in parts if part.is_bound and part.errors), contract)


def _figures(contract: ContractForm, split: Split | None) -> dict[str, Any]:
    """The split with what it adds up to and its front-loading test: what changes while one types."""
    return {
        "currency": Project._meta.get_field("currency").default,
        "split": split,
        "test": _test(contract, split) if split and split.forms and split.is_readable() else None,
        "sums": _sums(contract, split) if split else None,
    }


def _written(
    request: HttpRequest, found: Template | None, typed: QueryDict | None, do: str
) -> tuple[ContractForm, Split | None]:
    """The contract as far as it is written, and its milestones once it can be read, each row judged."""
    contract = _contract(request, found, typed)
    if not contract.is_valid():
        return contract, None
    split = _split(found, contract, typed if do in AS_TYPED else None)
    split.is_valid()
    return contract, split


def _with_proposal(request: HttpRequest, found: Template | None, typed: QueryDict) -> QueryDict:
    """What was typed, with the deposit and the payments that its front-loading test proposes.

    As it was where a sum cannot be read: the rows then say which.
    """
    contract, split = _written(request, found, typed, "adopt")
    if split is None or not split.forms or not split.is_valid():
        return typed
    test, proposed = _test(contract, split), typed.copy()
    proposed["deposit"] = str(test.proposed_deposit)
    for n, amount in enumerate(test.proposed_amounts):
        proposed[f"stage{n}-amount"] = str(amount)
    return proposed


def _template(key: str) -> Template | None:
    """The chosen template; None for a project from nothing."""
    if key == NOTHING:
        return None
    if key not in KEYS:
        raise not_there()
    return template_of(key, _language())


def _contract(request: HttpRequest, found: Template | None, typed: QueryDict | None) -> ContractForm:
    initial: dict[str, Any] = {"starts_on": first_day(timezone.localdate()), "deposit": Decimal(0)}
    if found is None:
        return WholeContractForm(typed, initial=initial)
    initial |= {"retention_percent": found.retention_percent, "name": _first_name(request, found)}
    return ContractForm(typed, initial=initial)


def _first_name(request: HttpRequest, found: Template) -> str:
    """What the project is called until somebody calls it otherwise: nobody has to type it."""
    return f"{found.name}, {request.user.full_name}"


def _split(found: Template | None, contract: ContractForm, typed: QueryDict | None) -> Split:
    """The template's milestones for this contract, or as they were typed."""
    if found is None:
        return Split([])
    given = contract.cleaned_data
    stages = milestones_from_template(
        found.key, given["contract_total"], given["starts_on"], _language(), given["deposit"]
    )
    return Split(stages, typed)


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
