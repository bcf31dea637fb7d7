"""The product answers as the model says, in stories that begin before the agreement is signed."""

from .session import STORIES, gather_people, seed_of_the_day, tell_stories


def test_stories_of_drafts(database: str) -> None:
    gather_people()
    tell_stories(STORIES, seed_of_the_day(), begun=["joined", "signed", "alone"])
