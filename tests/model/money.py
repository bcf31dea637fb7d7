"""The gate, and what is recorded beside it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .book import Book, Payment, Piece, Project, Reversal, admit
from .figures import age_of, early_pieces, figures_of, line_of, lines_of, place_of, unheld_of
from .parts import wrote
from .words import CONTRACTOR, DEPOSIT, HOMEOWNER, SIDES, Name, No, Who, agorot


def release_payment(
    book: Book, who: Who, target: Name, *, line: str, amount: Decimal, paid_on: date, **_: Any
) -> Name:
    project = book.project(target)
    admit(project, who, {HOMEOWNER}, signing=True, proof=True)
    chosen = line_of(project, line)
    if chosen is None:
        raise No("unknown_line")
    sum_ = agorot(amount)
    if chosen.locked_because:
        raise No("payment_locked", locked_because=chosen.locked_because)
    if unheld := unheld_of(project):
        raise No("set_off_first", unheld=unheld)
    if sum_ > chosen.payable:
        raise No("more_than_payable", payable=chosen.payable)
    require_past(book, paid_on)
    payment = pay(book, project, "release", HOMEOWNER, sum_, paid_on)
    put(project, payment, line, sum_)
    return payment.name


def record_payment(
    book: Book,
    who: Who,
    target: Name,
    *,
    amount: Decimal,
    paid_on: date,
    line: str | None = None,
    **_: Any,
) -> Name:
    project = book.project(target)
    part = admit(project, who, SIDES)
    rest = agorot(amount)
    if line is not None and line != DEPOSIT and project.draft:
        raise No("before_activation")
    if line is not None and line_of(project, line) is None:
        raise No("unknown_line")
    require_past(book, paid_on)
    rooms = [(found.name, found.payable if line is None else found.room) for found in lines_of(project)]
    payment = pay(book, project, "record", part.role, rest, paid_on)
    for name, room in rooms:
        if line in {None, name}:
            rest -= put(project, payment, name, min(room, rest))
    return payment.name


def confirm_payment(book: Book, who: Who, target: Name, *, received_on: date) -> Name:
    payment, project = _payment(book, target)
    admit(project, who, {CONTRACTOR})
    if payment.is_confirmed:
        raise No("confirmed_already")
    if not payment.left:
        raise No("more_than_left", left=0)
    require_past(book, received_on)
    payment.receipt = True
    for dispute in project.disputes:
        dispute.is_over |= dispute.payment == payment.name and dispute.side == CONTRACTOR
    wrote(project)
    return payment.name


def allocate_payment(book: Book, who: Who, target: Name, *, line: str, amount: Decimal) -> Name:
    payment, project = _payment(book, target)
    admit(project, who, {HOMEOWNER}, signing=True)
    sum_ = agorot(amount)
    aim = line_of(project, line)
    if aim is None:
        raise No("unknown_line")
    if project.draft and line != DEPOSIT:
        raise No("before_activation")
    elsewhere = [
        (piece, part) for its, piece, part in early_pieces(project) if its is payment and piece.line != line
    ]
    early = payment.loose + sum(part for _, part in elsewhere)
    if not early:
        raise No("nothing_to_move")
    if sum_ > early:
        raise No("more_than_early", early=early)
    if sum_ > aim.room:
        raise No("no_room", room=aim.room)
    wrote(project)
    take(payment, elsewhere, sum_)
    payment.loose += sum_
    put(project, payment, line, sum_)
    return payment.name


def reverse_payment(book: Book, who: Who, target: Name, *, amount: Decimal, **_: Any) -> Name:
    payment, project = _payment(book, target)
    part = admit(project, who, SIDES)
    if payment.side != part.role:
        raise No("not_your_payment")
    if payment.kind != "record" and not part.may_sign:
        raise No("not_a_signer")
    if any(r.waits for r in project.reversals if r.payment == payment.name):
        raise No("reversal_waits")
    sum_ = agorot(amount)
    if sum_ > payment.left:
        raise No("more_than_left", left=payment.left)
    reversal = Reversal(book.new("reversal"), project.name, payment.name, sum_, payment.is_confirmed)
    project.reversals.append(book.keep(reversal))
    wrote(project)
    if not reversal.waits:
        take(payment, newest_first(payment), sum_)
    return reversal.name


def answer_reversal(book: Book, who: Who, target: Name, *, consents: bool) -> Name:
    reversal = book.find(Reversal, target)
    payment, project = _payment(book, reversal.payment)
    part = admit(project, who, SIDES)
    if not reversal.waits:
        raise No("answered_already")
    if consents and part.role == payment.side:
        raise No("not_yours_to_consent")
    if consents and not part.may_sign:
        raise No("not_a_signer")
    reversal.waits = False
    wrote(project)
    if consents:
        take(payment, newest_first(payment), reversal.amount)
    return reversal.name


def newest_first(payment: Payment) -> list[tuple[Piece, int]]:
    """Its pieces, and how much of each there is to take."""
    pieces = sorted(payment.pieces, key=lambda piece: age_of(payment, piece), reverse=True)
    return [(piece, piece.amount) for piece in pieces]


def pay(book: Book, project: Project, kind: str, side: str, amount: int, paid_on: date) -> Payment:
    payment = book.keep(Payment(book.new("payment"), project.name, kind, side, amount, paid_on, loose=amount))
    project.payments.append(payment)
    project.closes[book.today] = 0
    wrote(project)
    return payment


def note(book: Book) -> None:
    """What an act has left: U as a day of payments would close now, and since when each line has been due."""
    for project in book.projects:
        due = [line.name for line in lines_of(project) if line.payable]
        project.due_since = {line: project.due_since.get(line, book.now) for line in due}
        if book.today in project.closes:
            project.closes[book.today] = figures_of(project)["excess"]


def put(project: Project, payment: Payment, line: str, amount: int) -> int:
    """Count loose money of the payment against a line."""
    if amount:
        payment.loose -= amount
        payment.pieces.append(Piece(line, amount, project.entries, place_of(project, line)))
    return amount


def take(payment: Payment, pieces: Sequence[tuple[Piece, int]], amount: int) -> None:
    """Take money out: first what is held against no line, then parts of the pieces in the order given."""
    taken = min(payment.loose, amount)
    payment.loose -= taken
    for piece, part in pieces:
        amount -= taken
        taken = min(part, amount)
        piece.amount -= taken
    payment.pieces = [piece for piece in payment.pieces if piece.amount]


def _payment(book: Book, target: Name) -> tuple[Payment, Project]:
    payment = book.find(Payment, target)
    return payment, book.project(payment.project)


def require_past(book: Book, day: date) -> None:
    if day > book.today:
        raise No("date_in_future")
