"""Certificates for payment, as forms G702 and G703 have them: what was known at the close of a day.

Work columns are values of work; money columns follow the schedule. Two states of one contract make a
certificate: at the close of the day before the period, and at the close of its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from projects.money import ZERO, as_percent, total_of

from .replay import Dated, stand_at
from .schedule import RETENTION, Line, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a certificate, of one line or in total. Money.

    Work: scheduled = to_date + balance, to_date = before + period; a period may be negative.
    Money: unlocked = gross - retention - withheld = unlocked_before + unlocked_period. Of what is paid,
    `early` is covered by nothing unlocked; the rest, `earlier`, settled earlier certificates. So due =
    unlocked - earlier, which in total is N + E - P.
    """

    scheduled: Decimal = ZERO
    before: Decimal = ZERO
    period: Decimal = ZERO
    to_date: Decimal = ZERO
    balance: Decimal = ZERO
    gross: Decimal = ZERO
    retention: Decimal = ZERO
    withheld: Decimal = ZERO
    unlocked_before: Decimal = ZERO
    unlocked_period: Decimal = ZERO
    unlocked: Decimal = ZERO
    earlier: Decimal = ZERO
    due: Decimal = ZERO
    paid: Decimal = ZERO
    early: Decimal = ZERO

    @property
    def percent(self) -> Decimal:
        """How much of the work is verified, in percent of its scheduled value."""
        return as_percent(self.to_date, self.scheduled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the schedule in a certificate; `milestone` as in its line."""

    line: str
    milestone: str | None
    columns: Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The continuation sheet, line by line, and its totals, which add the money held against no line."""

    begins: date
    ends: date
    rows: list[Row]
    unheld: Decimal
    total: Columns


def certificate_of(dated: Dated, begins: date, ends: date) -> Certificate:
    """The certificate of a period, both days included; ValueError when it ends before it begins."""
    if begins > ends:
        raise ValueError("a period cannot end before it begins")
    before, now = stand_at(dated, date.fromordinal(begins.toordinal() - 1)), stand_at(dated, ends)
    was = {line.line: line for line in before.lines}
    stand = {line.line: line for line in now.lines}
    work_before = {term.milestone: _work(term) for term in before.contract.terms}
    terms = {term.milestone: term for term in now.contract.terms}
    names = [*stand, *(name for name in was if name not in stand)]
    rows = [
        Row(
            line=name,
            milestone=name if name in terms else None,
            columns=_columns(was.get(name), stand.get(name), terms.get(name), work_before.get(name, ZERO)),
        )
        for name in names
    ]
    return Certificate(begins=begins, ends=ends, rows=rows, unheld=now.unheld, total=_total(rows, now.unheld))


def _work(term: Term) -> Decimal:
    """Verified work, less the repair of blocking faults found after sign-off."""
    return term.earned - term.blocking_repair


def _columns(was: Line | None, line: Line | None, term: Term | None, work_before: Decimal) -> Columns:
    scheduled, to_date = (term.value, _work(term)) if term else (ZERO, ZERO)
    gross, retention, withheld = _unlocking(line)
    unlocked, unlocked_before = (line.open if line else ZERO), (was.open if was else ZERO)
    paid, early = (line.paid, line.early) if line else (ZERO, ZERO)
    return Columns(
        scheduled=scheduled,
        before=work_before,
        period=to_date - work_before,
        to_date=to_date,
        balance=scheduled - to_date,
        gross=gross,
        retention=retention,
        withheld=withheld,
        unlocked_before=unlocked_before,
        unlocked_period=unlocked - unlocked_before,
        unlocked=unlocked,
        earlier=paid - early,
        due=unlocked - (paid - early),
        paid=paid,
        early=early,
    )


def _unlocking(line: Line | None) -> tuple[Decimal, Decimal, Decimal]:
    """Gross, retention and withheld of what is open. Retention that is released is negative retention."""
    if line is None or line.locked_because:
        return ZERO, ZERO, ZERO
    if line.line == RETENTION:
        return ZERO, -line.open, ZERO
    return line.full + line.retention, line.retention, line.withheld


def _total(rows: Sequence[Row], unheld: Decimal) -> Columns:
    sums = {
        column.name: total_of([getattr(row.columns, column.name) for row in rows])
        for column in fields(Columns)
    }
    return replace(Columns(**sums), paid=sums["paid"] + unheld, early=sums["early"] + unheld)
