"""Lists in pages, answers that are not sent twice, and queries that do not grow with the rows."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.actions import record_payment
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, draft, signed_off, stage, submitted
from tests.programs import Program, program

LISTS = ["milestones/", "parties/", "payments/", "flags/", "journal/", "schedule/"]


def walked(by: Program, address: str, link: str = "next") -> Iterator[list[Any]]:
    """The pages from an address on, following their links."""
    url: str | None = address
    while url:
        page = by.get(url).json()
        yield page["results"]
        url = page[link]


def test_every_row_stands_on_one_page(cast: Cast) -> None:
    project, noa = active(cast), program(cast.noa)
    address = f"projects/{project.id}/journal/"
    whole = noa.get(address).json()["results"]
    pages = list(walked(noa, f"{address}?page_size=2"))
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert [entry for page in pages for entry in page] == whole
    assert [entry["seq"] for entry in whole] == list(range(1, 8))


def test_a_reader_can_turn_back(cast: Cast) -> None:
    project, noa = active(cast), program(cast.noa)
    address = f"projects/{project.id}/journal/?page_size=3"
    first = noa.get(address).json()
    second = noa.get(first["next"]).json()
    third = noa.get(second["next"]).json()
    assert (first["previous"], third["next"]) == (None, None)
    back = noa.get(third["previous"]).json()
    assert back["results"] == second["results"]
    assert noa.get(back["previous"]).json()["results"] == first["results"]
    assert noa.get(back["next"]).json()["results"] == third["results"]


def test_what_is_added_meanwhile_moves_nothing(cast: Cast) -> None:
    """The newest come first; a reader on page two neither sees a row twice nor misses one."""
    noa = program(cast.noa)
    houses = [draft(cast, name=f"House {n}") for n in range(4)]
    first = noa.get("projects/?page_size=2").json()
    draft(cast, name="House in between")
    second = noa.get(first["next"]).json()
    names = [p["name"] for page in (first, second) for p in page["results"]]
    assert names == [house.name for house in reversed(houses)]


def test_a_cursor_is_good_for_its_own_list_only(cast: Cast) -> None:
    one, other, noa = active(cast), active(cast), program(cast.noa)
    link = noa.get(f"projects/{one.id}/journal/?page_size=1").json()["next"]
    cursor = link.partition("cursor=")[2]
    for elsewhere in (f"projects/{other.id}/journal/", "projects/", "flags/"):
        assert noa.get(f"{elsewhere}?cursor={cursor}").status_code == 400


def test_a_page_has_at_most_200_rows(cast: Cast) -> None:
    noa = program(cast.noa)
    draft(cast, name="House")
    assert len(noa.get("projects/?page_size=100000").json()["results"]) == 1


@pytest.mark.parametrize("address", ["", *LISTS, "exposure/", "stress-test/"])
def test_nothing_is_sent_to_who_has_it(cast: Cast, address: str) -> None:
    project, noa = active(cast), program(cast.noa)
    url = f"projects/{project.id}/{address}"
    first = noa.get(url)
    tag = first.headers["ETag"]
    again = noa.get(url, If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert noa.get(url, If_None_Match='"another"').status_code == 200
    assert "private" in first.headers["Cache-Control"]
    assert {"Authorization", "Accept-Language"} <= set(first.headers["Vary"].split(", "))


def test_a_change_makes_another_tag(cast: Cast) -> None:
    project, noa = active(cast), program(cast.noa)
    address = f"milestones/{stage(project, 1).id}/"
    tag = noa.get(address).headers["ETag"]
    submitted(cast, stage(project, 1))
    changed = noa.get(address, If_None_Match=tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_reader_of_another_language_gets_other_bytes(cast: Cast) -> None:
    noa = program(cast.noa)
    english, hebrew = (noa.get("templates/", Accept_Language=language) for language in ("en", "he"))
    assert english.headers["ETag"] != hebrew.headers["ETag"]


def many_stages(count: int) -> list[dict[str, Any]]:
    each = {"value": "10000.00", "amount": "10000.00", "signers": ["homeowner"]}
    stages = [{"title": f"Stage {n}"} | each for n in range(count)]
    rest = str(1_000_000 - 10_000 * (count - 1))
    return [*stages[1:], stages[0] | {"value": rest, "amount": rest}]


def lived_in(cast: Cast, count: int) -> Project:
    """A project of so many stages, with work on each of the first ones and as many payments."""
    project = active(cast, many_stages(count), deposit=Decimal(0))
    for position in range(1, count):
        signed_off(cast, stage(project, position))
        paid: Any = {"amount": Decimal(100), "paid_on": TODAY(), "method": "cash"}
        record_payment(acting(cast.noa), project.id, **paid)
    return project


def known_program(cast: Cast) -> Program:
    """A program whose token was used within the hour: its first request notes the use."""
    noa = program(cast.noa)
    assert noa.get("me/").status_code == 200
    return noa


def queries(by: Program, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert by.get(address).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_rows(cast: Cast) -> None:
    small, large, noa = lived_in(cast, 2), lived_in(cast, 6), known_program(cast)
    for address in ["", *LISTS, "exposure/", "exposure/history/", "stress-test/", "journal/verify/"]:
        few, many = (queries(noa, f"projects/{p.id}/{address}?page_size=200") for p in (small, large))
        assert few == many <= 13, address


def test_queries_do_not_grow_with_the_projects(cast: Cast) -> None:
    noa = known_program(cast)
    draft(cast)
    before = {address: queries(noa, address) for address in ("projects/", "me/", "flags/", "invitations/")}
    for _ in range(3):
        active(cast)
    assert {address: queries(noa, address) for address in before} == before
    assert before["projects/"] <= 4
