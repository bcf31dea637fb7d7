"""The punch list of a project: every defect, with the deductions that would settle some of them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from milestones.queries import defects_visible_to
from milestones.showing import defect_rows
from payments.changing import with_settlement
from projects import clock
from projects.page_kit import page, part_in, project_context, reader_of


@page()
def defects(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Every defect of a project, open ones first: a list to walk around the house with, on paper too."""
    part = part_in(request, project_id)
    today = clock.today(part.project.time_zone)
    found = with_settlement(defects_visible_to(reader_of(request)).filter(project=project_id))
    rows = defect_rows(found, part, today)
    context = project_context(part) | {
        "open": [row for row in rows if not row.is_closed],
        "done": [row for row in rows if row.is_verified],
        "settled": [row for row in rows if row.is_settled],
        "today": today,
    }
    return render(request, "tracker/defects.html", context)
