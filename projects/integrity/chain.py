"""One entry of a journal: its link to the one before, and whether its columns are what its bytes say."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.journal import FORMAT, chain_hash, known_kinds, written


class Entry(NamedTuple):
    """An entry's columns as they stand; `at` as the bytes write it, `actor` a person's id or `system`."""

    project: str
    seq: int
    id: str
    kind: str
    actor: str
    at: str
    body: bytes
    previous_hash: str
    hash: str


Problem = tuple[str, str]  # a code, and the column or name that it is about


def problems_of_entry(
    entry: Entry, expected: int, previous: str, last_at: str
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """What the entry's bytes say (None when they cannot be read), and what is wrong with it.

    says_otherwise: a column that differs from the bytes; told first, for an entry in another's chain makes
    gaps too. gap, not_chained, hash: its link. goes_back: older than the one before. unreadable,
    not_canonical: its bytes. unknown_kind, unknown_data: no such words. names_nothing: an act without facts.
    """
    said, link = _read(entry.body), list(_link(entry, expected, previous))
    if said is None:
        return None, [*link, ("unreadable", "body")]
    columns = _columns(entry)
    problems = [("says_otherwise", name) for name in columns if columns[name] != said.get(name)] + link
    problems += [("goes_back", "at")] if entry.at < last_at else []
    return said, problems + list(_words(entry, said))


def _link(entry: Entry, expected: int, previous: str) -> Iterator[Problem]:
    if entry.seq != expected:
        yield "gap", "seq"
    if entry.previous_hash != previous:
        yield "not_chained", "previous_hash"
    if _hash(entry) != entry.hash:
        yield "hash", "hash"


def _hash(entry: Entry) -> str:
    """The hash that the entry should have; none where the one before is no hash at all."""
    try:
        return chain_hash(entry.previous_hash, entry.body)
    except ValueError:
        return ""


def _read(body: bytes) -> dict[str, Any] | None:
    """The bytes as an entry's content; None when they are no such thing."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    shapes = {"facts": dict, "data": dict}
    whole = isinstance(said, dict) and all(isinstance(said.get(name), kind) for name, kind in shapes.items())
    return said if whole else None


def _columns(entry: Entry) -> dict[str, Any]:
    """What the bytes must say, by name."""
    return {
        "v": FORMAT,
        "id": entry.id,
        "project": entry.project,
        "seq": entry.seq,
        "kind": entry.kind,
        "actor": entry.actor,
        "at": entry.at,
    }


def _words(entry: Entry, said: dict[str, Any]) -> Iterator[Problem]:
    kind = known_kinds().get(entry.kind)
    if kind is None:
        yield "unknown_kind", entry.kind
    elif unknown := said["data"].keys() - kind.names:
        yield "unknown_data", min(unknown)
    if not said["facts"] and not said.get("removed"):
        yield "names_nothing", "facts"
    if written(said) != entry.body:
        yield "not_canonical", "body"
