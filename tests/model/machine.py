"""The stories that Hypothesis makes up: one rule for each act, chosen mostly where it fits."""

from collections.abc import Callable, Sequence
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from .beginnings import BEGUN, begin
from .on_advances import AdvanceSteps
from .on_changes import ChangeSteps
from .on_dates import DateSteps
from .on_disputes import DisputeSteps
from .on_endings import EndingSteps
from .on_expectations import ExpectationSteps
from .on_findings import FindingSteps
from .on_linkage import LinkageSteps
from .on_money import MoneySteps, WatchSteps
from .on_terms import PeopleSteps, TermSteps
from .on_work import WorkSteps
from .steps import DATA
from .story import Story


class Stories(
    PeopleSteps,
    TermSteps,
    ExpectationSteps,
    WorkSteps,
    FindingSteps,
    DateSteps,
    ChangeSteps,
    MoneySteps,
    DisputeSteps,
    LinkageSteps,
    AdvanceSteps,
    EndingSteps,
    WatchSteps,
    RuleBasedStateMachine,
):
    """What people may do, wish to do and should not do, in any order."""

    people: ClassVar[dict[str, UUID]]
    begun: ClassVar[Sequence[str]] = BEGUN
    finish: ClassVar[Callable[[Story], None]]
    told: ClassVar[int] = 0
    proven_every: ClassVar[int] = 5

    @initialize(data=DATA, contrary=st.sampled_from([False, False, False, True]), hours=st.integers(0, 167))
    def begin(self, data: st.DataObject, contrary: bool, hours: int) -> None:
        self.contrary = contrary
        self.story = Story(self.people, hours)
        begin(self.story, self.choices(data), self.begun)

    def teardown(self) -> None:
        if hasattr(self, "story") and self.story.holds:
            type(self).finish(self.story)
