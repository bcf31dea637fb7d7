"""How an attack is told: which guard refuses it, in whose name and chain, and what it does."""

from collections.abc import Callable
from typing import NamedTuple

from tests.attacks.forge import Forgery
from tests.attacks.world import World

Attacker = Callable[[Forgery, World], None]


class Attack(NamedTuple):
    guard: str
    by: str
    on: str
    perform: Attacker


ATTACKS: list[Attack] = []


def attack(guard: str, *, by: str = "noa", on: str = "house") -> Callable[[Attacker], Attacker]:
    """An attack that this guard refuses. `by`: whom its entry names; `on`: in which project's chain."""

    def register(perform: Attacker) -> Attacker:
        ATTACKS.append(Attack(guard, by, on, perform))
        return perform

    return register
