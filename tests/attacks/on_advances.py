"""Attacks on advances: money before the signature that not everybody approved, too early, or too much."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, pay
from tests.attacks.world import World
from tests.cast import TODAY


def ask(f: Forgery, stage_id: Any, amount: str = "10.00") -> str:
    row = {"milestone_id": stage_id, "amount": amount, "reason": "", "catch_up_on": TODAY() + timedelta(9)}
    return f.insert("payments_advance", **row)


def agree(f: Forgery, w: World, advance: Any, who: str, **terms: Any) -> None:
    """A person's approval, in the project whose chain is forged."""
    part = next(p for p in w.parts.values() if p.user_id == w.person(who) and str(p.project_id) == f.project)
    row = {"version": 1, "amount": "50000.00", "condition": "", "completes": True}
    f.insert("payments_advanceapproval", advance_id=advance.id, party_id=part.id, **row | terms)


def pay_early(f: Forgery, advance: Any, amount: str, stage_id: Any = None, **values: Any) -> None:
    payment = pay(f, amount, kind="advance", advance_id=advance.id, **values)
    count(f, payment, amount, stage_id or advance.milestone_id)


@attack("one_advance_at_a_time", on="early", by="alon")
def second_request_while_one_waits(f: Forgery, w: World) -> None:
    ask(f, w.stage(w.early, 2).id)


@attack("one_advance_at_a_time", on="agreed", by="alon")
def second_request_while_one_is_approved(f: Forgery, w: World) -> None:
    ask(f, w.stage(w.agreed, 2).id)


@attack("one_advance_at_a_time", by="alon")
def two_requests_in_one_act(f: Forgery, w: World) -> None:
    ask(f, w.second.id)
    ask(f, w.third.id)


@attack("is_the_contractors: payments_advance")
def request_by_the_homeowner(f: Forgery, w: World) -> None:
    ask(f, w.third.id)


@attack("advance_is_for_unsigned_work", by="alon")
def request_for_a_milestone_that_is_signed_off(f: Forgery, w: World) -> None:
    ask(f, w.first.id)


@attack("advance_is_for_unsigned_work", by="alon", on="drafted")
def request_before_the_signatures(f: Forgery, w: World) -> None:
    ask(f, w.stage(w.drafted, 3).id)


@attack("is_the_contractors: payments_advancewithdrawal", on="agreed")
def request_taken_back_by_the_homeowner(f: Forgery, w: World) -> None:
    f.insert("payments_advancewithdrawal", advance_id=w.granted.id)


@attack("homeowners_answer_an_advance: payments_advanceapproval", by="alon", on="early")
def approval_in_the_name_of_another(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil")


@attack("homeowners_answer_an_advance: payments_advanceapproval", by="tal", on="early")
def approval_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "tal", completes=False)


@attack("homeowners_answer_an_advance: payments_advanceopening", by="alon", on="early")
def opening_by_the_contractor(f: Forgery, w: World) -> None:
    part = w.part(w.people.alon, w.early)
    f.insert("payments_advanceopening", advance_id=w.waiting.id, party_id=part.id)


@attack("homeowners_answer_an_advance: payments_advancedecline", by="tal", on="early")
def decline_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    part = w.part(w.tal, w.early)
    f.insert("payments_advancedecline", advance_id=w.waiting.id, party_id=part.id, reason="")


@attack("advance_still_waits: payments_advanceapproval", by="gil", on="early")
def approval_of_what_was_declined(f: Forgery, w: World) -> None:
    agree(f, w, w.denied, "gil")


@attack("advance_still_waits: payments_advanceapproval", by="gil", on="early")
def approval_of_what_lapsed(f: Forgery, w: World) -> None:
    agree(f, w, w.lapsed, "gil")


def decline(f: Forgery, w: World, advance: Any) -> None:
    part = w.part(w.gil, w.early)
    f.insert("payments_advancedecline", advance_id=advance.id, party_id=part.id, reason="")


def withdraw(f: Forgery, advance: Any) -> None:
    f.insert("payments_advancewithdrawal", advance_id=advance.id)


@attack("advance_still_waits: payments_advanceopening", by="gil", on="early")
def opening_of_what_lapsed(f: Forgery, w: World) -> None:
    f.insert("payments_advanceopening", advance_id=w.lapsed.id, party_id=w.part(w.gil, w.early).id)


@attack("advance_still_waits: payments_advancedecline", by="gil", on="early")
def decline_of_what_lapsed(f: Forgery, w: World) -> None:
    decline(f, w, w.lapsed)


@attack("advance_still_waits: payments_advancewithdrawal", by="alon", on="early")
def withdrawal_of_what_lapsed(f: Forgery, w: World) -> None:
    withdraw(f, w.lapsed)


@attack('.*"payments_advancedecline_advance_id_key"', by="gil", on="early")
def request_declined_twice(f: Forgery, w: World) -> None:
    decline(f, w, w.waiting)
    decline(f, w, w.waiting)


@attack('.*"payments_advancewithdrawal_advance_id_key"', by="alon", on="early")
def request_taken_back_twice(f: Forgery, w: World) -> None:
    withdraw(f, w.waiting)
    withdraw(f, w.waiting)


@attack("approval_waits_for_thought", on="other")
def approval_in_haste(f: Forgery, w: World) -> None:
    agree(f, w, w.requested, "noa")


@attack("approval_is_of_its_terms", by="gil", on="early")
def approval_of_more_than_was_asked(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil", version=2, amount="50000.01", completes=False)


@attack("approval_is_of_its_terms", by="gil", on="early")
def other_terms_that_void_no_approval(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil", amount="40000.00")


@attack("approval_is_of_its_terms", by="gil", on="early")
def approval_that_speaks_for_the_others(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil", version=2, amount="40000.00", completes=True)


@attack("advance_is_paid_as_approved", on="early")
def advance_that_one_homeowner_did_not_approve(f: Forgery, w: World) -> None:
    pay_early(f, w.waiting, "50000.00")


@attack("advance_is_paid_as_approved", on="early", by="gil")
def advance_approved_and_paid_in_one_act(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil")
    pay_early(f, w.waiting, "50000.00")


@attack("advance_is_paid_as_approved", on="agreed")
def advance_beyond_what_was_approved(f: Forgery, w: World) -> None:
    pay_early(f, w.granted, "50000.01")


@attack('.*"payments_payment_advance_id_key"', on="agreed")
def advance_paid_twice_in_one_act(f: Forgery, w: World) -> None:
    """Each of them as it was approved, both together within the cap."""
    pay_early(f, w.granted, "50000.00")
    pay_early(f, w.granted, "50000.00")


@attack("advance_is_paid_as_approved", on="agreed")
def advance_against_another_milestone(f: Forgery, w: World) -> None:
    pay_early(f, w.granted, "50000.00", w.stage(w.agreed, 2).id)


@attack("advance_is_paid_as_approved", on="altered")
def advance_approved_before_the_contract_changed(f: Forgery, w: World) -> None:
    pay_early(f, w.overtaken, "50000.00")


@attack("approval_is_of_its_terms", on="altered")
def approval_of_the_terms_before_the_contract_changed(f: Forgery, w: World) -> None:
    agree(f, w, w.overtaken, "noa")


@attack("advance_keeps_under_its_cap", on="agreed")
def advance_beyond_the_cap(f: Forgery, w: World) -> None:
    """100,000 are a tenth of the contract: what is recorded beside it takes the room."""
    pay(f, "50000.01", kind="record")
    pay_early(f, w.granted, "50000.00")


@attack('.*"only_homeowners_release"', on="agreed", by="alon")
def advance_paid_by_the_contractor(f: Forgery, w: World) -> None:
    pay_early(f, w.granted, "50000.00", by_role="contractor")


@attack('.*"an_advance_is_paid_under_its_request"')
def advance_without_a_request(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="advance"), "50.00", w.third.id)


@attack('.*"an_advance_is_paid_under_its_request"', on="agreed")
def record_under_a_request(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", advance_id=w.granted.id)


@attack('.*"advance_is_positive"', by="alon")
def request_for_less_than_nothing(f: Forgery, w: World) -> None:
    ask(f, w.third.id, "-1.00")


@attack('.*"approved_amount_is_positive"', by="gil", on="early")
def approval_of_less_than_nothing(f: Forgery, w: World) -> None:
    agree(f, w, w.waiting, "gil", version=2, amount="-1.00", completes=False)


@attack('.*"an_advance_is_opened_once"', on="early")
def opening_a_second_time(f: Forgery, w: World) -> None:
    part = w.part(w.people.noa, w.early)
    f.insert("payments_advanceopening", advance_id=w.waiting.id, party_id=part.id)
