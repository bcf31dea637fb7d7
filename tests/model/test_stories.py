"""The product does what the model says, in stories that Hypothesis makes up (docs/testing.md)."""

from .session import gather_people, tell_stories


def test_every_act_is_answered_as_the_model_says(database: str) -> None:
    gather_people()
    tell_stories(5)
