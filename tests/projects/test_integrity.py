"""The walk over a journal, entry by entry, and the hash of a row as the program computes it."""

import json
import subprocess
import sys
from ast import parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.integrity.chain import Entry, problems_of_entry
from projects.integrity.digests import fact_tables, read_row, row_digest
from projects.journal import GENESIS, canonical, chain_hash
from projects.models import Project
from projects.queries import journal_of
from tests.cast import Cast, active, signed_in
from tests.tampering.lived import live

PROJECT, ID, ACTOR = ("01a2056c-0000-7000-8000-00000000000" + n for n in "123")
AT = "2026-11-22T12:00:00.000000Z"
CHECKER = Path(settings.BASE_DIR) / "static" / "check_journal.py"


def entry(said: dict[str, Any] | None = None, **columns: Any) -> Entry:
    """A good first entry, with another content or other columns."""
    content: dict[str, Any] = {
        "v": 1,
        "id": ID,
        "project": PROJECT,
        "seq": 1,
        "kind": "party_left",
        "actor": ACTOR,
        "at": AT,
        "data": {"party": ID, "role": "observer"},
        "facts": {f"projects_party/{ID}": "0" * 64},
    } | (said or {})
    body = columns.pop("body", canonical(content))
    good = Entry(PROJECT, 1, ID, "party_left", ACTOR, AT, body, GENESIS, chain_hash(GENESIS, body))
    return good._replace(**columns)


def problems(one: Entry, last_at: str = "") -> list[tuple[str, str]]:
    return problems_of_entry(one, 1, GENESIS, last_at)[1]


def test_a_good_entry() -> None:
    assert problems(entry(), last_at=AT) == []


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (entry(project=ID), ("says_otherwise", "project")),
        (entry(id=PROJECT), ("says_otherwise", "id")),
        (entry(kind="party_joined"), ("says_otherwise", "kind")),
        (entry(actor="system"), ("says_otherwise", "actor")),
        (entry(at=AT.replace("22", "23")), ("says_otherwise", "at")),
        (entry({"v": 2}), ("says_otherwise", "v")),
        (entry(hash="0" * 64), ("hash", "hash")),
        (entry({"seq": 2}, seq=2), ("gap", "seq")),
        (entry(previous_hash="1" * 64), ("not_chained", "previous_hash")),
        (entry(previous_hash="nonsense"), ("not_chained", "previous_hash")),
        (entry(body=b"{"), ("unreadable", "body")),
        (entry(body=b'{"facts":{}}'), ("unreadable", "body")),
        (entry(body=b"\xff\xfe"), ("unreadable", "body")),
        (entry(body=canonical({"v": 1}) + b" "), ("unreadable", "body")),
        (entry({"kind": "painted"}, kind="painted"), ("unknown_kind", "painted")),
        (entry({"data": {"name": "Noa"}}), ("unknown_data", "name")),
        (entry({"facts": {}}), ("names_nothing", "facts")),
        (entry(body=entry().body.replace(b'"v":1', b'"v": 1')), ("not_canonical", "body")),
    ],
    ids=lambda found: found[0] if not isinstance(found, Entry) else "",
)
def test_what_is_wrong_with_an_entry(broken: Entry, problem: tuple[str, str]) -> None:
    assert problem in problems(broken)


def test_an_entry_that_is_older_than_the_last() -> None:
    assert problems(entry(), last_at="2026-11-22T12:00:00.000001Z") == [("goes_back", "at")]


def test_rows_have_the_hash_that_the_database_computes(cast: Cast) -> None:
    """For every fact of a lived-in project: numbers, moments, prose in two scripts, lists, policies."""
    live(cast)
    for table in fact_tables():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(f)::text, fact_digest('{table}', to_jsonb(f)) FROM {table} f")
            rows = cursor.fetchall()
        assert rows, f"no {table} here"
        for text, digest in rows:
            assert row_digest(table, read_row(text)) == digest, f"{table}: {text}"


def test_odd_words_have_the_hash_that_the_database_computes(cast: Cast) -> None:
    """In lists and policies words stand as they are: quotes, control characters, numbers of any length."""
    project = active(cast)
    policy = {"a": [1, 2.50, 1e20, True, None, {"ab": '"\\/\n\t\x01\x7f\u2028é'}], "é": 10**30}
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH f AS (SELECT to_jsonb(p) || jsonb_build_object('policy', %s::jsonb) AS row"
            " FROM projects_project p WHERE id = %s)"
            " SELECT row::text, fact_digest('projects_project', row) FROM f",
            [json.dumps(policy), project.id],
        )
        text, digest = cursor.fetchone()
    assert row_digest("projects_project", read_row(text)) == digest


# --- The file, and the program that checks it without us


@pytest.fixture
def export(cast: Cast, tmp_path: Path) -> Callable[..., Path]:
    """export(change): the file of a project's journal as its page sends it, changed as text."""
    project = active(cast)
    page = signed_in(cast.noa).get(reverse("journal_export", args=[project.id]))
    assert page.headers["Content-Disposition"] == f'attachment; filename="journal-{project.id}.json"'

    def write(change: Callable[[str], str] = lambda text: text) -> Path:
        path = tmp_path / "journal.json"
        path.write_text(change(page.content.decode()))
        return path

    return write


def checked(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """As somebody runs it who has the two files and a bare Python, and nothing of ours."""
    command = [sys.executable, "-I", "-S", str(CHECKER), str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, env={}, cwd=path.parent, timeout=30)


def test_the_checker_needs_nothing_but_an_old_python() -> None:
    parse(CHECKER.read_text(), feature_version=(3, 8))


def test_a_whole_journal_holds_and_its_head_is_printed(export: Callable[..., Path]) -> None:
    last = journal_of(Project.objects.get().id).last()
    assert last is not None
    found = checked(export(), "--head", f"{last.seq}:{last.hash}")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith(f"\n{last.seq}:{last.hash}\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('\\"party_joined\\"', '\\"party_jained\\"', 1), "its hash is not its own"),
        (lambda text: text.replace('"seq": 3,', '"seq": 4,', 1), "entry 3: entry 4 stands in its place"),
        (lambda text: text.replace("plumbline-journal-1", "diary"), "no journal in the format"),
        (lambda text: text[:-5], "no JSON"),
    ],
    ids=["a byte", "a number", "a format", "a part"],
)
def test_a_changed_file_does_not_hold(
    export: Callable[..., Path], change: Callable[[str], str], told: str
) -> None:
    found = checked(export(change))
    assert (found.returncode, found.stderr) == (1, "")
    assert told in found.stdout


def test_another_history_does_not_have_the_head_that_was_kept(export: Callable[..., Path]) -> None:
    found = checked(export(), "--head", "2:" + "ab" * 32)
    assert (found.returncode, "not the history" in found.stdout) == (1, True)
    found = checked(export(), "--head", "999:" + "ab" * 32)
    assert (found.returncode, "ends before it" in found.stdout) == (1, True)


def test_the_checker_lies_beside_the_file(cast: Cast) -> None:
    project = active(cast)
    page = signed_in(cast.noa).get(reverse("journal", args=[project.id])).content.decode()
    assert reverse("journal_export", args=[project.id]) in page
    assert "/static/check_journal.py" in page
    assert b"FILE_FORMAT" in b"".join(Client().get("/static/check_journal.py"))
