"""The money of every project, recomputed from its rows by the rules, and its figures.

Act by act: every line held what it may hold, and what was released went through a line that was open by then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from milestones.models import Milestone
from payments.figures import with_figures
from payments.models import EarlyPart, Payment
from payments.queries import line_name
from payments.rules import (
    DEPOSIT,
    FINAL,
    RETENTION,
    Change,
    Contract,
    Line,
    Lot,
    Term,
    early_parts,
    exposure_of,
    lots_of,
    schedule_of,
    undone,
)
from projects import clock
from projects.integrity import Break, by_project
from projects.integrity.reading import ROWS_AT_A_TIME, rows_of
from projects.models import Project
from projects.money import ZERO, total_of
from projects.policy import policy_of

from .questions import of, within
from .report import Report

FIGURES = (
    "paid",
    "earned",
    "unlocked",
    "early",
    "repair",
    "exposure",
    "payable",
    "excess",
    "agreed_lead",
    "level",
)

TERMS = ("contract_total", "deposit", "retention_percent", "state", "policy")

WORTH = ("verified", "withheld", "repair", "blocking_repair")

ENDING = ("ending__retention_open", "ending__terminated", "ending__final")

# Of each payment what moved, what was taken back by then, and its parts, in the journal's order.
MONEY = f"""
SELECT y.project_id, y.id, y.kind, y.amount, e.seq, (
        SELECT coalesce(sum(r.amount), 0.00) FROM payments_reversal r
        LEFT JOIN payments_reversalanswer s ON s.reversal_id = r.id
        WHERE r.payment_id = y.id AND (NOT r.needs_consent OR s.consents)) AS reversed,
    ae.seq, a.line, a.milestone_id, a.amount
FROM payments_payment y LEFT JOIN projects_journalentry e ON e.id = y.entry_id
LEFT JOIN payments_allocation a ON a.payment_id = y.id
LEFT JOIN projects_journalentry ae ON ae.id = a.entry_id
WHERE {within("y.project_id")}
ORDER BY y.project_id, ae.seq, a.id
"""

# When a project became active: the last signature under the version in force.
ACTIVE_SINCE = f"""
SELECT c.id, max(e.seq) FROM projects_project c
JOIN projects_agreementsignature s ON s.project_id = c.id AND s.version = c.version
JOIN projects_journalentry e ON e.id = s.entry_id
WHERE c.state <> 'draft' AND {within("c.id")} GROUP BY c.id ORDER BY c.id
"""

# What came into force of changes to the terms, in the journal's order.
CHANGES = f"""
SELECT f.project_id, e.seq, f.milestone_id, c.amount, c.kind = 'add_milestone' FROM payments_changeinforce f
JOIN payments_changeorder c ON c.id = f.change_id
JOIN projects_journalentry e ON e.id = f.entry_id
WHERE {within("f.project_id")} ORDER BY f.project_id, e.seq
"""


# What opened the retention, a closing sum, and the termination that closed what was not signed off.
ENDINGS = f"""
SELECT o.project_id, e.seq, 'retention' AS what, o.amount FROM payments_retentionopening o
JOIN projects_journalentry e ON e.id = o.entry_id WHERE {within("o.project_id")}
UNION ALL
SELECT d.project_id, e.seq, 'final', d.amount FROM projects_deed d
JOIN projects_deedsignature s ON s.deed_id = d.id AND s.concludes
JOIN projects_journalentry e ON e.id = s.entry_id WHERE d.kind = 'closing_sum' AND {within("d.project_id")}
UNION ALL
SELECT t.project_id, e.seq, 'terminated', 0.00 FROM projects_turn t
JOIN projects_journalentry e ON e.id = t.entry_id WHERE t.kind = 'terminated' AND {within("t.project_id")}
ORDER BY 1, 2
"""


class Row(NamedTuple):
    """A payment with one of its allocations, or with none (`at`, `line` and `part` are None)."""

    payment: UUID
    kind: str
    amount: Decimal
    seq: int
    reversed: Decimal
    at: int | None
    line: str | None
    milestone: UUID | None
    part: Decimal | None


@dataclass
class Book:
    """One project's money, terms and sign-offs, as loaded."""

    project: UUID
    terms: dict[str, Any]
    milestones: Sequence[dict[str, Any]]
    money: Sequence[Row]
    early: dict[str, Decimal] = field(default_factory=dict)
    active_since: int | None = None
    changes: Sequence[tuple[int, Change]] = ()
    endings: Sequence[tuple[int, str, Decimal]] = ()
    _full: dict[tuple[frozenset[str], int], dict[str, Decimal]] = field(default_factory=dict)

    @property
    def contract(self) -> Contract:
        return Contract(
            total=self.terms["contract_total"],
            terms=tuple(_term(milestone) for milestone in self.milestones),
            deposit=self.terms["deposit"],
            retention_percent=self.terms["retention_percent"],
            active=self.terms["state"] != Project.State.DRAFT,
            retention_open=self.terms["ending__retention_open"],
            terminated=self.terms["ending__terminated"],
            final=self.terms["ending__final"],
        )

    @property
    def left(self) -> dict[str, Decimal]:
        """What is left of each payment."""
        return {str(row.payment): row.amount - row.reversed for row in self.money}

    @property
    def moves(self) -> list[Lot]:
        """Every allocation, in the journal's order."""
        return [
            Lot(
                str(row.payment),
                row.at or 0,
                line_name(row.line, row.milestone),
                row.part,
                is_advance=row.kind == Payment.Kind.ADVANCE,
            )
            for row in self.money
            if row.line and row.part is not None
        ]

    def is_signed_before(self, seq: int) -> bool:
        """Whether the agreement, and with it the bounds of every line, stood fixed at an entry."""
        return self.active_since is not None and self.active_since < seq

    def open_since(self, line: str) -> int | None:
        """The entry that opened a line; None while it is locked."""
        if line == DEPOSIT:
            return self.active_since
        if line in {RETENTION, FINAL}:
            return next((seq for seq, what, _ in self.endings if what == line), None)
        signed = (m for m in self.milestones if m["state"] == Milestone.State.SIGNED_OFF)
        return next((m["sign_off__entry__seq"] for m in signed if str(m["id"]) == line), None)

    def opened_before(self, seq: int) -> Decimal:
        """How much of the retention had opened when an entry was written."""
        return total_of([amount for at, what, amount in self.endings if what == RETENTION and at < seq])

    def full_at(self, seq: int) -> dict[str, Decimal]:
        """What every line could hold at an entry, when later changes were not in force and a contract that
        ended later had not ended. The deposit could hold its amount, though a termination leaves less."""
        done = frozenset(what for at, what, _ in self.endings if at <= seq)
        later = [change for at, change in self.changes if at > seq]
        if (done, len(later)) not in self._full:
            contract = undone(self.contract, later)
            final = contract.final if FINAL in done else ZERO
            contract = replace(contract, terminated="terminated" in done, final=final)
            full = {line.line: line.full for line in schedule_of(contract, {})}
            self._full[done, len(later)] = full | {DEPOSIT: contract.deposit}
        return self._full[done, len(later)]


def _term(milestone: dict[str, Any]) -> Term:
    return Term(
        milestone=str(milestone["id"]),
        position=milestone["position"],
        value=milestone["value"],
        amount=milestone["amount"],
        signed_off=milestone["state"] == Milestone.State.SIGNED_OFF,
        **{name: milestone[f"worth__{name}"] for name in WORTH},
    )


def _changed(seq: int, milestone: UUID, amount: Decimal, adds: bool) -> tuple[int, Change]:
    return seq, Change(milestone=str(milestone), amount=amount, adds=adds)


def money(report: Report, project: UUID | None) -> None:
    """Sums agree, lines hold what they may, releases went through the gate, figures are the rules'."""
    for book in books(project):
        report.counts["payments"] += len(book.left)
        report.counts["milestones"] += len(book.milestones)
        for problem, seq, about in _problems(book):
            report.add(Break("money", problem, book.project, seq, about))


def books(project: UUID | None) -> Iterator[Book]:
    """The money of all projects, one after the other, in seven statements."""
    projects, milestones = Project.objects.all(), Milestone.objects.all()
    early = EarlyPart.objects.all()
    if project:
        projects, milestones = projects.filter(pk=project), milestones.filter(project=project)
        early = early.filter(project=project)
    streams = (
        _keyed("id", with_figures(projects).order_by("id").values("id", *TERMS, *ENDING, *FIGURES)),
        _keyed(
            "project_id",
            milestones.order_by("project_id", "position").values(
                *("id", "project_id", "position", "value", "amount", "state", "sign_off__entry__seq"),
                *(f"worth__{name}" for name in WORTH),
            ),
        ),
        ((owner, Row(*row)) for owner, *row in rows_of(MONEY, of(project))),
        _keyed("project_id", early.order_by("project_id").values("project_id", "payment_id", "amount")),
        rows_of(ACTIVE_SINCE, of(project)),
        ((owner, _changed(*row)) for owner, *row in rows_of(CHANGES, of(project))),
        ((owner, tuple(row)) for owner, *row in rows_of(ENDINGS, of(project))),
    )
    for owner, (terms, stages, rows, parts, since, changes, endings) in by_project(*streams):
        if terms:
            found = {str(part["payment_id"]): part["amount"] for part in parts}
            yield Book(owner, terms[0], stages, rows, found, since[0] if since else None, changes, endings)


def _keyed(key: str, rows: QuerySet[Any, dict[str, Any]]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    return ((row[key], row) for row in rows.iterator(ROWS_AT_A_TIME))


Problem = tuple[str, int | None, str]


def _problems(book: Book) -> Iterator[Problem]:
    yield from _sums(book)
    yield from _payments(book)
    try:
        lines = schedule_of(book.contract, _held(book.moves))
        lots = lots_of(book.moves, book.left)
        yield from _gate(book)
        yield from _figures(book, lines, lots)
    except (ValueError, LookupError) as error:
        yield "does_not_add_up", None, str(error)


def _sums(book: Book) -> Iterator[Problem]:
    contract, about = book.contract, f"projects_project/{book.project}"
    if not contract.active:
        return
    if total_of([term.value for term in contract.terms]) != contract.total:
        yield "values_differ_from_total", None, about
    if total_of([term.amount for term in contract.terms]) + contract.deposit != contract.total:
        yield "amounts_differ_from_total", None, about


def _payments(book: Book) -> Iterator[Problem]:
    """No payment counts for more than is left of it, and a release counts whole."""
    counted = _held(Lot(move.payment, 0, move.payment, move.amount) for move in book.moves)
    for row in {row.payment: row for row in book.money}.values():
        left, held = row.amount - row.reversed, counted.get(str(row.payment), ZERO)
        if left < 0 or not 0 <= held <= left or (row.kind == "release" and held != left):
            yield "payment_does_not_add_up", row.seq, f"payments_payment/{row.payment}"


def _held(moves: Iterable[Lot]) -> dict[str, Decimal]:
    """What is held against each line."""
    held: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for move in moves:
        held[str(move.line)] += move.amount
    return dict(held)


def _gate(book: Book) -> Iterator[Problem]:
    """Act by act: what every line held, and whether it was open to what was released."""
    released = {str(row.payment): row.seq for row in book.money if row.kind == "release"}
    held: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for n, move in enumerate(moves := book.moves):
        name, is_last = str(move.line), n + 1 == len(moves)
        held[name] += move.amount
        about = f"{name} of payments_payment/{move.payment}"
        is_release = released.get(move.payment) == move.seq
        if is_release and not _is_open(book, name, move.seq):
            yield "released_while_locked", move.seq, about
        elif is_release and name == RETENTION and held[name] > book.opened_before(move.seq):
            yield "released_while_kept", move.seq, about
        if is_last or moves[n + 1].seq != move.seq:
            full = book.full_at(move.seq) if is_last or book.is_signed_before(move.seq) else None
            yield from (("beyond_the_line", move.seq, name) for name in _overfull(held, full))


def _is_open(book: Book, line: str, seq: int) -> bool:
    since = book.open_since(line)
    return since is not None and since < seq


def _overfull(held: dict[str, Decimal], full: dict[str, Decimal] | None) -> list[str]:
    """The lines that held more than they may, or less than nothing.

    Without `full` their bounds are not known: in a draft they could be lowered once the money was back.
    """
    return [
        name
        for name, amount in held.items()
        if amount < 0 or (full is not None and amount > full.get(name, ZERO))
    ]


def _figures(book: Book, lines: Sequence[Line], lots: Sequence[Lot]) -> Iterator[Problem]:
    """What lists and the sweep read from the database is what the rules make of the same rows."""
    unheld = total_of([lot.amount for lot in lots if lot.line is None])
    today = clock.now().date()  # of the figures compared none is one of a day
    ruled = exposure_of(book.contract, lines, unheld, policy_of(book.terms["policy"]), today)
    for name in FIGURES:
        if _plain(getattr(ruled, name)) != _plain(book.terms[name]):
            yield "figure_differs", None, name
    parts: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for (payment, _), amount in early_parts(lines, lots).items():
        parts[payment] += amount
    for payment in sorted(parts.keys() ^ book.early.keys() | _differing(parts, book.early)):
        yield "early_part_differs", None, f"payments_payment/{payment}"


def _differing(ours: dict[str, Decimal], theirs: dict[str, Decimal]) -> set[str]:
    return {payment for payment in ours.keys() & theirs.keys() if ours[payment] != theirs[payment]}


def _plain(figure: Any) -> Any:
    return figure if isinstance(figure, Decimal) else str(figure)
