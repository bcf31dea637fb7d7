"""Every act has its place in the model: a new one comes with its step."""

from .product import ACTIONS
from .story import ACTS

# Acts that the model does not tell of yet.
NOT_TOLD = {
    "reschedule_milestone",
}


def test_the_model_knows_every_act() -> None:
    assert {*ACTIONS, "settle_flags"} - NOT_TOLD == ACTS.keys()
