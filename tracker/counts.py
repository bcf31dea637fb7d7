"""The cache that all web processes share: how often who tried what, and nothing else.

It lives beside the broker, which may be wiped or away at any moment. Away, it answers as an empty cache
would: nobody is counted and nobody is kept out. That is logged, and `/readyz` says `degraded`.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qs, urlsplit

import redis
from django.core.cache.backends.redis import RedisCache

SECONDS_TO_ANSWER = 0.5
SECONDS_LEFT_ALONE = 5.0  # after a failure, so that a hanging broker does not hold up every request

log = logging.getLogger(__name__)
Result = TypeVar("Result")
_left_alone_until = 0.0  # on the monotonic clock, for all threads of the process


class Json:
    """Counts and lists of moments; never pickles, which whoever writes to the broker could forge."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


def cache_url(broker_url: str) -> str:
    """The broker's address as the cache spells it: Celery has a scheme of its own for sockets."""
    parts = urlsplit(broker_url)
    if parts.scheme != "redis+socket":
        return broker_url
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={number.strip('/') or 0}"


class SharedCounts(RedisCache):
    """Django's own Redis cache, open while the server is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        bounds = {"socket_timeout": SECONDS_TO_ANSWER, "socket_connect_timeout": SECONDS_TO_ANSWER}
        super().__init__(server, params | {"OPTIONS": {"serializer": Json(), **bounds}})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _asked(lambda: super(SharedCounts, self).add(*args, **kwargs), True)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _asked(lambda: super(SharedCounts, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _asked(lambda: super(SharedCounts, self).set(*args, **kwargs), None)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _asked(lambda: super(SharedCounts, self).delete(*args, **kwargs), False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return _asked(lambda: super(SharedCounts, self).incr(key, delta, version), delta)

    def clear(self) -> NoReturn:
        """Never: Django would empty the broker's whole database."""
        raise NotImplementedError


def _asked(question: Callable[[], Result], away: Result) -> Result:
    """The server's answer; `away` where it gives none, and for a while afterwards without asking."""
    global _left_alone_until
    if time.monotonic() < _left_alone_until:
        return away
    try:
        return question()
    except (redis.RedisError, OSError) as error:
        _left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE
        log.warning("The broker does not answer (%s): attempts are not counted.", type(error).__name__)
        return away
