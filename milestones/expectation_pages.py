"""Pages about expectations: all of them with what may be done, and one page for each act."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from milestones.actions import (
    accept_counter,
    add_expectation,
    confirm_expectation,
    counter_expectation,
    edit_expectation,
    judge_expectation,
    remove_expectation,
)
from milestones.expectation_forms import (
    ConfirmExpectationForm,
    CounterForm,
    EditExpectationForm,
    ExpectationForm,
    JudgeForm,
    words_of,
)
from milestones.expecting import awaits_judgement, rows_for
from milestones.models import Expectation
from milestones.queries import expectations_visible_to
from projects.form_kit import OnceForm, VersionForm
from projects.kernel import Action
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
    row_or_not_there,
    show,
)

FORM = ("GET", "HEAD", "POST")


@page()
def expectations(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Everything that the client expects, with the answers to it and how it was judged."""
    part = part_in(request, project_id)
    found = expectations_visible_to(reader_of(request)).filter(project=part.project)
    context = project_context(part, "project") | {
        "rows": rows_for(part, found),
        "is_draft": part.project.state == Project.State.DRAFT,
        "may_add": part.project.state == Project.State.DRAFT and may_do(part, add_expectation),
    }
    return render(request, "milestones/expectations.html", context)


@page(*FORM)
def add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """One more expectation, in the words of whoever states it."""
    part = part_in(request, project_id)
    require_part(part, add_expectation)
    form = ExpectationForm(posted(request), milestones=_milestones_of(part.project))
    if part.project.state != Project.State.DRAFT and not form.is_valid():
        return redirect("expectations", project_id)
    said = _("The expectation is written down.")
    if form.is_valid() and (done := _done(request, form, add_expectation, project_id, part, said)):
        return done
    return show(
        request, "milestones/expectation_words.html", project_context(part, "project") | {"form": form}, form
    )


@page(*FORM)
def edit(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    """Other words, or other milestones: the contractor answers anew."""
    expectation, part = _expectation(request, expectation_id, edit_expectation)
    milestones = _milestones_of(part.project)
    form = EditExpectationForm(posted(request), milestones=milestones, initial=words_of(expectation))
    said = _("The new wording is written down.")
    return _act_page(
        request, "milestones/expectation_words.html", form, edit_expectation, expectation, part, said
    )


@page("POST")
def remove(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    def location(project: Project) -> str:
        return reverse("expectations", args=[project.pk])

    said = _("The expectation is removed.")
    return press(request, remove_expectation, expectation_id, location, said=said)


@page(*FORM)
def confirm(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    """The contractor stands behind it as it is stated."""
    expectation, part = _expectation(request, expectation_id, confirm_expectation)
    initial = {"version": expectation.version}
    form = ConfirmExpectationForm(posted(request), expectation=expectation, initial=initial)
    said = _("Confirmed. It is part of the agreement.")
    return _act_page(
        request, "milestones/expectation_confirm.html", form, confirm_expectation, expectation, part, said
    )


@page(*FORM)
def counter(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    """Not realistic as stated, and what meeting it would take."""
    expectation, part = _expectation(request, expectation_id, counter_expectation)
    initial = {"version": expectation.version}
    form = CounterForm(posted(request), expectation=expectation, initial=initial)
    said = _("Sent to the homeowners. They decide what stands in the agreement.")
    return _act_page(
        request, "milestones/expectation_counter.html", form, counter_expectation, expectation, part, said
    )


@page("POST")
def accept(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    said = _("Accepted. This is the final wording.")
    return press(request, accept_counter, expectation_id, _address, form_class=VersionForm, said=said)


@page(*FORM)
def judge(request: HttpRequest, expectation_id: UUID) -> HttpResponse:
    """Was it met? Said once."""
    expectation, part = _expectation(request, expectation_id, judge_expectation)
    form = JudgeForm(posted(request))
    if not awaits_judgement(expectation) and not form.is_valid():
        return redirect(_address(expectation))
    said = _("Your judgement is in the journal.")
    if form.is_valid() and (done := _done(request, form, judge_expectation, expectation_id, part, said)):
        return done
    context = project_context(part, "project") | {"form": form, "expectation": expectation}
    return show(request, "milestones/expectation_judge.html", context, form)


def _act_page(
    request: HttpRequest,
    template: str,
    form: OnceForm,
    action: Action[..., Expectation],
    expectation: Expectation,
    part: Party,
    said: object,
) -> HttpResponse:
    """A page for one act in the draft: its form until it is taken; closed with the draft."""
    if part.project.state != Project.State.DRAFT and not form.is_valid():
        return redirect(_address(expectation))
    if form.is_valid() and (done := _done(request, form, action, expectation.pk, part, said)):
        return done
    return show(
        request, template, project_context(part, "project") | {"form": form, "expectation": expectation}, form
    )


def _done(
    request: HttpRequest,
    form: OnceForm,
    action: Action[..., Any],
    target_id: UUID,
    part: Party,
    said: object,
) -> HttpResponse | None:
    back = reverse("expectations", args=[part.project_id])
    return perform(request, form, action, target_id, back, said=said, **form.inputs())


def _expectation(
    request: HttpRequest, expectation_id: UUID, action: Action[..., Any]
) -> tuple[Expectation, Party]:
    """An expectation for a page whose purpose is an action, and the reader's part, which must include it."""
    expectation = row_or_not_there(expectations_visible_to(reader_of(request)), expectation_id)
    part = part_in(request, expectation.project_id)
    require_part(part, action)
    return expectation, part


def _milestones_of(project: Project) -> list[tuple[str, Any]]:
    found = project.milestones.order_by("position")
    return [(str(m.pk), format_html("<span>{}. <bdi>{}</bdi></span>", m.position, m.title)) for m in found]


def _address(expectation: Expectation) -> str:
    return f"{reverse('expectations', args=[expectation.project_id])}#expectation-{expectation.pk}"
