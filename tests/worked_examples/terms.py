"""Contracts that end before their work does."""

from decimal import Decimal as D

from milestones.actions import log_progress
from payments.actions import reverse_payment, terminate_project
from payments.tasks import end_defects_periods
from tests.asking import at
from tests.cast import Cast, acting

from .teller import STAGES, WITH_DEPOSIT, begin


def the_contract_ends_half_way(cast: Cast) -> None:
    """60,000 of the deposit and M1's 380,000 are paid as agreed; early are 90,000 for M2, whose work is
    verified to 40 % (140,000), and 30,000 of the retention.

    Terminated, nothing more of the deposit is due. The retention is M1's alone, 20,000 and not 45,000: 10,000
    of what lay there lose their line, as M2's 90,000 do. The account: 560,000 are paid for 540,000 of work.
    """
    with at(-400):
        house = begin(cast, STAGES, **WITH_DEPOSIT)
        house.release("deposit", 60_000)
        house.sign("M1")
        house.release("M1", 380_000)
        house.inspect("M2", 40)
        early = house.record("M2", 90_000)
        house.record("retention", 30_000)
        flags = (
            "off_schedule_payment critical 90,000",
            "off_schedule_payment warning 30,000",
            "paid_ahead warning 20,000",
        )
        house.stands("560,000; 540,000; 20,000; 480,000; 120,000; 0; 20,000; ahead; 40,000", *flags)
    with at(-395):
        house.terminate()
        house.stands("560,000; 540,000; 20,000; 440,000; 120,000; 0; 20,000; ahead; 0", *flags)
        assert (house.line("M2").full, house.line("retention").full) == (D(0), D(20_000))
        with house.refuses("payment_locked", locked_because="terminated"):
            house.release("M2", 1)
        with house.refuses("set_off_first", unheld=D(100_000)):
            house.release("deposit", 40_000)
        with house.refuses("project_terminated"):
            log_progress(acting(cast.alon), house.milestone("M2").id, percent=D(50))
        with house.refuses("project_terminated"):
            terminate_project(acting(cast.alon), house.project_id, reason="We go, too.")
    with at(-390):
        house.close_with(-20_000)  # due back: no line of the schedule
        house.stands("560,000; 540,000; 20,000; 440,000; 120,000; 0; 20,000; ahead; 0", *flags)
        reverse_payment(acting(cast.noa), early.id, amount=D(20_000), why="money_back")
        flags = ("off_schedule_payment critical 70,000", "off_schedule_payment warning 30,000")
        house.stands("540,000; 540,000; 0; 440,000; 100,000; 0; 0; watch; 0", *flags)
    with at(-29):
        assert end_defects_periods() == 1
        flags = ("off_schedule_payment critical 70,000", "off_schedule_payment notice 10,000")
        house.stands("540,000; 540,000; 0; 460,000; 80,000; 0; 0; watch; 0", *flags)
