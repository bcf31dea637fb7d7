"""Steps about what is found of the work: inspections and defects."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import Defect, Part, Project, Stage
from .choices import Choices, signs_as
from .findings import FINDERS
from .on_work import has_stage
from .steps import DATA, Steps, when
from .words import CONTRACTOR, HOMEOWNER, MOST, SIGNERS, Who

MOST_DEFECTS = 6


def has_defect(*states: str) -> Callable[[Project], bool]:
    return lambda project: any(defect.state in states for defect in project.defects)


class FindingSteps(Steps):
    """What engineers, supervisors and homeowners see on the site."""

    @when(has_stage("planned", "in_progress", "submitted"))
    @rule(data=DATA)
    def inspect(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(self._can_be_inspected)
        project = self.project_of(stage)
        roles = c.one([SIGNERS, SIGNERS - {HOMEOWNER}])

        def fits(part: Part) -> bool:
            return part.role in roles

        percent = Decimal(c.likely(["40", "70", "33.33", "0", "100"], ["100.01", "-1"]))
        self.act(
            c,
            "inspect_milestone",
            c.who(fits, project),
            name,
            percent=percent,
            evidence=c.files(project, set()) if c.rarely() else [],
        )

    def _can_be_inspected(self, stage: Stage) -> bool:
        return self.project_of(stage).state == "active" and stage.state != "signed_off"

    @when(lambda project: not project.draft and len(project.defects) < MOST_DEFECTS)
    @rule(data=DATA)
    def report_fault(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: not self.project_of(stage).draft)
        project = self.project_of(stage)
        found = c.fault(project)
        if c.one([False, True]):
            found["estimated_cost"] = self._cost(c)
        self.act(c, "report_defect", c.who(lambda part: part.role in FINDERS, project), name, **found)

    @when(has_defect("open"))
    @rule(data=DATA)
    def repair(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, defect = c.defect(lambda defect: defect.state == "open")
        project = self.project_of(defect)
        shown = {"photos": c.files(project, set())} if c.rarely() else {}
        self.act(c, "fix_defect", c.who(lambda part: part.role == CONTRACTOR, project), name, **shown)

    @when(has_defect("open", "fixed"))
    @rule(data=DATA)
    def verify(self, data: st.DataObject) -> None:
        c = self.choices(data)
        fixed = c.one(["fixed", "open"])
        name, defect = c.defect(lambda defect: defect.state == fixed)
        self.act(c, "verify_defect", self._judge(c, defect), name)

    @when(has_defect("fixed", "verified"))
    @rule(data=DATA)
    def reopen(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, defect = c.defect(lambda defect: defect.state != "open" and not defect.found_again)
        again = {"fix_by": self.story.book.today} if c.rarely() else {}
        self.act(c, "reopen_defect", self._judge(c, defect), name, **again)

    @when(has_defect("open", "fixed"))
    @rule(data=DATA)
    def estimate(self, data: st.DataObject) -> None:
        c = self.choices(data)
        after = c.one([True, False])
        name, defect = c.defect(lambda defect: not defect.is_closed and defect.after == after)
        who = c.who(signs_as(FINDERS), self.project_of(defect))
        self.act(c, "estimate_defect", who, name, amount=self._cost(c))

    def _judge(self, c: Choices, defect: Defect | None) -> Who:
        signers = self.story.book.find(Stage, defect.stage).signers if defect else []
        return c.who(signs_as({HOMEOWNER, *signers}), self.project_of(defect))

    def _cost(self, c: Choices) -> Decimal:
        """Also more than a stage is worth: beyond that a homeowner's word needs the contractor's."""
        values = [stage.value for project in self.story.book.projects for stage in project.stages]
        sums = [5_000, *(min(value * n, MOST) for value in values[:2] for n in (1, 2)), 0, 1]
        return Decimal(c.one(sums)) / 100
