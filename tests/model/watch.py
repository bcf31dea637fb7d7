"""Flags that follow the facts (docs/flags.md), tokens, and requests that come twice."""

from collections.abc import Callable
from typing import Any, NamedTuple

from .book import Book, Thing, admit
from .flags import flags_of
from .words import Name, No, Who


class Told(NamedTuple):
    """What became of a flag: the kind of its entry, and the flag as it is then."""

    entry_kind: str
    flag_kind: str
    about: Name
    severity: str
    name: Name


def settle_flags(book: Book, who: Who, target: Name) -> list[Told]:
    """What is raised, changed or cleared now."""
    project = book.project(target)
    called_for, told = flags_of(book, project), []
    for kind, about in sorted(called_for.keys() | project.flags.keys()):
        stood, name = project.flags.pop((kind, about), (None, None))
        now = called_for.get((kind, about))
        severity, _ = now or stood or ("", "")
        if name is None:
            name = book.keep(Thing(book.new("flag"), project.name)).name
            told.append(Told("flag_raised", kind, about, severity, name))
        elif now != stood:
            told.append(Told("flag_changed" if now else "flag_cleared", kind, about, severity, name))
        if now:
            project.flags[kind, about] = (now, name)
    project.entries += len(told)
    return told


def see_flag(book: Book, who: Who, target: Name) -> Name:
    flag = book.find(Thing, target)
    if not target.startswith("flag"):
        raise No("not_found")
    admit(book.project(flag.project), who)
    return flag.name


def create_token(book: Book, who: Who, target: None, *, project: Name | None = None, **_: Any) -> Name:
    if not who.proven:
        raise No("proof_needed")
    if project is not None:
        found = next((p for p in book.projects if p.name == project), None)
        if found is None or who.person not in {part.person for part in found.those_present}:
            raise No("unknown_project")
    name = book.new("token")
    assert who.person is not None
    book.tokens[name] = who.person
    return name


def revoke_token(book: Book, who: Who, target: None, *, token: Name) -> None:
    if book.tokens.get(token) != who.person:
        raise No("not_found")
    del book.tokens[token]


def once(book: Book, person: str, key: str, asked: Any, act: Callable[[], Any]) -> tuple[Any, bool]:
    """The act's answer, and whether it is an earlier one: a request that comes again has no second effect."""
    if (person, key) in book.once:
        earlier, answer = book.once[person, key]
        if earlier != asked:
            raise No("idempotency_key_reused")
        return answer, True
    answer = act()
    book.once[person, key] = (asked, answer)
    return answer, False
