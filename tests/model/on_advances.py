"""Steps about advances, and time that goes by."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .advances import LAPSES_AFTER, awaited, decide_after, signers_of, state_of, terms_of
from .book import Advance, Part, Project
from .choices import NOTHING, Choices, is_homeowner
from .figures import figures_of, part_of_total
from .steps import DATA, Steps, when
from .story import TICK
from .words import CONTRACTOR, HOMEOWNER

MOST_ADVANCES = 5


def can_ask(project: Project) -> bool:
    unsigned = any(stage.state != "signed_off" for stage in project.stages)
    return project.state == "active" and unsigned and len(project.advances) < MOST_ADVANCES


class AdvanceSteps(Steps):
    """From the request to the payment, with the time to think between them."""

    @when(can_ask)
    @rule(data=DATA)
    def ask(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(can_ask)
        stage = c.line(project, lambda line: line.room and line.locked_because == "milestone_unsigned")
        most = part_of_total(project, "advance_cap_percent") - figures_of(project)["exposure"]
        room = c.room(project, stage)[1]
        self.act(
            c,
            "ask_for_advance",
            c.who(lambda part: part.role == CONTRACTOR, project),
            project.name,
            milestone=stage if stage in self.story.book.things else NOTHING,
            amount=c.sum_(min(room, most), room),
            catch_up_on=self.story.book.today + timedelta(days=c.likely([10, 3], [0, -1])),
        )

    @when(lambda project: project.advances)
    @rule(data=DATA)
    def open(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, advance = self._advance(c, "asked")
        project = self.project_of(advance)
        opened = set(advance.openings) if advance else set()
        self.act(c, "open_advance", c.who(_one_of(signers_of(project) - opened), project), name)

    @precondition(lambda self: self._thought_ends())
    @rule(data=DATA)
    def think(self, data: st.DataObject) -> None:
        """Until it may be decided, to the second, or until a second before."""
        c = self.choices(data)
        self.story.wait(self._thought_ends()[0] - TICK * (2 if c.rarely() else 1))

    @when(lambda project: any(advance.openings for advance in project.advances))
    @rule(data=DATA)
    def agree(self, data: st.DataObject) -> None:
        self._agree(self.choices(data))

    @precondition(lambda self: self._may_be_decided())
    @rule(data=DATA)
    def agree_too(self, data: st.DataObject) -> None:
        """More often once it may be decided: all have to."""
        self._agree(self.choices(data))

    def _agree(self, c: Choices) -> None:
        name, advance = self._advance(c, "asked")
        project = self.project_of(advance)
        other: dict[str, Any] = {}
        if c.rarely():
            sum_ = c.sum_(advance.amount // 2, advance.amount + 1) if advance else c.sum_()
            other = c.one([{"condition": "Against a guarantee"}, {"amount": sum_}])
        fits = _one_of(signers_of(project) if not advance or c.rarely() else awaited(project, advance))
        version = c.version(terms_of(advance).version if advance else 1)
        self.act(c, "approve_advance", c.who(fits, project), name, version=version, **other)

    @when(lambda project: project.advances)
    @rule(data=DATA)
    def end(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, advance = self._advance(c, "asked", "approved")
        project = self.project_of(advance)
        if c.one([True, False]):
            self.act(c, "decline_advance", c.who(is_homeowner, project), name)
        else:
            self.act(c, "withdraw_advance", c.who(lambda part: part.role == CONTRACTOR, project), name)

    @precondition(lambda self: self.contrary or self._standing("approved"))
    @rule(data=DATA)
    def pay_early(self, data: st.DataObject) -> None:
        self._pay_early(self.choices(data))

    @precondition(lambda self: self._standing("approved"))
    @rule(data=DATA)
    def pay_early_too(self, data: st.DataObject) -> None:
        """Approved seldom enough that it should be paid."""
        self._pay_early(self.choices(data))

    def _pay_early(self, c: Choices) -> None:
        name, advance = self._advance(c, "approved")
        sum_ = c.sum_(terms_of(advance).amount if advance else 0)
        who = c.who(is_homeowner, self.project_of(advance))
        self.act(c, "pay_advance", who, name, amount=sum_, paid_on=c.day(), method="cheque")

    @rule(data=DATA)
    def pass_time(self, data: st.DataObject) -> None:
        """So long that flags are raised, to the second or a second less; or days that change little."""
        c = self.choices(data)
        days = timedelta(days=c.one([1, 3, 7, 10, 11]), hours=c.one([0, 5]))
        self.pass_days(days - TICK * c.number(0, 2))

    def _advance(self, c: Choices, *states: str) -> tuple[Any, Advance | None]:
        return c.advance(lambda advance: self._state(advance) in states)

    def _state(self, advance: Advance) -> str:
        return state_of(self.story.book, self.project_of(advance), advance)

    def _standing(self, *states: str) -> list[Advance]:
        every = [advance for project in self.story.book.projects for advance in project.advances]
        return [advance for advance in every if self._state(advance) in states]

    def _thought_ends(self) -> list[Any]:
        """When the time to think ends of those that are thought over, where they do not lapse before."""
        ends = [(a, decide_after(self.project_of(a), a)) for a in self._standing("asked")]
        return [
            after
            for advance, after in ends
            if after and self.story.now + TICK * 2 < after < advance.asked_at + LAPSES_AFTER
        ]

    def _may_be_decided(self) -> bool:
        ends = [decide_after(self.project_of(advance), advance) for advance in self._standing("asked")]
        return any(after and after <= self.story.now for after in ends)


def _one_of(names: Any) -> Any:
    def fits(part: Part) -> bool:
        return part.role == HOMEOWNER and part.name in names

    return fits
