"""Linkage to an index (docs/linkage.md): what was published of it, and what it makes of each payment."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from .book import Book, Linkage, Payment, Project, Published, admit
from .parts import wrote
from .words import SIDES, Name, No, Who

COMES_OUT_ON = 15  # of the next month


def tell_index_values(book: Book, who: Who, target: Name, *, values: Sequence[Mapping[str, Any]]) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    if project.draft:
        raise No("project_not_active")
    if project.linkage is None:
        raise No("not_linked")
    told = [_published(**value) for value in values]
    for place, value in enumerate(told):
        if code := _refused(book, project.linkage, value, {before.month for before in told[:place]}):
            raise No(code, month=f"{value.month:%Y-%m}")
    if news := {value.month: value for value in told if project.index.get(value.month) != value}:
        project.index |= news
        wrote(project)
    return project.name


def money_of(project: Project, payment: Payment) -> tuple[int, date | None]:
    """What linkage adds to what is left of a payment; or nothing yet, and the month that nobody told."""
    assert project.linkage is not None
    base = project.linkage
    known = [value for value in project.index.values() if value.published_on <= payment.paid_on]
    month, index = max([(base.month, base.value), *((value.month, value.value) for value in known)])
    missing = latest_due(payment.paid_on)
    while missing in project.index and missing > month:  # told, and come out later than usual
        missing = months_later(missing, -1)
    if payment.left and missing > month:
        return 0, missing
    rise = Fraction(index) / Fraction(base.value) - 1
    linked = payment.left * (1 + Fraction(base.share, 10_000) * rise)
    return floor(linked + Fraction(1, 2)) - payment.left, None


def months_later(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def latest_due(day: date) -> date:
    """The latest month whose index is usually out by a day."""
    return months_later(day, -1 if day.day >= COMES_OUT_ON else -2)


def _published(month: date, value: Any, published_on: date | None = None) -> Published:
    return Published(month, value, published_on or months_later(month, 1).replace(day=COMES_OUT_ON))


def _refused(book: Book, linkage: Linkage, told: Published, before: set[date]) -> str | None:
    if told.month <= linkage.month:
        return "month_before_base"
    if told.month in before:
        return "month_twice"
    if told.published_on < months_later(told.month, 1):
        return "index_before_its_month_ends"
    return "index_in_future" if told.published_on > book.today else None
