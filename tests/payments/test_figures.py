"""The queryset annotation says what the rules say, and so does the database's own gate."""

from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from payments.figures import with_figures
from payments.models import EarlyPart
from payments.queries import ledger_of
from payments.rules import DEPOSIT, Contract, Exposure, Line, Lot, Term, exposure_of
from projects.models import Project
from projects.money import CENT
from projects.policy import policy_of
from tests.cast import Cast, active
from tests.facts import DAY, Money, write_project

from .stories import Story, stories

SAME = ["paid", "earned", "unlocked", "payable", "early", "repair", "exposure", "excess", "agreed_lead"]
pytestmark = pytest.mark.usefixtures("unguarded")
many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(story: Story) -> Project:
    return write_project(story.book.contract, story.policy, story.money)


def by_the_rules(project: Project) -> tuple[Exposure, D]:
    ledger = ledger_of(project)
    figures = exposure_of(ledger.contract, ledger.lines, ledger.unheld, policy_of(project.policy), DAY)
    return figures, ledger.unheld


def lines_in_the_database(project: Project) -> dict[str, tuple[D, ...]]:
    """full, open and paid of each line as the view has them; then full and open as the gate's guard has."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT coalesce(m.title, l.line), l."full", l.open, l.paid, g."full", g.open'
            " FROM payments_line l LEFT JOIN milestones_milestone m ON m.id = l.milestone_id,"
            " line_of(l.project_id, l.line, l.milestone_id) g WHERE l.project_id = %s",
            [project.id],
        )
        return {name: tuple(figures) for name, *figures in cursor.fetchall()}


def by_the_guard(line: Line, active: bool) -> tuple[D, D]:
    """full and open; before the agreement is signed, the guard lets money count as the deposit only."""
    return (line.full, line.open) if active or line.line == DEPOSIT else (D(0), D(0))


@given(story=stories())
@many
def test_the_annotation_equals_the_rules_to_the_agora(story: Story) -> None:
    project = written(story)
    figures, unheld = by_the_rules(project)
    row = with_figures(Project.objects.filter(pk=project.pk)).get()
    assert {name: getattr(row, name) for name in SAME} == {name: getattr(figures, name) for name in SAME}
    assert (row.unheld, row.level) == (unheld, figures.level)


@given(story=stories())
@many
def test_the_lines_of_the_view_are_those_of_the_rules_and_of_the_guard(story: Story) -> None:
    found = lines_in_the_database(written(story))
    active = story.book.contract.active
    expected = {
        line.line: (line.full, line.open, line.paid, *by_the_guard(line, active)) for line in story.book.lines
    }
    left_out = dict.fromkeys({"deposit", "retention", "final"} - set(expected), (0, 0, 0, 0, 0))
    assert found == expected | left_out


@given(story=stories())
@many
def test_the_early_part_of_every_payment_equals_the_rules(story: Story) -> None:
    project = written(story)
    found = {str(part.payment_id): part.amount for part in EarlyPart.objects.filter(project=project)}
    assert found == ledger_of(project).early_of_payment()


# The contract's total and policy, and the largest excess that is watched, and that is not yet critical.
LIMITS = [
    ("1000000.00", {}, "10000.00", "50000.00"),
    ("10000.00", {}, "500.00", "2500.00"),
    ("90000000.00", {}, "20000.00", "100000.00"),
    ("1000000.05", {"watch_percent": "0.1", "ahead_percent": "7.77"}, "1000.00", "77700.00"),
    ("1000000.50", {"watch_percent": "1.00", "ahead_percent": "9"}, "10000.01", "90000.05"),
    ("1000000.00", {"watch_most": "700", "ahead_least": "25000", "ahead_percent": "1"}, "700.00", "25000.00"),
]


@pytest.mark.parametrize(("total", "policy", "watch", "ahead"), LIMITS)
def test_the_level_changes_at_the_agora(total: str, policy: dict[str, str], watch: str, ahead: str) -> None:
    contract = Contract(total=D(total), terms=())
    levels = []
    for excess in (D(watch), D(watch) + CENT, D(ahead), D(ahead) + CENT):
        project = write_project(contract, policy, Money({"P1": excess}, {"P1": excess}))
        figures, _ = by_the_rules(project)
        levels.append((with_figures(Project.objects.filter(pk=project.pk)).get().level, figures.level.value))
    assert levels == [(level, level) for level in ("watch", "ahead", "ahead", "critical")]


def test_within_a_line_the_newest_money_is_the_early_part() -> None:
    """Three payments of 40, 20 and 30 on a line that holds 60: the last is early, and not the second."""
    term = Term(milestone="M1", position=1, value=D(60), amount=D(60), signed_off=True)
    amounts = {"P1": D(40), "P2": D(20), "P3": D(30)}
    rows = [Lot(name, seq, "M1", amount) for seq, (name, amount) in enumerate(amounts.items(), start=2)]
    contract = Contract(total=D(60), terms=(term,))
    project = write_project(contract, {}, Money(amounts, dict(amounts), rows))
    assert [(part.payment.amount, part.amount) for part in EarlyPart.objects.filter(project=project)] == [
        (D(30), D(30))
    ]


def test_one_statement_whatever_the_number(cast: Cast) -> None:
    for _ in range(3):
        active(cast)
    with CaptureQueriesContext(connection) as statements:
        rows = list(with_figures(Project.objects.order_by("created_at")))
    assert (len(rows), len(statements)) == (3, 1)
    assert {row.unlocked for row in rows} == {D("100000.00")}
