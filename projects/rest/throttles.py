"""How often the API answers one person, or one address that does not say who it is (tracker/limits.py).

Counted in fixed windows in the shared cache, so that all web processes count together. Where the cache is
away nobody is kept out.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from people.addresses import neighbourhood
from people.web import address_of


def count(kind: str, who: str) -> float | None:
    """Count one request of a kind; the seconds to wait when it is one too many, else None."""
    most, window = settings.API_LIMITS[kind], settings.API_WINDOW_SECONDS
    if not settings.LIMITED:
        return None
    now = time.time()
    key = f"api:{kind}:{who}:{int(now // window)}"
    cache.add(key, 0, timeout=2 * window)
    if cache.incr(key) <= most:
        return None
    return window - now % window


def count_stranger(request: HttpRequest | Request) -> None:
    """Count one who did not say who they are, by their address. Raises Throttled."""
    address = address_of(getattr(request, "_request", request))
    wait = count("stranger", neighbourhood(address))
    if wait is not None:
        raise Throttled(wait)


class Limits(BaseThrottle):
    """A person's reading and writing, over all their tokens and browsers; strangers by their address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the request is within its limit. Raises Throttled for a stranger's one too many."""
        self._wait: float | None = None
        if request.user is None:
            count_stranger(request)
        else:
            kind = "read" if request.method in SAFE_METHODS else "write"
            self._wait = count(kind, str(request.user.pk))
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait
