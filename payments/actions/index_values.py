"""Telling what was published of the index that a contract is linked to."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from payments.linking import linkage_in_force, values_of
from payments.models import IndexValue
from payments.rules import Published, value_refusal
from projects.kernel import Act, action
from projects.linkage import Linkage, usual_day
from projects.models import SIDES, Project
from projects.refusals import Refused


@action("index_values_told", by=SIDES, signing=True)
def tell_index_values(act: Act, *, values: Sequence[Mapping[str, Any]]) -> Project:
    """Tell the published index of one month or several: all of them, or none where one is refused.

    A value: `month` (its first day), `value`, and `published_on` (the usual day unless given). Of what is
    told for a month the newest counts, and both sides see what was told before; what counts already is not
    told again.

    Refuses project_not_active, not_linked, month_before_base, month_twice, index_before_its_month_ends,
    index_in_future.
    """
    if act.project.state == Project.State.DRAFT:
        raise Refused("project_not_active")
    linkage = linkage_in_force(act.project)
    if linkage is None:
        raise Refused("not_linked")
    told = [_published(linkage, **value) for value in values]
    _require_good(linkage, told, act.today)
    known = values_of(act.project)
    news = [value for value in told if known.get(value.month) != value]
    assert act.party is not None
    act.add_all([IndexValue(by_role=act.party.role, **value._asdict()) for value in news])
    if news:
        act.record(
            month=max(value.month for value in news),
            count=len(news),
            values=[list(value) for value in sorted(news)],
        )
    return act.project


def _published(linkage: Linkage, month: date, value: Any, published_on: date | None = None) -> Published:
    return Published(month, value, published_on or usual_day(linkage.index, month))


def _require_good(linkage: Linkage, told: Sequence[Published], today: date) -> None:
    seen: set[date] = set()
    for value in told:
        if code := value_refusal(linkage, value, seen, today):
            raise Refused(code, field="values", month=f"{value.month:%Y-%m}")
        seen.add(value.month)
