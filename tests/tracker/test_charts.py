"""The drawings' geometry against figures worked out by hand."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tracker.charts import bars, gauge, rail, segments, span
from tracker.curve import curve


@pytest.mark.parametrize(
    ("lean", "degrees"),
    [("0", 0), ("2.5", 7.5), ("-1", -3), ("10", 30), ("47", 30), ("-12", -30)],
)
def test_the_line_leans_three_degrees_a_percent_and_at_most_thirty(lean: str, degrees: float) -> None:
    # SVG turns clockwise: a line that swings to the right turns by a negative angle.
    assert float(gauge(Decimal(lean), "ahead", rtl=False).rotate) == -degrees
    assert float(gauge(Decimal(lean), "ahead", rtl=True).rotate) == degrees


def test_the_wedge_lies_on_the_side_of_the_lean() -> None:
    """174 sin 7.5 degrees = 22.71; the tip is right of the vertical in English, left of it in Hebrew."""
    english, hebrew = (gauge(Decimal("2.5"), "ahead", rtl) for rtl in (False, True))
    assert english.wedge == "M0 0V174A174 174 0 0 0 22.71 172.51Z"
    assert hebrew.wedge == "M0 0V174A174 174 0 0 1 -22.71 172.51Z"
    assert gauge(Decimal(0), "plumb", rtl=True).wedge == ""


def test_the_scale_mirrors() -> None:
    english, hebrew = (gauge(Decimal(0), "plumb", rtl) for rtl in (False, True))
    assert [zone.name for zone in english.zones] == ["work", "straight", "ahead", "far"]
    assert english.zones[3].path.endswith("92.5 160.21")
    assert hebrew.zones[3].path.endswith("-92.5 160.21")


def test_a_level_has_one_tone_and_an_unknown_one_is_refused() -> None:
    tones = {level: gauge(Decimal(1), level, rtl=False).tone for level in ("plumb", "agreed", "critical")}
    assert tones == {"plumb": "accent", "agreed": "plain", "critical": "stop"}
    with pytest.raises(KeyError):
        gauge(Decimal(1), "fine", rtl=False)


def test_bars_begin_where_reading_begins() -> None:
    drawn = bars(Decimal(950_400), Decimal(902_400), Decimal(1_920_000), rtl=False)
    assert (drawn.covered.x, drawn.covered.width) == ("0%", "47%")
    assert (drawn.early.x, drawn.early.width) == ("47%", "2.5%")
    mirrored = bars(Decimal(950_400), Decimal(902_400), Decimal(1_920_000), rtl=True)
    assert (mirrored.covered.x, mirrored.early.x, mirrored.verified.x) == ("53%", "50.5%", "53%")


def test_bars_never_leave_the_frame() -> None:
    drawn = bars(Decimal(300), Decimal(150), Decimal(200), rtl=True)
    assert (drawn.early.x, drawn.early.width) == ("0%", "25%")
    empty = bars(Decimal(5), Decimal(0), Decimal(0), rtl=False)
    assert (empty.covered.width, empty.early.width) == ("0%", "0%")
    assert span(Decimal(-5), Decimal(120), rtl=False).width == "100%"


def test_segments_fill_the_bar_with_gaps_between() -> None:
    pieces = segments([Decimal(1), Decimal(3)], rtl=False)
    assert [(piece.x, piece.width) for piece in pieces] == [("0%", "24.75%"), ("25.75%", "74.25%")]
    assert segments([Decimal(0), Decimal(0)], rtl=False) == []


def rail_of(signed: list[bool], paid: int) -> list[tuple[str, str, bool]]:
    steps = rail([Decimal(100)] * len(signed), signed, Decimal(paid))
    return [(step.work, step.money, step.early) for step in steps]


def test_the_lower_string_is_the_one_ahead() -> None:
    assert rail_of([True, False, False], 150) == [
        ("done", "passes", False),
        ("current", "ends", True),
        ("later", "none", False),
    ]
    assert rail_of([True, True, False], 100) == [
        ("done", "ends", False),
        ("done", "none", False),
        ("current", "none", False),
    ]


def test_a_phone_folds_rows_far_from_both_ends_of_the_strings() -> None:
    steps = rail([Decimal(100)] * 7, [True] * 3 + [False] * 4, Decimal(600))
    assert [step.far for step in steps] == [True, True, False, False, False, False, True]


def test_the_rail_without_money_or_with_more_than_all() -> None:
    assert [money for _, money, _ in rail_of([False, False], 0)] == ["none", "none"]
    assert rail_of([True, False], 900)[-1] == ("current", "ends", True)
    assert rail([], [], Decimal(5)) == []


PLAN = [(date(2026, 1, 1), Decimal(0)), (date(2026, 1, 11), Decimal(1000))]


def drawn(**given: object) -> object:
    facts = {
        "planned": PLAN,
        "verified": [(date(2026, 1, 3), Decimal(250))],
        "paid": [(date(2026, 1, 3), Decimal(250)), (date(2026, 1, 5), Decimal(500))],
        "today": date(2026, 1, 6),
        "total": Decimal(1000),
        "width": 264,
        "height": 152,
    }
    return curve(**facts | given)  # type: ignore[arg-type]


def test_the_curve_steps_up_and_is_hatched_where_money_leads() -> None:
    """200 wide from x 50, ten days; 100 high from y 22: a day is 20, a hundred shekels 10."""
    picture = drawn()
    assert picture.lines.plan == "M50 122L250 22"
    assert picture.lines.verified == "M50 122H90V97H150V97"
    assert picture.lines.paid == "M50 122H90V97H130V72H150V72"
    assert [tuple(box) for box in picture.ahead] == [("130", "72", "20", "25")]
    assert (picture.today.x, picture.today.paid.dot_y, picture.today.verified.dot_y) == ("150", "72", "97")


def test_the_table_holds_every_change_and_the_plan_of_that_day() -> None:
    rows = [(row.day.day, row.planned, row.verified, row.paid) for row in drawn().rows]
    assert rows == [
        (1, 0, 0, 0),
        (3, Decimal("200.00"), 250, 250),
        (5, Decimal("400.00"), 250, 500),
        (6, Decimal("500.00"), 250, 500),
    ]


def test_words_do_not_stand_on_each_other() -> None:
    for paid in (0, 250, 500, 1000):
        today = drawn(paid=[(date(2026, 1, 2), Decimal(paid))]).today
        assert abs(float(today.paid.label.y) - float(today.verified.label.y)) >= 22


def test_the_plans_name_keeps_off_the_hatch() -> None:
    """Two fifths along, early money lies over the plan; later there is room again, on a wide drawing."""
    early = [(date(2026, 1, 2), Decimal(900))]
    wide = drawn(paid=early, width=1064).plan_label
    assert (wide.x, wide.y, wide.anchor) == ("838", "36", "end")
    assert drawn(paid=early).plan_label.anchor == "start"
    assert drawn(paid=[]).plan_label.y == "76"


def test_more_money_than_the_contract_stays_in_the_frame() -> None:
    picture = drawn(paid=[(date(2026, 1, 2), Decimal(2000))])
    assert picture.today.paid.dot_y == "22"
    assert picture.axes.grid[-1].y == "72"


def test_a_project_without_dates_or_facts_is_drawn_too() -> None:
    empty = drawn(planned=[], verified=[], paid=[])
    assert (empty.lines.plan, empty.plan_label, empty.rows[0].planned) == ("", None, None)
    with pytest.raises(ValueError, match="total"):
        drawn(total=Decimal(0))


def test_month_names_keep_their_distance() -> None:
    for years in (1, 3, 8):
        end = [(date(2026, 1, 1), Decimal(0)), (date(2026 + years, 1, 1), Decimal(1000))]
        ticks = drawn(planned=end, width=660).axes.months
        places = [float(tick.x) for tick in ticks]
        assert len(ticks) >= 2
        assert all(b - a > 40 for a, b in pairwise(places))
        assert [tick.with_year for tick in ticks] == [i == 0 or t.day.month == 1 for i, t in enumerate(ticks)]
