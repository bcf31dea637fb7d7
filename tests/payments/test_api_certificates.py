"""Certificates over the real database: in the API, on their page, and as of past days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from payments.actions import (
    allocate_payment,
    answer_reversal,
    confirm_payment,
    record_payment,
    release_payment,
    reverse_payment,
)
from projects import clock
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, signed_in, signed_off, stage
from tests.programs import program

Told = dict[str, Any]
SEVEN = [f"2026-02-0{n}" for n in range(1, 8)]


def at(day: str) -> Any:
    """Noon of a day: the moment at which what is inside happens."""
    return clock.set_to(datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC))


@pytest.fixture
def story(cast: Cast) -> Project:
    """A week: signed, deposit paid, a stage signed off, money early, set off, asked back, taken back."""
    money = {"method": "cash"}
    with at(SEVEN[0]):
        project = active(cast, starts_on=date(2026, 2, 1))
    with at(SEVEN[1]):
        deposit = {"line": "deposit", "amount": Decimal(100_000), "paid_on": date(2026, 2, 2)}
        release_payment(acting(cast.noa), project.id, **deposit, **money)
    with at(SEVEN[2]):
        signed_off(cast, stage(project, 1))
    with at(SEVEN[3]):
        early = record_payment(
            acting(cast.noa),
            project.id,
            amount=Decimal(50_000),
            line=str(stage(project, 2).id),
            paid_on=date(2026, 1, 20),
            **money,
        )
        confirm_payment(acting(cast.alon), early.id, received_on=date(2026, 2, 4))
    with at(SEVEN[4]):
        line = str(stage(project, 1).id)
        allocate_payment(acting(cast.noa), early.id, line=line, amount=Decimal(20_000))
    with at(SEVEN[5]):
        asked = reverse_payment(acting(cast.noa), early.id, amount=Decimal(10_000), why="money_back")
    with at(SEVEN[6]):
        answer_reversal(acting(cast.alon), asked.id, consents=True)
    return project


@pytest.fixture
def read(cast: Cast, story: Project) -> Callable[..., Told]:
    noa = program(cast.noa)

    def certificate(**asked: str) -> Told:
        query = "&".join(f"{name}={day}" for name, day in asked.items())
        answer = noa.get(f"projects/{story.id}/certificates/?{query}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return certificate


def total(told: Told) -> tuple[str, ...]:
    names = ("completed_to_date", "unlocked", "paid", "early", "due_now")
    return tuple(told["total"][name].removesuffix(".00") for name in names)


def test_every_past_day_is_told_as_it_was_known_then(read: Callable[..., Told]) -> None:
    days = ["2026-01-31", *SEVEN]
    assert [total(read(**{"from": "2026-01-01", "on": day})) for day in days] == [
        ("0", "0", "0", "0", "0"),
        ("0", "100000", "0", "0", "100000"),
        ("0", "100000", "100000", "0", "0"),
        ("400000", "480000", "100000", "0", "380000"),
        ("400000", "480000", "150000", "50000", "380000"),
        ("400000", "480000", "150000", "30000", "360000"),
        ("400000", "480000", "150000", "30000", "360000"),
        ("400000", "480000", "140000", "30000", "370000"),  # the newest allocation is taken first
    ]


def test_a_period_has_a_before(read: Callable[..., Told], story: Project) -> None:
    told = read(**{"from": "2026-02-03", "on": "2026-02-07"})
    first = next(row for row in told["results"] if row["milestone"] == str(stage(story, 1).id))
    assert (first["completed_before"], first["completed_this_period"]) == ("0.00", "400000.00")
    assert (first["scheduled_value"], first["percent"]) == ("400000.00", "100.00")
    assert (first["gross"], first["retention"], first["unlocked"]) == ("400000.00", "20000.00", "380000.00")
    assert (first["less_earlier_certificates"], first["due_now"]) == ("10000.00", "370000.00")
    assert (told["total"]["unlocked_before"], told["total"]["scheduled_value"]) == (
        "100000.00",
        "1000000.00",
    )
    assert told["due_vat"] == {"rate": "18.00", "net": "313559.32", "vat": "56440.68"}
    assert [row["line"] for row in told["results"]][::4] == ["deposit", "retention"]


def test_today_and_its_month_unless_a_period_is_asked_for(read: Callable[..., Told], story: Project) -> None:
    today = clock.today(story.time_zone)
    assert (read()["from"], read()["on"]) == (today.replace(day=1).isoformat(), today.isoformat())
    told = read(on="2026-02-07")
    assert (told["from"], told["on"]) == ("2026-02-01", "2026-02-07")


def test_what_is_no_period_is_refused(cast: Cast, story: Project) -> None:
    noa = program(cast.noa)
    tomorrow = (TODAY() + timedelta(days=2)).isoformat()
    for query, field, code in [
        (f"on={tomorrow}", "on", "in_future"),
        ("on=2026-02-01&from=2026-02-02", "from", "ends_before_it_starts"),
        ("on=someday", "on", "invalid"),
        ("until=2026-02-01", "until", "unknown_field"),
    ]:
        answer = noa.get(f"projects/{story.id}/certificates/?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][field][0]["code"] == code


def test_a_payment_tells_its_vat_at_the_rate_of_its_day(cast: Cast, story: Project) -> None:
    old = {"amount": Decimal("1170.00"), "paid_on": date(2024, 12, 31), "method": "cash"}
    payment = record_payment(acting(cast.noa), story.id, **old)
    told = program(cast.noa).get(f"payments/{payment.id}/").json()
    assert told["vat"] == {"rate": "17.00", "net": "1000.00", "vat": "170.00"}


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_page_shows_both_tables(cast: Cast, story: Project, language: str) -> None:
    address = reverse("certificate", args=[story.id])
    client = signed_in(cast.noa, language)
    page = client.get(f"{address}?from=01/02/2026&on=2026-02-07").content.decode()
    assert "₪370,000" in page
    assert "₪56,440.68" in page
    assert client.get(f"{address}?on=2026-02-07").status_code == 200
    assert address in client.get(reverse("payments", args=[story.id])).content.decode()
    wrong = client.get(f"{address}?from=2026-02-08&on=2026-02-07")
    assert wrong.status_code == 422
    assert 'id="id_from_error"' in wrong.content.decode()
