"""The demonstration: enter as one of its people, and read the mails that no server took.

Both pages exist only with the embedded database on a loopback address, and only for people that `demo` made.
"""

from functools import wraps

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from people.models import User
from projects.page_kit import Page, safe_next
from projects.refusals import not_there
from tracker.demonstration import DEMO_PEOPLE
from tracker.models import CaughtMail
from tracker.proving import prove

MAILS_SHOWN = 50


def only_in_the_demonstration(view: Page) -> Page:
    @wraps(view)
    def guarded(request: HttpRequest, **which: int) -> HttpResponse:
        if not settings.DEMONSTRATION:
            raise not_there()
        return view(request, **which)

    return guarded


@only_in_the_demonstration
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Who one can enter as; POST enters, which counts as a fresh proof of identity."""
    known = {user.email: user for user in User.objects.filter(email__in=[p.email for p in DEMO_PEOPLE])}
    if request.method == "POST":
        return _enter(request, known.get(request.POST.get("email", "")))
    people = [(known[person.email], person) for person in DEMO_PEOPLE if person.email in known]
    return render(request, "tracker/demo.html", {"people": people, "next": safe_next(request)})


def _enter(request: HttpRequest, user: User | None) -> HttpResponse:
    if user is None:
        raise not_there()
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    prove(request, user)
    return HttpResponseRedirect(safe_next(request))


@only_in_the_demonstration
@require_http_methods(["GET", "HEAD"])
def mail(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first."""
    mails = CaughtMail.objects.order_by("-sent_at", "-pk")[:MAILS_SHOWN]
    return render(request, "tracker/demo_mail.html", {"mails": mails})


@only_in_the_demonstration
@require_safe
@csp_replace({"style-src": [UNSAFE_INLINE], "img-src": ["data:"]})
def mail_as_sent(request: HttpRequest, mail_id: int) -> HttpResponse:
    """A mail as programs for mail show it: it brings its styles and photos along, and its policy lets it."""
    mail = CaughtMail.objects.filter(pk=mail_id).exclude(html="").first()
    if mail is None:
        raise not_there()
    return HttpResponse(mail.html)
