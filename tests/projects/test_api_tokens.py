"""Tokens: made in the browser with a fresh proof, shown once, bounded by scope, project, time and owner."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from people.models import User
from projects.actions import end_part
from projects.journal import text_hash
from projects.models import ApiToken, Party, Project
from tests.cast import Cast, acting, active, draft, signed_in, stage, submitted
from tests.programs import API, Program, program

JSON = "application/json"


def make(browser: Any, **body: Any) -> Any:
    return browser.post(f"{API}tokens/", {"name": "My script", "scopes": ["read"]} | body, content_type=JSON)


def test_a_token_is_shown_once_and_kept_as_a_hash(cast: Cast) -> None:
    browser = signed_in(cast.noa)
    made = make(browser, scopes=["sign", "read", "read"]).json()
    assert made["scopes"] == ["read", "sign"]
    token = ApiToken.objects.get()
    assert token.digest == text_hash(made["token"])
    assert made["token"] not in str(ApiToken.objects.values())
    (listed,) = browser.get(f"{API}tokens/").json()["results"]
    assert "token" not in listed
    assert Program(cast.noa, made["token"]).get("me/").json()["user"]["name"] == "Noa Example"


def test_a_repeated_request_makes_one_token_and_keeps_its_secret(cast: Cast) -> None:
    browser = signed_in(cast.noa)
    body, headers = {"name": "x", "scopes": ["read"]}, {"Idempotency-Key": "once"}
    first, second = (browser.post(f"{API}tokens/", body, JSON, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["token"].startswith("plumb_")
    assert second.json() == first.json() | {"token": None}
    assert ApiToken.objects.count() == 1


def test_no_token_makes_another(cast: Cast) -> None:
    noa = program(cast.noa)
    for answer in (noa.get("tokens/"), noa.post("tokens/", {"name": "x", "scopes": ["read"]})):
        assert (answer.status_code, answer.json()["code"]) == (403, "session_only")


def test_a_token_is_made_with_a_fresh_proof_only(cast: Cast) -> None:
    browser = signed_in(cast.noa)
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 601
    session.save()
    answer = make(browser)
    assert (answer.status_code, answer.json()["code"]) == (403, "proof_needed")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"name": ""}, "name"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"project": "00000000-0000-0000-0000-000000000007"}, "project"),
        ({"owner": "somebody"}, "owner"),
    ],
)
def test_tokens_that_make_no_sense(cast: Cast, body: dict[str, Any], field: str) -> None:
    answer = make(signed_in(cast.noa), **body)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}


def test_a_revoked_token_ends_at_once(cast: Cast) -> None:
    browser = signed_in(cast.noa)
    made = make(browser).json()
    noa = Program(cast.noa, made["token"])
    assert noa.get("me/").status_code == 200
    assert signed_in(cast.dana).delete(f"{API}tokens/{made['id']}/").status_code == 404, "not hers"
    assert browser.delete(f"{API}tokens/{made['id']}/").status_code == 204
    assert noa.get("me/").status_code == 401
    assert browser.delete(f"{API}tokens/{made['id']}/").status_code == 404


def test_an_expired_token_and_one_without_its_owner_are_none(cast: Cast) -> None:
    noa = program(cast.noa, expires_at=timezone.now() + timedelta(hours=1))
    assert noa.get("me/").status_code == 200
    assert program(cast.noa, expires_at=timezone.now()).get("me/").status_code == 401
    uri = program(cast.uri)
    User.objects.filter(pk=cast.uri.pk).update(is_active=False)
    assert uri.get("me/").status_code == 401


def test_every_call_needs_its_scope(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 1))
    house, there = f"projects/{project.id}/", f"milestones/{milestone.id}/"
    needed = {
        "read": lambda p: p.get(house),
        "progress": lambda p: p.post(there + "withdraw/"),
        "sign": lambda p: p.post(there + "sign-off/", {"version": milestone.version}),
        "pay": lambda p: p.post(house + "release/", {}),
        "manage": lambda p: p.post(house + "parties/", {}),
    }
    for scope, call in needed.items():
        others = [other for other in needed if other != scope]
        answer = call(program(cast.noa, *others))
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope"), scope
        assert answer.json()["scope"] == scope
        assert call(program(cast.noa, scope)).json().get("code") != "missing_scope"


def test_the_scope_to_sign_is_the_proof(cast: Cast) -> None:
    milestone = submitted(cast, stage(active(cast), 1))
    signed = program(cast.noa, "sign").post(
        f"milestones/{milestone.id}/sign-off/", {"version": milestone.version}
    )
    assert signed.status_code == 200


def test_a_token_can_never_do_what_its_owner_cannot(cast: Cast) -> None:
    project = active(cast)
    michal = program(cast.michal)
    answer = michal.post(f"projects/{project.id}/release/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
    part = Party.objects.get(project=project, user=cast.michal)
    end_part(acting(cast.noa), part.id)
    assert michal.get(f"projects/{project.id}/").status_code == 404


def test_a_bound_token_sees_one_project(cast: Cast) -> None:
    mine, other = draft(cast), draft(cast, name="Another house")
    noa = program(cast.noa, project=mine)
    assert [p["id"] for p in noa.get("projects/").json()["results"]] == [str(mine.id)]
    assert [p["id"] for p in noa.get("me/").json()["projects"]] == [str(mine.id)]
    assert noa.get(f"projects/{mine.id}/").status_code == 200
    assert noa.get(f"projects/{other.id}/").status_code == 404
    assert noa.get(f"milestones/{stage(other, 1).id}/").status_code == 404
    body = {"version": Project.objects.get(pk=other.id).version}
    assert noa.post(f"projects/{other.id}/agree/", body).status_code == 404
    assert noa.upload(str(other.id), b"").status_code == 404
    answer = noa.post("projects/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "token_bound")


def test_the_command_prints_a_token(cast: Cast) -> None:
    out = StringIO()
    call_command("token", "NOA@example.com", "--scopes", "read,pay", "--days", "7", stdout=out)
    token = ApiToken.objects.get()
    assert token.scopes == ["pay", "read"]
    assert token.expires_at is not None
    assert Program(cast.noa, out.getvalue().strip()).get("me/").status_code == 200


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody@example.com"],
        ["noa@example.com", "--scopes", "everything"],
        ["noa@example.com", "--scopes", ","],
        ["noa@example.com", "--days", "0"],
        ["noa@example.com", "--project", "00000000-0000-0000-0000-000000000007"],
    ],
)
def test_the_command_says_what_is_wrong(cast: Cast, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("token", *arguments)
