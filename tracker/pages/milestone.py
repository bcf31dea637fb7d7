"""A milestone: is it done as we agreed, what would a signature do, and the signature itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.actions import (
    approve_milestone,
    inspect_milestone,
    log_progress,
    report_defect,
    reschedule_milestone,
    submit_milestone,
    withdraw_submission,
)
from milestones.expecting import rows_for
from milestones.forms import SignForm
from milestones.models import Evidence, Milestone
from milestones.queries import (
    defects_visible_to,
    expectations_visible_to,
    has_unverified_blocking,
    inspections_of,
    milestones_visible_to,
)
from milestones.rounds import current_round_of, decisions_of, waiting_for, waits_for, was_returned
from milestones.showing import defect_rows
from milestones.web import OPEN_FOR_INSPECTION, OPEN_FOR_WORK, milestone_address, milestone_for
from payments.actions import propose_change, release_payment
from payments.advance_showing import AdvanceRow, advance_rows
from payments.advances import advances_of
from payments.changing import with_settlement
from payments.effect import Effect, effect_of_signing
from payments.queries import ledger_of
from projects import clock
from projects.models import Party, Project, Role
from projects.money import as_percent
from projects.page_kit import (
    may_do,
    page,
    part_in,
    perform,
    posted,
    project_context,
    reader_of,
    require_proof,
    row_or_not_there,
    show,
)
from projects.queries import parties_of


@page()
def milestone(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """What was agreed beside what is shown, and the reader's decision."""
    stage = row_or_not_there(milestones_visible_to(reader_of(request)), milestone_id)
    part = part_in(request, stage.project_id)
    parties, expected = parties_of(part.project), expectations_visible_to(reader_of(request))
    context = project_context(part) | {
        "milestone": stage,
        "count": part.project.milestones.count(),
        "share": as_percent(stage.amount, part.project.contract_total),
        "criteria": (criteria := _criteria(stage)),
        "documented": sum(bool(row["evidence"]) for row in criteria),
        "general": [e for e in stage.evidence.all() if e.criterion_id is None],
        "rounds": list(stage.submissions.all()),
        "round": current_round_of(stage),
        "returned": was_returned(stage),
        "signers": _signers(stage, parties),
        "decides": waits_for(stage, part, parties) and may_do(part, approve_milestone),
        "effect": _effect(part.project, stage),
        "expectations": rows_for(part, expected.filter(concerns__milestone=stage)),
        "early": _paid_early(stage),
        "moves": list(stage.reschedules.select_related("entry").order_by("entry__seq")),
        **_work_links(stage, part),
        **_findings(request, stage, part),
    }
    return render(request, "tracker/milestone.html", context)


def _paid_early(stage: Milestone) -> list[AdvanceRow]:
    """The advances that were paid for it, with the promise that each was paid on."""
    today = clock.today(stage.project.time_zone)
    return [
        row for row in advance_rows(advances_of(stage.project).filter(milestone=stage), today) if row.promise
    ]


def _criteria(stage: Milestone) -> list[dict[str, Any]]:
    """Each criterion with what is shown for it, and whether the last return called it unmet."""
    returned = was_returned(stage)
    unmet = set(returned.unmet) if returned else set()
    shown: dict[UUID | None, list[Evidence]] = {}
    for evidence in stage.evidence.all():
        shown.setdefault(evidence.criterion_id, []).append(evidence)
    return [
        {"criterion": criterion, "evidence": shown.get(criterion.id, []), "is_unmet": criterion.id in unmet}
        for criterion in stage.criteria.all()
    ]


def _signers(stage: Milestone, parties: list[Party]) -> list[dict[str, Any]]:
    """Each role that signs: who did in this round, or who may."""
    approvals = [d for d in decisions_of(stage) if d.approves] if stage.state in _AWAITING else []
    waited_for = set(waiting_for(stage, parties))
    return [
        {
            "role": Role(role).label,
            "is_signed": role not in waited_for and any(d.role == role for d in approvals),
            "decisions": [d for d in approvals if d.role == role],
            "people": [p.user.full_name for p in parties if p.role == role and p.may_sign and p.user],
        }
        for role in stage.signers
    ]


_AWAITING = {Milestone.State.SUBMITTED, Milestone.State.SIGNED_OFF}


def _effect(project: Project, stage: Milestone) -> Effect | None:
    """What full sign-off would do; None where there is nothing left to decide, or nothing agreed yet."""
    if stage.state == Milestone.State.SIGNED_OFF or project.state != Project.State.ACTIVE:
        return None
    return effect_of_signing(project, ledger_of(project), str(stage.id), clock.today(project.time_zone))


def _work_links(stage: Milestone, part: Party) -> dict[str, bool]:
    is_open = stage.state in OPEN_FOR_WORK and part.project.state == Project.State.ACTIVE
    return {
        "may_log": is_open and may_do(part, log_progress),
        "may_reschedule": is_open and may_do(part, reschedule_milestone),
        "may_change": is_open and may_do(part, propose_change),
        "may_submit": is_open and may_do(part, submit_milestone),
        "may_withdraw": stage.state == Milestone.State.SUBMITTED and may_do(part, withdraw_submission),
    }


def _findings(request: HttpRequest, stage: Milestone, part: Party) -> dict[str, Any]:
    """What was found of the work, and what the reader may add."""
    project = part.project
    found = with_settlement(defects_visible_to(reader_of(request)).filter(milestone=stage))
    is_signed = project.state != Project.State.DRAFT
    is_open = stage.state in OPEN_FOR_INSPECTION and project.state == Project.State.ACTIVE
    return {
        "inspections": list(inspections_of(stage)),
        "defects": defect_rows(found, part, clock.today(project.time_zone)),
        "is_held_up": has_unverified_blocking(stage),
        "may_inspect": is_open and part.confirmed and may_do(part, inspect_milestone),
        "may_report": is_signed and part.confirmed and may_do(part, report_defect),
    }


@page("GET", "HEAD", "POST")
def approve(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """A moment before the signature: what it says and what it opens. Reading never signs."""
    stage, part = milestone_for(request, milestone_id, approve_milestone)
    parties = parties_of(part.project)
    if request.method != "POST" and not waits_for(stage, part, parties):
        return redirect("milestone", milestone_id)
    if proof := require_proof(request):
        return proof
    form = SignForm(posted(request), initial={"version": stage.version})
    if form.is_valid() and (done := _sign(request, form, stage, part)):
        return done
    context = project_context(part) | {
        "form": form,
        "milestone": stage,
        "count": part.project.milestones.count(),
        "approvals": [decision for decision in decisions_of(stage) if decision.approves],
        "others": [Role(role).label for role in waiting_for(stage, parties) if role != part.role],
        "shown": current_round_of(stage),
        "is_held_up": has_unverified_blocking(stage),
        "effect": _effect(part.project, stage),
    }
    return show(request, "tracker/approve.html", context, form)


def _sign(request: HttpRequest, form: SignForm, stage: Milestone, part: Party) -> HttpResponse | None:
    location, said = _after(stage, part), _("Your signature is in the journal.")
    return perform(request, form, approve_milestone, stage.pk, location, said=said, **form.inputs())


def _after(stage: Milestone, part: Party) -> Callable[[Any], str]:
    """Where a signature leads: to the payment that it opened, for those who release it; else back."""

    def address(_decision: Any) -> str:
        is_open = Milestone.objects.filter(pk=stage.pk, state=Milestone.State.SIGNED_OFF).exists()
        if is_open and may_do(part, release_payment):
            return reverse("payments", args=[stage.project_id])
        return milestone_address(stage)

    return address
