"""How an attack is told: which guard refuses it, in whose name and chain, and what it does."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import psycopg2

from tests.attacks.forge import Forgery
from tests.attacks.world import World

Attacker = Callable[[Forgery, World], None]
Role = Literal["app", "owner"]


class Attack(NamedTuple):
    """`guard`: what the refusal begins with. `role`: the database role that types it; the owner, where the
    application's role does not come as far as the guard. `sealed`: followed by a well-made entry. `aim`: the
    guard that would refuse it even if those before it were gone (tests.attacks.without).
    """

    name: str
    guard: str
    perform: Attacker
    by: str = "noa"
    on: str = "house"
    role: Role = "app"
    sealed: bool = True
    aim: str = ""


class Refusal(NamedTuple):
    """What the database answered: its words, and which function, constraint or table they come from."""

    words: str
    source: str


ATTACKS: list[Attack] = []


def attack(
    guard: str,
    *,
    by: str = "noa",
    on: str = "house",
    role: Role = "app",
    sealed: bool = True,
    aim: str = "",
) -> Callable[[Attacker], Attacker]:
    """An attack that this guard refuses. `by`: whom its entry names; `on`: in which project's chain."""

    def register(perform: Attacker) -> Attacker:
        ATTACKS.append(Attack(perform.__name__, guard, perform, by, on, role, sealed, aim))
        return perform

    return register


def statement(guard: str, sql: str, *, role: Role = "app", alone: bool = False) -> None:
    """An attack that is one statement, refused as it stands; `alone`: it may stand in no transaction."""

    def perform(f: Forgery, w: World) -> None:
        f.link.rollback()
        f.link.autocommit = alone
        try:
            f.run(sql)
        finally:
            if alone:
                f.link.autocommit = False

    ATTACKS.append(Attack(sql, guard, perform, role=role, sealed=False))


def refused(case: Attack, link: Any, world: World) -> Refusal | None:
    """Perform it on a connection up to its commit; how it was refused, or None when it was let through."""
    forgery = Forgery(link, getattr(world, case.on).id, world.person(case.by))
    try:
        case.perform(forgery, world)
        if case.sealed:
            forgery.seal()
        else:
            link.commit()
    except psycopg2.Error as error:
        return _told(error)
    return None


def _told(error: psycopg2.Error) -> Refusal:
    words = str(error).strip().split("\n")[0]
    context = error.diag.context or ""
    function = context.partition("PL/pgSQL function ")[2].partition(" ")[0]
    if function == "history_is_closed()":  # one function for many triggers: its words tell them apart
        function = words
    return Refusal(words, function or error.diag.constraint_name or words)
