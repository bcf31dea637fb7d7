"""Attacks on linkage: the index told by who may not, of another month, or before it is published."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World
from tests.cast import TODAY

TABLE = "payments_indexvalue"
BROKEN = 'new row for relation "[a-z_]+" violates check constraint'


def tell(f: Forgery, **values: Any) -> str:
    """The index of March 2025, published in time."""
    row = {"by_role": "homeowner", "month": "2025-03-01", "value": "130", "published_on": "2025-04-15"}
    return f.insert(TABLE, **row | values)


# --- Who tells


@attack("index_value_is_a_sides", by="michal")
def index_told_by_the_engineer(f: Forgery, w: World) -> None:
    tell(f, by_role="engineer")


@attack("index_value_is_a_sides", by="michal")
def index_told_by_the_engineer_as_a_homeowner(f: Forgery, w: World) -> None:
    tell(f)


@attack("index_value_is_a_sides", by="tal")
def index_told_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    tell(f)


@attack("index_value_is_a_sides", by="alon")
def index_told_in_the_homeowners_name(f: Forgery, w: World) -> None:
    tell(f)


@attack("index_value_is_a_sides", by="uri")
def index_told_by_who_has_left(f: Forgery, w: World) -> None:
    tell(f)


@attack("index_value_is_a_sides", on="drafted")
def index_told_before_the_signatures(f: Forgery, w: World) -> None:
    tell(f)


# --- Of which month, and when


@attack("index_value_is_of_the_agreed", on="other")
def index_told_where_none_was_agreed(f: Forgery, w: World) -> None:
    tell(f)


@attack("index_value_is_of_the_agreed")
def another_index_for_the_base_month(f: Forgery, w: World) -> None:
    tell(f, month="2025-01-01", published_on="2025-02-15")


@attack("index_was_published")
def index_of_a_month_that_was_not_over(f: Forgery, w: World) -> None:
    tell(f, published_on="2025-03-31")


@attack("index_was_published")
def index_published_ahead(f: Forgery, w: World) -> None:
    tell(f, published_on=TODAY() + timedelta(days=3))


# --- What it is


@attack(f'{BROKEN} "index_is_of_a_month"')
def index_of_half_a_month(f: Forgery, w: World) -> None:
    tell(f, month="2025-03-15")


@attack(f'{BROKEN} "index_is_positive"')
def index_of_nothing(f: Forgery, w: World) -> None:
    tell(f, value="0")


@attack(f'{BROKEN} "index_is_positive"')
def index_that_is_no_number(f: Forgery, w: World) -> None:
    tell(f, value="NaN")


@attack('duplicate key value violates unique constraint "an_act_tells_a_month_once"')
def index_told_twice_in_one_act(f: Forgery, w: World) -> None:
    tell(f)
    tell(f, value="131")


# --- The terms


@attack("terms_are_closed")
def linked_share_raised(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, linkage_share="100")


@attack("terms_are_closed")
def base_of_the_index_lowered(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, linkage_base_value="100")


@attack("terms_are_closed", on="other")
def linkage_agreed_by_one_after_the_signatures(f: Forgery, w: World) -> None:
    terms = {"linkage_index": "consumer_prices", "linkage_share": "100", "linkage_base_month": "2025-01-01"}
    f.update("projects_project", w.other.id, linkage_base_value="100", **terms)


@attack(
    'new row for relation "projects_project" violates check constraint "project_linkage_is_whole"',
    on="drafted",
)
def half_a_linkage(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, linkage_index="consumer_prices", linkage_share="40")


@attack("edit_voids_signatures", by="alon", on="unsound")
def linkage_written_under_a_signature(f: Forgery, w: World) -> None:
    terms = {"linkage_index": "consumer_prices", "linkage_share": "100", "linkage_base_month": "2025-01-01"}
    f.update("projects_project", w.unsound.id, linkage_base_value="100", **terms)
