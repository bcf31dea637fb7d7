"""What the model knows: projects with their parts, stages, money and flags. Amounts are whole agorot."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from .words import CONTRACTOR, EXPERT, HOMEOWNER, NEVER, Calls, Name, No, Who


@dataclass
class Part:
    name: Name
    project: Name
    role: str
    person: str | None
    email: str
    signs: bool
    confirmed: bool
    invited_by: Name | None = None
    joined: bool = False
    declined: bool = False
    left: bool = False

    @property
    def stands(self) -> bool:
        return not self.left and not self.declined

    @property
    def is_present(self) -> bool:
        return self.joined and not self.left

    @property
    def may_sign(self) -> bool:
        return self.is_present and self.signs and self.confirmed


@dataclass
class Decision:
    part: Name
    person: str
    role: str
    approves: bool


class Finding(NamedTuple):
    """What an inspection found: the worth of the work, cut at every value of the stage since, and the
    hundredths of a percent that were said."""

    worth: int
    percent: int


@dataclass
class Stage:
    name: Name
    project: Name
    position: int
    title: str
    value: int
    amount: int
    signers: list[str]
    criteria: list[Name] = field(default_factory=list)
    state: str = "planned"
    version: int = 1
    round: int = 0
    reported: int = 0  # hundredths of a percent
    evidence: set[Name] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)  # of the present round
    by_expert: Finding | None = None  # the latest inspections
    by_homeowner: Finding | None = None  # only where later than the expert's
    submitted_at: datetime = NEVER  # of the present round
    claimed: int = 0  # what was reported when it was last inspected, hundredths of a percent
    planned_start: date | None = None
    end: date | None = None  # as agreed, wherever it was moved to
    moves: int = 0  # how often the contractor moved it
    slips: int = 0  # how often it was put off so

    @property
    def found(self) -> Finding:
        """What counts as verified; a homeowner's word over an expert's before it if it is lower."""
        return min((f for f in (self.by_expert, self.by_homeowner) if f), default=Finding(0, 0))


class Linkage(NamedTuple):
    """Which share of each payment (hundredths of a percent) follows the index, and from where on."""

    share: int
    month: date
    value: Decimal


class Published(NamedTuple):
    """The index of a month (its first day)."""

    month: date
    value: Decimal
    published_on: date


@dataclass
class Piece:
    """Money of a payment that came to a line by one act; `when` and `place` tell the newer from the older."""

    line: str
    amount: int
    when: int
    place: int


@dataclass
class Payment:
    name: Name
    project: Name
    kind: str
    side: str
    amount: int
    paid_on: date
    loose: int = 0  # held against no line
    pieces: list[Piece] = field(default_factory=list)
    receipt: bool = False

    @property
    def left(self) -> int:
        return self.loose + sum(piece.amount for piece in self.pieces)

    @property
    def is_confirmed(self) -> bool:
        return self.receipt or self.side == CONTRACTOR


@dataclass
class Reversal:
    name: Name
    project: Name
    payment: Name
    amount: int
    waits: bool


@dataclass
class Dispute:
    """Over once it is withdrawn, or the contractor, who raised it, confirmed the receipt after all."""

    name: Name
    project: Name
    payment: Name
    side: str
    is_over: bool = False


@dataclass
class Defect:
    name: Name
    project: Name
    stage: Name
    blocking: bool
    fix_by: date | None
    withheld: int
    round: int  # in which a decision named it; 0: reported besides
    after: bool  # found when its stage was signed off already
    told_on: date
    state: str = "open"
    found_again: bool = False
    estimates: dict[str, int] = field(default_factory=dict)  # the latest, by role; experts' under one

    @property
    def is_closed(self) -> bool:
        return self.state in {"verified", "settled"}

    def withheld_in(self, stage: Stage) -> int:
        """What it keeps back of the payment for a stage as it was signed off."""
        return self.withheld if self.round == stage.round else 0

    @property
    def by_expert(self) -> int | None:
        return self.estimates.get(EXPERT)

    @property
    def by_homeowner(self) -> int:
        return self.estimates.get(HOMEOWNER, 0)

    @property
    def agreed(self) -> int:
        return min(self.by_homeowner, self.estimates.get(CONTRACTOR, 0))


@dataclass
class Change:
    """A change order: of one stage's price and date, another stage, or a deduction that settles a defect."""

    name: Name
    project: Name
    part: Name
    stage: Name | None
    title: str
    amount: int
    criteria: list[str]
    signers: list[str]
    days: int = 0
    planned_start: date | None = None  # of another stage
    planned_end: date | None = None
    defect: Name | None = None  # that it settles
    signers_gone: int = 0  # from the project before it was proposed
    signatures: set[tuple[Name, int]] = field(default_factory=set)
    waits: bool = True


class Approval(NamedTuple):
    """A homeowner's yes to a version of an advance; with `completes` everybody who signs had said it."""

    part: Name
    version: int
    amount: int
    condition: str
    completes: bool


@dataclass
class Advance:
    name: Name
    project: Name
    stage: Name
    amount: int
    catch_up_on: date
    asked_at: datetime
    openings: dict[Name, datetime] = field(default_factory=dict)
    approvals: list[Approval] = field(default_factory=list)
    overtaken: int = 0  # changes of the contract since the last approval
    answer: str = ""  # declined or withdrawn
    payment: Payment | None = None


@dataclass
class Deed:
    """A version of what both sides sign at the end: the handover, or the closing sum."""

    version: int
    day: date | None
    amount: int
    signatures: set[Name] = field(default_factory=set)
    concluded_at: datetime | None = None


@dataclass
class Expectation:
    name: Name
    project: Name
    position: int
    promised: bool  # by the contractor's side, to win the job
    stages: list[Name]  # none: the whole project
    state: str = "open"
    version: int = 1
    countered: bool = False
    judged: bool = False


@dataclass
class Thing:
    """A file or a flag: no more than where it belongs."""

    name: Name
    project: Name


@dataclass
class Project:
    name: Name
    total: int
    deposit: int
    kept: int  # retention, hundredths of a percent
    policy: dict[str, Any]
    linkage: Linkage | None = None
    index: dict[date, Published] = field(default_factory=dict)  # that counts, by month
    state: str = "draft"
    version: int = 1
    entries: int = 0  # length of the journal
    parts: list[Part] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    closes: dict[date, int] = field(default_factory=dict)  # U at the close of the days of payments
    reversals: list[Reversal] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    in_force: int = 0  # changes so far
    signers_gone: int = 0  # who signed for a side and left
    advances: list[Advance] = field(default_factory=list)
    shown_at: datetime = NEVER  # the contractor's latest sign of work
    deeds: dict[str, list[Deed]] = field(default_factory=dict)  # by kind, the newest last
    ended_on: date | None = None  # by its termination
    opened: int = 0  # of the retention
    due_since: dict[str, datetime] = field(
        default_factory=dict
    )  # since when a line has been payable, by line
    files: list[Thing] = field(default_factory=list)
    signatures: set[tuple[Name, int]] = field(default_factory=set)
    flags: dict[tuple[str, Name], tuple[Calls, Name]] = field(default_factory=dict)  # open, by kind and thing

    @property
    def draft(self) -> bool:
        return self.state == "draft"

    @property
    def terminated(self) -> bool:
        return self.state == "terminated"

    def concluded(self, kind: str) -> Deed | None:
        """The deed of a kind that both sides have signed."""
        return next((deed for deed in self.deeds.get(kind, []) if deed.concluded_at), None)

    @property
    def those_present(self) -> list[Part]:
        return [part for part in self.parts if part.is_present]


Kind = TypeVar("Kind")


@dataclass
class Book:
    """Everything the model knows. `addresses`: of each person, the ones proved to be theirs, first the main
    one. `now`: the moment, where the projects are."""

    addresses: dict[str, list[str]]
    now: datetime
    projects: list[Project] = field(default_factory=list)
    things: dict[Name, Any] = field(default_factory=dict)
    tokens: dict[Name, str] = field(default_factory=dict)  # living tokens and whose they are
    once: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.date()

    def new(self, kind: str) -> Name:
        self._names[kind] = self._names.get(kind, 0) + 1
        return Name(f"{kind}{self._names[kind]}")

    def keep(self, thing: Kind) -> Kind:
        self.things[thing.name] = thing  # type: ignore[attr-defined]
        return thing

    def find(self, kind: type[Kind], name: str) -> Kind:
        """The thing of that name; not there when it is none of that kind."""
        found = self.things.get(Name(name))
        if not isinstance(found, kind):
            raise No("not_found")
        return found

    def project(self, name: Name) -> Project:
        return self.find(Project, name)

    def project_of(self, thing: Any) -> Project:
        return thing if isinstance(thing, Project) else self.project(thing.project)


def admit(
    project: Project,
    who: Who,
    by: set[str] | None = None,
    signing: bool = False,
    proof: bool = False,
    confirmed: bool = False,
) -> Part:
    """The actor's part in the project, where it may do this."""
    part = next((p for p in project.those_present if p.person == who.person), None)
    if part is None or who.person is None:
        raise No("not_found")
    if by is not None and part.role not in by:
        raise No("not_your_role")
    if signing and not part.signs:
        raise No("not_a_signer")
    if (signing or confirmed) and not part.confirmed:
        raise No("part_not_confirmed")
    if proof and not who.proven:
        raise No("proof_needed")
    return part
