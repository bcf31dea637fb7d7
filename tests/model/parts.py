"""Who may bring whom, and who may end whose part; files."""

from typing import Any

from .book import Book, Part, Project, Thing, admit
from .words import CONTRACTOR, ENGINEER, HOMEOWNER, OBSERVER, SIDES, SUPERVISOR, Name, No, Who


def wrote(project: Project, *, terms: bool = False) -> None:
    """One act, one entry; a change of a draft's terms or signers is a new version of it."""
    project.entries += 1
    if terms and project.draft:
        project.version += 1


def invite_party(book: Book, who: Who, target: Name, *, email: str, role: str, signs: bool) -> Name:
    project = book.project(target)
    inviter = admit(project, who, SIDES)
    if code := _invitation_refused(project, inviter, role, signs):
        raise No(code)
    email = email.strip().lower()
    if any(_address(book, part) == email for part in project.parts if part.stands):
        raise No("already_invited")
    by_homeowner = inviter.role == HOMEOWNER and inviter.may_sign
    part = Part(
        book.new("part"),
        project.name,
        role,
        None,
        email,
        signs=signs and role != OBSERVER,
        confirmed=by_homeowner or role not in {ENGINEER, SUPERVISOR},
        invited_by=inviter.name,
    )
    project.parts.append(book.keep(part))
    wrote(project)
    return part.name


def _invitation_refused(project: Project, inviter: Part, role: str, signs: bool) -> str | None:
    ours = [part for part in project.parts if part.role == role]
    if role == CONTRACTOR and (not project.draft or any(part.stands for part in ours)):
        return "contractor_is_there"
    first = not any(part.stands or part.joined for part in ours)
    by_homeowner = inviter.role == HOMEOWNER and inviter.may_sign
    if role != HOMEOWNER or (first and signs) or (by_homeowner and not first):
        return None
    return "first_homeowner_signs" if first else "homeowners_invite_homeowners"


def _address(book: Book, part: Part) -> str:
    return book.addresses[part.person][0] if part.person else part.email


def accept_invitation(book: Book, who: Who, target: Name) -> Name:
    part = _invitation(book, who, target)
    project = book.project(part.project)
    if any(p.person == who.person and not p.left for p in project.parts):
        raise No("already_a_party")
    part.person, part.joined = who.person, True
    wrote(project, terms=part.signs)
    return part.name


def decline_invitation(book: Book, who: Who, target: Name) -> Name:
    part = _invitation(book, who, target)
    part.declined = True
    wrote(book.project(part.project))
    return part.name


def _invitation(book: Book, who: Who, target: Name) -> Part:
    part = book.find(Part, target)
    theirs = book.addresses.get(who.person or "", [])
    if part.joined or not part.stands or part.email not in theirs:
        raise No("not_found")
    return part


def confirm_party(book: Book, who: Who, target: Name) -> Name:
    part = book.find(Part, target)
    project = book.project(part.project)
    admit(project, who, {HOMEOWNER}, signing=True)
    if not part.stands:
        raise No("part_has_ended")
    if not part.confirmed:
        part.confirmed = True
        wrote(project, terms=True)
    return part.name


def end_part(book: Book, who: Who, target: Name) -> Name:
    part = book.find(Part, target)
    project = book.project(part.project)
    ender = admit(project, who)
    if part.role == CONTRACTOR and not project.draft:
        raise No("contract_holds")
    signing = [p for p in project.parts if p.role == HOMEOWNER and p.may_sign]
    if signing == [part]:
        raise No("last_homeowner_stays")
    takes_back = part.invited_by == ender.name and not part.joined
    by_homeowner = ender.role == HOMEOWNER and ender.may_sign
    if not (ender is part or by_homeowner or takes_back):
        raise No("homeowners_end_parts")
    if part.stands:
        part.left = True
        project.signers_gone += part.joined and part.signs and part.role in SIDES
        wrote(project, terms=part.signs and part.joined)
    return part.name


def add_attachment(book: Book, who: Who, target: Name, **_: Any) -> Name:
    project = book.project(target)
    admit(project, who)
    file = book.keep(Thing(book.new("file"), project.name))
    project.files.append(file)
    wrote(project)
    return file.name
