"""Every act has its place in the model: a new one comes with its step."""

from .product import ACTIONS
from .story import ACTS

# Acts that the model does not tell of yet.
NOT_TOLD = {
    "accept_counter",
    "add_expectation",
    "confirm_expectation",
    "counter_expectation",
    "edit_expectation",
    "judge_expectation",
    "remove_expectation",
    "reschedule_milestone",
}


def test_the_model_knows_every_act() -> None:
    assert {*ACTIONS, "settle_flags"} - NOT_TOLD == ACTS.keys()
