"""Pages about the work and its terms: a draft's milestones, its signature, progress, submission."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.actions import (
    add_milestone,
    edit_milestone,
    log_progress,
    remove_milestone,
    reschedule_milestone,
    return_milestone,
    sign_agreement,
    submit_milestone,
    withdraw_submission,
)
from milestones.forms import (
    EditMilestoneForm,
    LogForm,
    MilestoneForm,
    RescheduleForm,
    ReturnForm,
    SubmitForm,
    terms_of,
)
from milestones.letters import date_message
from milestones.models import Milestone
from milestones.queries import agreement_gaps, expectations_of, front_loading, has_open_blocking
from milestones.rules import lacks_evidence
from milestones.web import OPEN_FOR_WORK, kept_files, milestone_address, milestone_for
from projects import clock
from projects.files import MAX_BYTES
from projects.form_kit import VersionForm
from projects.models import Project
from projects.page_kit import (
    page,
    part_in,
    perform,
    posted,
    press,
    project_context,
    require_part,
    require_proof,
    show,
)
from projects.policy import policy_of

FORM = ("GET", "HEAD", "POST")

# --- Terms, while the project is a draft


@page(*FORM)
def add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """One more milestone at the end of a draft."""
    part = part_in(request, project_id)
    require_part(part, add_milestone)
    form = MilestoneForm(posted(request))
    back = reverse("project", args=[project_id])
    if form.is_valid() and (
        done := perform(
            request, form, add_milestone, project_id, back, said=_("The milestone is added."), **form.inputs()
        )
    ):
        return done
    return show(request, "milestones/terms.html", project_context(part, "project") | {"form": form}, form)


@page(*FORM)
def edit(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """A draft's milestone: its terms and criteria."""
    milestone, part = milestone_for(request, milestone_id, edit_milestone)
    form = EditMilestoneForm(posted(request), initial=terms_of(milestone))
    back = reverse("project", args=[part.project_id])
    if form.is_valid() and (
        done := perform(
            request, form, edit_milestone, milestone_id, back, said=_("The terms are saved."), **form.inputs()
        )
    ):
        return done
    context = project_context(part, "project") | {"form": form, "milestone": milestone}
    return show(request, "milestones/terms.html", context, form)


@page("POST")
def remove(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    return press(
        request,
        remove_milestone,
        milestone_id,
        lambda project: reverse("project", args=[project.id]),
        form_class=VersionForm,
        said=_("The milestone is removed."),
    )


@page(*FORM)
def agree(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The agreement as it will be signed, and its signature. Reading never signs."""
    part = part_in(request, project_id)
    require_part(part, sign_agreement)
    project = part.project
    form = VersionForm(posted(request), initial={"version": project.version})
    if project.state != Project.State.DRAFT and not form.is_valid():
        return redirect("project", project_id)
    if proof := require_proof(request):
        return proof
    said = _("Your signature is in the journal.")
    back = reverse("project", args=[project_id])
    if form.is_valid() and (
        done := perform(request, form, sign_agreement, project_id, back, said=said, **form.inputs())
    ):
        return done
    context = project_context(part) | {
        "form": form,
        "gaps": agreement_gaps(project),
        "test": front_loading(project),
        "stages": project.milestones.prefetch_related("criteria").order_by("position"),
        "expectations": expectations_of(project),
    }
    return show(request, "milestones/agree.html", context, form)


# --- Work


@page(*FORM)
def log(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Photos, what they show, how far the work is. The criterion used last is chosen already."""
    milestone, part = milestone_for(request, milestone_id, log_progress)
    initial = {"percent": milestone.reported_percent, "criterion": _last_criterion(milestone)}
    form = LogForm(posted(request), request.FILES or None, milestone=milestone, initial=initial)
    if milestone.state not in OPEN_FOR_WORK and not form.is_valid():
        return redirect("milestone", milestone_id)
    if form.is_valid() and (done := _log(request, form, milestone)):
        return done
    context = project_context(part, "project") | {
        "form": form,
        "milestone": milestone,
        "most_bytes": MAX_BYTES,
    }
    return show(request, "milestones/log.html", context, form)


def _last_criterion(milestone: Milestone) -> str:
    """The criterion that the latest evidence was shown for; the first one when there is none yet."""
    shown = list(milestone.evidence.all())
    if shown:
        return str(shown[-1].criterion_id or "")
    first = next(iter(milestone.criteria.all()), None)
    return str(first.id) if first else ""


def _log(request: HttpRequest, form: LogForm, milestone: Milestone) -> HttpResponse | None:
    evidence = kept_files(request, form.uploads, milestone.project_id)
    return perform(
        request,
        form,
        log_progress,
        milestone.pk,
        milestone_address(milestone),
        said=_("Saved in the journal."),
        evidence=evidence,
        **form.inputs(),
    )


@page(*FORM)
def submit(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Finished, please sign: every criterion marked as met."""
    milestone, part = milestone_for(request, milestone_id, submit_milestone)
    form = SubmitForm(posted(request), milestone=milestone)
    if milestone.state not in OPEN_FOR_WORK and not form.is_valid():
        return redirect("milestone", milestone_id)
    said = _("Submitted. Those who sign were told.")
    back = milestone_address(milestone)
    if form.is_valid() and (
        done := perform(request, form, submit_milestone, milestone_id, back, said=said, **form.inputs())
    ):
        return done
    context = project_context(part, "project") | {
        "form": form,
        "milestone": milestone,
        "lacks_evidence": lacks_evidence(milestone.evidence_count, policy_of(part.project.policy)),
        "is_blocked": has_open_blocking(milestone),
    }
    return show(request, "milestones/submit.html", context, form)


@page("POST")
def withdraw(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    said = _("The submission is withdrawn. Work can be logged again.")
    return press(request, withdraw_submission, milestone_id, milestone_address, said=said)


@page(*FORM)
def reschedule(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """A new date, with what happened; what the homeowners will get is shown before it is sent."""
    milestone, part = milestone_for(request, milestone_id, reschedule_milestone)
    form = RescheduleForm(posted(request))
    if "HX-Request" in request.headers:  # the preview while one writes: what is not written yet is no error
        form.refused_status = 200  # type: ignore[attr-defined]
    if milestone.state not in OPEN_FOR_WORK and not form.is_valid():
        return redirect("milestone", milestone_id)
    is_sent = request.POST.get("do") == "send"
    if form.is_valid() and is_sent and (done := _reschedule(request, form, milestone)):
        return done
    today, previous = clock.today(part.project.time_zone), milestone.agreed_end
    context = project_context(part, "project") | {
        "form": form,
        "milestone": milestone,
        "days_left": (previous - today).days if previous else None,
        "message": _message(form, milestone) if form.is_bound and form.is_valid() else "",
    }
    return show(request, "milestones/reschedule.html", context, form)


def _message(form: RescheduleForm, milestone: Milestone) -> str:
    written = form.cleaned_data
    return date_message(milestone, milestone.agreed_end, written["agreed_end"], written["cause"])


def _reschedule(request: HttpRequest, form: RescheduleForm, milestone: Milestone) -> HttpResponse | None:
    said, back = _("The new date is sent and stands in the journal."), milestone_address(milestone)
    return perform(request, form, reschedule_milestone, milestone.pk, back, said=said, **form.inputs())


@page(*FORM)
def send_back(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Not yet: what is unmet, in one sentence. The payment stays locked."""
    milestone, part = milestone_for(request, milestone_id, return_milestone)
    initial = {"version": milestone.version}
    form = ReturnForm(posted(request), request.FILES or None, milestone=milestone, initial=initial)
    if milestone.state != Milestone.State.SUBMITTED and not form.is_valid():
        return redirect("milestone", milestone_id)
    if form.is_valid() and (done := _send_back(request, form, milestone)):
        return done
    context = project_context(part, "project") | {
        "form": form,
        "milestone": milestone,
        "most_bytes": MAX_BYTES,
    }
    return show(request, "milestones/return.html", context, form)


def _send_back(request: HttpRequest, form: ReturnForm, milestone: Milestone) -> HttpResponse | None:
    inputs, back = form.inputs(), milestone_address(milestone)
    for defect in inputs["defects"]:
        defect["photos"] = kept_files(request, form.uploads, milestone.project_id)
    said = _("Sent to the contractor. The payment stays locked.")
    return perform(request, form, return_milestone, milestone.pk, back, said=said, **inputs)
