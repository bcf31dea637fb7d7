"""Attacks on disputes: raised by nobody's side, beside another, over nothing, or taken back for the other."""

from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, receive, take_back
from tests.attacks.world import World


def dispute(f: Forgery, payment: Any, **values: Any) -> str:
    row = {"payment_id": payment, "by_role": "homeowner", "reason": "It never moved"}
    return f.insert("payments_dispute", **row | values)


def withdraw(f: Forgery, dispute_id: Any) -> str:
    return f.insert("payments_disputewithdrawal", dispute_id=dispute_id)


@attack("dispute_is_a_sides", by="michal")
def dispute_by_the_engineer(f: Forgery, w: World) -> None:
    dispute(f, w.record.id, by_role="engineer")


@attack("dispute_is_a_sides", by="alon")
def dispute_in_the_name_of_the_other_side(f: Forgery, w: World) -> None:
    dispute(f, w.record.id)


@attack("dispute_is_a_sides", by="uri")
def dispute_by_one_who_left(f: Forgery, w: World) -> None:
    dispute(f, w.record.id)


@attack("dispute_is_a_sides")
def dispute_of_what_was_taken_back_by_the_same_act(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "10000.00")
    count(f, w.record.id, "-10000.00", w.third.id)
    dispute(f, w.record.id)


@attack("one_dispute_at_a_time", by="alon")
def dispute_beside_that_of_the_other_side(f: Forgery, w: World) -> None:
    dispute(f, w.told.id, by_role="contractor")


@attack("one_dispute_at_a_time")
def two_disputes_in_one_act(f: Forgery, w: World) -> None:
    dispute(f, w.record.id)
    dispute(f, w.record.id)


@attack("one_dispute_at_a_time")
def dispute_in_place_of_one_withdrawn_by_the_same_act(f: Forgery, w: World) -> None:
    withdraw(f, w.dispute.id)
    dispute(f, w.told.id)


@attack("keeps_to_its_project", on="other")
def dispute_in_another_contracts_chain(f: Forgery, w: World) -> None:
    dispute(f, w.record.id)


@attack("dispute_is_its_sides_to_withdraw", by="alon")
def dispute_withdrawn_by_the_other_side(f: Forgery, w: World) -> None:
    withdraw(f, w.dispute.id)


@attack("dispute_is_its_sides_to_withdraw", by="uri")
def dispute_withdrawn_by_one_who_left(f: Forgery, w: World) -> None:
    withdraw(f, w.dispute.id)


@attack("dispute_is_its_sides_to_withdraw", by="alon")
def dispute_withdrawn_after_the_receipt(f: Forgery, w: World) -> None:
    withdraw(f, w.received.id)


@attack("dispute_is_its_sides_to_withdraw", by="alon")
def dispute_withdrawn_by_the_act_that_raised_it(f: Forgery, w: World) -> None:
    withdraw(f, dispute(f, w.record.id, by_role="contractor"))


@attack('.*"payments_disputewithdrawal_dispute_id_key"')
def dispute_withdrawn_twice(f: Forgery, w: World) -> None:
    withdraw(f, w.dispute.id)
    withdraw(f, w.dispute.id)


@attack("one_dispute_at_a_time", by="alon")
def dispute_raised_again_by_the_act_that_received(f: Forgery, w: World) -> None:
    """One that it raised itself is received by nothing."""
    dispute(f, w.record.id, by_role="contractor")
    receive(f, w)
    dispute(f, w.record.id, by_role="contractor")
