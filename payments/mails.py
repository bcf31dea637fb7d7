"""Mails about money: what a decision unlocks, what was unlocked, what moved."""

from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone, Submission
from milestones.rounds import current_round_of, waits_for
from payments.advances import offer_of, with_answers
from payments.effect import effect_of_paying
from payments.models import Advance, ChangeOrder, Confirmation, Dispute, LineKind, Payment, Reversal
from payments.queries import Ledger, ledger_of, pending_reversals
from payments.rules import UNPAID, Line
from projects import clock
from projects.files import PHOTO
from projects.letters import Fact, Mail, Reader, readers_among, readers_as
from projects.models import SIDES, Obligation, Project, Role
from projects.money import ZERO
from projects.outbox import obligation
from projects.queries import parties_of

PHOTOS_IN_A_MAIL = 3


@obligation("submission_waiting_mail")
def write_submission_waiting(owed: Obligation) -> None:
    """To every signer whose decision is waited for; nothing when the round has ended meanwhile."""
    submission = Submission.objects.select_related("milestone__project").get(pk=owed.payload["submission"])
    milestone = submission.milestone
    if current_round_of(milestone) != submission:
        return
    project, parties = milestone.project, parties_of(milestone.project)
    facts = [
        Fact(_("Project"), project.name),
        Fact(_("Criteria marked as met"), milestone.criteria.count()),
        Fact(_("Photos and documents"), milestone.evidence.count()),
        Fact(_("When everybody has signed, this opens for payment"), _line_of(milestone).room or None),
    ]
    mail = Mail(
        "submission_waiting",
        project,
        ("milestone", milestone.id),
        facts,
        {"milestone": milestone, "note": submission.note},
        _latest_photos(milestone),
    )
    mail.to(readers_among(party for party in parties if waits_for(milestone, party, parties)))


def _latest_photos(milestone: Milestone) -> list[str]:
    photos = milestone.evidence.filter(attachment__kind=PHOTO).order_by("-entry__seq", "id")
    return list(photos.values_list("attachment__sha256", flat=True)[:PHOTOS_IN_A_MAIL])


@obligation("milestone_signed_mail")
def write_milestone_signed(owed: Obligation) -> None:
    """To both sides: signed off by everybody, and what that unlocked."""
    milestone = Milestone.objects.select_related("project").get(pk=owed.payload["milestone"])
    line = _line_of(milestone)
    facts = [
        Fact(_("Project"), milestone.project.name),
        Fact(_("Payable now"), line.payable),
        Fact(_("Paid already"), line.paid or None),
        Fact(_("Kept as retention"), line.retention or None),
        Fact(_("Withheld until repairs are verified"), line.withheld or None),
    ]
    said = {"milestone": milestone, "payable": line.payable}
    mail = Mail("milestone_signed", milestone.project, ("payments", milestone.project_id), facts, said)
    mail.to(readers_as(milestone.project, SIDES))


def _line_of(milestone: Milestone) -> Line:
    line = ledger_of(milestone.project).line(str(milestone.id))
    assert line is not None
    return line


@obligation("payment_mail")
def write_payment(owed: Obligation) -> None:
    """To both sides: money was released, or recorded as having moved; the contractor is to confirm it."""
    payment = Payment.objects.select_related("project").get(pk=owed.payload["payment"])
    ledger = ledger_of(payment.project)
    early = ledger.early_of_payment().get(str(payment.id), ZERO)
    facts = [
        Fact(_("Project"), payment.project.name),
        Fact(_("Amount"), payment.amount),
        Fact(_("Paid on"), payment.paid_on),
        Fact(_("Method"), payment.get_method_display),
        Fact(_("Reference"), payment.reference),
        *_where(payment, ledger),
        Fact(_("Early, for work not signed off"), early or None),
    ]
    for role in SIDES:
        said = {
            "payment": payment,
            "is_release": payment.kind == Payment.Kind.RELEASE,
            "is_advance": payment.kind == Payment.Kind.ADVANCE,
            "to_confirm": role == Role.CONTRACTOR and payment.by_role == Role.HOMEOWNER,
        }
        mail = Mail("payment", payment.project, ("payments", payment.project_id), facts, said)
        mail.to(readers_as(payment.project, {role}))


@obligation("advance_asked_mail")
def write_advance_asked(owed: Obligation) -> None:
    """To the homeowners: the contractor asks for money early. Nothing when it is closed meanwhile."""
    advance = with_answers(Advance.objects.filter(pk=owed.payload["advance"])).get()
    offer = offer_of(advance)
    if offer.state(clock.now()) not in UNPAID:
        return
    project = advance.project
    ledger, today = ledger_of(project), clock.today(project.time_zone)
    effect = effect_of_paying(project, ledger, str(advance.milestone_id), advance.amount, today)
    facts = [
        Fact(_("Project"), project.name),
        Fact(_("Milestone"), advance.milestone.title),
        Fact(_("Asked for"), advance.amount),
        Fact(_("Money ahead of the work today"), effect.before.exposure),
        Fact(_("Money ahead of the work once paid"), effect.after.exposure),
        Fact(_("The work is to catch up by"), advance.catch_up_on),
    ]
    mail = Mail("advance_asked", project, ("advance", advance.id), facts, {"advance": advance})
    mail.to(readers_as(project, {Role.HOMEOWNER}))


@obligation("advance_decided_mail")
def write_advance_decided(owed: Obligation) -> None:
    """To both sides: everybody who signs approved it, or somebody declined it."""
    advance = with_answers(Advance.objects.filter(pk=owed.payload["advance"])).get()
    offer, is_declined = offer_of(advance), hasattr(advance, "decline")
    facts = [
        Fact(_("Project"), advance.project.name),
        Fact(_("Milestone"), advance.milestone.title),
        Fact(_("Asked for"), advance.amount),
        Fact(_("Approved"), None if is_declined else offer.amount),
        Fact(_("On the condition"), "" if is_declined else offer.condition),
        Fact(_("Reason"), advance.decline.reason if is_declined else ""),
    ]
    said = {"advance": advance, "is_declined": is_declined}
    mail = Mail("advance_decided", advance.project, ("advance", advance.id), facts, said)
    mail.to(readers_as(advance.project, SIDES))


def _where(payment: Payment, ledger: Ledger) -> list[Fact]:
    """The lines that the payment counts against, as they stand."""
    titles = {str(m.id): m.title for m in payment.project.milestones.all()}
    sums: dict[str | None, Fact] = {}
    for lot in ledger.lots:
        if lot.payment == str(payment.id):
            label = (
                _("Against no line") if lot.line is None else titles.get(lot.line) or LineKind(lot.line).label
            )
            before = sums[lot.line].value if lot.line in sums else ZERO
            sums[lot.line] = Fact(label, before + lot.amount)
    return list(sums.values())


@obligation("payment_confirmed_mail")
def write_payment_confirmed(owed: Obligation) -> None:
    """To both sides: the money arrived."""
    confirmations = Confirmation.objects.select_related("payment__project", "entry")
    confirmation = confirmations.get(pk=owed.payload["confirmation"])
    payment = confirmation.payment
    facts = [
        Fact(_("Project"), payment.project.name),
        Fact(_("Amount"), payment.amount),
        Fact(_("Paid on"), payment.paid_on),
        Fact(_("Received on"), confirmation.received_on),
        Fact(_("Receipt number"), confirmation.receipt_number),
    ]
    page = ("payments", payment.project_id)
    disputed = payment.disputes.filter(by_role=Role.CONTRACTOR, withdrawal=None)
    settles = disputed.filter(entry__seq__lt=confirmation.entry.seq).exists()
    said = {"payment": payment, "settles": settles}
    mail = Mail("payment_confirmed", payment.project, page, facts, said)
    mail.to(readers_as(payment.project, SIDES))


@obligation("payment_reversed_mail")
def write_payment_reversed(owed: Obligation) -> None:
    """To both sides: a payment, or part of it, was taken back and counts no more."""
    reversal = Reversal.objects.select_related("payment__project").get(pk=owed.payload["reversal"])
    payment = reversal.payment
    facts = [
        Fact(_("Project"), payment.project.name),
        Fact(_("Payment"), payment.amount),
        Fact(_("Paid on"), payment.paid_on),
        Fact(_("Taken back"), reversal.amount),
        Fact(_("Why"), reversal.get_why_display),
        Fact(_("Reason"), reversal.reason),
    ]
    page = ("payments", payment.project_id)
    mail = Mail("payment_reversed", payment.project, page, facts, {"reversal": reversal})
    mail.to(readers_as(payment.project, SIDES))


@obligation("reversal_mail")
def write_reversal(owed: Obligation) -> None:
    """To the other side: a confirmed payment is to be taken back, and waits for their answer."""
    waiting = pending_reversals().select_related("payment__project")
    reversal = waiting.filter(pk=owed.payload["reversal"]).first()
    if reversal is None:
        return
    payment = reversal.payment
    facts = [
        Fact(_("Project"), payment.project.name),
        Fact(_("Payment"), payment.amount),
        Fact(_("Paid on"), payment.paid_on),
        Fact(_("To be taken back"), reversal.amount),
        Fact(_("Why"), reversal.get_why_display),
        Fact(_("Reason"), reversal.reason),
    ]
    mail = Mail("reversal", payment.project, ("payments", payment.project_id), facts, {"reversal": reversal})
    mail.to(_the_other_side(payment.project, payment.by_role))


@obligation("payment_disputed_mail")
def write_payment_disputed(owed: Obligation) -> None:
    """To both sides: a payment is disputed, and the other side is asked; nothing when that is over."""
    dispute = _dispute(owed)
    if not hasattr(dispute, "now_open"):
        return
    project = dispute.project
    for role in SIDES:
        said = {"dispute": dispute, "to_answer": role != dispute.by_role}
        mail = Mail("payment_disputed", project, ("payments", project.id), _facts_of(dispute), said)
        mail.to(readers_as(project, {role}))


@obligation("dispute_withdrawn_mail")
def write_dispute_withdrawn(owed: Obligation) -> None:
    """To both sides: the side that disputed a payment does so no more."""
    dispute = _dispute(owed)
    project = dispute.project
    page = ("payments", project.id)
    mail = Mail("dispute_withdrawn", project, page, _facts_of(dispute), {"dispute": dispute})
    mail.to(readers_as(project, SIDES))


def _dispute(owed: Obligation) -> Dispute:
    disputes = Dispute.objects.select_related("project", "payment", "now_open")
    return disputes.get(pk=owed.payload["dispute"])


def _facts_of(dispute: Dispute) -> list[Fact]:
    payment = dispute.payment
    return [
        Fact(_("Project"), dispute.project.name),
        Fact(_("Amount"), payment.amount),
        Fact(_("Paid on"), payment.paid_on),
        Fact(_("Method"), payment.get_method_display),
        Fact(_("Reference"), payment.reference),
    ]


def _the_other_side(project: Project, role: str) -> list[Reader]:
    return readers_as(project, SIDES - {Role(role)})


def _change_mail(owed: Obligation, name: str) -> None:
    """To both sides, about a change of the signed terms."""
    waiting = ChangeOrder.objects.select_related(
        "project", "milestone", "defect", "force", "end__party__user"
    )
    change = waiting.get(pk=owed.payload["change"])
    facts = [
        Fact(_("Project"), change.project.name),
        Fact(_("Milestone"), change.milestone and change.milestone.title),
        Fact(_("It settles the defect"), change.defect and change.defect.title),
        Fact(_("The price changes by"), change.amount),
        Fact(_("Days added to its date"), change.days or None),
        Fact(_("Contract total"), change.project.contract_total),
    ]
    mail = Mail(name, change.project, ("change", change.id), facts, {"change": change})
    mail.to(readers_as(change.project, SIDES))


@obligation("change_proposed_mail")
def write_change_proposed(owed: Obligation) -> None:
    _change_mail(owed, "change_proposed")


@obligation("change_signed_mail")
def write_change_signed(owed: Obligation) -> None:
    _change_mail(owed, "change_signed")


@obligation("change_in_force_mail")
def write_change_in_force(owed: Obligation) -> None:
    _change_mail(owed, "change_in_force")


@obligation("change_ended_mail")
def write_change_ended(owed: Obligation) -> None:
    _change_mail(owed, "change_ended")
