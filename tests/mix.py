"""A mix of acts by many threads over real connections, and an account of what became of each.

For `bench/acts.py`, which measures it, and tests/tracker/test_threads.py, which only asks whether it holds.
Everybody acts as they please, so many acts are refused: each answer is counted, none is a surprise.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from milestones.actions import (
    approve_milestone,
    log_progress,
    return_milestone,
    submit_milestone,
    withdraw_submission,
)
from milestones.models import Milestone
from payments.actions import (
    allocate_payment,
    answer_reversal,
    confirm_payment,
    record_payment,
    release_payment,
    reverse_payment,
)
from payments.models import Payment, Reversal
from projects.flagging import settle_flags
from projects.kernel import Action, Answer, OnceKey
from projects.models import JournalEntry, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, photo

DEADLOCK = "40P01"
MOST_TRIES = 50  # of an act whose project is busy
STAGES = [
    {"title": f"Stage {n}", "value": "100000.00", "amount": "90000.00", "signers": ["homeowner"]}
    for n in range(1, 11)
]


@dataclass(frozen=True)
class Place:
    """A project where people act, with what can be acted on."""

    project: UUID
    milestones: tuple[UUID, ...]
    criteria: dict[UUID, tuple[UUID, ...]]


@dataclass
class Tally:
    """What came of the acts. `entries`: of each accepted act the entry that its answer names, if it does."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    entries: list[UUID] = field(default_factory=list)
    busy: int = 0
    deadlocks: int = 0
    unexplained: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, what: str, entries: Sequence[UUID]) -> None:
        with self._lock:
            self.accepted[what] += 1
            self.entries += entries

    def refuse(self, what: str, code: str) -> None:
        with self._lock:
            self.refused[f"{what}: {code}"] += 1

    def meet(self, error: Exception) -> None:
        """An error that is no refusal."""
        with self._lock:
            self.deadlocks += getattr(error.__cause__, "pgcode", None) == DEADLOCK
            self.unexplained.append(f"{type(error).__name__}: {error}")

    def wait(self) -> None:
        with self._lock:
            self.busy += 1

    @property
    def answered(self) -> int:
        return self.accepted.total() + self.refused.total()


def places(cast: Cast, count: int) -> list[Place]:
    """So many active projects, with a photo on each milestone, so that it can be submitted."""
    return [_place(cast, active(cast, STAGES)) for _ in range(count)]


def _place(cast: Cast, project: Project) -> Place:
    milestones = list(project.milestones.order_by("position").prefetch_related("criteria"))
    for number, milestone in enumerate(milestones):
        shown = photo(cast, project, f"{number:064x}")
        log_progress(acting(cast.alon), milestone.id, percent=Decimal(50), evidence=[shown.id])
    criteria = {m.id: tuple(c.id for c in m.criteria.all()) for m in milestones}
    return Place(project.id, tuple(criteria), criteria)


def entries_of(where: Sequence[Place]) -> set[UUID]:
    """The ids of all entries of these projects."""
    found = JournalEntry.objects.filter(project__in=[place.project for place in where])
    return set(found.values_list("id", flat=True))


def problems(tally: Tally, written: set[UUID]) -> list[str]:
    """What does not fit between the answers and the entries that were written meanwhile."""
    found = [f"unexplained: {trouble}" for trouble in tally.unexplained]
    if len(set(tally.entries)) != len(tally.entries):
        found.append("two answers name one entry")
    if lost := set(tally.entries) - written:
        found.append(f"{len(lost)} acts were accepted and are not there")
    if tally.accepted.total() != len(written):
        found.append(f"{tally.accepted.total()} acts were accepted, {len(written)} entries were written")
    return found


def run(cast: Cast, where: Sequence[Place], *, threads: int, acts: int, seed: int) -> Tally:
    """Let `threads` threads do `acts` acts each, each over a connection of its own, from one barrier."""
    tally, barrier = Tally(), threading.Barrier(threads)

    def work(number: int) -> None:
        person = Hand(cast, where, random.Random(f"{seed} {number}"), tally)
        barrier.wait()
        try:
            for _ in range(acts):
                person.act()
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return tally


class Hand:
    """One thread's hand: it chooses an act by chance and sees it through."""

    def __init__(self, cast: Cast, where: Sequence[Place], chance: random.Random, tally: Tally) -> None:
        self.cast, self.where, self.chance, self.tally = cast, where, chance, tally
        self.noa, self.alon = acting(cast.noa), acting(cast.alon)

    def act(self) -> None:
        place = self.chance.choice(self.where)
        acts = [self._record, self._record, self._release, self._pay_later, self._work, self._sign]
        self.chance.choice([*acts, self._settle])(place)

    # --- acts

    def _record(self, place: Place) -> None:
        by = self.chance.choice([self.noa, self.alon])
        line = self.chance.choice([None, *map(str, place.milestones)])
        self._do(record_payment, by, place.project, **self._moved(), line=line)

    def _release(self, place: Place) -> None:
        line = self.chance.choice(["deposit", *map(str, place.milestones)])
        self._do(release_payment, self.noa, place.project, **self._moved(), line=line)

    def _pay_later(self, place: Place) -> None:
        """Something about a payment that is there: confirm, take back, answer, set off."""
        payment = Payment.objects.filter(project=place.project).order_by("?").first()
        if payment is None:
            return
        by = self.chance.choice([self.noa, self.alon])
        reversal = Reversal.objects.filter(project=place.project, answer=None, needs_consent=True).first()
        match self.chance.randrange(4):
            case 0:
                self._do(confirm_payment, self.alon, payment.id, received_on=TODAY())
            case 1:
                self._do(reverse_payment, by, payment.id, amount=self._sum(), why="wrong_record")
            case 2 if reversal:
                self._do(answer_reversal, by, reversal.id, consents=self.chance.random() < 0.5)
            case _:
                line = str(self.chance.choice(place.milestones))
                self._do(allocate_payment, self.noa, payment.id, line=line, amount=self._sum())

    def _work(self, place: Place) -> None:
        milestone = self.chance.choice(place.milestones)
        match self.chance.randrange(4):
            case 0 | 1:
                self._do(submit_milestone, self.alon, milestone, criteria_met=place.criteria[milestone])
            case 2:
                self._do(withdraw_submission, self.alon, milestone)
            case _:
                percent = Decimal(self.chance.randint(0, 100))
                self._do(log_progress, self.alon, milestone, percent=percent)

    def _sign(self, place: Place) -> None:
        """Approve or return what was read a moment ago, and may have changed since."""
        milestone = self.chance.choice(place.milestones)
        version = Milestone.objects.values_list("version", flat=True).get(pk=milestone)
        if self.chance.random() < 0.3:
            self._do(approve_milestone, self.noa, milestone, version=version)
        else:
            unmet = place.criteria[milestone][:1]
            self._do(
                return_milestone,
                self.noa,
                milestone,
                version=version,
                reason="Not yet.",
                unmet_criteria=unmet,
            )

    def _settle(self, place: Place) -> None:
        """What the workers do beside everybody: each flag that is settled is an act of the system."""
        self._see_through(
            "settle_flags",
            lambda: [(change.entry_kind, change.flag.entry_id) for change in settle_flags(place.project)],
        )

    def _sum(self) -> Decimal:
        return Decimal(self.chance.randint(1, 50_000)) / 100

    def _moved(self) -> dict[str, Any]:
        return {"amount": self._sum(), "paid_on": TODAY(), "method": "cash"}

    # --- seeing an act through

    def _do(self, action: Action[..., Any], *request: Any, **inputs: Any) -> None:
        """Half of the acts come under a key, twice, as a request whose answer was lost."""
        name = action.terms.kind
        if self.chance.random() < 0.5:
            self._see_through(name, lambda: [(name, _entry_of(name, action(*request, **inputs)))])
            return
        key = OnceKey(uuid4().hex, "f", lambda fact: Answer(200, str(_entry_of(name, fact) or "")))
        answers: list[str] = []

        def ask() -> list[tuple[str, UUID | None]]:
            answers.append(action.once(key, *request, **inputs).body)
            return [(name, UUID(answers[0]) if answers[0] else None)]

        if self._see_through(name, ask):
            again = action.once(key, *request, **inputs)
            if not again.replayed or again.body != answers[0]:
                self.tally.unexplained.append(f"{name} was answered {answers[0]} and then {again.body}")

    def _see_through(self, name: str, ask: Callable[[], list[tuple[str, UUID | None]]]) -> bool:
        """Ask until there is an answer; whether it was yes. `busy` is none, but a request to come again."""
        for _ in range(MOST_TRIES):
            try:
                for kind, entry in ask():
                    self.tally.accept(kind, [entry] if entry else [])
                return True
            except Refused as refused:
                if refused.code != "busy":
                    self.tally.refuse(name, refused.code)
                    return False
                self.tally.wait()
            except Exception as error:  # told by the tally, and every one fails the test
                self.tally.meet(error)
                return False
        self.tally.refuse(name, "busy")
        return False


def _entry_of(kind: str, fact: Any) -> UUID | None:
    """The entry of the act that returned this; setting off returns the payment, with the entry it had."""
    return None if kind == "payment_allocated" else fact.entry_id
