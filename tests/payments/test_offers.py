"""The payments page offers what the acts accept, and nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from payments.actions import answer_reversal, record_payment, release_payment, reverse_payment
from payments.models import Payment
from payments.queries import ledger_of, payments_visible_to
from payments.rules import consent_refusal, reversal_refusal
from payments.showing import PaymentRow, payment_rows
from people.models import User
from projects.models import Party, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, join
from tracker.waiting import Facts, waiting_for_reader

MONEY: dict[str, Any] = {"amount": Decimal("5000.00"), "paid_on": TODAY(), "method": "cash"}


@pytest.fixture
def project(cast: Cast) -> Project:
    """Uri is a homeowner who does not sign."""
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    return project


def row_of(reader: User, payment: Payment) -> PaymentRow:
    """The payment's row as the reader sees it; no change of the project is known yet."""
    part = Party.objects.get(project=payment.project, user=reader)
    seen = list(payments_visible_to(reader.id).filter(pk=payment.pk))
    return payment_rows(ledger_of(payment.project), [], seen, part, [])[0]


def cards(reader: User, project: Project) -> list[str]:
    part = Party.objects.get(project=project, user=reader)
    payments = list(payments_visible_to(reader.id))
    return [card.title for card in waiting_for_reader(Facts(part, [], [], ledger_of(project), payments))]


def test_a_payment_told_while_the_page_loads_has_its_row(cast: Cast, project: Project) -> None:
    payment = record_payment(acting(cast.noa), project.id, **MONEY)
    assert row_of(cast.noa, payment).by_then.paid == 0


def test_nothing_is_left_to_confirm_once_all_came_back(cast: Cast, project: Project) -> None:
    payment = record_payment(acting(cast.noa), project.id, **MONEY)
    assert row_of(cast.alon, payment).may_confirm
    assert cards(cast.alon, project)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="money_back")
    assert not row_of(cast.alon, payment).may_confirm
    assert not cards(cast.alon, project)


def test_a_release_is_taken_back_by_who_may_release(cast: Cast, project: Project) -> None:
    released = release_payment(acting(cast.noa), project.id, line="deposit", **MONEY)
    assert row_of(cast.noa, released).may_reverse
    assert not row_of(cast.uri, released).may_reverse
    with pytest.raises(Refused, match="not_a_signer"):
        reverse_payment(acting(cast.uri), released.id, amount=released.amount, why="wrong_record")


def test_only_a_signer_of_the_other_side_is_asked_to_consent(cast: Cast, project: Project) -> None:
    told = record_payment(acting(cast.alon), project.id, **MONEY)
    reversal = reverse_payment(acting(cast.alon), told.id, amount=told.amount, why="wrong_record")
    offered = {user: row_of(user, told).may_consent for user in (cast.noa, cast.uri, cast.alon)}
    assert offered == {cast.noa: True, cast.uri: False, cast.alon: False}
    assert any("5,000" in title for title in cards(cast.noa, project))
    assert not cards(cast.uri, project)
    with pytest.raises(Refused, match="not_a_signer"):
        answer_reversal(acting(cast.uri), reversal.id, consents=True)
    answer_reversal(acting(cast.noa), reversal.id, consents=True)


def test_the_judgements_alone() -> None:
    assert reversal_refusal(is_own=False, is_release=True, signs=True) == "not_your_payment"
    assert reversal_refusal(is_own=True, is_release=True, signs=False) == "not_a_signer"
    assert reversal_refusal(is_own=True, is_release=False, signs=False) is None
    assert consent_refusal(is_own=True, signs=True) == "not_yours_to_consent"
    assert consent_refusal(is_own=False, signs=False) == "not_a_signer"
    assert consent_refusal(is_own=False, signs=True) is None
