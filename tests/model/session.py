"""Where stories happen: one clone of the migrated database, one cast of people, many stories."""

import os
import random
from collections.abc import Sequence
from uuid import UUID

import hypothesis
from allauth.account.models import EmailAddress
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cast import person
from tracker.verifying import verify

from .beginnings import BEGUN
from .machine import Stories
from .story import ADDRESSES, UNPROVED, Story, Wrong

STEPS = 100  # of one story, besides its beginning
STORIES = int(os.environ.get("PLUMBLINE_MODEL_STORIES", "8"))  # in each test


def gather_people() -> None:
    """The cast, with the addresses that the model knows of; once in a database."""
    people = {name: person(name.capitalize()) for name in ADDRESSES}
    for name, addresses in ADDRESSES.items():
        for address in addresses[1:]:
            EmailAddress.objects.create(user=people[name], email=address, verified=True)
    for name, address in UNPROVED.items():
        EmailAddress.objects.create(user=people[name], email=address, verified=False)
    Stories.people = {name: user.id for name, user in people.items()}


def seed_or(steady: int) -> int:
    """The steady seed, for the same stories every time, unless new ones are asked for (docs/testing.md)."""
    return random.randrange(10**6) if os.environ.get("PLUMBLINE_EXPLORE") == "1" else steady


def tell_stories(count: int, seed: int, begun: Sequence[str] = BEGUN) -> None:
    """Let Hypothesis make up that many stories, come as far as one of `begun` when they begin.

    Raises what went wrong, in the simplest story found.
    """
    Stories.begun = begun
    Stories.finish = staticmethod(end)
    given = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(hypothesis.seed(seed)(Stories), settings=given)


def end(story: Story) -> None:
    """What must be true when a story ends: its money by the rules, and of some all that can be proven."""
    Stories.told += 1
    for project in story.book.projects:
        story.agree_on_money(project)
        if Stories.told % Stories.proven_every == 0:
            require_no_breaks(story.product.ids[project.name])


def require_no_breaks(project: UUID | None) -> None:
    """Raises what `manage.py verify` finds; then every story is proven, so that a simpler one is found."""
    if breaks := verify(project).breaks:
        Stories.proven_every = 1
        raise Wrong(f"verify: {breaks}")
