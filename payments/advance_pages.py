"""Pages about money before the signature: the request with its decision, and one page for each act on it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.models import DefectNow, Milestone
from milestones.queries import defects_visible_to, milestones_of
from milestones.showing import DefectRow, defect_rows
from payments.actions import (
    approve_advance,
    ask_for_advance,
    decline_advance,
    open_advance,
    pay_advance,
    withdraw_advance,
)
from payments.advance_showing import decision_on, earlier_than, scenarios_of
from payments.advances import (
    AdvanceWithFacts,
    advances_of,
    advances_visible_to,
    catch_up_of,
    offer_of,
    open_advance_among,
)
from payments.forms import ApproveForm, AskForm, DeclineForm, MoneyMovedForm
from payments.queries import ledger_of
from projects import clock
from projects.kernel import Action
from projects.models import Party, Project
from projects.page_kit import (
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
TWO_WEEKS = timedelta(days=14)


def _advance(request: HttpRequest, advance_id: UUID) -> tuple[AdvanceWithFacts, Party]:
    found = row_or_not_there(advances_visible_to(reader_of(request)), advance_id)
    return found, part_in(request, found.project_id)


def _for(request: HttpRequest, advance_id: UUID, action: Action[..., Any]) -> tuple[AdvanceWithFacts, Party]:
    """A request of which the page's only purpose is an act that the reader's part includes."""
    found, part = _advance(request, advance_id)
    require_part(part, action)
    return found, part


def _today(project: Project) -> date:
    return clock.today(project.time_zone)


def _address(advance_id: UUID) -> str:
    return reverse("advance", args=[advance_id])


def _context(part: Party, advance: AdvanceWithFacts) -> dict[str, Any]:
    """The request, and what paying it would do now."""
    project = part.project
    stages = list(milestones_of(project))
    ledger = ledger_of(project, stages)
    return project_context(part, "payments") | {
        "advance": advance,
        "milestone": next(stage for stage in stages if stage.pk == advance.milestone_id),
        "offer": offer_of(advance),
        "promise": catch_up_of(advance, _today(project)),
        "scenarios": scenarios_of(project, ledger, stages, advance, _today(project)),
    }


@page()
def advance(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """What paying early would do, what the journal says of earlier times, and the decision."""
    found, part = _advance(request, advance_id)
    project, now = part.project, clock.now()
    every = list(advances_of(project))
    context = _context(part, found) | {
        "decision": decision_on(found, part, parties_of(project), now),
        "earlier": earlier_than(found, every, _today(project), now),
        "defects": _open_defects(request, found, part),
    }
    return render(request, "payments/advance.html", context)


def _open_defects(request: HttpRequest, advance: AdvanceWithFacts, part: Party) -> list[DefectRow]:
    """What is still to be repaired or verified in the milestone that the money is asked for."""
    found = defects_visible_to(reader_of(request)).filter(milestone=advance.milestone_id)
    still_open = found.exclude(now__state__in=DefectNow.CLOSED)
    return defect_rows(still_open, part, _today(part.project))


@page(*FORM)
def ask(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The contractor asks for part of a payment before its milestone is signed off."""
    part = part_in(request, project_id)
    require_part(part, ask_for_advance)
    project = part.project
    open_one = open_advance_among(advances_of(project), clock.now())
    if request.method != "POST" and (open_one or project.state != Project.State.ACTIVE):
        return redirect("advance", open_one.id) if open_one else redirect("project", project_id)
    unsigned = milestones_of(project).exclude(state=Milestone.State.SIGNED_OFF)
    choices = [(str(stage.id), f"{stage.position}. \u2068{stage.title}\u2069") for stage in unsigned]
    initial = {"milestone": request.GET.get("milestone", ""), "catch_up_on": _today(project) + TWO_WEEKS}
    form = AskForm(posted(request), milestones=choices, initial=initial)
    if form.is_valid():
        said = _("The homeowners see your request, with what it would mean for them.")
        inputs = form.inputs()
        done = perform(
            request, form, ask_for_advance, project_id, lambda made: _address(made.id), said=said, **inputs
        )
        if done:
            return done
    context = project_context(part, "payments") | {"form": form}
    return show(request, "payments/advance_ask.html", context, form)


@page("POST")
def open_it(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """A homeowner opens the request: the time to think runs from the last one."""
    said = _("You have opened the request.")
    return press(request, open_advance, advance_id, _address(advance_id), said=said)


@page("POST")
def withdraw(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """The contractor takes the request back."""
    said = _("The request is taken back.")
    return press(request, withdraw_advance, advance_id, _address(advance_id), said=said)


@page(*FORM)
def approve(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """A moment before agreeing: what it would do, once more. Shown only when the time to think is over."""
    found, part = _for(request, advance_id, approve_advance)
    offer = offer_of(found)
    decision = decision_on(found, part, parties_of(part.project), clock.now())
    if request.method != "POST" and not decision.may_approve:
        return redirect("advance", advance_id)
    if proof := require_proof(request):
        return proof
    initial = {"version": offer.version, "amount": offer.amount, "condition": offer.condition}
    form = ApproveForm(posted(request), initial=initial)
    said = _("Your approval is in the journal. Nothing was paid by it.")
    if form.is_valid() and (
        done := perform(
            request, form, approve_advance, advance_id, _address(advance_id), said=said, **form.inputs()
        )
    ):
        return done
    context = _context(part, found) | {"form": form, "decision": decision}
    return show(request, "payments/advance_approve.html", context, form)


@page(*FORM)
def decline(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """Not to pay early, with a word why if one likes."""
    found, part = _for(request, advance_id, decline_advance)
    form = DeclineForm(posted(request))
    said = _("The payment stays locked until the milestone is signed off.")
    if form.is_valid() and (
        done := perform(
            request, form, decline_advance, advance_id, _address(advance_id), said=said, **form.inputs()
        )
    ):
        return done
    return show(request, "payments/advance_decline.html", _context(part, found) | {"form": form}, form)


@page(*FORM)
def pay(request: HttpRequest, advance_id: UUID) -> HttpResponse:
    """Write down that the approved advance was paid. Only an approved one has such a page."""
    found, part = _for(request, advance_id, pay_advance)
    decision = decision_on(found, part, parties_of(part.project), clock.now())
    if request.method != "POST" and not decision.may_pay:
        return redirect("advance", advance_id)
    if proof := require_proof(request):
        return proof
    initial = {"amount": decision.offer.amount, "paid_on": _today(part.project)}
    form = MoneyMovedForm(posted(request), initial=initial)
    back = reverse("payments", args=[part.project_id])
    said = _("Recorded in the journal. The transfer itself is made in your bank.")
    if form.is_valid() and (
        done := perform(request, form, pay_advance, advance_id, back, said=said, **form.inputs())
    ):
        return done
    return show(request, "payments/advance_pay.html", _context(part, found) | {"form": form}, form)
