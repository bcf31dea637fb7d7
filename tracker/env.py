"""Reading the environment: each variable once, nonsense refused by name."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_flag(name: str, default: bool) -> bool:
    """Whether a switch is on."""
    text = os.environ.get(name, "1" if default else "0").strip().lower()
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name}={text!r}: use 1 or 0.")
    return text in {"1", "true", "yes"}


def env_url(name: str, schemes: set[str], default: str = "") -> str:
    """An address of one of these schemes; empty where none is set."""
    url = os.environ.get(name, default)
    if url and urlsplit(url).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with one of {sorted(schemes)}.")
    return url


def env_port(name: str, default: int) -> int:
    """A port of this machine."""
    return env_number(name, default, 1, 65535, "a port")


def env_number(name: str, default: int, least: int, most: int, what: str = "a number") -> int:
    """A whole number within bounds."""
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ImproperlyConfigured(f"{name}={text!r}: use {what} between {least} and {most}.")
    return int(text)


def in_url(host: str) -> str:
    """A host as addresses spell it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
