"""Contracts whose terms change, and that end before their work does: example 5, and others."""

from decimal import Decimal as D

from milestones.actions import log_progress
from payments.actions import reverse_payment, sign_change, terminate_project
from payments.changing import version_of
from payments.tasks import end_defects_periods
from tests.asking import at, on
from tests.cast import Cast, acting

from .certificate import as_sheet, read
from .teller import STAGES, WITH_DEPOSIT, K, begin


def a_deduction_a_termination_and_a_closing_sum(cast: Cast) -> None:
    """M2's verified 150,000 stay when its value falls to 150,000; its line then holds 120,000 less 10 %."""
    with at(-400):
        house = begin(
            cast,
            [(200 * K, 180 * K), (300 * K, 270 * K)],
            couple=True,
            deposit=D(50_000),
            retention_percent=D(10),
        )
        house.release("deposit", 50_000)
        house.sign("M1")
        house.release("M1", 162_000)
        house.inspect("M2", 50)
        house.stands("212,000; 350,000; -138,000; 212,000; 0; 0; 0; plumb; 0")
    early = house.advance("M2", 100_000, day=-399)
    outstanding = "advance_outstanding notice 100,000"
    with at(-396):
        house.stands("312,000; 350,000; -38,000; 212,000; 100,000; 0; 0; watch; 0", outstanding)
        with house.refuses("change_below_paid", paid=D(100_000), holds=D(63_000)):
            house.propose("M2", -200_000)
        house.agree_on(house.propose("M2", -150_000))
        assert (house.project.contract_total, house.line("M2").full) == (D(350_000), D(108_000))
        house.stands("312,000; 350,000; -38,000; 212,000; 100,000; 0; 0; watch; 0", outstanding)
    with at(-395):
        house.terminate()
        house.stands("312,000; 350,000; -38,000; 212,000; 100,000; 0; 0; watch; 0", outstanding)
        house.close_with(120_000)
        house.stands("312,000; 350,000; -38,000; 332,000; 100,000; 0; 0; watch; 120,000", outstanding)
        with house.refuses("set_off_first", unheld=D(100_000)):
            house.release("final", 20_000)
        with house.refuses("more_than_early", early=D(100_000)):
            house.set_off(early, "final", 120_000)
        house.set_off(early, "final", 100_000)
        house.stands("312,000; 350,000; -38,000; 332,000; 0; 0; 0; plumb; 20,000")
        house.release("final", 20_000)
        house.stands("332,000; 350,000; -18,000; 332,000; 0; 0; 0; plumb; 0")
        with house.refuses("payment_locked", locked_because="retention_kept"):
            house.release("retention", 18_000)
    with at(-29):  # twelve months after the termination
        assert end_defects_periods() == 1
        house.stands("332,000; 350,000; -18,000; 350,000; 0; 0; 0; plumb; 18,000")
        house.release("retention", 18_000)
        house.stands("350,000; 350,000; 0; 350,000; 0; 0; 0; plumb; 0")


def the_price_falls_and_with_it_the_limits(cast: Cast) -> None:
    """M2 is worth 350,000, 140,000 of it verified, and pays 300,000; 50,000 are paid for it early.

    Less 50,000: C = 950,000, whose first limit is 9,500 and no longer 10,000. Less 190,000 more: M2 is worth
    110,000, where its verified money is cut; C = 760,000, limits 7,600 and 38,000; it pays 60,000, and its
    line holds 57,000. The retention: 5 % of 400,000 + 60,000 + 200,000.
    """
    with at(0):
        house = begin(cast, STAGES, **WITH_DEPOSIT)
        house.release("deposit", 100_000)
        house.inspect("M2", 40)
        house.record("M2", 50_000)
        before = "150,000; 140,000; 10,000; 100,000; 50,000; 0; 10,000; watch; 0"
        flags = ("off_schedule_payment warning 50,000", "paid_ahead notice 10,000")
        house.stands(before, *flags)
    with at(1):
        order = house.propose("M2", -50_000)
        sign_change(acting(cast.alon), order.id, version=version_of(order))
        house.stands(before, *flags)  # one side's signature changes nothing
        house.agree_on(order)
        house.stands(
            "150,000; 140,000; 10,000; 100,000; 50,000; 0; 10,000; ahead; 0",
            "off_schedule_payment critical 50,000",
            "paid_ahead warning 10,000",
        )
    with at(2):
        with house.refuses("below_zero", most=D(250_000)):
            house.propose("M2", "-250000.01")
        with house.refuses("change_below_paid", paid=D(50_000), holds=D(47_500)):
            house.propose("M2", -200_000)
        house.agree_on(house.propose("M2", -190_000))
        house.stands(
            "150,000; 110,000; 40,000; 100,000; 50,000; 0; 40,000; critical; 0",
            "off_schedule_payment critical 50,000",
            "paid_ahead critical 40,000",
        )
        assert house.project.contract_total == D(760_000)
        assert (house.line("M2").full, house.line("retention").full) == (D(57_000), D(33_000))
    with at(3):
        house.sign("M2")
        house.stands("150,000; 110,000; 40,000; 157,000; 0; 40,000; 0; agreed; 7,000")
        with house.refuses("milestone_is_closed"):
            house.propose("M2", -1)
    # The work of M2, on the first day and in the two days of the changes: scheduled, before, period, to date,
    # balance. What was signed on the first day is still told as it was.
    told = [as_sheet(house, one)["M2"][:5] for one in read(house, (on(0), on(0)), (on(1), on(2)))]
    assert told == [[350_000, 0, 140_000, 140_000, 210_000], [110_000, 140_000, -30_000, 110_000, 0]]


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
