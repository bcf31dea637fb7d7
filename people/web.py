"""What a request says about the person: from which address it comes, and how freshly it was proven."""

import ipaddress
import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

# What proves that it is this person (docs/people.md); being signed in from last week does not.
PROOFS = frozenset({"password", "code", "mfa"})
NOWHERE = "::"  # a server on a unix socket, with no proxy that it may believe, knows no address


def is_freshly_proven(request: HttpRequest) -> bool:
    """Whether this browser session saw a proof of identity within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["method"] in PROOFS and record["at"] > since for record in records)


def address_of(request: HttpRequest) -> str:
    """The visitor's IP address: the connection's, or, behind proxies (PLUMBLINE_PROXIES), the one they saw.

    Each trusted proxy appended one entry to X-Forwarded-For, so the visitor's is that many from the right;
    what stands further left was written by the visitor. NOWHERE when there is none.
    """
    connection = request.META.get("REMOTE_ADDR", "")
    passed_on = request.headers.get("X-Forwarded-For", connection).split(",")
    behind = settings.PROXIES and len(passed_on) >= settings.PROXIES
    said = passed_on[-settings.PROXIES] if behind else connection
    try:
        return str(ipaddress.ip_address(said.strip()))
    except ValueError:
        return NOWHERE
