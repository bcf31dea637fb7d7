"""Money before the sign-off: asked for, thought over, agreed to by all who sign, paid (docs/gate.md)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .book import Advance, Approval, Book, Project, Stage, admit
from .figures import figures_of, line_of, part_of_total, policy_of
from .money import pay, put, require_past
from .parts import wrote
from .words import CONTRACTOR, HOMEOWNER, WAITS_BECAUSE, Name, No, Who, agorot, hundredths

LAPSES_AFTER = timedelta(days=7)
WAITING = {"asked", "approved"}


def ask_for_advance(
    book: Book, who: Who, target: Name, *, milestone: Name, amount: Decimal, catch_up_on: date
) -> Name:
    project = book.project(target)
    admit(project, who, {CONTRACTOR})
    if project.state != "active":
        raise No(WAITS_BECAUSE[project.state])
    stage = next((stage for stage in project.stages if stage.name == milestone), None)
    if stage is None:
        raise No("unknown_line")
    if stage.state == "signed_off":
        raise No("milestone_signed_off")
    sum_ = agorot(amount)
    _require_room_on_line(project, stage, sum_)
    if catch_up_on <= book.today:
        raise No("catch_up_past")
    if any(state_of(book, project, advance) in {*WAITING, "paid"} for advance in project.advances):
        raise No("advance_open")
    advance = Advance(book.new("advance"), project.name, stage.name, sum_, catch_up_on, book.now)
    project.advances.append(book.keep(advance))
    wrote(project)
    return advance.name


def open_advance(book: Book, who: Who, target: Name) -> Name:
    advance, project = _advance(book, target)
    part = admit(project, who, {HOMEOWNER}, signing=True)
    if part.name not in advance.openings:
        _require_waiting(book, project, advance)
        advance.openings[part.name] = book.now
        wrote(project)
    return advance.name


def approve_advance(
    book: Book,
    who: Who,
    target: Name,
    *,
    version: int,
    amount: Decimal | None = None,
    condition: str | None = None,
) -> Name:
    advance, project = _advance(book, target)
    part = admit(project, who, {HOMEOWNER}, signing=True, proof=True)
    _require_waiting(book, project, advance)
    if book.now >= advance.asked_at + LAPSES_AFTER:
        raise No("advance_closed", state="lapsed")
    stands = terms_of(advance)
    if version != stands.version:
        raise No("changed_since_read")
    after = decide_after(project, advance)
    if after is None:
        raise No("advance_unopened")
    if book.now < after:
        raise No("cooling_off")
    sum_ = stands.amount if amount is None else agorot(amount)
    words = stands.condition if condition is None else condition.strip()
    if sum_ > advance.amount:
        raise No("more_than_asked", asked=advance.amount)
    is_same, missing = (sum_, words) == (stands.amount, stands.condition), awaited(project, advance)
    has_approved = part.name in _approved(advance)
    if is_same and has_approved and (missing or is_approved(project, advance)):
        raise No("approved_already")
    _require_room(project, book.find(Stage, advance.stage), sum_)
    missing = (missing if is_same else signers_of(project)) - {part.name}
    number = stands.version + (not is_same)
    advance.approvals.append(Approval(part.name, number, sum_, words, completes=not missing))
    advance.overtaken = 0
    wrote(project)
    return advance.name


def decline_advance(book: Book, who: Who, target: Name) -> Name:
    return _answer(book, who, target, "declined")


def withdraw_advance(book: Book, who: Who, target: Name) -> Name:
    return _answer(book, who, target, "withdrawn")


def _answer(book: Book, who: Who, target: Name, answer: str) -> Name:
    advance, project = _advance(book, target)
    if answer == "declined":
        admit(project, who, {HOMEOWNER}, signing=True)
    else:
        admit(project, who, {CONTRACTOR})
    _require_waiting(book, project, advance)
    advance.answer = answer
    wrote(project)
    return advance.name


def pay_advance(book: Book, who: Who, target: Name, *, amount: Decimal, paid_on: date, **_: Any) -> Name:
    advance, project = _advance(book, target)
    admit(project, who, {HOMEOWNER}, signing=True, proof=True)
    _require_waiting(book, project, advance)
    if not is_approved(project, advance):
        raise No("advance_not_approved")
    sum_, stands = agorot(amount), terms_of(advance)
    if sum_ > stands.amount:
        raise No("more_than_approved", approved=stands.amount)
    _require_room(project, book.find(Stage, advance.stage), sum_)
    require_past(book, paid_on)
    advance.payment = pay(book, project, "advance", HOMEOWNER, sum_, paid_on)
    put(project, advance.payment, advance.stage, sum_)
    return advance.payment.name


def state_of(book: Book, project: Project, advance: Advance) -> str:
    if advance.answer:
        return advance.answer
    is_signed_off = book.find(Stage, advance.stage).state == "signed_off"
    if is_signed_off or project.state == "terminated" or (advance.payment and not advance.payment.left):
        return "ended"
    if advance.payment:
        return "paid"
    if is_approved(project, advance):
        return "approved"
    return "lapsed" if book.now >= advance.asked_at + LAPSES_AFTER else "asked"


def terms_of(advance: Advance) -> Approval:
    """The terms in force, as the last approval has them; at first what was asked. A change of the contract
    makes them another version."""
    asked = Approval(advance.name, 1, advance.amount, "", completes=False)
    last = advance.approvals[-1] if advance.approvals else asked
    return last._replace(version=last.version + advance.overtaken)


def signers_of(project: Project) -> set[Name]:
    return {part.name for part in project.parts if part.role == HOMEOWNER and part.may_sign}


def awaited(project: Project, advance: Advance) -> set[Name]:
    return signers_of(project) - _approved(advance)


def is_approved(project: Project, advance: Advance) -> bool:
    """Everybody who signs approved these terms, and an approval made them complete: leaving does not."""
    version = terms_of(advance).version
    completed = any(given.completes for given in advance.approvals if given.version == version)
    return completed and not awaited(project, advance)


def decide_after(project: Project, advance: Advance) -> datetime | None:
    """From when it may be approved; None while somebody who signs has not opened it."""
    signers = signers_of(project)
    if not signers or signers - advance.openings.keys():
        return None
    hours = hundredths(policy_of(project.policy, "cooling_off_hours"))
    return max(advance.openings[part] for part in signers) + timedelta(hours=hours / 100)


def _approved(advance: Advance) -> set[Name]:
    version = terms_of(advance).version
    return {given.part for given in advance.approvals if given.version == version}


def _advance(book: Book, target: Name) -> tuple[Advance, Project]:
    advance = book.find(Advance, target)
    return advance, book.project(advance.project)


def _require_waiting(book: Book, project: Project, advance: Advance) -> None:
    if (state := state_of(book, project, advance)) not in WAITING:
        raise No("advance_closed", state=state)


def _require_room_on_line(project: Project, stage: Stage, amount: int) -> None:
    line = line_of(project, stage.name)
    assert line is not None
    if amount > line.room:
        raise No("no_room", room=line.room)


def _require_room(project: Project, stage: Stage, amount: int) -> None:
    """Room on the line, and below what the exposure may come to with it."""
    _require_room_on_line(project, stage, amount)
    cap = part_of_total(project, "advance_cap_percent")
    most = max(0, cap - figures_of(project)["exposure"])
    if amount > most:
        raise No("advance_over_cap", cap=cap, most=most)
