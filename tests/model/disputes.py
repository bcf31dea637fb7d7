"""Payments that a side disputes: they count until they are reversed."""

from .book import Book, Dispute, Payment, Project, admit
from .parts import wrote
from .words import SIDES, Name, No, Who


def dispute_payment(book: Book, who: Who, target: Name, *, reason: str) -> Name:
    payment = book.find(Payment, target)
    project = book.project(payment.project)
    part = admit(project, who, SIDES)
    if not payment.left:
        raise No("nothing_left_to_dispute")
    if payment.name in open_disputes(book, project):
        raise No("disputed_already")
    if not reason.strip():
        raise No("dispute_without_reason")
    dispute = Dispute(book.new("dispute"), project.name, payment.name, part.role)
    project.disputes.append(book.keep(dispute))
    wrote(project)
    return dispute.name


def withdraw_dispute(book: Book, who: Who, target: Name) -> Name:
    dispute = book.find(Dispute, target)
    project = book.project(dispute.project)
    part = admit(project, who, SIDES)
    if part.role != dispute.side:
        raise No("not_your_dispute")
    if dispute not in open_disputes(book, project).values():
        raise No("dispute_is_over")
    dispute.is_over = True
    wrote(project)
    return dispute.name


def open_disputes(book: Book, project: Project) -> dict[Name, Dispute]:
    """By payment; what was taken back is disputed no more."""
    going_on = [dispute for dispute in project.disputes if not dispute.is_over]
    return {its.payment: its for its in going_on if book.find(Payment, its.payment).left}
