"""The page of a certificate for payment: two tables that also print, for any period."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from milestones.models import Milestone
from payments.certificates import certificate_for
from payments.forms import PeriodForm
from payments.linking import linkage_in_period
from payments.rules import Columns
from payments.showing import line_title
from projects import clock
from projects.models import Project
from projects.page_kit import page, part_in, project_context, show
from projects.vat import vat_split


@dataclass(frozen=True)
class ShownRow:
    """A line of the certificate with its name; `number` only where it is a milestone."""

    title: object
    number: int | None
    columns: Columns

    @property
    def has_money(self) -> bool:
        """Whether anything of it is unlocked or paid."""
        c = self.columns
        return any((c.gross, c.unlocked_before, c.unlocked, c.paid))


@page()
def certificate(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Of the month until today, unless `from` and `on` say otherwise; any past day can be asked for."""
    part = part_in(request, project_id)
    today = clock.today(part.project.time_zone)
    form = PeriodForm({name: request.GET.get(name, "") for name in ("from", "on")}, today=today)
    context = project_context(part, "payments") | {"form": form}
    if form.is_valid():
        context |= _sheet(part.project, form.cleaned_data["from"], form.cleaned_data["on"])
    return show(request, "payments/certificate.html", context, form)


def _sheet(project: Project, begins: date, ends: date) -> dict[str, Any]:
    found = certificate_for(project, begins, ends)
    milestones = {str(m.id): m for m in Milestone.objects.filter(project=project)}
    rows = [
        ShownRow(
            line_title(row.line, milestones),
            milestones[row.line].position if row.milestone else None,
            row.columns,
        )
        for row in found.rows
    ]
    return {
        "certificate": found,
        "work": [row for row in rows if row.number],
        "money": [row for row in rows if row.has_money],
        "due_vat": vat_split(found.total.due, ends, project.vat_rate),
        "linkage": linkage_in_period(project, begins, ends),
    }
