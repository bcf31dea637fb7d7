"""Many plausible projects, fast: a few stories told through the acts, and told again under other ids in bulk.

A story is one project in one of the states that projects are in, told by the acts themselves. What each of
its acts wrote is kept, and written again for other people and under other ids: whole rows, with hashes and a
chain of their own, act by act, as the application's role. Every guard looks at every row of it. One
transaction holds the same act of many projects, since a project takes one entry at a time.
"""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

from allauth.account.models import EmailAddress
from django.db import connection

from people.models import User
from projects import clock
from tracker.simulation import stories, terms
from tracker.simulation.retelling import tell_again
from tracker.simulation.stories import FAMILIES, Chapter, Teller, Told

STORIES = stories.STORIES | terms.STORIES

AT_ONCE = 250  # projects in one transaction
CROWD = 40  # families; a contractor has several of them


def simulate(projects: int, seed: int, workers: int = 1) -> dict[str, int]:
    """Write so many projects, all states in turn; how many of each. The same seed tells the same stories.

    `workers` processes write, each over a connection of its own; what the guards cost is the database's work.
    """
    chance = random.Random(seed)
    crowd, names = _crowd(), list(STORIES)
    each = 2 if projects >= 100 else 1
    tales = {
        name: [_tell(STORIES[name], crowd, chance) for _ in range(each)]
        for name in names[: max(1, projects // each)]
    }
    counts = {name: len(told) for name, told in tales.items()}
    queues: dict[tuple[str, int], int] = {}
    for n in range(projects - sum(counts.values())):
        name = names[n % len(names)]
        which = name, chance.randrange(each)
        queues[which] = queues.get(which, 0) + 1
        counts[name] += 1
    _do_all(list(_portions(tales, queues, crowd, chance)), workers)
    return counts


Portion = tuple[Told, list[dict[str, User]]]


def _portions(
    tales: dict[str, list[Told]],
    queues: dict[tuple[str, int], int],
    crowd: dict[str, list[User]],
    chance: random.Random,
) -> Iterator[Portion]:
    """A story and for whom it is told again in one go."""
    for (name, which), count in queues.items():
        for begun in range(0, count, AT_ONCE):
            some = min(AT_ONCE, count - begun)
            yield tales[name][which], [_others(crowd, chance) for _ in range(some)]


def _do_all(portions: list[Portion], workers: int) -> None:
    if workers == 1:
        for portion in portions:
            tell_again(*portion)
        return
    connection.close()  # no process inherits another's
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        for done in [pool.submit(tell_again, *portion) for portion in portions]:
            done.result()


def _crowd() -> dict[str, list[User]]:
    """The people, each with a verified address; made once, found again by later simulations."""
    return {
        "homeowner": [_person(f"family{n}", f"משפחת {FAMILIES[n % len(FAMILIES)]}") for n in range(CROWD)],
        "contractor": [_person(f"contractor{n}", f"קבלן {n + 1}") for n in range(CROWD // 4)],
    }


def _person(name: str, full_name: str) -> User:
    email = f"{name}@simulated.example.com"
    found = User.objects.filter(email=email).first()
    if found is None:
        found = User.objects.create_user(email, full_name=full_name, language="he")
        EmailAddress.objects.create(user=found, email=email, verified=True, primary=True)
    return found


def _others(crowd: dict[str, list[User]], chance: random.Random) -> dict[str, User]:
    return {role: chance.choice(people) for role, people in crowd.items()}


def _tell(chapters: Sequence[Chapter], crowd: dict[str, list[User]], chance: random.Random) -> Told:
    """One story through the acts, begun some months ago; its flags come with the next sweep."""
    begins = clock.now() - timedelta(days=chance.randint(120, 240))
    teller = Teller(_others(crowd, chance), chance, begins)
    for chapter in chapters:
        chapter(teller)
    return teller.told
