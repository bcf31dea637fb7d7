"""The product answers as the model says, in stories that begin before the agreement is signed."""

from .session import STORIES, gather_people, seed_or, tell_stories

SEED = 3


def test_stories_of_drafts(database: str) -> None:
    gather_people()
    tell_stories(STORIES, seed_or(SEED), begun=["joined", "signed", "alone"])
