"""One attack per guard and per known way around it, by SQL typed into the application's own role.

Most come with a well-made journal entry, as a bug in our own code would have it. Each is refused by name,
and afterwards every row of every table is as it was. `python -m tests.attacks` prints them as a table.
"""

import re
from typing import Any

import pytest

from tests.attacks.attack import Attack, refused
from tests.attacks.everyone import ATTACKS
from tests.attacks.world import World


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: f"{case.role}: {case.name}")
def test_refused(world: World, links: dict[str, Any], case: Attack) -> None:
    refusal = refused(case, links[case.role], world)
    assert refusal, "let through"
    assert re.match(case.guard, refusal.words), refusal.words
