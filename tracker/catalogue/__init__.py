"""The catalogue: contracts to begin from (a house, a renovation, a kitchen).

The facts are the JSON files beside this one. A template says of each stage what part of the contract its work
is worth and what part of the money it unlocks, how many business days it takes, who signs it and on which
criteria, in Hebrew and English.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from projects.money import ZERO, split

_FOLDER = Path(__file__).parent
# The order in which templates are offered.
KEYS = ("house", "renovation", "kitchen")
# Israel works from Sunday to Thursday; as in `date.weekday`, Friday is 4 and Saturday 5.
WEEKEND = frozenset({4, 5})


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone of a template, in one language. Percents are of the contract total."""

    title: str
    value_percent: Decimal
    amount_percent: Decimal
    work_days: int
    signers: tuple[str, ...]
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A contract to begin from, in one language; its stages in the order of the work."""

    key: str
    name: str
    kind: str
    retention_percent: Decimal
    milestones: tuple[Stage, ...]


def templates(language: str) -> list[Template]:
    """Every template, in `he` or `en`."""
    return [template_of(key, language) for key in KEYS]


@cache
def template_of(key: str, language: str) -> Template:
    """The template with this key, in `he` or `en`; KeyError when there is none."""
    if key not in KEYS:
        raise KeyError(key)
    found = json.loads((_FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    return Template(
        key=key,
        name=found["name"][language],
        kind=found["kind"],
        retention_percent=Decimal(found["retention_percent"]),
        milestones=tuple(_stage(stage, language) for stage in found["milestones"]),
    )


def milestones_from_template(
    key: str, contract_total: Decimal, starts_on: date, language: str, deposit: Decimal = ZERO
) -> list[dict[str, Any]]:
    """A template's milestones as `create_project` takes them.

    Values add up to the contract total, and so do the deposit and the amounts, split by largest remainder.
    The stages follow one another without a pause from `starts_on` (or the next business day), each over its
    number of business days, Sunday to Thursday; holidays are not left out, since a plan this early moves
    anyway. KeyError for an unknown key, ValueError for a deposit above the total.
    """
    stages = template_of(key, language).milestones
    if deposit > contract_total:
        raise ValueError("a deposit above the contract total leaves nothing to split")
    values = split(contract_total, [stage.value_percent for stage in stages])
    amounts = split(contract_total - deposit, [stage.amount_percent for stage in stages])
    days = business_spans(starts_on, [stage.work_days for stage in stages])
    return [
        {
            "title": stage.title,
            "description": "",
            "value": value,
            "amount": amount,
            "planned_start": first,
            "planned_end": last,
            "signers": list(stage.signers),
            "criteria": list(stage.criteria),
        }
        for stage, value, amount, (first, last) in zip(stages, values, amounts, days, strict=True)
    ]


def business_spans(starts_on: date, lengths: Sequence[int]) -> list[tuple[date, date]]:
    """Spans of so many business days one after the other: the first and last day of each, both counted."""
    days = _business_days(starts_on)
    spans = []
    for length in lengths:
        worked = [next(days) for _ in range(length)]
        spans.append((worked[0], worked[-1]))
    return spans


def _stage(found: dict[str, Any], language: str) -> Stage:
    return Stage(
        title=found["title"][language],
        value_percent=Decimal(found["value_percent"]),
        amount_percent=Decimal(found["amount_percent"]),
        work_days=found["work_days"],
        signers=tuple(found["signers"]),
        criteria=tuple(found["criteria"][language]),
    )


def _business_days(first: date) -> Iterator[date]:
    day = first
    while True:
        if day.weekday() not in WEEKEND:
            yield day
        day += timedelta(days=1)
