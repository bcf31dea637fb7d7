"""What the rules of a story share."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from .book import Project
from .choices import Choices
from .story import LONGEST, Story
from .words import Name, Who

DATA = st.data()


class Steps:
    """A story under way; `contrary` ones also try what cannot fit yet, or any more."""

    story: Story
    contrary: bool

    def choices(self, data: st.DataObject) -> Choices:
        return Choices(data, self.story.book)

    def act(self, c: Choices, name: str, who: Who, target: Name | None = None, /, **inputs: Any) -> None:
        """Do it; at times as a request that carries a key."""
        key = f"k{len(self.story.asked)}" if who.person and c.rarely() else ""
        self.story.act(name, who, target, key, **inputs)

    def pass_days(self, days: timedelta) -> None:
        """Nothing happens for so long, unless the story would leave its winter."""
        if self.story.now + days < self.story.begun + LONGEST:
            self.story.wait(self.story.now + days)

    def project_of(self, thing: Any) -> Project:
        """The project that a thing belongs to; the story's first for what is nowhere."""
        book = self.story.book
        return book.project(thing.project) if thing else book.projects[0]


def when(fits: Callable[[Project], Any]) -> Any:
    """Only where there is a project that the act fits, or in a contrary story."""
    return precondition(lambda self: self.contrary or any(fits(p) for p in self.story.book.projects))


def is_draft(project: Project) -> bool:
    return project.draft


def is_active(project: Project) -> bool:
    return not project.draft
