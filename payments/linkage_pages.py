"""Pages about linkage to the agreed index: what it makes of payments, and the values that are told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from payments.actions import tell_index_values
from payments.linkage_forms import ImportForm, IndexForm, IndexValueForm
from payments.linking import index_values_visible_to, linkage_account, linkage_in_force
from payments.queries import payments_visible_to
from projects import clock
from projects.page_kit import (
    may_do,
    page,
    part_in,
    perform,
    posted,
    project_context,
    reader_of,
    require_part,
    show,
)

FORM = ("GET", "HEAD", "POST")


@page()
def linkage(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The agreed terms, the linkage of every payment, and every value that was told."""
    part = part_in(request, project_id)
    reader, in_force = reader_of(request), linkage_in_force(part.project)
    payments = list(payments_visible_to(reader).filter(project=part.project))
    context = project_context(part, "payments") | {
        "in_force": in_force,
        "account": linkage_account(part.project, payments),
        "values": index_values_visible_to(reader).filter(project=part.project),
        "may_tell": in_force and may_do(part, tell_index_values),
    }
    return render(request, "payments/linkage.html", context)


@page(*FORM)
def tell(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The index of one month."""
    return _told(request, project_id, "payments/linkage_tell.html", IndexValueForm)


@page(*FORM)
def import_(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The index of several months, as rows. Nothing is told while one of them is wrong."""

    def form(data: Any, **options: Any) -> ImportForm:
        return ImportForm(data, request.FILES or None, **options)

    return _told(request, project_id, "payments/linkage_import.html", form)


def _told(
    request: HttpRequest, project_id: UUID, template: str, make: Callable[..., IndexForm]
) -> HttpResponse:
    part = part_in(request, project_id)
    require_part(part, tell_index_values)
    in_force, back = linkage_in_force(part.project), reverse("linkage", args=[project_id])
    if in_force is None:
        return redirect(back)
    form = make(posted(request), linkage=in_force, today=clock.today(part.project.time_zone))
    said = _("The index is in the journal. What already counted so was not added again.")
    if form.is_valid() and (
        done := perform(request, form, tell_index_values, project_id, back, said=said, **form.inputs())
    ):
        return done
    return show(request, template, project_context(part, "payments") | {"form": form}, form)
