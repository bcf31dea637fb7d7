"""One story: every act is told to the model and done by the product, and their answers are compared."""

import sys
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from projects import clock
from projects.refusals import Refused

from . import (
    advances,
    changes,
    dates,
    disputes,
    endings,
    expectations,
    findings,
    linkage,
    money,
    parts,
    terms,
    watch,
    work,
)
from .book import Book, Project
from .product import ACTIONS, TIME_ZONE, Product
from .standing import by_rules, by_views
from .tally import ACCEPTED, AGAIN, Tally
from .words import Name, No, Who

TOLD_IN = [parts, terms, expectations, work, findings, dates, changes]
TOLD_IN += [money, disputes, linkage, advances, endings, watch]
ACTS = {
    name: act
    for module in TOLD_IN
    for name, act in vars(module).items()
    if name in {*ACTIONS, "settle_flags"}
}
ADDRESSES = {
    "noa": ["noa@example.com"],
    "uri": ["uri@example.com"],
    "alon": ["alon@example.com"],
    "michal": ["michal@example.com"],
    "eran": ["eran@example.com"],
    "dana": ["dana@example.com", "dana.work@example.com"],
}
UNPROVED = {"eran": "eran.new@example.com"}  # an address that its owner has yet to prove
ZONE = ZoneInfo(TIME_ZONE)
MOVES_MONEY = {
    *vars(money),
    *vars(findings),
    *vars(dates),
    *vars(disputes),
    *vars(linkage),
    *vars(changes),
    *vars(advances),
    "sign_agreement",
    "approve_milestone",
}
TICK = timedelta(seconds=1)  # from one act to the next
LONGEST = timedelta(weeks=11)  # from the first to the last
EVERY = 4  # of the acts that move money, so many lie between two looks at the product's rules
TALLY = Tally()


class Wrong(AssertionError):
    """The product did not do what the model said."""


class Story:
    """The model's book and the product beside it."""

    first_wrong: ClassVar[str] = ""

    def __init__(self, people: dict[str, UUID], hours: int = 0) -> None:
        self.mark = uuid4().hex  # keys are a story's own
        self.begun = self.now = last_winter() + timedelta(hours=hours)
        self.book = Book(ADDRESSES, self.now.astimezone(ZONE))
        self.product = Product(people)
        self.holds = True
        self.told: list[str] = []
        self.asked: list[tuple[str, tuple[Any, ...]]] = []  # requests that carried a key
        self.answers: dict[tuple[str, str], Any] = {}

    def wait(self, until: datetime) -> None:
        """Nothing happens until a moment."""
        self.now = until
        self.book.now = until.astimezone(ZONE)
        self.told.append(f"(it is {self.book.now})")

    def act(self, name: str, who: Who, target: Name | None = None, key: str = "", /, **inputs: Any) -> Any:
        """Do an act in both; the name of what it made or changed, or None where it was refused."""
        self.now += TICK
        self.book.now = self.now.astimezone(ZONE)
        asked = (name, who, target, inputs)
        self.told.append(_call(name, who, target, inputs, key))
        foreseen, said = self._foresee(asked, key)
        if not isinstance(foreseen, No):
            money.note(self.book)
        with clock.set_to(self.now):
            outcome, result = self._do(asked, key, foreseen)
        self._require(outcome == (foreseen.code if isinstance(foreseen, No) else foreseen), foreseen, outcome)
        TALLY[name, outcome] += 1
        if isinstance(foreseen, No):
            return None
        if outcome == ACCEPTED:
            self._compare(name, target, said, result)
        return said

    def _foresee(self, asked: tuple[Any, ...], key: str) -> tuple[str | No, Any]:
        name, who, target, inputs = asked
        try:
            if not key:
                return ACCEPTED, ACTS[name](self.book, who, target, **inputs)
            self.asked.append((key, asked))
            said, again = watch.once(
                self.book, who.person, key, asked, lambda: ACTS[name](self.book, who, target, **inputs)
            )
            return AGAIN if again else ACCEPTED, said
        except No as no:
            return no, None

    def _do(self, asked: tuple[Any, ...], key: str, foreseen: str | No) -> tuple[str, Any]:
        try:
            if not key:
                return ACCEPTED, self.product.do(*asked)
            answer, result = self.product.do_once(f"{self.mark}-{key}", *asked)
        except Refused as refused:
            if isinstance(foreseen, No):
                said = self.product.said(refused, foreseen.data)
                self._require(said == foreseen.data, foreseen.data, said)
            return refused.code, None
        except Exception as error:  # an act ends well or is refused; whatever else is wrong
            self._require(False, foreseen, repr(error))
        kept = self.answers.setdefault((asked[1].person, key), answer.body)
        self._require(answer.body == kept, kept, answer.body)
        return AGAIN if answer.replayed else ACCEPTED, result

    def _compare(self, name: str, target: Name | None, said: Any, result: Any) -> None:
        """Every figure of the project that the act was about."""
        if isinstance(said, list):
            foreseen, found = self.product.told(said), self.product.settled(result)
            self._require(foreseen == found, foreseen, found)
        self.product.learn(said, result, self.book)
        thing = self.book.things.get(target) or (
            self.book.things.get(said) if isinstance(said, Name) else None
        )
        if thing is None:
            return
        project = self.book.project_of(thing)
        self._agree(self.product.foreseen(project), by_views(self.product.ids[project.name]))
        if name in MOVES_MONEY and project.entries % EVERY == 0:
            self.agree_on_money(project)

    def agree_on_money(self, project: Project) -> None:
        """What the rules of the product say of a project's money is what the model says."""
        found = by_rules(self.product.ids[project.name], self.book.today)
        self._agree(self.product.foreseen_money(self.book, project), found)

    def _agree(self, foreseen: dict[str, Any], found: dict[str, Any]) -> None:
        for part in foreseen:
            self._require(foreseen[part] == found[part], foreseen[part], found[part])

    def _require(self, holds: bool, foreseen: Any, found: Any) -> None:
        if not holds:
            self.holds = False
            story = "\n".join(f"{n:3}. {told}" for n, told in enumerate(self.told, start=1))
            code = f"{foreseen.code} {foreseen.data}" if isinstance(foreseen, No) else foreseen
            wrong = Wrong(f"\n{story}\n  the model: {code}\nthe product: {found}")
            if not Story.first_wrong:  # at once: to find the simplest story takes its time
                Story.first_wrong = str(wrong)
                print(wrong, file=sys.stderr, flush=True)
            raise wrong


def last_winter() -> datetime:
    """A first of December: the twelve weeks from it are over, and have no holiday where the projects are."""
    today = datetime.now(ZONE).date()
    return datetime(today.year - (1 if (today.month, today.day) > (2, 23) else 2), 12, 1, tzinfo=ZONE)


def _call(name: str, who: Who, target: Name | None, inputs: dict[str, Any], key: str) -> str:
    given = [str(target)] if target else []
    given += [f"{key}={value}" for key, value in inputs.items()]
    return f"{who!r}: {name}({', '.join(given)})" + (f" with key {key}" if key else "")
