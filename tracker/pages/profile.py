"""A person's own account: name, language, phone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.actions import change_profile, choose_language
from people.forms import ProfileForm
from people.models import Language
from projects.page_kit import page, posted, reader_of, safe_next, show
from tracker.accounts import remember_language


@page("GET", "HEAD", "POST")
def profile(request: HttpRequest) -> HttpResponse:
    """See and change it. The language goes into the browser too, so that the next page speaks it."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("full_name", "language", "phone")}
    form = ProfileForm(posted(request), initial=initial)
    if not form.is_valid():
        return show(request, "tracker/profile.html", {"form": form}, form)
    change_profile(reader_of(request), **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Your details are saved."))
    return remember_language(redirect("profile"), form.cleaned_data["language"])


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The button beside the menu: the browser's language, and the person's own when they are signed in."""
    response = HttpResponseRedirect(safe_next(request))
    chosen = request.POST.get("language")
    if chosen not in Language.values:
        return response
    if request.user.is_authenticated:
        choose_language(reader_of(request), chosen)
    return remember_language(response, chosen)
