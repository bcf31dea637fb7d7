"""A person's own account: name, language, phone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from people.actions import change_profile
from people.forms import ProfileForm
from projects.page_kit import page, posted, show

A_YEAR = 365 * 24 * 3600


@page("GET", "HEAD", "POST")
def profile(request: HttpRequest) -> HttpResponse:
    """See and change it. The language goes into the browser too, so that the next page speaks it."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("full_name", "language", "phone")}
    form = ProfileForm(posted(request), initial=initial)
    if not form.is_valid():
        return show(request, "tracker/profile.html", {"form": form}, form)
    change_profile(user.pk, **form.cleaned_data)
    language = form.cleaned_data["language"]
    with translation.override(language):
        messages.success(request, _("Your details are saved."))
    response = redirect("profile")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=settings.BEHIND_TLS
    )
    return response
