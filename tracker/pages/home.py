"""My projects: those that need a look first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.page_kit import page, reader_nav, reader_of
from projects.queries import invitations_of
from tracker.pages.new_project import STEPS, choices
from tracker.portfolio import portfolio_of


@page()
def home(request: HttpRequest) -> HttpResponse:
    """Every project of the reader; without one, the templates to begin from."""
    invitations = list(invitations_of(reader_of(request)))
    asked = (request.GET.get(name, "") for name in ("q", "show", "page"))
    portfolio = portfolio_of(reader_of(request), *asked)
    if not portfolio.count and not portfolio.search:
        context = {"choices": choices(), "steps": STEPS, "invitations": invitations, "is_empty": True}
        return render(request, "tracker/choose.html", context)
    context = {
        "portfolio": portfolio,
        "invitations": invitations,
        "avatar_role": portfolio.role,
        "nav_items": reader_nav("home"),
    }
    return render(request, "tracker/home.html", context)
