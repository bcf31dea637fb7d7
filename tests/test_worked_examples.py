"""The worked examples, told by the real acts over a real database, as the application's role.

After every step of a story its teller compares P; V; X; N; E; A; U; level; payable (docs/exposure.md), and
the open flags about money with their sums, with literal rows. All figures were computed by hand.
"""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.worked_examples.certificate import four_months_of_ten_lines
from tests.worked_examples.repairs import (
    an_advance_a_withheld_amount_and_a_fault,
    each_verified_repair_frees_its_own_amount,
)
from tests.worked_examples.schedules import the_kitchen, the_retention_of_the_house
from tests.worked_examples.spiral import (
    one_of_a_couple_agrees_and_the_other_does_not,
    the_familys_spiral,
    the_gap_does_not_grow_beyond_what_was_agreed,
    what_is_never_decided_lapses_unpaid,
)
from tests.worked_examples.terms import (
    a_deduction_a_termination_and_a_closing_sum,
    the_contract_ends_half_way,
    the_price_falls_and_with_it_the_limits,
)
from tracker.verifying import verify

STORIES = [
    the_kitchen,  # example 1
    the_familys_spiral,  # example 2
    the_gap_does_not_grow_beyond_what_was_agreed,
    what_is_never_decided_lapses_unpaid,
    the_retention_of_the_house,  # example 3
    an_advance_a_withheld_amount_and_a_fault,  # example 4
    a_deduction_a_termination_and_a_closing_sum,  # example 5
    the_price_falls_and_with_it_the_limits,
    the_contract_ends_half_way,
    one_of_a_couple_agrees_and_the_other_does_not,
    each_verified_repair_frees_its_own_amount,
    four_months_of_ten_lines,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_story(story: Callable[[Cast], None], cast: Cast) -> None:
    story(cast)
    assert verify().breaks == []
