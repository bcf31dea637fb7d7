"""How a project goes on and ends: a calm page for every turn, the handover, the settlement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone
from payments.actions import complete_project, terminate_project
from payments.queries import ledger_of, retention_of
from payments.rules import settlement_of
from projects import clock
from projects.endings import (
    BELONGS_TO,
    propose_closing_sum,
    propose_handover,
    resume_project,
    sign_closing_sum,
    sign_handover,
    suspend_project,
)
from projects.form_kit import OnceForm, VersionForm
from projects.forms import ClosingSumForm, HandoverForm, ReasonForm
from projects.kernel import Action
from projects.models import Deed, DeedSignature, Party, Project
from projects.page_kit import (
    may_do,
    page,
    part_in,
    perform,
    posted,
    project_context,
    reader_of,
    require_part,
    require_proof,
    show,
)
from projects.queries import deeds_visible_to, parties_of
from projects.rules import those_who_sign

FORM = ("GET", "HEAD", "POST")

State = Project.State


@dataclass(frozen=True)
class Words:
    """What the page of a turn says: its question, what follows, its button, and what is said after."""

    heading: object
    follows: tuple[object, ...]
    button: object
    icon: str
    said: object
    states: frozenset[str]
    form: type[OnceForm] = ReasonForm


COMPLETE = Words(
    _("Is all the work done?"),
    (
        _("The project counts as completed; nothing is submitted or signed off any more."),
        _("Where the agreement says so, half of the retention may be paid from now on."),
        _("Next comes the handover, with a protocol that both sides sign. The defects period runs from it."),
    ),
    _("Complete the project"),
    "circle-check",
    _("The project is completed."),
    frozenset({State.ACTIVE}),
    OnceForm,
)

SUSPEND = Words(
    _("Suspend the work"),
    (
        _("No progress, submission or signature until somebody resumes it."),
        _("What is payable stays payable, and dates raise no flags meanwhile."),
        _("Either side can resume it."),
    ),
    _("Suspend the work"),
    "hourglass",
    _("The work is suspended."),
    frozenset({State.ACTIVE}),
)

RESUME = Words(
    _("Resume the work"),
    (_("Progress, submissions and signatures are open again."), _("The agreed dates count again.")),
    _("Resume the work"),
    "hammer",
    _("The work goes on."),
    frozenset({State.SUSPENDED}),
)

TERMINATE = Words(
    _("End the contract before its work is done?"),
    (
        _("This cannot be taken back."),
        _("Milestones that are not signed off are closed, and money paid for them counts against no line."),
        _("What was signed off stays due. Its retention opens after the defects period, counted from today."),
        _("Then both sides can sign a closing sum that settles the rest."),
    ),
    _("End the contract"),
    "triangle-alert",
    _("The contract has ended. Next comes the settlement."),
    frozenset({State.ACTIVE, State.SUSPENDED}),
)


def _turn(request: HttpRequest, project_id: UUID, action: Action[..., Any], words: Words) -> HttpResponse:
    part = part_in(request, project_id)
    require_part(part, action)
    form = words.form(posted(request))
    if part.project.state not in words.states and not form.is_valid():
        return redirect("project", project_id)
    if action.terms.proof and (proof := require_proof(request)):
        return proof
    back = reverse("settlement" if words is TERMINATE else "project", args=[project_id])
    if form.is_valid() and (
        done := perform(request, form, action, project_id, back, said=words.said, **form.inputs())
    ):
        return done
    context = project_context(part) | {"words": words, "form": form, "missing": _missing(part.project, words)}
    return show(request, "tracker/turn.html", context, form)


def _missing(project: Project, words: Words) -> list[Milestone]:
    """The milestones that keep a project from its completion."""
    if words is not COMPLETE:
        return []
    undone = Milestone.objects.filter(project=project).exclude(state=Milestone.State.SIGNED_OFF)
    return list(undone.order_by("position"))


@page(*FORM)
def complete(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """All the work is signed off; the end of the contract begins."""
    return _turn(request, project_id, complete_project, COMPLETE)


@page(*FORM)
def suspend(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Stop the work for a while."""
    return _turn(request, project_id, suspend_project, SUSPEND)


@page(*FORM)
def resume(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Go on with suspended work."""
    return _turn(request, project_id, resume_project, RESUME)


@page(*FORM)
def terminate(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """End the contract before its work is done."""
    return _turn(request, project_id, terminate_project, TERMINATE)


# --- What both sides sign


def _deeds(request: HttpRequest, project: Project, kind: str) -> list[Deed]:
    """Every version, the newest first."""
    return list(deeds_visible_to(reader_of(request)).filter(project=project, kind=kind))


def is_concluded(deed: Deed | None) -> bool:
    return deed is not None and any(signature.concludes for signature in deed.signatures.all())


def _about_deed(part: Party, deeds: list[Deed], write: Action[..., Any]) -> dict[str, Any]:
    """The newest version, who signed it and who has not, and what the reader may do."""
    deed = deeds[0] if deeds else None
    by_party = _signatures(deed)
    kind = Deed.Kind.HANDOVER if write is propose_handover else Deed.Kind.CLOSING_SUM
    is_open = part.project.state == BELONGS_TO[kind]
    may_write = may_do(part, write) and is_open and not is_concluded(deed)
    signers = [] if is_concluded(deed) else those_who_sign(parties_of(part.project))
    return {
        "deed": deed,
        "concluded": is_concluded(deed),
        "signatures": list(by_party.values()),
        "missing": [party for party in signers if party.id not in by_party],
        "may_write": may_write,
        "may_sign": may_write and deed is not None and part.id not in by_party,
        "earlier": deeds[1:],
    }


def _signatures(deed: Deed | None) -> dict[UUID, DeedSignature]:
    return {s.party_id: s for s in deed.signatures.all()} if deed else {}


def _write(
    request: HttpRequest, part: Party, form: OnceForm, action: Action[..., Any], name: str, template: str
) -> HttpResponse:
    back = reverse(name, args=[part.project_id])
    said = _("Written. It counts when both sides have signed this version.")
    if form.is_valid() and (
        done := perform(request, form, action, part.project_id, back, said=said, **form.inputs())
    ):
        return done
    return show(request, template, project_context(part) | {"form": form, "back": back}, form)


def _sign(request: HttpRequest, part: Party, kind: str, action: Action[..., Any], name: str) -> HttpResponse:
    deed = next(iter(_deeds(request, part.project, kind)), None)
    form = VersionForm(posted(request), initial={"version": deed.version if deed else 1})
    if (deed is None or is_concluded(deed)) and not form.is_valid():
        return redirect(name, part.project_id)
    if proof := require_proof(request):
        return proof
    back = reverse(name, args=[part.project_id])
    said = _("Your signature is in the journal.")
    if form.is_valid() and (
        done := perform(request, form, action, part.project_id, back, said=said, **form.inputs())
    ):
        return done
    context = project_context(part) | {"form": form, "deed": deed, "back": back}
    return show(request, "tracker/deed_sign.html", context, form)


@page()
def handover(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The handover protocol as it stands, who signed it, and until when the defects period runs."""
    part = part_in(request, project_id)
    deeds = _deeds(request, part.project, Deed.Kind.HANDOVER)
    context = project_context(part) | _about_deed(part, deeds, propose_handover)
    return render(request, "tracker/handover.html", context | {"retention": retention_of(part.project)})


@page(*FORM)
def handover_write(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Write the protocol, or another version of it."""
    part = part_in(request, project_id)
    require_part(part, propose_handover)
    latest = next(iter(_deeds(request, part.project, Deed.Kind.HANDOVER)), None)
    today = clock.today(part.project.time_zone)
    initial = {"day": latest.day, "text": latest.text} if latest else {"day": today}
    form = HandoverForm(posted(request), initial=initial)
    if (part.project.state != State.COMPLETED or is_concluded(latest)) and not form.is_valid():
        return redirect("handover", project_id)
    return _write(request, part, form, propose_handover, "handover", "tracker/handover_write.html")


@page(*FORM)
def handover_sign(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Sign the newest version of the protocol. Reading never signs."""
    part = part_in(request, project_id)
    require_part(part, sign_handover)
    return _sign(request, part, Deed.Kind.HANDOVER, sign_handover, "handover")


@page()
def settlement(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """How the two sides stand after a termination, and the closing sum that settles it."""
    part = part_in(request, project_id)
    if part.project.state != State.TERMINATED:
        return redirect("project", project_id)
    ledger = ledger_of(part.project)
    account = settlement_of(ledger.contract, ledger.lines, ledger.unheld)
    deeds = _deeds(request, part.project, Deed.Kind.CLOSING_SUM)
    context = project_context(part) | _about_deed(part, deeds, propose_closing_sum)
    context |= {
        "account": account,
        "retention": retention_of(part.project),
        "on": clock.today(part.project.time_zone),
    }
    return render(request, "tracker/settlement.html", context)


@page(*FORM)
def closing_sum_write(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Propose a closing sum, or another one."""
    part = part_in(request, project_id)
    require_part(part, propose_closing_sum)
    latest = next(iter(_deeds(request, part.project, Deed.Kind.CLOSING_SUM)), None)
    form = ClosingSumForm(posted(request), initial=_as_proposed(latest))
    if (part.project.state != State.TERMINATED or is_concluded(latest)) and not form.is_valid():
        return redirect("settlement", project_id)
    return _write(request, part, form, propose_closing_sum, "settlement", "tracker/closing_sum_write.html")


def _as_proposed(latest: Deed | None) -> dict[str, Any]:
    if latest is None or latest.amount is None:
        return {}
    return {
        "amount": abs(latest.amount),
        "direction": "back" if latest.amount < 0 else "due",
        "text": latest.text,
    }


@page(*FORM)
def closing_sum_sign(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Sign the newest version of the closing sum. Reading never signs."""
    part = part_in(request, project_id)
    require_part(part, sign_closing_sum)
    return _sign(request, part, Deed.Kind.CLOSING_SUM, sign_closing_sum, "settlement")
