"""Disputed money: raised by either side, counted until it is reversed, and ended by what settles it."""

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.actions import (
    answer_reversal,
    confirm_payment,
    dispute_payment,
    record_payment,
    reverse_payment,
    withdraw_dispute,
)
from payments.models import Dispute, OpenDispute, Payment
from payments.queries import disputed_in, exposure_now, payments_visible_to, state_of_dispute
from payments.rules import DisputeState, dispute_state
from people.models import User
from projects.flagging import flag_sentence, settle_flags
from projects.models import Flag, Project
from projects.queries import journal_of
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join
from tests.post import deliver, forget_letters, letters_about
from tracker.verifying import verify


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def recorded(by: User, project: Project, amount: str = "5000.00") -> Payment:
    money: dict[str, Any] = {"paid_on": TODAY(), "method": "cash", "line": "deposit"}
    return record_payment(acting(by), project.id, amount=D(amount), **money)


def disputed(by: User, payment: Payment, reason: str = "It never arrived") -> Dispute:
    return dispute_payment(acting(by), payment.id, reason=reason)


def states(reader: User, payment: Payment) -> list[str]:
    """What the disputes of a payment are said to be, the oldest first."""
    found = payments_visible_to(reader.id).get(pk=payment.pk)
    return [state_of_dispute(dispute, found).value for dispute in found.disputes.all()]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def received(cast: Cast, payment: Payment) -> None:
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())


# --- Its life


def test_either_side_disputes_and_the_money_counts_until_it_is_reversed(cast: Cast, project: Project) -> None:
    before = exposure_now(project, TODAY())
    payment = recorded(cast.noa, project)
    counted = exposure_now(project, TODAY())
    disputed(cast.alon, payment)
    assert exposure_now(project, TODAY()) == counted
    assert disputed_in(project) == D("5000.00")
    reverse_payment(acting(cast.noa), payment.id, amount=D("2000.00"), why="wrong_record")
    assert (states(cast.noa, payment), disputed_in(project)) == (["open"], D("3000.00"))
    reverse_payment(acting(cast.noa), payment.id, amount=D("3000.00"), why="wrong_record")
    assert (states(cast.noa, payment), disputed_in(project)) == (["reversed"], D(0))
    assert exposure_now(project, TODAY()) == before
    assert not verify(project.id).breaks


def test_the_homeowners_dispute_what_the_contractor_recorded(cast: Cast, project: Project) -> None:
    payment = recorded(cast.alon, project)
    disputed(cast.noa, payment)
    asked = reverse_payment(acting(cast.alon), payment.id, amount=payment.amount, why="wrong_record")
    assert states(cast.alon, payment) == ["open"]
    answer_reversal(acting(cast.noa), asked.id, consents=True)
    assert states(cast.alon, payment) == ["reversed"]


def test_the_contractors_dispute_ends_with_the_receipt(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    disputed(cast.alon, payment)
    received(cast, payment)
    assert (states(cast.alon, payment), OpenDispute.objects.count()) == (["confirmed"], 0)
    disputed(cast.alon, payment, "The cheque came back")
    assert states(cast.alon, payment) == ["confirmed", "open"], "a receipt before it settles nothing"


def test_a_receipt_does_not_end_what_the_homeowners_dispute(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    disputed(cast.noa, payment, "The bank sent it twice")
    received(cast, payment)
    assert states(cast.noa, payment) == ["open"]


def test_the_side_that_raised_it_takes_it_back_and_may_raise_another(cast: Cast, project: Project) -> None:
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    payment = recorded(cast.alon, project)
    first = disputed(cast.uri, payment)
    withdraw_dispute(acting(cast.noa), first.id)
    disputed(cast.noa, payment, "It was another sum")
    assert states(cast.alon, payment) == ["withdrawn", "open"]
    reverse = reverse_payment(acting(cast.alon), payment.id, amount=payment.amount, why="wrong_record")
    answer_reversal(acting(cast.noa), reverse.id, consents=True)
    assert states(cast.alon, payment) == ["withdrawn", "reversed"]


def test_before_the_agreement_too(cast: Cast) -> None:
    payment = recorded(cast.noa, draft(cast))
    assert disputed(cast.alon, payment).by_role == "contractor"


# --- What is refused


def test_one_dispute_at_a_time_whoever_raised_it(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    disputed(cast.alon, payment)
    for person in (cast.alon, cast.noa):
        assert refusal(lambda who=person: disputed(who, payment)) == "disputed_already"


def test_what_was_taken_back_whole_is_not_disputed(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
    assert refusal(lambda: disputed(cast.alon, payment)) == "nothing_left_to_dispute"


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_reason_is_asked_for(cast: Cast, project: Project, reason: str) -> None:
    payment = recorded(cast.noa, project)
    assert refusal(lambda: disputed(cast.alon, payment, reason)) == "dispute_without_reason"


def test_only_a_side_disputes_and_only_its_own_withdraws(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    assert refusal(lambda: disputed(cast.michal, payment)) == "not_your_role"
    assert refusal(lambda: disputed(cast.dana, payment)) == "not_found"
    dispute = disputed(cast.alon, payment)
    assert refusal(lambda: withdraw_dispute(acting(cast.noa), dispute.id)) == "not_your_dispute"
    assert refusal(lambda: withdraw_dispute(acting(cast.michal), dispute.id)) == "not_your_role"
    assert refusal(lambda: withdraw_dispute(acting(cast.dana), dispute.id)) == "not_found"


def test_a_dispute_that_is_over_is_not_withdrawn(cast: Cast, project: Project) -> None:
    withdrawn, confirmed, taken_back = (recorded(cast.noa, project) for _ in range(3))
    disputes = [disputed(cast.alon, payment) for payment in (withdrawn, confirmed, taken_back)]
    withdraw_dispute(acting(cast.alon), disputes[0].id)
    received(cast, confirmed)
    reverse_payment(acting(cast.noa), taken_back.id, amount=taken_back.amount, why="wrong_record")
    for dispute in disputes:
        assert refusal(lambda it=dispute: withdraw_dispute(acting(cast.alon), it.id)) == "dispute_is_over"
    assert not verify(project.id).breaks


# --- Told: the journal, the flag, the mails


def test_the_journal_names_it_and_holds_only_the_hash_of_the_reason(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    dispute = disputed(cast.alon, payment, "Nothing came on that day")
    withdraw_dispute(acting(cast.alon), dispute.id)
    told = list(journal_of(project.id).order_by("-seq")[:2])
    assert [entry.kind for entry in told] == ["dispute_withdrawn", "payment_disputed"]
    for entry in told:
        body = bytes(entry.body).decode()
        assert str(dispute.id) in body
        assert '"amount":"5000.00"' in body
        assert "Nothing came" not in body


def test_the_flag_asks_both_while_it_is_open(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    dispute = disputed(cast.alon, payment)
    settle_flags(project.id)
    flag = Flag.objects.select_related("reading").get(kind="payment_disputed")
    assert (flag.about_id, flag.severity, flag.asks) == (payment.id, "warning", "both")
    with translation.override("en"):
        sentence = flag_sentence(flag.kind, flag.reading.figures)
    assert sentence.startswith("The contractor disputes \u2066₪5,000\u2069, recorded as paid on")
    withdraw_dispute(acting(cast.alon), dispute.id)
    settle_flags(project.id)
    flag.refresh_from_db()
    assert flag.cleared_at is not None


def test_both_sides_are_told_by_mail_and_the_other_one_is_asked(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    forget_letters()
    dispute = disputed(cast.alon, payment, "It never arrived")
    settle_flags(project.id)
    deliver()
    letters = letters_about("A payment is disputed")
    assert set(letters) == {"noa", "alon"}, "the flag writes to nobody a second time"
    for letter in letters.values():
        assert "It never arrived" in letter.text
        assert "The contractor disputes this payment." in letter.text
    assert "Answer" in letters["noa"].text
    assert "Answer" not in letters["alon"].text
    forget_letters()
    withdraw_dispute(acting(cast.alon), dispute.id)
    deliver()
    assert set(letters_about("A payment is disputed no more")) == {"noa", "alon"}


def test_what_is_settled_before_the_mail_goes_is_not_told(cast: Cast, project: Project) -> None:
    payment = recorded(cast.noa, project)
    forget_letters()
    disputed(cast.alon, payment)
    received(cast, payment)
    deliver()
    assert not letters_about("A payment is disputed: ")
    assert "It is disputed no more." in letters_about("Receipt confirmed")["noa"].text


# --- The rule and the view say the same

ACTS = ("dispute_noa", "dispute_alon", "withdraw", "confirm", "reverse_part", "reverse_all")


@given(acts=st.lists(st.sampled_from(ACTS), max_size=12), by_contractor=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_open_is_what_the_rule_makes_of_the_facts(
    cast: Cast, project: Project, acts: list[str], by_contractor: bool
) -> None:
    """And by a model of its own: acts that are refused change nothing."""
    payment = recorded(cast.alon if by_contractor else cast.noa, project)
    open_by, left, is_confirmed = "", 5, by_contractor
    for act in acts:
        try:
            _do(cast, payment, act)
        except Refused:
            continue
        match act:
            case "dispute_noa" | "dispute_alon":
                open_by = act
            case "withdraw":
                open_by = ""
            case "confirm":
                is_confirmed, open_by = True, "" if open_by == "dispute_alon" else open_by
            case "reverse_part" if not is_confirmed:
                left -= 1
            case "reverse_all" if not is_confirmed:
                left = 0
        open_by = open_by if left else ""
    found = payments_visible_to(cast.noa.id).get(pk=payment.pk)
    by_rule = [d.pk for d in found.disputes.all() if state_of_dispute(d, found) == DisputeState.OPEN]
    by_view = list(OpenDispute.objects.filter(payment=payment).values_list("pk", flat=True))
    assert by_rule == by_view
    assert len(by_view) == bool(open_by)


def _do(cast: Cast, payment: Payment, act: str) -> None:
    teller = cast.alon if payment.by_role == "contractor" else cast.noa
    match act:
        case "dispute_noa" | "dispute_alon":
            disputed(cast.noa if act == "dispute_noa" else cast.alon, payment)
        case "withdraw":
            dispute = Dispute.objects.filter(payment=payment).order_by("-entry__seq").first()
            if dispute is None:
                raise Refused("not_found")
            withdraw_dispute(acting(cast.noa if dispute.by_role == "homeowner" else cast.alon), dispute.id)
        case "confirm":
            received(cast, payment)
        case "reverse_part":
            reverse_payment(acting(teller), payment.id, amount=D("1000.00"), why="wrong_record")
        case "reverse_all":
            amount = payments_visible_to(cast.noa.id).get(pk=payment.pk)
            left = amount.amount - (amount.reversed or D(0))
            reverse_payment(acting(teller), payment.id, amount=left, why="wrong_record")


def test_the_earlier_end_counts() -> None:
    """Only an open dispute is withdrawn, and nothing is received of what was taken back whole."""
    told = {"is_withdrawn": False, "is_received": False, "left": D(1)}
    assert dispute_state(**told) == "open"
    assert dispute_state(**told | {"left": D(0)}) == "reversed"
    assert dispute_state(**told | {"left": D(0), "is_received": True}) == "confirmed"
    assert dispute_state(is_withdrawn=True, is_received=True, left=D(0)) == "withdrawn"
