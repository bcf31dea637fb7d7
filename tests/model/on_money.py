"""Steps about money, flags and tokens, and requests that come twice."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .book import Project, Thing
from .choices import NOTHING, Choices, is_homeowner, is_side
from .figures import Line, early_of, figures_of, limit_of, lines_of
from .flags import flags_of
from .steps import DATA, Steps, is_active, when
from .words import CONTRACTOR, DEPOSIT, HOMEOWNER, Who

METHODS = ["cheque", "bank_transfer"]


def is_payable(project: Project) -> bool:
    return any(line.payable for line in lines_of(project))


def is_early(project: Project) -> bool:
    return any(early_of(project, payment) for payment in project.payments)


def can_take(project: Project, line: Line) -> bool:
    """Before the agreement is signed only the deposit takes money."""
    return line.name == DEPOSIT or not project.draft


def steps_to_the_limits(project: Project) -> list[int]:
    """By how much more early money the level would be at its very limits."""
    excess = figures_of(project)["excess"]
    return [limit_of(project, level) - excess for level in ("watch", "ahead")]


class MoneySteps(Steps):
    """Paying through the gate and beside it, and putting right what was paid."""

    @when(is_active)
    @rule(data=DATA)
    def release(self, data: st.DataObject) -> None:
        self._release(self.choices(data))

    @when(is_payable)
    @rule(data=DATA)
    def release_too(self, data: st.DataObject) -> None:
        """Twice as likely where something is payable."""
        self._release(self.choices(data))

    def _release(self, c: Choices) -> None:
        projects = self.story.book.projects
        project = c.likely([project for project in projects if is_payable(project)], projects)
        line = c.line(project, lambda line: line.payable)
        sum_ = c.sum_(c.room(project, line)[0])
        self._pay("release_payment", c, is_homeowner, project, line=line, amount=sum_)

    @rule(data=DATA)
    def record(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project()
        line = c.one([None, c.line(project, lambda line: line.room and can_take(project, line))])
        payable = sum(found.payable for found in lines_of(project))
        fit = c.room(project, line) if line else (payable, payable + 5_000, *steps_to_the_limits(project))
        sum_ = c.sum_(*fit)
        self._pay("record_payment", c, is_side, project, line=line, amount=sum_)

    def _pay(self, act: str, c: Choices, by: Any, project: Project, **inputs: Any) -> None:
        who = c.who(by, project)
        self.act(c, act, who, project.name, paid_on=c.day(), method=c.one(METHODS), **inputs)

    @when(lambda project: any(not payment.is_confirmed for payment in project.payments))
    @rule(data=DATA)
    def confirm_receipt(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, payment = c.payment(lambda payment: not payment.is_confirmed)
        who = c.who(lambda part: part.role == CONTRACTOR, self.project_of(payment))
        self.act(c, "confirm_payment", who, name, received_on=c.day())

    @when(lambda project: any(payment.left for payment in project.payments))
    @rule(data=DATA)
    def reverse(self, data: st.DataObject) -> None:
        c = self.choices(data)
        in_parts = any(len(p.pieces) > 1 for project in self.story.book.projects for p in project.payments)
        name, payment = c.payment(lambda p: len(p.pieces) > 1 if in_parts else p.left > 0)
        who = c.who(lambda part: payment is None or part.role == payment.side, self.project_of(payment))
        sum_ = c.sum_(payment.left if payment else 0)
        self.act(c, "reverse_payment", who, name, amount=sum_, why=c.one(["wrong_record", "money_back"]))

    @when(lambda project: any(reversal.waits for reversal in project.reversals))
    @rule(data=DATA)
    def answer(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, reversal = c.reversal(lambda reversal: reversal.waits)
        own = c.rarely()
        side = self.story.book.things[reversal.payment].side if reversal else HOMEOWNER
        who = c.who(lambda part: is_side(part) and (part.role == side) == own, self.project_of(reversal))
        self.act(c, "answer_reversal", who, name, consents=not c.rarely())

    @when(is_early)
    @rule(data=DATA)
    def set_off(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, payment = c.payment(lambda payment: early_of(self.project_of(payment), payment) > 0)
        project = self.project_of(payment)
        line = c.line(project, lambda line: line.room)
        early = early_of(project, payment) if payment else 0
        room = c.room(project, line)[1]
        who = c.who(is_homeowner, project)
        self.act(c, "allocate_payment", who, name, line=line, amount=c.sum_(min(early, room) or early))


class WatchSteps(Steps):
    """Flags, tokens, and the same request once more."""

    @precondition(lambda self: self.contrary or any(map(self._is_unsettled, self.story.book.projects)))
    @rule(data=DATA)
    def sweep(self, data: st.DataObject) -> None:
        c = self.choices(data)
        self.story.act("settle_flags", Who(None), c.project(self._is_unsettled).name)

    def _is_unsettled(self, project: Project) -> bool:
        """Its flags do not fit the facts any more."""
        open_now = {key: calls for key, (calls, _) in project.flags.items()}
        return flags_of(self.story.book, project) != open_now

    @when(lambda project: project.flags)
    @rule(data=DATA)
    def see(self, data: st.DataObject) -> None:
        c = self.choices(data)
        flags = [thing for thing in self.story.book.things.values() if isinstance(thing, Thing)]
        flag = c.likely([flag for flag in flags if flag.name.startswith("flag")], [None, *flags])
        who = c.who(lambda part: True, self.project_of(flag))
        self.act(c, "see_flag", who, flag.name if flag else NOTHING)

    @precondition(lambda self: self.contrary)
    @rule(data=DATA)
    def make_token(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.one([None, c.project().name, NOTHING])
        self.story.act("create_token", c.someone(), project=project)

    @precondition(lambda self: self.story.book.tokens)
    @rule(data=DATA)
    def revoke(self, data: st.DataObject) -> None:
        c = self.choices(data)
        token, owner = c.one(list(self.story.book.tokens.items()))
        who = c.someone() if c.rarely() else Who(owner)
        self.story.act("revoke_token", who, token=c.likely([token], [NOTHING]))

    @precondition(lambda self: self.story.asked)
    @rule(data=DATA)
    def again(self, data: st.DataObject) -> None:
        self._repeat(self.choices(data))

    @precondition(lambda self: self.story.asked)
    @rule(data=DATA)
    def once_more(self, data: st.DataObject) -> None:
        """Doors answer nothing so often as what was asked before."""
        self._repeat(self.choices(data))

    def _repeat(self, c: Choices) -> None:
        """A request comes once more under its key, or its key comes with another request."""
        key, (name, who, target, inputs) = c.one(self.story.asked[-5:])
        if c.rarely():
            _, (name, _, target, inputs) = c.one(self.story.asked[-5:])
        self.story.act(name, who, target, key, **inputs)
