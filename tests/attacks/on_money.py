"""Attacks on the gate, on payments, and on the tie of facts to their entries."""

from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World
from tests.cast import TODAY, stage


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


@attack("release_only_through_the_gate")
def released_money_moved_to_a_locked_line(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50.00", w.first.id)
    count(f, w.release.id, "50.00", w.third.id)


@attack("payment_adds_up")
def released_money_loosened_so_that_the_line_opens_again(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50000.00", w.first.id)


@attack("payment_adds_up")
def release_that_counts_nowhere(f: Forgery, w: World) -> None:
    pay(f, "50.00")


@attack("payment_adds_up")
def release_that_counts_in_part(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "20.00", w.first.id)


@attack("line_holds_no_more_than_its_full")
def release_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "280000.01"), "280000.01", w.first.id)


@attack("line_holds_no_more_than_its_full")
def record_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "400000.00", kind="record"), "180000.01", w.third.id)


@attack("line_holds_no_more_than_its_full", on="drafted")
def money_on_a_milestone_before_the_signatures(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", stage(w.drafted, 1).id)


@attack("payment_adds_up|line_holds")
def more_counted_than_was_paid(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "60.00", line="deposit")


@attack("payment_adds_up|line_holds")
def counted_below_nothing(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    count(f, payment, "-10.00", w.first.id)
    count(f, payment, "60.00", line="deposit")


@attack("line_holds_no_more_than_its_full|fact_is_tied")
def another_contracts_milestone(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", stage(w.other, 3).id)


@attack("allocation_is_of_its_project|fact_is_tied", on="other")
def another_contracts_payment(f: Forgery, w: World) -> None:
    count(f, w.record.id, "50.00", line="deposit")


@attack("payment_is_the_payers", by="alon")
def release_by_the_contractor(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("only_homeowners_release", by="alon")
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
    f.insert("payments_confirmation", payment_id=w.record.id, received_on=TODAY(), receipt_number="")


@attack("history_is_closed|permission denied")
def payment_changed(f: Forgery, w: World) -> None:
    f.update("payments_payment", w.record.id, amount="1.00")


# --- Entries that do not say what was done


@attack("act_is_not_sealed")
def fact_written_after_the_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.write_entry()
    pay(f, "60.00", kind="record")


@attack("act_is_not_sealed")
def fact_changed_after_the_entry_was_checked(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    f.write_entry()
    f.run("SET CONSTRAINTS entry_names_its_facts IMMEDIATE")
    count(f, payment, "50.00", line="deposit")


@attack("entry_names_its_facts")
def fact_that_the_entry_does_not_name(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    pay(f, "60.00", kind="record")
    f.facts.pop()


@attack("fact_is_tied|payment_is_the_payers")
def fact_that_shares_the_entry_of_another(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    f.facts.clear()
    pay(f, "60.00", kind="record")


@attack("entry_names_its_facts")
def fact_with_another_hash_than_the_entrys(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.digest = lambda table, pk: "0" * 64  # type: ignore[method-assign]
