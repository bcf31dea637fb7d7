"""allauth's hooks: its mails go through the outbox like every other mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.actions import end_sessions
from people.models import User
from people.web import address_of
from projects.outbox import owe
from tracker.account_mails import html_of
from tracker.limits import PAGE_WINDOW_MINUTES

# allauth's own Hebrew speaks to a man, or with slashes.
ERRORS = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _("The main address cannot be removed."),
    "duplicate_email": _("This address is in your account already."),
    "email_password_mismatch": _("The e-mail address or the password is not correct."),
    "email_taken": _("This address belongs to another account."),
    "enter_current_password": _("This is not the current password."),
    "incorrect_code": _("This is not the code that was sent last."),
    "incorrect_password": _("This is not the password."),
    "invalid_login": _("The e-mail address or the password is not correct."),
    "invalid_or_expired_key": _("This link no longer works."),
    "invalid_password_reset": _("This link no longer works."),
    "rate_limited": _("Too many requests. Wait a few minutes and try again."),
    "same_as_current": _("This is the address already in use. Write another one."),
    "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
    "unverified_primary_email": _("Only a confirmed address can be the main one."),
}


A_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the language in the browser, where ReaderLanguageMiddleware finds it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=settings.BEHIND_TLS
    )
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """The page of one attempt too many: by then the oldest of the attempts counts no more."""
    response = render(request, "429.html", {"minutes": PAGE_WINDOW_MINUTES}, status=429)
    response.headers["Retry-After"] = str(PAGE_WINDOW_MINUTES * 60)
    return response


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | ERRORS

    def validation_error(self, code: str, *args: Any) -> Exception:
        """One attempt too many is no mistake in a form: it gets its page and its status."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(too_many(self.request))
        return super().validation_error(code, *args)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password signs out everywhere but here: whoever knew the old one is out at once."""
        super().set_password(user, password)
        end_sessions(user.pk, but=self.request.session.session_key)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A password where there is one, and an e-mailed code for everybody."""
        code = {"id": "code", "description": _("By a code in an e-mail"), "url": reverse("proof")}
        return [*super().get_reauthentication_methods(user), *([code] if user.is_authenticated else [])]

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        """On a new device, where nobody chose otherwise, the pages speak the person's language at once."""
        response = super().post_login(request, user, **said)
        has_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        return response if has_chosen else remember_language(response, user.language)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the reader's language, and owe the sending."""
        message = self.render_mail(template_prefix, email, context)
        html = html_of(message.subject, message.body, context)
        with transaction.atomic():
            owe("letter", to=email, subject=message.subject, text=message.body, html=html)
