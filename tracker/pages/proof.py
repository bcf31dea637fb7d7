"""A fresh proof of identity by an e-mailed code, and the way back to what asked for it."""

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from people.web import is_freshly_proven
from projects.page_kit import do_once, page, posted, safe_next, show
from tracker.demonstration import DEMO_PEOPLE
from tracker.proving import is_code_sent, is_right_code, main_address, prove, send_code


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        help_text=_("From the e-mail. It may take a minute; look in the spam folder too."),
    )


@page("GET", "HEAD", "POST")
def proof(request: HttpRequest) -> HttpResponse:
    """Send a code, then take it. `next` says where to go on; only addresses of this house are followed.

    Sending and trying count together, so that many tries at once get no further than one after another.
    """
    if limited := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user):
        return limited
    if request.method == "POST" and request.POST.get("do") == "send":
        return _send(request)
    form = CodeForm(posted(request))
    if form.is_valid():
        if is_right_code(request, request.user, form.cleaned_data["code"]):  # type: ignore[arg-type]
            prove(request, request.user)  # type: ignore[arg-type]
        if is_freshly_proven(request):  # just now by this code, where the form came twice
            return HttpResponseRedirect(safe_next(request))
        form.add_error("code", _("This is not the code that was sent last. Check it, or send a new one."))
    context = {
        "form": form,
        "is_sent": is_code_sent(request) or form.is_bound,
        "address": main_address(request.user),  # type: ignore[arg-type]
        "next": safe_next(request),
        "may_enter_again": settings.DEMONSTRATION and _is_of_the_demonstration(request),
    }
    return show(request, "tracker/proof.html", context, form)


def _send(request: HttpRequest) -> HttpResponse:
    back = f"{reverse('proof')}?{urlencode({'next': safe_next(request)})}"
    return do_once(request, lambda: send_code(request, request.user), back)  # type: ignore[arg-type]


def _is_of_the_demonstration(request: HttpRequest) -> bool:
    return request.user.email in {person.email for person in DEMO_PEOPLE}  # type: ignore[union-attr]
