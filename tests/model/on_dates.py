"""Steps about dates that the contractor moves."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import Project
from .choices import Choices
from .on_findings import has_defect
from .on_work import has_stage
from .steps import DATA, Steps, when
from .words import CONTRACTOR, Who


class DateSteps(Steps):
    """Milestones and repairs that take longer, or less long, than was said."""

    @when(has_stage("planned", "in_progress"))
    @rule(data=DATA)
    def put_off(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: stage.state in {"planned", "in_progress"})
        first = stage.planned_start - timedelta(days=1) if stage and stage.planned_start else None
        day = self._day(c, stage.end if stage else None, first)
        who = self._contractor_of(c, self.project_of(stage))
        self.act(c, "reschedule_milestone", who, name, agreed_end=day, **self._why(c))

    @when(has_defect("open"))
    @rule(data=DATA)
    def put_repair_off(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, defect = c.defect(lambda defect: defect.state == "open")
        day = self._day(c, defect.fix_by if defect else None, None)
        who = self._contractor_of(c, self.project_of(defect))
        self.act(c, "reschedule_defect", who, name, fix_by=day, **self._why(c))

    def _day(self, c: Choices, stood: date | None, too_soon: date | None) -> date:
        """Soon, at times today; a few days after or before the day that stood, the very same, or over."""
        today = self.story.book.today
        later, sooner = (stood and stood + timedelta(days=n) for n in (3, -2))
        fit = [later, today + timedelta(days=7), today, sooner]
        past = [too_soon, stood, today - timedelta(days=1)]
        return c.likely(*([day for day in days if day] for days in (fit, past)))

    def _why(self, c: Choices) -> dict[str, Any]:
        fit = [{"reason": "It rains"}, {"cause": "weather"}, {"cause": "supply", "reason": "No tiles"}]
        return c.likely(fit, [{}, {"cause": "other", "reason": " "}])

    def _contractor_of(self, c: Choices, project: Project) -> Who:
        return c.who(lambda part: part.role == CONTRACTOR, project)
