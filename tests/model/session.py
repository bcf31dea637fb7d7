"""Where stories happen: one clone of the migrated database, one cast of people, many stories."""


import hypothesis
from allauth.account.models import EmailAddress
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from projects.journal import first_break
from projects.models import JournalEntry
from tests.cast import person

from .machine import Stories
from .story import UNPROVED, Story

STEPS = 60  # of one story, besides its beginning


def gather_people() -> None:
    """The cast, with the addresses that the model knows of; once in a database."""
    from .story import ADDRESSES

    people = {name: person(name.capitalize()) for name in ADDRESSES}
    for name, addresses in ADDRESSES.items():
        for address in addresses[1:]:
            EmailAddress.objects.create(user=people[name], email=address, verified=True)
    for name, address in UNPROVED.items():
        EmailAddress.objects.create(user=people[name], email=address, verified=False)
    Stories.people = {name: user.id for name, user in people.items()}


def tell_stories(count: int, seed: int | None = None, shrink: bool = True) -> None:
    """Let Hypothesis make up that many stories; raises what went wrong, in the simplest story found."""
    Stories.finish = staticmethod(hold)
    given = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *[Phase.shrink] * shrink],
    )
    machine = Stories if seed is None else hypothesis.seed(seed)(Stories)
    run_state_machine_as_test(machine, settings=given)


def hold(story: Story) -> None:
    """What must be true when a story ends: its money by the rules, and its journals."""
    for project in story.book.projects:
        story.agree_on_money(project)
        entries = JournalEntry.objects.filter(project=story.product.ids[project.name]).order_by("seq")
        rows = entries.values_list("seq", "previous_hash", "hash", "body")
        assert first_break((seq, was, its, bytes(body)) for seq, was, its, body in rows) is None
