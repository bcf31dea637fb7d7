"""What anybody may read without signing in: how it works, accessibility, privacy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """The gate and the plumb line, in a minute."""
    return render(request, "statements/how_it_works.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use it, and whom to tell where it fails."""
    return render(request, "statements/accessibility.html", {"operator": settings.OPERATOR})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why, for how long, and who sees it."""
    return render(request, "statements/privacy.html", {"operator": settings.OPERATOR})
