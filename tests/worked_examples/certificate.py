"""A certificate for payment (G702 and G703) of four months, by hand, and read as the API tells it."""

from datetime import UTC, datetime
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

from payments.tasks import end_defects_periods
from projects import clock
from tests.cast import Cast
from tests.programs import program

from .teller import K, Story, begin

# A house of 100,000 with a deposit of 10,000: value and amount of eight stages, in thousands. With the
# deposit and the retention, ten lines. 10 percent are kept back of each stage, 9,000 in all: so the agreement
# says, and it stays so. What changes is how much of them is open: half at completion, in March; the rest a
# month after the handover, less 1,200 that an open fault will cost: 4,500 and 3,300.
SHARES = [(5, 10), (12, 12), (20, 15), (15, 15), (18, 13), (10, 10), (12, 10), (8, 5)]

# scheduled, before, period, to date, balance | gross, retention, withheld, N | earlier, due, early
#
# M1 is signed and paid: 10,000 less 1,000. Half of M2's 12,000 is found done, and 12.34 % of M4's 15,000.
JANUARY = """
deposit         0     0     0      0     0 |  10000     0    0 10000 | 10000     0    0
M1           5000     0  5000   5000     0 |  10000  1000    0  9000 |  9000     0    0
M2          12000     0  6000   6000  6000 |      0     0    0     0 |     0     0    0
M3          20000     0     0      0 20000 |      0     0    0     0 |     0     0    0
M4          15000     0  1851   1851 13149 |      0     0    0     0 |     0     0    0
M5          18000     0     0      0 18000 |      0     0    0     0 |     0     0    0
M6          10000     0     0      0 10000 |      0     0    0     0 |     0     0    0
M7          12000     0     0      0 12000 |      0     0    0     0 |     0     0    0
M8           8000     0     0      0  8000 |      0     0    0     0 |     0     0    0
retention       0     0     0      0     0 |      0     0    0     0 |     0     0    0
total      100000     0 12851  12851 87149 |  20000  1000    0 19000 | 19000     0    0
"""
# M2 is signed and not paid: 12,000 less 1,200. 8,000 are paid early for M3, of whose 20,000 a third is found
# done (33.33 %). Of M4 no more than 10 % are found, 1,500: the month takes 351 back.
FEBRUARY = """
deposit         0     0     0      0     0 |  10000     0    0 10000 | 10000     0    0
M1           5000  5000     0   5000     0 |  10000  1000    0  9000 |  9000     0    0
M2          12000  6000  6000  12000     0 |  12000  1200    0 10800 |     0 10800    0
M3          20000     0  6666   6666 13334 |      0     0    0     0 |     0     0 8000
M4          15000  1851  -351   1500 13500 |      0     0    0     0 |     0     0    0
M5          18000     0     0      0 18000 |      0     0    0     0 |     0     0    0
M6          10000     0     0      0 10000 |      0     0    0     0 |     0     0    0
M7          12000     0     0      0 12000 |      0     0    0     0 |     0     0    0
M8           8000     0     0      0  8000 |      0     0    0     0 |     0     0    0
retention       0     0     0      0     0 |      0     0    0     0 |     0     0    0
total      100000 12851 12315  25166 74834 |  32000  2200    0 29800 | 19000 10800 8000
"""
# M2 is paid. M3 is signed with 2,000 withheld: 15,000 - 1,500 - 2,000, of which 8,000 were paid. M4 to M8
# are signed. 20,000 are recorded for M4, whose line holds 13,500: 6,500 lie against no line, early in total.
MARCH = """
deposit         0     0     0      0     0 |  10000     0    0 10000 | 10000     0    0
M1           5000  5000     0   5000     0 |  10000  1000    0  9000 |  9000     0    0
M2          12000 12000     0  12000     0 |  12000  1200    0 10800 | 10800     0    0
M3          20000  6666 13334  20000     0 |  15000  1500 2000 11500 |  8000  3500    0
M4          15000  1500 13500  15000     0 |  15000  1500    0 13500 | 13500     0    0
M5          18000     0 18000  18000     0 |  13000  1300    0 11700 |     0 11700    0
M6          10000     0 10000  10000     0 |  10000  1000    0  9000 |     0  9000    0
M7          12000     0 12000  12000     0 |  10000  1000    0  9000 |     0  9000    0
M8           8000     0  8000   8000     0 |   5000   500    0  4500 |     0  4500    0
retention       0     0     0      0     0 |      0 -4500    0  4500 |     0  4500    0
total      100000 25166 74834 100000     0 | 100000  4500 2000 93500 | 51300 42200 6500
"""
# The 6,500 are set off against M5; paid are M3's 3,500, M5's last 5,200 and M6. A fault of M5 will cost
# 1,200. M3's repair is seen, which frees its 2,000.
APRIL = """
deposit         0     0     0      0     0 |  10000     0    0 10000 | 10000     0    0
M1           5000  5000     0   5000     0 |  10000  1000    0  9000 |  9000     0    0
M2          12000 12000     0  12000     0 |  12000  1200    0 10800 | 10800     0    0
M3          20000 20000     0  20000     0 |  15000  1500    0 13500 | 11500  2000    0
M4          15000 15000     0  15000     0 |  15000  1500    0 13500 | 13500     0    0
M5          18000 18000 -1200  16800  1200 |  13000  1300    0 11700 | 11700     0    0
M6          10000 10000     0  10000     0 |  10000  1000    0  9000 |  9000     0    0
M7          12000 12000     0  12000     0 |  10000  1000    0  9000 |     0  9000    0
M8           8000  8000     0   8000     0 |   5000   500    0  4500 |     0  4500    0
retention       0     0     0      0     0 |      0 -7800    0  7800 |     0  7800    0
total      100000 100000 -1200 98800  1200 | 100000  1200    0 98800 | 75500 23300    0
"""
COLUMNS = [
    *("scheduled_value", "completed_before", "completed_this_period", "completed_to_date"),
    *("balance_to_finish", "gross", "retention", "withheld", "unlocked"),
    *("less_earlier_certificates", "due_now", "early"),
]
ALSO_TOLD = ["unlocked_before", "unlocked_this_period", "paid"]
# The month's last day; its sheet; percent complete; money held against no line.
MONTHS = [
    ("2026-01-31", JANUARY, "12.85", "0.00"),
    ("2026-02-28", FEBRUARY, "25.17", "0.00"),
    ("2026-03-31", MARCH, "100.00", "6500.00"),
    ("2026-04-30", APRIL, "98.80", "0.00"),
]


def four_months_of_ten_lines(cast: Cast) -> None:
    """Every month is read when it closes; at the end of April all of them say the same, and tie out."""
    with noon("2026-01-20"):
        house = begin(
            cast,
            [(value * K, amount * K) for value, amount in SHARES],
            deposit=D(10_000),
            retention_percent=D(10),
            policy={"defects_period_months": "1"},
        )
        house.release("deposit", 10_000)
        house.sign("M1")
        house.release("M1", 9_000)
        house.inspect("M2", 50)
        house.inspect("M4", "12.34")
        house.stands("19,000; 12,851; 6,149; 19,000; 0; 6,149; 0; agreed; 0")
    close(house, MONTHS[:1])
    with noon("2026-02-12"):
        house.sign("M2")
        house.record("M3", 8_000)
        house.inspect("M3", "33.33")
        house.inspect("M4", 10)
        house.stands(
            "27,000; 25,166; 1,834; 29,800; 8,000; 0; 1,834; ahead; 10,800",
            "off_schedule_payment critical 8,000",
            "paid_ahead warning 1,834",
        )
    close(house, MONTHS[:2])
    with noon("2026-03-03"):
        house.release("M2", 10_800)
        house.submit("M3")
        (scratch,) = house.approve("M3", 2_000)
        house.sign("M4", "M5", "M6", "M7", "M8")
        over = house.record("M4", 20_000)
        house.complete()
        house.stands(
            "57,800; 100,000; -42,200; 93,500; 6,500; 0; 0; watch; 42,200",
            "off_schedule_payment critical 6,500",
        )
    close(house, MONTHS[:3])
    with noon("2026-04-01"):
        house.set_off(over, "M5", 6_500)
        house.release("M3", 3_500)
        house.release("M5", 5_200)
        house.release("M6", 9_000)
        house.fault("M5", 1_200)
        house.repaired(scratch)
    with noon("2026-04-04"):
        assert end_defects_periods() == 1
        # The retention: half of it since March, the rest since the period is over.
        overdue = [f"payment_overdue warning {sum_}" for sum_ in ("4,500", "7,800", "9,000")]
        house.stands("75,500; 98,800; -23,300; 98,800; 0; 0; 0; plumb; 23,300", *overdue)
    close(house, MONTHS[:4])


def close(house: Story, months: list[tuple[str, str, str, str]]) -> None:
    """At noon of the last of these months' last day, each of their certificates is as by hand."""
    with noon(months[-1][0]):
        told = read(house, *((f"{day[:8]}01", day) for day, *_ in months))
    for certificate, (_, sheet, percent, unheld) in zip(told, months, strict=True):
        assert as_sheet(house, certificate) == by_hand(sheet)
        assert (certificate["total"]["percent"], certificate["unheld"]) == (percent, unheld)
        ties_out(certificate)
    for earlier, later in pairwise(told):
        for was, now in zip(with_total(earlier), with_total(later), strict=True):
            assert now["completed_before"] == was["completed_to_date"]
            assert now["unlocked_before"] == was["unlocked"]


def ties_out(certificate: dict[str, Any]) -> None:
    """Across every row, and down every column; money held against no line is in the total alone."""
    names = [*COLUMNS, *ALSO_TOLD]
    rows = [{name: D(row[name]) for name in names} for row in with_total(certificate)]
    for row in rows:
        assert row["completed_before"] + row["completed_this_period"] == row["completed_to_date"]
        assert row["completed_to_date"] + row["balance_to_finish"] == row["scheduled_value"]
        assert row["gross"] - row["retention"] - row["withheld"] == row["unlocked"]
        assert row["unlocked_before"] + row["unlocked_this_period"] == row["unlocked"]
        assert row["less_earlier_certificates"] + row["early"] == row["paid"]
        assert row["unlocked"] + row["early"] - row["paid"] == row["due_now"]
    *lines, total = rows
    for name in names:
        beside = D(certificate["unheld"]) if name in {"paid", "early"} else 0
        assert total[name] == sum(line[name] for line in lines) + beside


def read(house: Story, *periods: tuple[object, object]) -> list[dict[str, Any]]:
    """The certificates of periods, first and last day, as a program reads them."""
    noa = program(house.cast.noa)
    answers = [
        noa.get(f"projects/{house.project_id}/certificates/?from={begins}&on={ends}")
        for begins, ends in periods
    ]
    assert [answer.status_code for answer in answers] == [200] * len(periods)
    return [answer.json() for answer in answers]


def with_total(certificate: dict[str, Any]) -> list[dict[str, Any]]:
    return [*certificate["results"], certificate["total"]]


def as_sheet(house: Story, certificate: dict[str, Any]) -> dict[str, list[D]]:
    """By the name of each line, the columns that the sheets have."""
    names = {str(milestone.id): f"M{milestone.position}" for milestone in house.project.milestones.all()}
    lines = [names.get(row["line"], row["line"]) for row in certificate["results"]]
    rows = zip([*lines, "total"], with_total(certificate), strict=True)
    return {name: [D(row[column]) for column in COLUMNS] for name, row in rows}


def by_hand(sheet: str) -> dict[str, list[D]]:
    rows = [line.replace("|", " ").split() for line in sheet.strip().splitlines()]
    return {name: [D(figure) for figure in figures] for name, *figures in rows}


def noon(day: str) -> Any:
    return clock.set_to(datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC))
