"""Settings as a process of its own reads them from an environment: what is refused, what is warned of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "PUBLIC_URL": "https://plumbline.example.com",
    "SECRET_KEY": "a-B3_xYz9.Qw7!Lm" * 4,
    "DATABASE_URL": "postgres://app:secret@database.example.com/plumbline",
    "EMAIL_URL": "smtp://mail.example.com",
    "PLUMBLINE_PROXIES": "1",
}
AT_HOME = {name: PRODUCTION[name] for name in ("PATH", "SECRET_KEY", "DATABASE_URL")}
TELL = (
    "from tracker import settings as s;"
    "print(s.PUBLIC_URL, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DEBUG)"
)


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def deploy_check(**changes: str) -> str:
    done = run(PRODUCTION | changes, "manage.py", "check", "--deploy")
    return done.stderr + done.stdout


def test_a_production_environment_has_nothing_to_warn_of() -> None:
    assert "no issues" in deploy_check()


def test_what_keeps_people_outside_or_limits_from_holding_is_told() -> None:
    told = deploy_check(EMAIL_URL="", PLUMBLINE_PROXIES="0", PLUMBLINE_LIMITS="0")
    assert [f"plumbline.W00{n}" in told for n in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEBUG": "1"}, "DEBUG=1"),
        ({"SECRET_KEY": "short" * 9}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"HOST": "0.0.0.0", "PUBLIC_URL": "http://10.0.0.1"}, "reachable from outside"),
        ({"PLUMBLINE_PROXIES": "many"}, "PLUMBLINE_PROXIES='many'"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    ],
)
def test_what_is_not_safe_does_not_start(changes: dict[str, str], said: str) -> None:
    refused = run(PRODUCTION | changes, "-c", TELL)
    assert refused.returncode != 0
    assert said in refused.stderr


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (PRODUCTION, "https://plumbline.example.com ['plumbline.example.com', '127.0.0.1'"),
        (AT_HOME, "http://127.0.0.1:8000 ['127.0.0.1', '127.0.0.1'"),
        (AT_HOME | {"HOST": "::1"}, "http://[::1]:8000 ['[::1]', '[::1]'"),
    ],
)
def test_addresses_and_cookies_follow_the_public_address(environment: dict[str, str], told: str) -> None:
    said = run(environment, "-c", TELL).stdout
    assert said.startswith(told)
    secure = environment is PRODUCTION
    assert said.split()[-3:] == [str(secure), str(secure), "False"]
