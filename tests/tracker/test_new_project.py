"""The amounts of a new project: what the page answers while one types, and the split that it proposes."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, signed_in

ADDRESS = reverse("new_project_terms", args=["kitchen"])
CONTRACT = {
    "my_role": "homeowner",
    "name": "Levi kitchen",
    "contract_total": "95000",
    "starts_on": "03/01/2027",
}
LIVE = {"HX-Request": "true"}
FIELD = re.compile(r'<input type="text" name="(stage\d+-\w+)" value="([^"]*)"')


def split_of(client: Client, **more: str) -> dict[str, str]:
    """The whole form as it stands once the split was made."""
    contract = CONTRACT | {"once": str(uuid4())} | more
    page = client.post(ADDRESS, contract | {"do": "split"}).content.decode()
    return contract | dict(FIELD.findall(page))


def sums(form: dict[str, str], name: str) -> list[Decimal]:
    return [Decimal(text.replace(",", "")) for field, text in form.items() if field.endswith(f"-{name}")]


@pytest.mark.parametrize(
    ("language", "above", "below"),
    [
        (
            "en",
            'together <bdi class="money" dir="ltr">₪7</bdi> above the contract total',
            "below the contract",
        ),
        ("he", "גבוהים מסכום ההסכם", "נמוך מסכום ההסכם"),
    ],
)
def test_typing_is_answered_with_the_sums_and_the_test(
    cast: Cast, language: str, above: str, below: str
) -> None:
    client = signed_in(cast.dana, language)
    form = split_of(client) | {"do": "check"}
    whole = client.post(ADDRESS, form, headers=LIVE).content.decode()
    assert "<html" not in whole
    assert 'id="verdict" role="status"' in whole
    assert above not in whole
    more = f"{sums(form, 'amount')[0] + 7}"
    assert above in client.post(ADDRESS, form | {"stage0-amount": more}, headers=LIVE).content.decode()
    assert below in client.post(ADDRESS, form | {"stage0-value": "1"}, headers=LIVE).content.decode()


def test_a_split_with_a_sum_that_cannot_be_read_is_not_called_balanced(cast: Cast) -> None:
    client = signed_in(cast.dana)
    form = split_of(client) | {"do": "check", "stage0-amount": "61,7500"}
    answer = client.post(ADDRESS, form, headers=LIVE).content.decode()
    assert "A sum here cannot be read" in answer
    assert "The split is balanced" not in answer
    page = client.post(ADDRESS, form)
    assert page.status_code == 422
    assert 'href="#id_stage0-amount">Payment, 1</a>' in page.content.decode()
    no_total = client.post(ADDRESS, form | {"contract_total": "?"}, headers=LIVE).content.decode()
    assert "As soon as every sum can be read" in no_total


def test_the_proposed_split_is_put_in_and_pays_behind_the_work(cast: Cast) -> None:
    client = signed_in(cast.dana)
    form = split_of(client, deposit="20,000") | {"stage1-title": "Drawings by hand"}
    assert "The plan pays ahead of the work" in client.post(ADDRESS, form | {"do": "check"}).content.decode()
    adopted = client.post(ADDRESS, form | {"do": "adopt"}).content.decode()
    assert "The split is balanced" in adopted
    assert "Drawings by hand" in adopted
    assert 'name="deposit" value="9,500"' in adopted
    now = dict(FIELD.findall(adopted))
    assert sum(sums(now, "amount")) == 95000 - 9500
    assert all(amount <= value for value, amount in zip(sums(now, "value"), sums(now, "amount"), strict=True))


def test_nothing_is_proposed_for_sums_that_cannot_be_read(cast: Cast) -> None:
    client = signed_in(cast.dana)
    form = split_of(client) | {"do": "adopt", "stage0-value": "a lot"}
    page = client.post(ADDRESS, form)
    assert page.status_code == 422
    assert 'value="a lot"' in page.content.decode()


def test_a_sum_comes_back_with_its_thousands_after_an_error(cast: Cast) -> None:
    page = signed_in(cast.dana).post(ADDRESS, CONTRACT | {"once": str(uuid4()), "name": ""})
    assert page.status_code == 422
    assert 'name="contract_total" value="95,000"' in page.content.decode()
