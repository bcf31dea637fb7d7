"""Money before the work: the family's spiral (example 2), and what a couple does with a request."""

from datetime import timedelta
from decimal import Decimal as D

from milestones.actions import log_progress
from payments.actions import decline_advance
from tests.asking import approved, at, opened
from tests.cast import Cast, acting

from .teller import OF_HOUSE, STAGES, WITH_DEPOSIT, Story, begin


def house_of(cast: Cast) -> Story:
    """The first two of the house's milestones are signed off and paid, 90,250 and 216,600. The first pays
    more than its work is worth, which is why 59,850 lead as agreed."""
    with at(0):
        house = begin(cast, OF_HOUSE)
        house.sign("M1", "M2")
        house.release("M1", 90_250)
        house.release("M2", 216_600)
        house.stands("306,850; 247,000; 59,850; 306,850; 0; 59,850; 0; agreed; 0")
    return house


def the_familys_spiral(cast: Cast) -> None:
    """Each step of it is refused, or looked at by everybody for two days, or flagged at once with its sum."""
    house = house_of(cast)
    with at(1):
        with house.refuses("payment_locked", locked_because="milestone_unsigned"):
            house.release("M3", 100_000)  # "a little early": the gate knows no such thing
        advance = house.ask("M3", 100_000)
        with house.refuses("advance_open"):
            house.ask("M4", 10_000)
        with house.refuses("advance_unopened"):
            approved(advance, cast.noa)
        opened(advance, cast.noa)
        decide_after = advance.openings.get().entry.at + timedelta(hours=48)
        with house.refuses("cooling_off", decide_after=decide_after):
            approved(advance, cast.noa)
        with house.refuses("advance_not_approved"):
            house.pay(advance, 100_000)
        house.stands("306,850; 247,000; 59,850; 306,850; 0; 59,850; 0; agreed; 0")
    with at(3.1):
        approved(advance, cast.noa)
        with house.refuses("advance_open"):
            house.ask("M4", 10_000)
        with house.refuses("more_than_approved", approved=D(100_000)):
            house.pay(advance, "100000.01")
        house.pay(advance, 100_000)
        house.stands(
            "406,850; 247,000; 159,850; 306,850; 100,000; 59,850; 100,000; critical; 0",
            "advance_outstanding notice 100,000",
            "paid_ahead critical 100,000",
        )
    with at(4):  # "the next payment a little early, too"
        with house.refuses("advance_open"):
            house.ask("M4", 10_000)
        with house.refuses("advance_closed", state="paid"):
            house.pay(advance, 1)
    with at(5):  # slipped past the gate
        house.record("M4", 114_000)
        house.stands(
            "520,850; 247,000; 273,850; 306,850; 214,000; 59,850; 214,000; critical; 0",
            "advance_outstanding notice 100,000",
            "off_schedule_payment critical 114,000",
            "paid_ahead critical 214,000",
        )
    with at(6):  # his word for it is no work
        log_progress(acting(cast.alon), house.milestone("M3").id, percent=D(60))
        house.stands(
            "520,850; 247,000; 273,850; 306,850; 214,000; 59,850; 214,000; critical; 0",
            "advance_outstanding notice 100,000",
            "off_schedule_payment critical 114,000",
            "paid_ahead critical 214,000",
        )
    with at(16):  # the day has passed by which the work was to have caught up
        house.inspect("M3", 50)
        house.stands(
            "520,850; 323,000; 197,850; 306,850; 214,000; 0; 197,850; critical; 0",
            "advance_outstanding warning 100,000",
            "off_schedule_payment critical 114,000",
            "paid_ahead critical 197,850",
        )
    with at(17):
        house.sign("M3")
        house.stands(
            "520,850; 399,000; 121,850; 451,250; 114,000; 7,850; 114,000; critical; 44,400",
            "off_schedule_payment critical 114,000",
            "paid_ahead critical 114,000",
        )
        with house.refuses("more_than_payable", payable=D(44_400)):
            house.release("M3", "44400.01")
        house.release("M3", 44_400)
        house.stands(
            "565,250; 399,000; 166,250; 451,250; 114,000; 52,250; 114,000; critical; 0",
            "off_schedule_payment critical 114,000",
            "paid_ahead critical 114,000",
        )
        house.ask("M5", 1_000)  # the first has ended with its sign-off


def the_gap_does_not_grow_beyond_what_was_agreed(cast: Cast) -> None:
    """59,850 are ahead; the cap is 190,000, a tenth of the contract, so 130,150 fit and not an agora more."""
    house = house_of(cast)
    with at(1):
        advance = house.ask("M5", 140_000)
        opened(advance, cast.noa)
    with at(3.1):
        with house.refuses("advance_over_cap", cap=D(190_000), most=D(130_150)):
            approved(advance, cast.noa)
        with house.refuses("advance_over_cap", most=D(130_150)):
            approved(advance, cast.noa, amount=D("130150.01"))
        approved(advance, cast.noa, amount=D(130_150))
        house.record("M4", 1_000)  # money that moves in between takes from the room
        with house.refuses("advance_over_cap", most=D(129_150)):
            house.pay(advance, 130_150)
        house.pay(advance, 129_150)
        house.stands(
            "437,000; 247,000; 190,000; 306,850; 130,150; 59,850; 130,150; critical; 0",
            "advance_outstanding notice 129,150",
            "off_schedule_payment notice 1,000",
            "paid_ahead critical 130,150",
        )


def what_is_never_decided_lapses_unpaid(cast: Cast) -> None:
    house = house_of(cast)
    with at(1):
        advance = house.ask("M3", 100_000)
        opened(advance, cast.noa)
    with at(7.999), house.refuses("advance_open"):
        house.ask("M4", 10_000)
    with at(8):
        with house.refuses("advance_closed", state="lapsed"):
            approved(advance, cast.noa)
        house.ask("M4", 10_000)
        house.stands("306,850; 247,000; 59,850; 306,850; 0; 59,850; 0; agreed; 0")


def one_of_a_couple_agrees_and_the_other_does_not(cast: Cast) -> None:
    with at(0):
        house = begin(cast, STAGES, couple=True, **WITH_DEPOSIT)
        house.release("deposit", 100_000)
        house.stands("100,000; 0; 100,000; 100,000; 0; 100,000; 0; agreed; 0")
        house.inspect("M1", 20)
        as_it_was = "100,000; 80,000; 20,000; 100,000; 0; 20,000; 0; agreed; 0"
        house.stands(as_it_was)
    with at(1):
        advance = house.ask("M1", 50_000)
        opened(advance, cast.noa)
    with at(2):
        with house.refuses("advance_unopened"):
            approved(advance, cast.noa)
        opened(advance, cast.uri)
        decide_after = advance.openings.get(party__user=cast.uri).entry.at + timedelta(hours=48)
    with at(3.5), house.refuses("cooling_off", decide_after=decide_after):  # Noa's two days are over
        approved(advance, cast.noa)
    with at(4.1):
        approved(advance, cast.noa)
        with house.refuses("advance_not_approved"):
            house.pay(advance, 50_000)
        decline_advance(acting(cast.uri), advance.id, reason="Let us rather pay the supplier.")
        with house.refuses("advance_closed", state="declined"):
            house.pay(advance, 50_000)
        with house.refuses("advance_closed", state="declined"):
            approved(advance, cast.noa)
        house.stands(as_it_was)
    with at(5):
        advance = house.ask("M1", 50_000)
        opened(advance, cast.noa, cast.uri)
    with at(7.1):
        approved(advance, cast.noa)
        approved(advance, cast.uri, amount=D(30_000), condition="Against a guarantee")
        with house.refuses("advance_not_approved"):  # Noa agreed to other terms
            house.pay(advance, 30_000)
        house.stands(as_it_was)
        approved(advance, cast.noa)
        with house.refuses("more_than_approved", approved=D(30_000)):
            house.pay(advance, 50_000)
        house.pay(advance, 30_000)
        house.stands(
            "130,000; 80,000; 50,000; 100,000; 30,000; 20,000; 30,000; ahead; 0",
            "advance_outstanding notice 30,000",
            "paid_ahead warning 30,000",
        )
    with at(9):
        house.sign("M1")
        house.stands("130,000; 400,000; -270,000; 480,000; 0; 0; 0; plumb; 350,000")
