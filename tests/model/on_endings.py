"""Steps about how a signed project goes on and ends."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .book import Deed, Part, Project
from .choices import Choices, signs_as
from .endings import period_ends_on
from .figures import figures_of
from .steps import DATA, Steps, when
from .words import CLOSING_SUM, HANDOVER, MOST, SIDES, Who

MOST_VERSIONS = 3  # of a deed


def has_state(*states: str) -> Any:
    return lambda project: project.state in states


def is_done(project: Project) -> bool:
    return project.state == "active" and all(stage.state == "signed_off" for stage in project.stages)


def comes_round(every: int) -> Any:
    """An end that would come too soon for most stories, were it as likely as other steps."""
    return precondition(
        lambda self: any(
            project.state in {"active", "suspended"} and project.entries % every == 0
            for project in self.story.book.projects
        )
    )


class EndingSteps(Steps):
    """Turns, deeds, and the end of the defects period."""

    @comes_round(5)
    @rule(data=DATA)
    def suspend(self, data: st.DataObject) -> None:
        self._turn(self.choices(data), "suspend_project", "active")

    @when(has_state("suspended"))
    @rule(data=DATA)
    def resume(self, data: st.DataObject) -> None:
        self._turn(self.choices(data), "resume_project", "suspended")

    @precondition(lambda self: any(project.state == "suspended" for project in self.story.book.projects))
    @rule(data=DATA)
    def resume_too(self, data: st.DataObject) -> None:
        """Twice as likely: it is to go on."""
        self._turn(self.choices(data), "resume_project", "suspended")

    @comes_round(9)
    @rule(data=DATA)
    def terminate(self, data: st.DataObject) -> None:
        self._turn(self.choices(data), "terminate_project", "active", "suspended")

    def _turn(self, c: Choices, act: str, *states: str) -> None:
        project = c.project(has_state(*states))
        reason = " " if c.rarely() else "The winter"
        self.act(c, act, c.who(signs_as(SIDES), project), project.name, reason=reason)

    @when(is_done)
    @rule(data=DATA)
    def complete(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(is_done)
        self.act(c, "complete_project", c.who(signs_as(SIDES), project), project.name)

    @when(has_state("completed"))
    @rule(data=DATA)
    def write_handover(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(has_state("completed"))
        if len(project.deeds.get(HANDOVER, [])) < MOST_VERSIONS:
            said = {"day": c.day(), "text": self._words(c)}
            self.act(c, "propose_handover", c.who(signs_as(SIDES), project), project.name, **said)

    @when(has_state("terminated"))
    @rule(data=DATA)
    def write_closing_sum(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(has_state("terminated"))
        if len(project.deeds.get(CLOSING_SUM, [])) < MOST_VERSIONS:
            sums = [min(figures_of(project)["unheld"], MOST), 50_000, -project.total // 10, 0]
            said = {"amount": Decimal(c.one(sums)) / 100, "text": self._words(c)}
            self.act(c, "propose_closing_sum", c.who(signs_as(SIDES), project), project.name, **said)

    def _words(self, c: Choices) -> str:
        return " " if c.rarely() else "Three keys."

    @when(lambda project: project.deeds)
    @rule(data=DATA)
    def sign_deed(self, data: st.DataObject) -> None:
        self._sign_deed(self.choices(data))

    @precondition(lambda self: any(map(waiting_deeds, self.story.book.projects)))
    @rule(data=DATA)
    def sign_deed_too(self, data: st.DataObject) -> None:
        """Both sides have to."""
        self._sign_deed(self.choices(data))

    def _sign_deed(self, c: Choices) -> None:
        project = c.project(waiting_deeds)
        kind = CLOSING_SUM if project.terminated else HANDOVER
        deed = next(iter(project.deeds.get(kind, [])[-1:]), None)

        def fits(part: Part) -> bool:
            return signs_as(SIDES)(part) and not (deed and part.name in deed.signatures)

        act = "sign_closing_sum" if kind == CLOSING_SUM else "sign_handover"
        version = c.version(deed.version if deed else 1)
        self.act(c, act, c.who(fits, project), project.name, version=version)

    @when(period_ends_on)
    @rule(data=DATA)
    def end_period(self, data: st.DataObject) -> None:
        """The period passes, at times but for a day."""
        c = self.choices(data)
        project = c.project(period_ends_on)
        over_on = period_ends_on(project)
        if over_on and over_on > self.story.book.today:
            days = (over_on - self.story.book.today).days - (1 if c.rarely() else 0)
            self.pass_days(timedelta(days=days))
        who = c.who(signs_as(SIDES), project) if c.rarely() else Who(None)
        self.story.act("end_defects_period", who, project.name)


def waiting_deeds(project: Project) -> list[Deed]:
    return [deeds[-1] for deeds in project.deeds.values() if not deeds[-1].concluded_at]
