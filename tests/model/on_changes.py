"""Steps about changes of the signed terms."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .book import Change, Defect, Part, Project, Stage
from .changes import missing_of, version_of
from .choices import NO_SUMS, NOTHING, Choices, is_side, signs_as
from .steps import DATA, Steps, when
from .words import CONTRACTOR, HOMEOWNER, SIDES, SUPERVISOR, Who

MOST_CHANGES = 8


def can_change(project: Project) -> bool:
    return project.state == "active" and len(project.changes) < MOST_CHANGES


def changes_wait(project: Project) -> bool:
    return any(change.waits for change in project.changes)


def settlement_waits(project: Project) -> bool:
    return any(change.waits and change.defect for change in project.changes)


def can_be_settled(project: Project, defect: Defect) -> bool:
    stage = next(stage for stage in project.stages if stage.name == defect.stage)
    is_open = stage.state == "signed_off" and not defect.blocking and not defect.is_closed
    return (
        is_open
        and project.state == "active"
        and not any(change.waits and change.defect == defect.name for change in project.changes)
    )


def can_settle(project: Project) -> bool:
    few = len(project.changes) < MOST_CHANGES
    return few and any(can_be_settled(project, defect) for defect in project.defects)


class ChangeSteps(Steps):
    """Change orders from the proposal to the last signature."""

    @when(can_change)
    @rule(data=DATA)
    def propose(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(lambda project: project.state == "active")
        worked_on = [stage for stage in project.stages if stage.state in {"planned", "in_progress"}]
        said = self._another(c, project) if c.rarely() or not worked_on else self._change(c, worked_on)
        self.act(c, "propose_change", c.who(is_side, project), project.name, **said)

    def _change(self, c: Choices, worked_on: list[Stage]) -> dict[str, Any]:
        stage = c.one(worked_on)
        least = min(stage.value, stage.amount)
        fit = [stage.value // 2, 5_000, -least // 2, -least, 1]
        amount = Decimal(c.likely(fit, [0, -least - 1])) / 100
        said: dict[str, Any] = {"title": "Dearer", "milestone": stage.name, "amount": amount}
        if c.rarely():
            others = [its.name for project in self.story.book.projects for its in project.stages]
            said |= c.one(
                [
                    {"milestone": c.one([*others, NOTHING])},
                    {"amount": c.one(NO_SUMS)},
                    {"value": amount + 1},
                    {"amount": Decimal(0)},
                ]
            )
        if c.rarely():
            said |= {"days": c.likely([3, -1] if stage.end else [], [3, -100])}
        return said | {"version": c.version(stage.version)} if c.rarely() else said

    def _another(self, c: Choices, project: Project) -> dict[str, Any]:
        signers = c.likely([[HOMEOWNER]], [[HOMEOWNER, SUPERVISOR], [CONTRACTOR], []])
        sums = c.likely([Decimal(50_000), project.total / Decimal(400)], [Decimal(0), Decimal(-1)])
        starts, today = c.one([None, 2, 9]), self.story.book.today
        dates = {"planned_start": today + timedelta(days=starts)} if starts else {}
        return dates | {
            "planned_end": c.one([None, today + timedelta(days=5)]),
            "title": "Pool",
            "amount": Decimal(int(sums * 100)) / 100,
            "criteria": c.likely([["It holds water", "It is clean"]], [["It holds water", " "], [" "]]),
            "signers": signers,
            "days": c.likely([0], [0, 1]),
        }

    @when(can_settle)
    @rule(data=DATA)
    def settle(self, data: st.DataObject) -> None:
        self._settle(self.choices(data))

    @precondition(lambda self: any(can_settle(project) for project in self.story.book.projects))
    @rule(data=DATA)
    def settle_too(self, data: st.DataObject) -> None:
        """Seldom enough that there is something to settle."""
        self._settle(self.choices(data))

    def _settle(self, c: Choices) -> None:
        name, defect = c.defect(lambda defect: can_be_settled(self.project_of(defect), defect))
        project = self.project_of(defect)
        if not project.stages:  # a draft of which nothing is left
            return
        stage = self.story.book.find(Stage, defect.stage) if defect else project.stages[0]
        withheld, least = (defect.withheld if defect else 0), min(stage.value, stage.amount)
        sums = [-withheld or -5_000, -least // 9, -1, -c.room(project, stage.name)[1] - 1, -least]
        amount = Decimal(c.likely([sum_ for sum_ in sums if sum_ < 0], [0, 5_000, -least - 1])) / 100
        said: dict[str, Any] = {"title": "A scratch", "defect": name, "amount": amount}
        if c.rarely():
            others = [its.name for its in self.story.book.projects[0].stages]
            wrong = [{"milestone": c.one([stage.name, *others])}, {"days": 2}, {"defect": NOTHING}]
            said |= c.one([*wrong, {"version": c.version(stage.version)}])
        self.act(c, "propose_change", c.who(is_side, project), project.name, **said)
        if c.one([True, True, False]):
            self._sign_settlements(project)

    def _sign_settlements(self, project: Project) -> None:
        """By everybody at once: too much happens to a defect besides."""
        for change in [change for change in project.changes if change.waits and change.defect]:
            version = version_of(project, change)
            for part in missing_of(project, change):
                self.story.act("sign_change", Who(part.person), change.name, version=version)

    @when(changes_wait)
    @rule(data=DATA)
    def sign_change(self, data: st.DataObject) -> None:
        self._sign(self.choices(data))

    @when(changes_wait)
    @rule(data=DATA)
    def sign_change_too(self, data: st.DataObject) -> None:
        """Twice as likely as a refusal, since all have to sign."""
        self._sign(self.choices(data))

    @precondition(lambda self: any(settlement_waits(project) for project in self.story.book.projects))
    @rule(data=DATA)
    def sign_settlement(self, data: st.DataObject) -> None:
        """Before its defect is repaired."""
        self._sign(self.choices(data), lambda change: change.waits and bool(change.defect))

    def _sign(self, c: Choices, fits_best: Callable[[Change], bool] | None = None) -> None:
        name, change = c.change(fits_best or self._can_be_signed)
        project = self.project_of(change)
        awaited = {part.name for part in missing_of(project, change)} if change else set()
        version = c.version(version_of(project, change) if change else 1)

        def fits(part: Part) -> bool:
            return signs_as(SIDES)(part) and part.name in awaited

        self.act(c, "sign_change", c.who(fits, project), name, version=version)

    def _can_be_signed(self, change: Change) -> bool:
        if change.stage is None:
            return change.waits
        if change.defect:
            return change.waits and not self.story.book.find(Defect, change.defect).is_closed
        return change.waits and self.story.book.find(Stage, change.stage).state in {"planned", "in_progress"}

    @when(changes_wait)
    @rule(data=DATA)
    def decline_change(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, change = c.change(lambda change: change.waits)
        self.act(c, "decline_change", c.who(is_side, self.project_of(change)), name)
