"""Amounts that wait for repairs, and faults found later: example 4, and three repairs."""

from decimal import Decimal as D

from milestones.actions import estimate_defect, fix_defect, reopen_defect
from payments.rules import State
from tests.asking import at
from tests.cast import Cast, acting

from .teller import K, begin


def an_advance_a_withheld_amount_and_a_fault(cast: Cast) -> None:
    """Of M1's 200,000 its line holds 190,000, of which 150,000 are paid early: 40,000 can be withheld."""
    with at(0):
        halves = begin(cast, [(200 * K, 200 * K)] * 2, couple=True)
    with at(1):
        halves.inspect("M1", 60)
        halves.stands("0; 120,000; -120,000; 0; 0; 0; 0; plumb; 0")
    halves.advance("M1", 150_000, day=2)
    with at(5):
        halves.stands(
            "150,000; 120,000; 30,000; 0; 150,000; 0; 30,000; critical; 0",
            "advance_outstanding notice 150,000",
            "paid_ahead critical 30,000",
        )
        halves.submit("M1")
        with halves.refuses("withheld_above_payment", room=D(40_000)):
            halves.approve("M1", 50_000)
        (minor,) = halves.approve("M1", 30_000)
        halves.stands("150,000; 200,000; -50,000; 160,000; 0; 0; 0; plumb; 10,000")
        with halves.refuses("more_than_payable", payable=D(10_000)):
            halves.release("M1", 40_000)
        halves.release("M1", 10_000)
        halves.stands("160,000; 200,000; -40,000; 160,000; 0; 0; 0; plumb; 0")
        assert halves.line("M1").state == State.PART_PAID, "what is withheld is still owed"
    with at(6):
        crack = halves.fault("M1", 60_000)
        halves.stands(
            "160,000; 140,000; 20,000; 160,000; 0; 0; 20,000; ahead; 0", "paid_ahead warning 20,000"
        )
    with at(7):
        halves.repaired(minor)
        halves.stands(
            "160,000; 140,000; 20,000; 190,000; 0; 0; 20,000; ahead; 30,000", "paid_ahead warning 20,000"
        )
        halves.release("M1", 30_000)
        halves.stands(
            "190,000; 140,000; 50,000; 190,000; 0; 0; 50,000; critical; 0", "paid_ahead critical 50,000"
        )
        assert halves.line("M1").state == State.PAID
    with at(8):
        halves.repaired(crack)
        halves.stands("190,000; 200,000; -10,000; 190,000; 0; 0; 0; plumb; 0")


def each_verified_repair_frees_its_own_amount(cast: Cast) -> None:
    """M1's line holds 380,000; 30,000, 20,000 and 10,000.50 are withheld: 319,999.50 are open."""
    with at(0):
        house = begin(cast, [(400 * K, 400 * K), (100 * K, 100 * K)])
        house.submit("M1")
        with house.refuses("withheld_above_payment", room=D(380_000)):
            house.approve("M1", 300_000, "80000.01")
        first, second, third = house.approve("M1", 30_000, 20_000, "10000.50")
        house.stands("0; 400,000; -400,000; 319,999.50; 0; 0; 0; plumb; 319,999.50")
        with house.refuses("more_than_payable", payable=D("319999.50")):
            house.release("M1", 320_000)
        house.release("M1", "319999.50")
        house.stands("319,999.50; 400,000; -80,000.50; 319,999.50; 0; 0; 0; plumb; 0")
    with at(2):
        fix_defect(acting(cast.alon), second.id)  # said, and not yet seen
        house.stands("319,999.50; 400,000; -80,000.50; 319,999.50; 0; 0; 0; plumb; 0")
        house.repaired(second)
        house.stands("319,999.50; 400,000; -80,000.50; 339,999.50; 0; 0; 0; plumb; 20,000")
        with house.refuses("more_than_payable", payable=D(20_000)):
            house.release("M1", 30_000)
        house.release("M1", 20_000)
    with at(3):  # it came back: another fault, and what was freed stays free
        again = reopen_defect(acting(cast.noa), second.id)
        estimate_defect(acting(cast.michal), again.id, amount=D(5_000))
        house.stands("339,999.50; 400,000; -60,000.50; 339,999.50; 0; 0; 0; plumb; 0")
    with at(5):
        house.repaired(first)
        house.stands("339,999.50; 400,000; -60,000.50; 369,999.50; 0; 0; 0; plumb; 30,000")
    with at(15):  # ten days after the repair was seen, and not after the sign-off
        freed = "339,999.50; 400,000; -60,000.50; 369,999.50; 0; 0; 0; plumb; 30,000"
        house.stands(freed, "payment_overdue warning 30,000")
        house.release("M1", 30_000)
        house.stands("369,999.50; 400,000; -30,000.50; 369,999.50; 0; 0; 0; plumb; 0")
        assert house.line("M1").state == State.PART_PAID
    with at(16):
        house.repaired(third)
        house.stands("369,999.50; 400,000; -30,000.50; 380,000; 0; 0; 0; plumb; 10,000.50")
        house.release("M1", "10000.50")
        house.stands("380,000; 400,000; -20,000; 380,000; 0; 0; 0; plumb; 0")
        assert house.line("M1").state == State.PAID
