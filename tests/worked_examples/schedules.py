"""Contracts that pay ahead of the work, or keep some of the money back: examples 1 and 3."""

from decimal import Decimal as D

from payments.tasks import end_defects_periods
from tests.asking import at
from tests.cast import Cast

from .teller import OF_HOUSE, OF_KITCHEN, begin


def the_kitchen(cast: Cast) -> None:
    with at(0):
        kitchen = begin(cast, OF_KITCHEN, kind="custom_furniture", retention_percent=D(0))
        kitchen.sign("M1")
        kitchen.stands("0; 4,750; -4,750; 61,750; 0; 0; 0; plumb; 61,750")
        kitchen.release("M1", 61_750)
        kitchen.stands("61,750; 4,750; 57,000; 61,750; 0; 57,000; 0; agreed; 0")
        gauge = kitchen.figures()
        assert (gauge.lean_percent, gauge.lean_degrees) == (60, 30), "to its stop"
    with at(1):
        kitchen.sign("M2")  # nothing is paid for it
        kitchen.inspect("M3", 40)
        kitchen.stands("61,750; 31,350; 30,400; 61,750; 0; 30,400; 0; agreed; 0")
        with kitchen.refuses("payment_locked", locked_because="milestone_unsigned"):
            kitchen.release("M4", 9_500)
        kitchen.record("M4", 9_500)
        early = ("off_schedule_payment critical 9,500", "paid_ahead critical 9,500")
        kitchen.stands("71,250; 31,350; 39,900; 61,750; 9,500; 30,400; 9,500; critical; 0", *early)
    with at(2):
        kitchen.sign("M3")
        kitchen.stands("71,250; 57,000; 14,250; 76,000; 9,500; 4,750; 9,500; critical; 14,250", *early)
        with kitchen.refuses("more_than_payable", payable=D(14_250)):
            kitchen.release("M3", "14250.01")
        kitchen.release("M3", 14_250)
        kitchen.stands("85,500; 57,000; 28,500; 76,000; 9,500; 19,000; 9,500; critical; 0", *early)
    with at(3):
        kitchen.sign("M4")
        kitchen.stands("85,500; 71,250; 14,250; 85,500; 0; 14,250; 0; agreed; 0")


def the_retention_of_the_house(cast: Cast) -> None:
    """95,000 are kept back in all. Half opens at completion, 47,500, of which 11,400 are paid; and half after
    twelve months: 36,100 + 47,500 = 83,600."""
    with at(-400):
        house = begin(cast, OF_HOUSE)
        house.sign("M1")
        house.release("M1", 90_250)
        early = house.record("M2", 228_000)  # its line holds 216,600
        house.stands(
            "318,250; 19,000; 299,250; 90,250; 228,000; 71,250; 228,000; critical; 0",
            "off_schedule_payment critical 228,000",
            "paid_ahead critical 228,000",
        )
        house.sign("M2")
        over = ("off_schedule_payment notice 11,400", "paid_ahead notice 11,400")
        house.stands("318,250; 247,000; 71,250; 306,850; 11,400; 59,850; 11,400; watch; 0", *over)
        with house.refuses("set_off_first", unheld=D(11_400)):
            house.release("M2", 1)
        house.set_off(early, "retention", 11_400)
        house.stands("318,250; 247,000; 71,250; 306,850; 11,400; 59,850; 11,400; watch; 0", *over)
        for position, (_, amount) in enumerate(OF_HOUSE[2:], start=3):
            house.sign(f"M{position}")
            house.release(f"M{position}", amount * 95 // 100)
        house.stands("1,816,400; 1,900,000; -83,600; 1,805,000; 11,400; 0; 0; watch; 0", over[0])
        with house.refuses("payment_locked", locked_because="retention_kept"):
            house.release("retention", 83_600)
        house.complete()
        house.stands("1,816,400; 1,900,000; -83,600; 1,852,500; 0; 0; 0; plumb; 36,100")
        with house.refuses("more_than_payable", payable=D(36_100)):
            house.release("retention", 83_600)
        house.release("retention", 36_100)
        house.stands("1,852,500; 1,900,000; -47,500; 1,852,500; 0; 0; 0; plumb; 0")
    with at(-36):
        assert end_defects_periods() == 0
        with house.refuses("more_than_payable", payable=D(0)):
            house.release("retention", 1)
    with at(-30):
        assert end_defects_periods() == 1
        house.stands("1,852,500; 1,900,000; -47,500; 1,900,000; 0; 0; 0; plumb; 47,500")
        house.release("retention", 47_500)
        house.stands("1,900,000; 1,900,000; 0; 1,900,000; 0; 0; 0; plumb; 0")
