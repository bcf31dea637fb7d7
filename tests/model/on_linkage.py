"""Steps about the index that a contract is linked to."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import Project
from .choices import Choices, signs_as
from .linkage import latest_due, months_later
from .steps import DATA, Steps, when
from .words import SIDES


def is_linked(project: Project) -> bool:
    return project.linkage is not None and not project.draft


class LinkageSteps(Steps):
    """Telling what was published."""

    @when(is_linked)
    @rule(data=DATA)
    def tell_index(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(is_linked)
        latest = latest_due(self.story.book.today)
        values = [self._value(c, months_later(latest, -n)) for n in c.one([[0], [0, 1], [1], [], [0, 1, 2]])]
        if c.rarely():
            values += self._wrong(c, project)
        self.act(c, "tell_index_values", c.who(signs_as(SIDES), project), project.name, values=values)

    def _value(self, c: Choices, month: Any) -> dict[str, Any]:
        """Of a month, at times come out before or after its usual day."""
        value = {"month": month, "value": Decimal(c.one(["125.4", "130", "118.0075"]))}
        day = c.one([None, None, 3, 28])
        return value | {"published_on": months_later(month, 1).replace(day=day)} if day else value

    def _wrong(self, c: Choices, project: Project) -> list[dict[str, Any]]:
        """Of the base, of one month twice, before its month ends, or of the future."""
        month = latest_due(self.story.book.today)
        base = project.linkage.month if project.linkage else month
        early = {"published_on": months_later(month, 1) - timedelta(days=1)}
        wrong = [[(base, {})], [(month, {}), (month, {})], [(month, early)], [(months_later(month, 1), {})]]
        return [{"month": its, "value": Decimal(127)} | more for its, more in c.one(wrong)]
