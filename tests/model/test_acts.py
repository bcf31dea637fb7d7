"""Every act has its place in the model: a new one comes with its step."""

from .product import ACTIONS
from .story import ACTS

# Acts that the model does not tell of yet.
NOT_TOLD = {
    "inspect_milestone",
    "report_defect",
    "fix_defect",
    "verify_defect",
    "reopen_defect",
    "estimate_defect",
    "accept_counter",
    "add_expectation",
    "confirm_expectation",
    "counter_expectation",
    "edit_expectation",
    "judge_expectation",
    "remove_expectation",
}


def test_the_model_knows_every_act() -> None:
    assert {*ACTIONS, "settle_flags"} - NOT_TOLD == ACTS.keys()
