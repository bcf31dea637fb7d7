"""Every act has its place in the model: a new one comes with its step."""

from .machine import Stories
from .product import ACTIONS
from .steps import Steps
from .story import ACTS


def test_the_model_knows_every_act() -> None:
    assert {*ACTIONS, "settle_flags"} == ACTS.keys()


def test_no_step_hides_another() -> None:
    """Stories are made of several classes: a name in two of them would lose a step."""
    names = [name for steps in Stories.__bases__ if issubclass(steps, Steps) for name in vars(steps)]
    own = [name for name in names if not name.startswith("__")]
    assert sorted(own) == sorted(set(own))
