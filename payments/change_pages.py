"""Pages about changes of the signed terms: the list, what one would do, proposing and signing it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.models import Defect
from milestones.rules import settlement_refusal, those_who_sign_the_agreement
from milestones.web import OPEN_FOR_WORK, defect_address, defect_for
from payments.actions import decline_change, propose_change, sign_change
from payments.actions.common import refuse
from payments.change_forms import AddForm, ChangeForm, DeclineForm, SettleForm
from payments.changing import (
    ChangeWithVersion,
    changes_so_far,
    changes_visible_to,
    preview_of,
    signatures_that_count,
    state_of,
    waits_for_signature,
    with_settlement,
)
from payments.queries import ledger_of
from projects import clock
from projects.form_kit import VersionForm
from projects.models import Party, Project
from projects.page_kit import (
    may_do,
    page,
    part_in,
    perform,
    posted,
    press,
    project_context,
    reader_of,
    require_part,
    require_proof,
    row_or_not_there,
    show,
)
from projects.queries import parties_of

FORM = ("GET", "HEAD", "POST")


@page()
def changes(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Every change of the signed terms, and what those in force amount to."""
    part = part_in(request, project_id)
    found = changes_visible_to(reader_of(request)).filter(project=part.project)
    rows = [
        {"order": order, "state": state_of(order), "waits": waits_for_signature(order, part)}
        for order in found
    ]
    context = project_context(part, "project") | {
        "rows": rows,
        "so_far": changes_so_far(part.project),
        "may_propose": part.project.state == Project.State.ACTIVE and may_do(part, propose_change),
    }
    return render(request, "payments/changes.html", context)


@page(*FORM)
def propose(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """More or less work in a milestone that is not signed off: its price and its date."""
    part = part_in(request, project_id)
    require_part(part, propose_change)
    found = part.project.milestones.filter(state__in=OPEN_FOR_WORK).order_by("position")
    open_ones = [(str(m.pk), f"{m.position}. \u2068{m.title}\u2069") for m in found]
    initial = {"milestone": request.GET.get("milestone", "")}
    form = ChangeForm(posted(request), milestones=open_ones, initial=initial)
    if form.is_valid() and (done := _propose(request, form, part)):
        return done
    context = project_context(part, "project") | {"form": form, "has_milestones": bool(open_ones)}
    return show(request, "payments/change_propose.html", context, form)


@page(*FORM)
def add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Another milestone at the end of the contract."""
    part = part_in(request, project_id)
    require_part(part, propose_change)
    form = AddForm(posted(request))
    if form.is_valid() and (done := _propose(request, form, part)):
        return done
    context = project_context(part, "project") | {"form": form, "adds": True, "has_milestones": True}
    return show(request, "payments/change_propose.html", context, form)


@page(*FORM)
def settle(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """A minor defect of a signed milestone, closed for good by a deduction that both sides sign."""
    defect, part = defect_for(request, defect_id, propose_change)
    form = SettleForm(posted(request))
    if settlement_refusal(defect, defect.now.state) and not form.is_valid():
        return redirect(defect_address(defect))
    about = {"title": defect.title, "defect": defect.pk}
    if form.is_valid() and (done := _propose(request, form, part, **about)):
        return done
    waiting = with_settlement(Defect.objects.filter(pk=defect_id)).get()
    context = {"form": form, "defect": defect, "milestone": defect.milestone, "waiting": waiting}
    return show(request, "payments/change_settle.html", project_context(part, "project") | context, form)


def _propose(
    request: HttpRequest, form: ChangeForm | AddForm | SettleForm, part: Party, **about: Any
) -> HttpResponse | None:
    said = _("The change is proposed. It is in force when both sides have signed it.")
    inputs = form.inputs() | about
    return perform(request, form, propose_change, part.project_id, _address, said=said, **inputs)


def _address(order: Any) -> str:
    return reverse("change", args=[order.pk])


def _change(request: HttpRequest, change_id: UUID) -> tuple[ChangeWithVersion, Party]:
    order = row_or_not_there(changes_visible_to(reader_of(request)), change_id)
    return order, part_in(request, order.project_id)


@page()
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """What a change says, what it would do to price, date and exposure, who signed, the reader's answer."""
    order, part = _change(request, change_id)
    waits = waits_for_signature(order, part)
    is_own = order.party_id == part.id
    context = _about(order, part) | {
        "waits": waits,
        "is_own": is_own,
        "may_decline": state_of(order) == "proposed"
        and may_do(part, decline_change)
        and (is_own or part.may_sign),
        "decline_form": DeclineForm(),
    }
    return render(request, "payments/change.html", context)


def _about(order: ChangeWithVersion, part: Party) -> dict[str, Any]:
    """A change with its preview while it waits, and who signed or has still to sign."""
    project, state = part.project, state_of(order)
    signed = {signature.party_id: signature for signature in signatures_that_count(order)}
    context = project_context(part, "project") | {
        "order": order,
        "state": state,
        "criteria": order.criteria.split("\n") if order.criteria else [],
        "signatures": list(signed.values()),
    }
    if state != "proposed":
        return context
    preview = preview_of(order, project, ledger_of(project), clock.today(project.time_zone))
    awaited = [p for p in those_who_sign_the_agreement(parties_of(project)) if p.id not in signed]
    refusal = refuse(preview.refusal).sentence if preview.refusal else ""
    return context | {"preview": preview, "awaited": awaited, "refusal": refusal}


@page(*FORM)
def sign(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """A moment before the signature: what it says and what it does. Reading never signs."""
    order, part = _change(request, change_id)
    require_part(part, sign_change)
    form = VersionForm(posted(request), initial={"version": order.version})
    if request.method != "POST" and not waits_for_signature(order, part):
        return redirect("change", change_id)
    if proof := require_proof(request):
        return proof
    said = _("Your signature is in the journal.")
    if form.is_valid() and (
        done := perform(request, form, sign_change, change_id, _address(order), said=said, **form.inputs())
    ):
        return done
    return show(request, "payments/change_sign.html", _about(order, part) | {"form": form}, form)


@page("POST")
def decline(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """No to a change, or back with one's own."""
    said = _("Your answer is in the journal.")
    return press(request, decline_change, change_id, _address, form_class=DeclineForm, said=said)
