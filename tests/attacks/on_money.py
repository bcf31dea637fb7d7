"""Attacks on the gate, on payments, and on the tie of facts to their entries."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World
from tests.cast import TODAY


def pay(f: Forgery, amount: str, **values: Any) -> str:
    row = {
        "kind": "release",
        "by_role": "homeowner",
        "amount": amount,
        "paid_on": TODAY(),
        "method": "cash",
        "reference": "",
        "reason": "",
    }
    return f.insert("payments_payment", **row | values)


def count(f: Forgery, payment: Any, amount: str, stage_id: Any = None, line: str = "milestone") -> str:
    return f.insert(
        "payments_allocation", payment_id=payment, line=line, milestone_id=stage_id, amount=amount
    )


@attack("release_only_through_the_gate")
def release_before_the_sign_off(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.third.id)


@attack("release_only_through_the_gate")
def release_before_every_signer_approved(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.second.id)


@attack("release_only_through_the_gate")
def release_of_what_is_kept_back(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", line="retention")


@attack("release_only_through_the_gate", on="drafted")
def release_of_the_deposit_before_the_signatures(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", line="deposit")


@attack("act_is_not_sealed")
def release_in_two_acts_of_one_transaction(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00")
    f.write_entry()
    f.begin_again()
    count(f, payment, "50.00", w.third.id)


@attack("covered_money_stays")
def released_money_moved_to_a_locked_line(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50.00", w.first.id)
    count(f, w.release.id, "50.00", w.third.id)


@attack("covered_money_stays")
def released_money_loosened_so_that_the_line_opens_again(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50000.00", w.first.id)


@attack("early_money_is_set_off_first")
def release_that_counts_nowhere(f: Forgery, w: World) -> None:
    pay(f, "50.00")


@attack("payment_adds_up")
def release_that_counts_less_than_it_is(f: Forgery, w: World) -> None:
    """And a record counts more than it is, so that nothing seems to be held against no line."""
    count(f, pay(f, "50.00"), "20.00", w.first.id)
    count(f, w.record.id, "30.00", line="deposit")


@attack("line_holds_no_more_than_its_full")
def release_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "280000.01"), "280000.01", w.first.id)


@attack("line_holds_no_more_than_its_full")
def record_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "400000.00", kind="record"), "180000.01", w.third.id)


@attack("line_holds_no_more_than_its_full", on="drafted")
def money_on_a_milestone_before_the_signatures(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", w.stage(w.drafted, 1).id)


@attack("payment_adds_up")
def more_counted_than_was_paid(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "60.00", line="deposit")


@attack("payment_adds_up")
def counted_below_nothing(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    count(f, payment, "-10.00", w.first.id)
    count(f, payment, "60.00", line="deposit")


@attack("line_holds_no_more_than_its_full")
def another_contracts_milestone(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", w.stage(w.other, 3).id)


@attack("allocation_is_of_its_project", on="other")
def another_contracts_payment(f: Forgery, w: World) -> None:
    count(f, w.record.id, "50.00", line="deposit")


@attack("payment_is_the_payers", by="alon")
def release_by_the_contractor(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack('.*"only_homeowners_release"', by="alon")
def release_as_the_contractor(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", by_role="contractor"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="uri")
def release_by_one_who_left(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="dana")
def release_by_a_stranger(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="system")
def record_by_nobody(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")


@attack("payment_adds_up")
def payment_that_is_not_a_number(f: Forgery, w: World) -> None:
    pay(f, "NaN", kind="record")


def take_back(f: Forgery, payment: Any, amount: str, **values: Any) -> str:
    row = {
        "payment_id": payment,
        "amount": amount,
        "why": "wrong_record",
        "reason": "",
        "needs_consent": False,
    }
    return f.insert("payments_reversal", **row | values)


@attack("payment_adds_up")
def reversal_of_more_than_was_paid(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "10000.01")


@attack("payment_adds_up")
def reversal_that_leaves_the_money_counted(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00")


@attack("keeps_to_its_project", on="other")
def reversal_in_another_contracts_chain(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00", needs_consent=True)


@attack("keeps_to_its_project", by="alon", on="other")
def confirmation_in_another_contracts_chain(f: Forgery, w: World) -> None:
    receive(f, w)


@attack("permission denied for table payments_payment")
def payment_changed(f: Forgery, w: World) -> None:
    f.update("payments_payment", w.record.id, amount="1.00")


@attack("early_money_is_set_off_first", on="other")
def release_while_money_is_held_against_no_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.stage(w.other, 3).id)


@attack("money_has_moved")
def release_dated_ahead(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", paid_on=TODAY() + timedelta(2)), "50.00", w.first.id)


@attack("money_has_moved", by="alon")
def receipt_dated_ahead(f: Forgery, w: World) -> None:
    receive(f, w, received_on=TODAY() + timedelta(2))


@attack("numeric field overflow")
def payment_without_end(f: Forgery, w: World) -> None:
    pay(f, "Infinity", kind="record")


# --- Money that was recorded is moved


@attack("homeowners_set_off", by="alon")
def early_money_set_off_by_the_contractor(f: Forgery, w: World) -> None:
    move(f, w.record.id, "10.00", w.third.id)


@attack("homeowners_set_off", by="tal")
def early_money_set_off_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    move(f, w.record.id, "10.00", w.third.id)


@attack("covered_money_stays")
def covered_money_moved_so_that_its_line_opens_again(f: Forgery, w: World) -> None:
    count(f, w.confirmed.id, "-100.00", line="deposit")
    count(f, w.confirmed.id, "100.00", w.third.id)


def move(f: Forgery, payment: Any, amount: str, stage_id: Any) -> None:
    """From a stage to the deposit."""
    count(f, payment, f"-{amount}", stage_id)
    count(f, payment, amount, line="deposit")


@attack("payment_adds_up", aim="trigger payments_allocation.payment_adds_up")
def payment_counted_a_second_time(f: Forgery, w: World) -> None:
    count(f, w.confirmed.id, "1500.00", w.third.id)


# --- Receipts and reversals


def receive(f: Forgery, w: World, **values: Any) -> str:
    row = {"payment_id": w.record.id, "received_on": TODAY(), "receipt_number": ""}
    return f.insert("payments_confirmation", **row | values)


@attack("is_the_contractors: payments_confirmation")
def receipt_confirmed_by_the_homeowner(f: Forgery, w: World) -> None:
    receive(f, w)


@attack("reversal_is_the_tellers", by="alon")
def reversal_by_the_other_side(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00")
    count(f, w.record.id, "-5000.00", w.third.id)


@attack("reversal_is_the_tellers", by="uri")
def reversal_by_one_who_left(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00")
    count(f, w.record.id, "-5000.00", w.third.id)


@attack("reversal_is_the_tellers", by="tal")
def release_taken_back_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    take_back(f, w.release.id, "1000.00")
    count(f, w.release.id, "-1000.00", w.first.id)


@attack("reversal_is_the_tellers")
def confirmed_payment_taken_back_without_consent(f: Forgery, w: World) -> None:
    take_back(f, w.confirmed.id, "100.00")
    count(f, w.confirmed.id, "-100.00", line="deposit")


@attack("reversal_is_the_tellers", by="alon")
def contractors_record_taken_back_without_consent(f: Forgery, w: World) -> None:
    take_back(f, w.told.id, "100.00")
    count(f, w.told.id, "-100.00", line="deposit")


@attack("reversal_takes_loose_money_first", on="other")
def covered_money_taken_back_before_what_is_loose(f: Forgery, w: World) -> None:
    take_back(f, w.loose.id, "1000.00")
    count(f, w.loose.id, "-1000.00", line="deposit")


@attack("reversal_takes_loose_money_first")
def reversal_that_puts_money_on_another_line(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00")
    count(f, w.record.id, "-6000.00", w.third.id)
    count(f, w.record.id, "1000.00", line="deposit")


def consent(f: Forgery, w: World) -> None:
    f.insert("payments_reversalanswer", reversal_id=w.asked.id, consents=True)
    count(f, w.told.id, "-1000.00", line="deposit")


@attack("consent_is_the_other_sides", by="alon")
def consent_by_who_asks(f: Forgery, w: World) -> None:
    consent(f, w)


@attack("consent_is_the_other_sides", by="tal")
def consent_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    consent(f, w)


@attack("consent_is_the_other_sides", by="michal")
def consent_by_the_engineer(f: Forgery, w: World) -> None:
    consent(f, w)


@attack("payment_adds_up")
def consent_that_leaves_the_money_counted(f: Forgery, w: World) -> None:
    f.insert("payments_reversalanswer", reversal_id=w.asked.id, consents=True)
