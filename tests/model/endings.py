"""How a signed project goes on and ends: its turns, what both sides sign, the retention."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from .book import Book, Deed, Project, admit
from .figures import age_of, line_of, lines_of, policy_of, repair_of
from .money import take
from .parts import wrote
from .words import CLOSING_SUM, HANDOVER, RETENTION, SIDES, Name, No, Who, share
from .work import require_active

HALF = 50_00


def suspend_project(book: Book, who: Who, target: Name, *, reason: str) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    require_active(project)
    _require_reason(reason)
    project.state = "suspended"
    wrote(project)
    return project.name


def resume_project(book: Book, who: Who, target: Name, *, reason: str) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    if project.state != "suspended":
        raise No("not_suspended")
    _require_reason(reason)
    project.state, project.shown_at = "active", book.now
    wrote(project)
    return project.name


def complete_project(book: Book, who: Who, target: Name) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    require_active(project)
    missing = [str(stage.position) for stage in project.stages if stage.state != "signed_off"]
    if missing:
        raise No("work_is_missing", missing=", ".join(missing))
    project.state = "completed"
    if policy_of(project.policy, "retention_at_completion") == "half":
        _open(book, project, share(_kept(project), HALF))
    wrote(project)
    return project.name


def terminate_project(book: Book, who: Who, target: Name, *, reason: str) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True, proof=True)
    if project.state != "suspended":
        require_active(project)
    _require_reason(reason)
    project.state, project.ended_on = "terminated", book.today
    for line in lines_of(project):
        _hold_against_none(book, project, line.name, line.paid - line.full)
    wrote(project)
    return project.name


def _hold_against_none(book: Book, project: Project, line: str, beyond: int) -> None:
    """What a line can hold no longer, the newest first."""
    there = [(pay, piece) for pay in project.payments for piece in pay.pieces if piece.line == line]
    for payment, piece in sorted(there, key=lambda both: age_of(*both), reverse=True):
        if (part := min(piece.amount, beyond)) > 0:
            beyond -= part
            loose, payment.loose = payment.loose, 0
            take(payment, [(piece, part)], part)
            payment.loose = loose + part


def end_defects_period(book: Book, who: Who, target: Name) -> Name:
    project = book.project(target)
    if who.person:
        raise No("not_found")
    over_on = period_ends_on(project)
    if over_on is None or over_on > book.today:
        return project.name
    opens = max(0, _kept(project) - project.opened - _for_defects(project, over_on))
    if project.state == "completed" or opens:
        project.state = "closed" if project.state == "completed" else project.state
        _open(book, project, opens)
        wrote(project)
    return project.name


def period_ends_on(project: Project) -> date | None:
    """The first day after the defects period, of the handover or the termination."""
    handover = project.concluded(HANDOVER)
    begins = handover.day if handover else project.ended_on
    if begins is None:
        return None
    months = begins.month - 1 + int(policy_of(project.policy, "defects_period_months"))
    year, month = begins.year + months // 12, months % 12 + 1
    return date(year, month, min(begins.day, monthrange(year, month)[1]))


def _for_defects(project: Project, over_on: date) -> int:
    """The estimated cost of open faults that were reported by then."""
    return sum(repair_of(project, stage, lambda fault: fault.told_on <= over_on) for stage in project.stages)


def propose_handover(book: Book, who: Who, target: Name, *, day: date, text: str) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    if day > book.today:
        raise No("handover_in_future")
    if project.state != "completed":
        raise No("not_completed")
    return _propose(project, HANDOVER, day, 0, text)


def propose_closing_sum(book: Book, who: Who, target: Name, *, amount: Decimal, text: str) -> Name:
    project = book.project(target)
    admit(project, who, SIDES, signing=True)
    if project.state != "terminated":
        raise No("not_terminated")
    return _propose(project, CLOSING_SUM, None, int(amount * 100), text)


def _propose(project: Project, kind: str, day: date | None, amount: int, text: str) -> Name:
    if project.concluded(kind):
        raise No("deed_is_signed")
    if not text.strip():
        raise No("deed_without_words")
    deeds = project.deeds.setdefault(kind, [])
    deeds.append(Deed(len(deeds) + 1, day, amount))
    wrote(project)
    return project.name


def sign_handover(book: Book, who: Who, target: Name, *, version: int) -> Name:
    return _sign(book, who, target, HANDOVER, version)


def sign_closing_sum(book: Book, who: Who, target: Name, *, version: int) -> Name:
    return _sign(book, who, target, CLOSING_SUM, version)


def _sign(book: Book, who: Who, target: Name, kind: str, version: int) -> Name:
    project = book.project(target)
    part = admit(project, who, SIDES, signing=True, proof=True)
    if not project.deeds.get(kind):
        raise No("not_proposed")
    deed = project.deeds[kind][-1]
    if deed.concluded_at:
        raise No("deed_is_signed")
    if version != deed.version:
        raise No("changed_since_read")
    if part.name in deed.signatures:
        return project.name
    deed.signatures.add(part.name)
    sides = [p for p in project.parts if p.may_sign and p.role in SIDES]
    if {p.role for p in sides} == SIDES and {p.name for p in sides} <= deed.signatures:
        deed.concluded_at = book.now
    wrote(project)
    return project.name


def _open(book: Book, project: Project, amount: int) -> None:
    if amount:
        project.opened += amount


def _kept(project: Project) -> int:
    """All that is kept back of the stages."""
    line = line_of(project, RETENTION)
    return line.full if line else 0


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise No("turn_without_reason")
