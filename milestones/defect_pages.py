"""Pages about what is found: an inspection, defects and their repairs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from milestones.actions import (
    estimate_defect,
    fix_defect,
    inspect_milestone,
    reopen_defect,
    report_defect,
    reschedule_defect,
    verify_defect,
)
from milestones.defect_forms import (
    DefectForm,
    DoneForm,
    EstimateForm,
    FixDateForm,
    FoundAgainForm,
    InspectForm,
    ReopenForm,
)
from milestones.forms import ShownForm
from milestones.models import Defect, DefectNow, Milestone
from milestones.web import (
    OPEN_FOR_INSPECTION,
    defect_address,
    defect_for,
    kept_files,
    milestone_address,
    milestone_for,
)
from projects import clock
from projects.files import MAX_BYTES
from projects.form_kit import OnceForm
from projects.kernel import Action
from projects.models import Party, Project
from projects.page_kit import page, perform, posted, press, project_context, show

FORM = ("GET", "HEAD", "POST")
State = DefectNow.State


@page(*FORM)
def inspect(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """How far the work was found to be: verified progress."""
    milestone, part = milestone_for(request, milestone_id, inspect_milestone)
    zone, initial = part.project.time_zone, {"percent": milestone.worth.verified_percent}
    form = InspectForm(posted(request), request.FILES or None, zone=zone, initial=initial)
    if milestone.state not in OPEN_FOR_INSPECTION and not form.is_valid():
        return redirect("milestone", milestone_id)
    if form.is_valid():
        files = kept_files(request, form.uploads, milestone.project_id)
        inputs = form.inputs() | {"evidence": files}
        back, said = milestone_address(milestone), _("Saved in the journal.")
        if done := perform(request, form, inspect_milestone, milestone_id, back, said=said, **inputs):
            return done
    return show(request, "milestones/inspect.html", _about(part, form, milestone=milestone), form)


@page(*FORM)
def report(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """A defect: what, where, by when, and whether it holds up the sign-off."""
    milestone, part = milestone_for(request, milestone_id, report_defect)
    form = DefectForm(posted(request), request.FILES or None, zone=part.project.time_zone)
    if part.project.state == Project.State.DRAFT and not form.is_valid():
        return redirect("milestone", milestone_id)
    if form.is_valid() and (
        done := _act(request, form, report_defect, milestone, said=_("The defect is written down."))
    ):
        return done
    return show(request, "milestones/defect.html", _about(part, form, milestone=milestone), form)


@page(*FORM)
def fixed(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """The contractor says that it is fixed, and shows it."""
    defect, part = defect_for(request, defect_id, fix_defect)
    form = DoneForm(posted(request), request.FILES or None, zone=part.project.time_zone)
    if defect.now.state != State.OPEN and not form.is_valid():
        return redirect(defect_address(defect))
    said = _("Saved. Those who sign were asked to look.")
    if form.is_valid() and (done := _act(request, form, fix_defect, defect, said=said)):
        return done
    return show(request, "milestones/defect_fixed.html", _about(part, form, defect=defect), form)


@page(*FORM)
def reschedule(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """A new fix date, with what happened."""
    defect, part = defect_for(request, defect_id, reschedule_defect)
    form = FixDateForm(posted(request))
    if defect.now.state != State.OPEN and not form.is_valid():
        return redirect(defect_address(defect))
    back, said = defect_address(defect), _("The new date is sent and stands in the journal.")
    if form.is_valid() and (
        done := perform(request, form, reschedule_defect, defect_id, back, said=said, **form.inputs())
    ):
        return done
    fix_by = defect.now.fix_by
    is_late = bool(fix_by and fix_by < clock.today(part.project.time_zone))
    context = _about(part, form, defect=defect) | {"is_late": is_late}
    return show(request, "milestones/defect_reschedule.html", context, form)


@page("POST")
def verify(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """It is fixed: what was withheld for it may be paid."""
    said = _("The repair is verified.")
    return press(request, verify_defect, defect_id, defect_address, said=said)


@page(*FORM)
def reopen(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """It is not fixed after all; once it was verified, it becomes a new defect."""
    defect, part = defect_for(request, defect_id, reopen_defect)
    form_class = FoundAgainForm if defect.now.state == State.VERIFIED else ReopenForm
    form = form_class(posted(request), request.FILES or None, zone=part.project.time_zone)
    if defect.now.state in {State.OPEN, State.SETTLED} and not form.is_valid():
        return redirect(defect_address(defect))
    said = _("The defect is open. The contractor was told.")
    if form.is_valid() and (done := _act(request, form, reopen_defect, defect, said=said)):
        return done
    return show(request, "milestones/defect_reopen.html", _about(part, form, defect=defect), form)


@page(*FORM)
def estimate(request: HttpRequest, defect_id: UUID) -> HttpResponse:
    """What the repair may cost, by the reader."""
    defect, part = defect_for(request, defect_id, estimate_defect)
    form = EstimateForm(posted(request))
    if defect.now.state in DefectNow.CLOSED and not form.is_valid():
        return redirect(defect_address(defect))
    back, said = defect_address(defect), _("The estimate is saved.")
    if form.is_valid() and (
        done := perform(request, form, estimate_defect, defect_id, back, said=said, **form.inputs())
    ):
        return done
    return show(request, "milestones/defect_estimate.html", _about(part, form, defect=defect), form)


def _act(
    request: HttpRequest,
    form: ShownForm,
    action: Action,
    target: Milestone | Defect,
    *,
    said: object,
) -> HttpResponse | None:
    """Do an act that shows photos, and go on to the defect that it is about."""
    inputs = form.inputs() | {"photos": kept_files(request, form.uploads, target.project_id)}
    location: Callable[[Any], str] = defect_address
    return perform(request, form, action, target.pk, location, said=said, **inputs)


def _about(
    part: Party, form: OnceForm, *, milestone: Milestone | None = None, defect: Defect | None = None
) -> dict[str, Any]:
    return project_context(part, "project") | {
        "form": form,
        "defect": defect,
        "milestone": milestone or (defect and defect.milestone),
        "most_bytes": MAX_BYTES,
    }
