"""A fresh proof of identity by an e-mailed code, for people without a password (docs/people.md).

The code is kept in the session as a keyed hash, for a few minutes and a few attempts.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from people.models import User

KEY = "proof_code"
GOOD_FOR_SECONDS = 600
MOST_ATTEMPTS = 5


def send_code(request: HttpRequest, user: User) -> None:
    """Owe a mail with a new code to the person's main address; earlier codes end."""
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[KEY] = {"digest": _digest(user, code), "at": time.time(), "attempts": 0}
    adapter.send_mail("account/email/login_code", main_address(user), {"code": code, "request": request})


def main_address(user: User) -> str:
    """The verified address that a code goes to; the account's own where none is verified."""
    primary = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary").first()
    return primary.email if primary else user.email


def is_code_sent(request: HttpRequest) -> bool:
    """Whether a code waits to be typed in."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    return bool(kept) and time.time() - kept["at"] < GOOD_FOR_SECONDS and kept["attempts"] < MOST_ATTEMPTS


def is_right_code(request: HttpRequest, user: User, code: str) -> bool:
    """Check a typed code; a right one is used up, a wrong one counts."""
    if not is_code_sent(request):
        return False
    kept = request.session[KEY]
    if constant_time_compare(kept["digest"], _digest(user, code)):
        del request.session[KEY]
        return True
    request.session[KEY] = kept | {"attempts": kept["attempts"] + 1}
    return False


def prove(request: HttpRequest, user: User) -> None:
    """Note in the session that the person has just been proven."""
    record_authentication(request, user, method="code", email=user.email, reauthenticated=True)


def _digest(user: User, code: str) -> str:
    typed = "".join(code.split()).replace("-", "").upper()
    return salted_hmac(f"{KEY}:{user.pk}", typed, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
