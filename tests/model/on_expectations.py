"""Steps about what the client expects."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .beginnings import EXPECTED
from .book import Expectation, Project
from .choices import NOTHING, Choices, is_homeowner, is_side, signs_as
from .expectations import is_ripe
from .on_terms import MOST_VERSIONS
from .steps import DATA, Steps, when
from .words import CONTRACTOR, Name, Who

MOST_EXPECTATIONS = 3


def can_expect(project: Project) -> bool:
    few = len(project.expectations) < MOST_EXPECTATIONS
    return project.draft and few and project.version < MOST_VERSIONS


def expects(*states: str) -> Any:
    return lambda project: project.draft and any(e.state in states for e in project.expectations)


def is_agreed(project: Project) -> bool:
    return not project.draft and bool(project.expectations)


class ExpectationSteps(Steps):
    """From the wish to the judgement."""

    @when(can_expect)
    @rule(data=DATA)
    def expect(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(lambda project: project.draft)
        stages = self._stages(c, project)
        self.act(c, "add_expectation", c.who(is_side, project), project.name, milestones=stages, **EXPECTED)

    @when(expects("open", "countered", "confirmed"))
    @rule(data=DATA)
    def reword(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, expectation = c.expectation(lambda expectation: self.project_of(expectation).draft)
        project = self.project_of(expectation)
        if c.rarely():
            self.act(c, "remove_expectation", c.who(is_homeowner, project), name)
            return
        words: dict[str, Any] = c.one([{"goal": "Dry"}, {"milestones": self._stages(c, project)}])
        self.act(
            c,
            "edit_expectation",
            c.who(is_homeowner, project),
            name,
            version=self._version(c, expectation),
            **words,
        )

    @when(expects("open", "countered"))
    @rule(data=DATA)
    def confirm_expected(self, data: st.DataObject) -> None:
        self._confirm_expected(self.choices(data))

    @when(expects("open", "countered"))
    @rule(data=DATA)
    def confirm_expected_too(self, data: st.DataObject) -> None:
        """Twice as likely: the agreement waits for it."""
        self._confirm_expected(self.choices(data))

    def _confirm_expected(self, c: Choices) -> None:
        name, expectation = c.expectation(lambda expectation: expectation.state != "confirmed")
        who, said = self._answerer(c, expectation), self._doer(c)
        self.act(c, "confirm_expectation", who, name, version=self._version(c, expectation), **said)

    @when(expects("open"))
    @rule(data=DATA)
    def counter(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, expectation = c.expectation(lambda expectation: expectation.state == "open")
        said = self._doer(c) | {"counter": "A drain", "cost": c.one([None, Decimal(900)])}
        who = self._answerer(c, expectation)
        self.act(c, "counter_expectation", who, name, version=self._version(c, expectation), **said)

    @when(expects("countered"))
    @rule(data=DATA)
    def accept_countered(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, expectation = c.expectation(lambda expectation: expectation.state == "countered")
        who = c.who(is_homeowner, self.project_of(expectation))
        self.act(c, "accept_counter", who, name, version=self._version(c, expectation))

    @when(is_agreed)
    @rule(data=DATA)
    def judge(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, expectation = c.expectation(lambda its: is_ripe(self.project_of(its), its) and not its.judged)
        said = c.likely([{"met": True}, {"met": False, "note": "It leaks"}], [{"met": False}])
        self.act(c, "judge_expectation", c.who(is_homeowner, self.project_of(expectation)), name, **said)

    def _stages(self, c: Choices, project: Project) -> list[Name]:
        names = [stage.name for stage in project.stages]
        others = [stage.name for its in self.story.book.projects for stage in its.stages]
        return c.likely([names[:1], [], names], [[NOTHING], others[-1:]])

    def _answerer(self, c: Choices, expectation: Expectation | None) -> Who:
        return c.who(signs_as({CONTRACTOR}), self.project_of(expectation))

    def _doer(self, c: Choices) -> dict[str, Any]:
        return {} if c.rarely() else {"doer": "Yossi"}

    def _version(self, c: Choices, expectation: Expectation | None) -> int:
        return c.version(expectation.version if expectation else 1)
