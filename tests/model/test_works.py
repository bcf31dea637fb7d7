"""The product answers as the model says, in stories of work and money."""

from .session import STORIES, gather_people, seed_or, tell_stories

SEED = 2


def test_stories_of_work_and_money(database: str) -> None:
    gather_people()
    tell_stories(STORIES, seed_or(SEED), begun=["working"])
