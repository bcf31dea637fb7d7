"""Steps about the work: reports, submissions, decisions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import Part, Project, Stage
from .choices import NOTHING, Choices, signs_as
from .steps import DATA, Steps, when
from .words import CONTRACTOR, Name, Who


def has_stage(*states: str) -> Callable[[Project], bool]:
    return lambda project: not project.draft and any(stage.state in states for stage in project.stages)


class WorkSteps(Steps):
    """From the first report to the last signature."""

    @when(has_stage("planned", "in_progress"))
    @rule(data=DATA)
    def report(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(self._is_open)
        project = self.project_of(stage)
        shown = stage.evidence if stage else set()
        percent = Decimal(c.likely(["50", "100", "33.33", "0"], ["100.01", "-1"]))
        self.act(
            c,
            "log_progress",
            self._contractor(c, project),
            name,
            percent=percent,
            evidence=c.files(project, shown),
            criterion=c.likely([None, *(stage.criteria if stage else [])], [NOTHING, *self._criteria()]),
        )

    @when(has_stage("planned", "in_progress"))
    @rule(data=DATA)
    def submit(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: self._is_open(stage) and bool(stage.evidence))
        met = list(stage.criteria) if stage else []
        met = c.likely([met], [met[1:], [*met, NOTHING], self._criteria()])
        self.act(c, "submit_milestone", self._contractor(c, self.project_of(stage)), name, criteria_met=met)

    @when(has_stage("submitted"))
    @rule(data=DATA)
    def withdraw(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: stage.state == "submitted")
        self.act(c, "withdraw_submission", self._contractor(c, self.project_of(stage)), name)

    @when(has_stage("submitted"))
    @rule(data=DATA)
    def approve(self, data: st.DataObject) -> None:
        self._decide(self.choices(data))

    @when(has_stage("submitted"))
    @rule(data=DATA)
    def approve_too(self, data: st.DataObject) -> None:
        """Twice as likely as a return: work is to come to an end."""
        self._decide(self.choices(data))

    @when(has_stage("submitted"))
    @rule(data=DATA)
    def send_back(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: stage.state == "submitted")
        unmet = c.likely([stage.criteria[:1]] if stage else [], [[], [NOTHING], self._criteria()])
        defects = [c.fault(self.project_of(stage))] if c.rarely() else []
        reason = "" if c.rarely() else "It is not straight."
        version = c.version(stage.version if stage else 1)
        who = self._signer(c, stage)
        self.act(
            c,
            "return_milestone",
            who,
            name,
            version=version,
            reason=reason,
            unmet_criteria=[] if defects and c.rarely() else unmet,
            defects=defects,
        )

    def _decide(self, c: Choices) -> None:
        name, stage = c.stage(lambda stage: stage.state == "submitted")
        version = c.version(stage.version if stage else 1)
        defects = self._minor_defects(c, stage) if c.rarely() else []
        self.act(c, "approve_milestone", self._signer(c, stage), name, version=version, minor_defects=defects)

    def _minor_defects(self, c: Choices, stage: Stage | None) -> list[dict[str, Any]]:
        project = self.project_of(stage)
        room = c.room(project, stage.name)[1] if stage else 0
        found = [c.fault(project) for _ in range(c.number(1, 2))]
        sums = [room // 10, 0, room // 2, room + 1, room]
        return [
            {key: said for key, said in one.items() if key != "blocking"}
            | {"withheld": Decimal(c.one(sums)) / 100}
            for one in found
        ]

    def _is_open(self, stage: Stage) -> bool:
        return not self.project_of(stage).draft and stage.state in {"planned", "in_progress"}

    def _contractor(self, c: Choices, project: Project) -> Who:
        return c.who(lambda part: part.role == CONTRACTOR, project)

    def _signer(self, c: Choices, stage: Stage | None) -> Who:
        """One whose decision is waited for; at times one who has decided."""
        decided = {decision.person for decision in stage.decisions} if stage else set()
        again = bool(decided) and c.rarely()

        def fits(part: Part) -> bool:
            return signs_as(stage.signers if stage else set())(part) and (part.person in decided) == again

        return c.who(fits, self.project_of(stage))

    def _criteria(self) -> list[Name]:
        """The first criteria of every stage, of other projects too."""
        stages = [stage for project in self.story.book.projects for stage in project.stages]
        return [name for stage in stages for name in stage.criteria[:1]][:3]
