"""Every act has its place in the model: a new one comes with its step."""

from .product import ACTIONS
from .story import ACTS


def test_the_model_knows_every_act() -> None:
    assert {*ACTIONS, "settle_flags"} == ACTS.keys()
