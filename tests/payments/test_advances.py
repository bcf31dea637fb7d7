"""Advances, over the real database: who decides, on which terms, by when, and what ends one."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from payments.actions import (
    allocate_payment,
    approve_advance,
    ask_for_advance,
    decline_advance,
    open_advance,
    propose_change,
    record_payment,
    reverse_payment,
    sign_change,
    withdraw_advance,
)
from payments.advances import advances_of, offer_of
from payments.changing import version_of
from payments.models import Advance, Payment
from payments.queries import ledger_of
from projects import clock
from projects.actions import end_part
from projects.flagging import settle_flags
from projects.models import Flag, Party, Project
from projects.refusals import Refused
from tests.asking import advanced, approved, asked, at, on, opened, paid
from tests.cast import STAGES, TODAY, Cast, acting, active, draft, join, signed_off, stage
from tests.post import deliver, letters_about
from tracker.verifying import verify


@pytest.fixture
def house(cast: Cast) -> Project:
    """1,000,000; the third stage pays 200,000, of which 190,000 before retention is released."""
    with at(0):
        return active(cast)


def state(advance: Advance) -> str:
    found = advances_of(advance.project).get(pk=advance.pk)
    return offer_of(found).state(clock.now()).value


def in_force(cast: Cast, project: Project, amount: int, position: int = 2, days: int = 0) -> None:
    """A change of a milestone that both sides sign."""
    about: dict[str, Any] = {"title": "A change", "milestone": stage(project, position).id, "days": days}
    change = propose_change(acting(cast.noa), project.id, amount=D(amount), **about)
    for person in (cast.noa, cast.alon):
        sign_change(acting(person), change.id, version=version_of(change))


def version(advance: Advance) -> int:
    return offer_of(advances_of(advance.project).get(pk=advance.pk)).version


def test_a_changed_contract_voids_the_approvals_given_so_far(cast: Cast) -> None:
    """Uri has not decided yet when the total changes; then a change that moves no sum, of another milestone,
    and at last one of the advance's own."""
    end = TODAY() + timedelta(days=60)
    with at(0):
        house = active(cast, [dict(told, planned_end=end) for told in STAGES])
        join(cast.noa, house, cast.uri, "homeowner")
    with at(1):
        advance = asked(cast, stage(house, 3))
        opened(advance, cast.noa, cast.uri)
    with at(3.5):
        approved(advance, cast.noa)
        end_part(acting(cast.uri), Party.objects.get(project=house, user=cast.uri).id)
        assert state(advance) == "asked", "leaving approves nothing"
        in_force(cast, house, 1_000)
        assert (state(advance), version(advance)) == ("asked", 2)
        with pytest.raises(Refused, match="changed_since_read"):
            approve_advance(acting(cast.noa), advance.id, version=1)
        with pytest.raises(Refused, match="advance_not_approved"):
            paid(cast.noa, advance)
        approve_advance(acting(cast.noa), advance.id, version=2)
        assert state(advance) == "approved"
        in_force(cast, house, 0, days=3)
        assert (state(advance), version(advance)) == ("approved", 2), "another date of another milestone"
        in_force(cast, house, 0, position=3, days=3)
        assert (state(advance), version(advance)) == ("asked", 3)
        approve_advance(acting(cast.noa), advance.id, version=3, amount=D(40_000))
        assert version(advance) == 4, "other terms are one more version"
        in_force(cast, house, -500)
        approve_advance(acting(cast.noa), advance.id, version=5)
        payment = paid(cast.noa, advance)
        assert payment.amount == D(40_000), "the offer stands as it was last made"
        in_force(cast, house, -500)
        assert state(advance) == "paid"
    assert not verify(house.id).breaks


def test_every_homeowner_who_signs_opens_and_agrees(cast: Cast, house: Project) -> None:
    """The hours run from the last opening; who does not sign has no say."""
    with at(1):
        join(cast.noa, house, cast.uri, "homeowner")
        join(cast.noa, house, cast.eran, "homeowner", signs=False)
        advance = asked(cast, stage(house, 3))
        opened(advance, cast.noa)
        with pytest.raises(Refused, match="not_a_signer"):
            opened(advance, cast.eran)
    with at(2):
        opened(advance, cast.uri)
        opened(advance, cast.uri)  # again: nothing new
    with at(3.5), pytest.raises(Refused, match="cooling_off"):
        approved(advance, cast.noa)
    with at(4.1):
        approved(advance, cast.noa)
        with pytest.raises(Refused, match="approved_already"):
            approved(advance, cast.noa)
        assert state(advance) == "asked"
        with pytest.raises(Refused, match="advance_not_approved"):
            paid(cast.noa, advance)
        approved(advance, cast.uri)
        assert state(advance) == "approved"
        paid(cast.uri, advance)
        assert state(advance) == "paid"
    assert advance.openings.count() == 2
    assert verify().firsts == []


def test_other_terms_void_the_approvals_given_so_far(cast: Cast, house: Project) -> None:
    with at(1):
        join(cast.noa, house, cast.uri, "homeowner")
        advance = asked(cast, stage(house, 3))
        opened(advance, cast.noa, cast.uri)
    with at(3.1):
        approved(advance, cast.noa)
        approved(advance, cast.uri, amount=D(30_000), condition="Against a guarantee")
        with pytest.raises(Refused, match="changed_since_read"):
            approve_advance(acting(cast.noa), advance.id, version=1)
        assert state(advance) == "asked"
        with pytest.raises(Refused, match="more_than_asked"):
            approved(advance, cast.noa, amount=D("50000.01"))
        approved(advance, cast.noa)
        with pytest.raises(Refused, match="more_than_approved"):
            paid(cast.noa, advance, "30000.01")
        assert paid(cast.noa, advance, "20000.00").amount == D(20_000)


def test_declining_is_possible_at_once_and_ends_it(cast: Cast, house: Project) -> None:
    with at(1):
        advance = asked(cast, stage(house, 3))
        with pytest.raises(Refused, match="not_your_role"):
            decline_advance(acting(cast.alon), advance.id)
        decline_advance(acting(cast.noa), advance.id, reason="We would rather pay the supplier.")
        assert state(advance) == "declined"
        for act in (withdraw_advance, open_advance):
            who = cast.alon if act is withdraw_advance else cast.noa
            with pytest.raises(Refused, match="advance_closed"):
                act(acting(who), advance.id)
        withdrawn = asked(cast, stage(house, 2))
        withdraw_advance(acting(cast.alon), withdrawn.id)
        assert state(withdrawn) == "withdrawn"


def test_an_approved_one_can_still_be_declined_but_not_a_paid_one(cast: Cast, house: Project) -> None:
    with at(1):
        advance = asked(cast, stage(house, 3))
        opened(advance, cast.noa)
    with at(3.1):
        approved(advance, cast.noa)
    with at(12):  # what is approved does not lapse
        assert state(advance) == "approved"
        decline_advance(acting(cast.noa), advance.id)
        with pytest.raises(Refused, match="advance_closed"):
            paid(cast.noa, advance)


def test_what_cannot_be_asked(cast: Cast, house: Project) -> None:
    with at(1):
        written = draft(cast)
        with pytest.raises(Refused, match="project_not_active"):
            asked(cast, stage(written, 3))
        elsewhere = {"milestone": stage(written, 3).id, "amount": D(1), "catch_up_on": on(9)}
        with pytest.raises(Refused, match="unknown_line"):
            ask_for_advance(acting(cast.alon), house.id, **elsewhere)
        with pytest.raises(Refused, match="bad_amount"):
            asked(cast, stage(house, 3), "0.00")
        with pytest.raises(Refused) as refused:  # its retention is never paid early
            asked(cast, stage(house, 3), "190000.01")
        assert (refused.value.code, refused.value.data) == ("no_room", {"room": D("190000.00")})
        with pytest.raises(Refused, match="catch_up_past"):
            asked(cast, stage(house, 3), catch_up_on=on(1))
        first = signed_off(cast, stage(house, 1))
        with pytest.raises(Refused, match="milestone_signed_off"):
            asked(cast, first)


def test_the_room_is_looked_at_again_when_it_is_paid(cast: Cast, house: Project) -> None:
    third = stage(house, 3)
    with at(0.5):
        signed_off(cast, stage(house, 1))
    with at(1):
        advance = asked(cast, third, "190000.00")
        opened(advance, cast.noa)
    with at(3.1):
        approved(advance, cast.noa)
        moved = {"amount": D(1000), "paid_on": on(3), "method": "cash", "line": str(third.id)}
        record_payment(acting(cast.noa), house.id, **moved)
        with pytest.raises(Refused, match="no_room"):
            paid(cast.noa, advance)
        paid(cast.noa, advance, "189000.00")


def test_taken_back_whole_it_is_over(cast: Cast, house: Project) -> None:
    """As with a release: by who may release. Taken back in part, it stands."""
    payment = advanced(cast, house, stage(house, 3))
    advance = payment.advance
    assert advance is not None
    with at(5):
        join(cast.noa, house, cast.eran, "homeowner", signs=False)
        back = {"why": "money_back"}
        with pytest.raises(Refused, match="not_a_signer"):
            reverse_payment(acting(cast.eran), payment.id, amount=D(1), **back)
        reverse_payment(acting(cast.noa), payment.id, amount=D(10_000), **back)
        assert state(advance) == "paid"
        reverse_payment(acting(cast.noa), payment.id, amount=D(40_000), **back)
        assert state(advance) == "ended"
        asked(cast, stage(house, 2))
    assert ledger_of(house).lots == []
    assert verify().firsts == []


def test_its_money_can_be_set_off_elsewhere(cast: Cast, house: Project) -> None:
    payment = advanced(cast, house, stage(house, 3))
    with at(5):
        allocate_payment(acting(cast.noa), payment.id, line="deposit", amount=D(50_000))
    assert ledger_of(house).early_of_payment() == {}


def test_an_advance_counts_before_records(cast: Cast, house: Project) -> None:
    """What the sign-off covers first is the advance, though it was paid last."""
    third = stage(house, 3)
    with at(0.5):
        moved = {"amount": D(150_000), "paid_on": on(0), "method": "cash", "line": str(third.id)}
        record = record_payment(acting(cast.noa), house.id, **moved)
        signed_off(cast, stage(house, 1))
    payment = advanced(cast, house, third, "40000.00")
    early = ledger_of(house).early_of_payment()
    assert early == {str(record.id): D(150_000), str(payment.id): D(40_000)}


def test_the_flag_warns_when_the_day_has_passed(cast: Cast, house: Project) -> None:
    with at(1):
        advance = asked(cast, stage(house, 3), catch_up_on=on(5))
        opened(advance, cast.noa)
    with at(3.1):
        approved(advance, cast.noa)
        payment = paid(cast.noa, advance)
        settle_flags(house.id)
        flag = Flag.objects.get(project=house, kind="advance_outstanding")
        assert (flag.severity, flag.about_id, flag.asks) == ("notice", payment.id, "contractor")
    with at(6.5):
        settle_flags(house.id)
        flag.refresh_from_db()
        assert flag.severity == "warning"
        reverse_payment(acting(cast.noa), payment.id, amount=D(50_000), why="money_back")
        settle_flags(house.id)
        flag.refresh_from_db()
        assert flag.cleared_at is not None
    assert not Flag.objects.filter(kind="off_schedule_payment").exists()


def test_both_sides_hear_of_it(cast: Cast, house: Project) -> None:
    payment = advanced(cast, house, stage(house, 3))
    deliver()
    assert Payment.objects.get() == payment
    assert not letters_about("Asked for early"), "it was decided before the mail went out"
    for subject in ("Advance for milestone 3: approved", "Advance paid"):
        assert set(letters_about(subject)) == {"noa", "alon"}, subject


def test_the_homeowners_are_asked_by_mail(cast: Cast) -> None:
    asked(cast, stage(active(cast), 3))
    deliver()
    letters = letters_about("Asked for early")
    assert set(letters) == {"noa"}
    assert "Money ahead of the work once paid: \u2066₪50,000\u2069" in letters["noa"].text
