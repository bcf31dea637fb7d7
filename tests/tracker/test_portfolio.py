"""My projects: what needs a look, the filters with their counts, the search, page after page."""

import re
from decimal import Decimal

import pytest

from payments.actions import confirm_payment, release_payment
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, draft, join, signed_in
from tracker.portfolio import portfolio_of


def names(found: list) -> list[str]:
    return [row.project.name for row in found]


@pytest.fixture
def seven(cast: Cast) -> list[Project]:
    return [draft(cast, name=f"House {number}") for number in range(7)]


def test_every_project_is_on_exactly_one_page(
    cast: Cast, seven: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.portfolio.ROWS_ON_A_PAGE", 3)
    pages = [portfolio_of(cast.noa.id, number=number) for number in ("1", "2", "3")]
    assert [len(page.page.object_list) for page in pages] == [3, 3, 1]
    assert sorted(name for page in pages for name in names(list(page.page))) == [p.name for p in seven]
    assert {page.count for page in pages} == {7}, "the counts are of all, not of a page"
    assert names(list(portfolio_of(cast.noa.id, number="99").page)) == names(list(pages[2].page))
    shown = signed_in(cast.noa).get("/?page=2").content.decode()
    assert len(set(re.findall(r"House \d", shown))) == 3
    assert 'rel="prev"' in shown
    assert 'rel="next"' in shown


def test_search_finds_names_addresses_and_people(cast: Cast) -> None:
    draft(cast, name="Kitchen")
    elsewhere = draft(cast, name="Roof", address="Acre")
    join(cast.noa, elsewhere, cast.eran, "supervisor")
    for words, found in {"kitch": ["Kitchen"], "acre": ["Roof"], "ERAN": ["Roof"], "nobody": []}.items():
        assert names(list(portfolio_of(cast.noa.id, search=words).page)) == found, words
    assert portfolio_of(cast.dana.id, search="Kitchen").count == 0, "a stranger finds nothing"


def test_a_receipt_to_confirm_needs_the_contractors_look(cast: Cast) -> None:
    project = active(cast)
    told = {"amount": Decimal("1000.00"), "paid_on": TODAY(), "method": "cash"}
    payment = release_payment(acting(cast.noa), project.id, line="deposit", **told)
    assert portfolio_of(cast.alon.id).every[0].waits_for_me
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())
    assert not portfolio_of(cast.alon.id).every[0].waits_for_me


def test_a_filter_shows_as_many_as_it_says(cast: Cast, seven: list[Project]) -> None:
    active(cast, name="House 8")
    for key in ("", "look", "me", "ahead"):
        portfolio = portfolio_of(cast.noa.id, show=key)
        said = next(each for each in portfolio.filters if each.key == key)
        assert said.current
        assert said.count == portfolio.page.paginator.count == len(portfolio.exceptions + portfolio.on_track)
