"""The doors of the money: schedule, release, record, and what happens to recorded payments."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from payments import actions
from payments.history import changes_of
from payments.models import DisputeWithdrawal, Payment, ReversalAnswer
from payments.queries import disputed_in, exposure_now, ledger_of, payments_visible_to
from payments.rules import Contract, history_of, planned_at, settlement_of
from payments.serializers import (
    AllocateBody,
    ConfirmBody,
    DisputeBody,
    ExposureSerializer,
    HistorySerializer,
    PaymentSerializer,
    RecordBody,
    ReleaseBody,
    ReverseBody,
    ScheduleSerializer,
    SettlementSerializer,
)
from projects import clock
from projects.queries import projects_visible_to
from projects.rest.views import Door, acts, reads, reads_many, reads_one


def payments(user_id: UUID) -> QuerySet[Any]:
    return payments_visible_to(user_id).select_related("early").annotate(seq=F("entry__seq"))


def payment_again(user_id: UUID, written: Any) -> Payment:
    """The payment as it stands after an act, whichever of its facts the act returned."""
    match written:
        case Payment():
            pk = written.pk
        case ReversalAnswer():
            pk = written.reversal.payment_id
        case DisputeWithdrawal():
            pk = written.dispute.payment_id
        case _:
            pk = written.payment_id
    return payments(user_id).get(pk=pk)


class Payments(Door):
    """The payments of a project, the newest first.

    Releases, paid advances and recorded payments alike, also those that were taken back. `kind` tells them
    apart.
    """

    order = ("-seq", "-id")
    get = reads_many("list_payments", PaymentSerializer, payments, of_project=True)
    post = acts(
        "record_payment",
        actions.record_payment,
        takes=RecordBody,
        answers=PaymentSerializer,
        again=payment_again,
        status=201,
    )


class PaymentDoor(Door):
    """A payment, where it counts, and what became of it.

    `left` is what was not taken back, `early` the part of it that no unlocked line covers. A disputed payment
    counts until it is reversed; its `disputes` say who disputed it, why, and whether that is over.
    """

    get = reads_one("read_payment", PaymentSerializer, payments)


class Release(Door):
    post = acts(
        "release_payment",
        actions.release_payment,
        takes=ReleaseBody,
        answers=PaymentSerializer,
        again=payment_again,
        status=201,
    )


class PaymentConfirm(Door):
    post = acts(
        "confirm_payment",
        actions.confirm_payment,
        takes=ConfirmBody,
        answers=PaymentSerializer,
        again=payment_again,
        rows=payments,
    )


class PaymentReverse(Door):
    post = acts(
        "reverse_payment",
        actions.reverse_payment,
        takes=ReverseBody,
        answers=PaymentSerializer,
        again=payment_again,
        rows=payments,
    )


class PaymentAllocate(Door):
    post = acts(
        "allocate_payment",
        actions.allocate_payment,
        takes=AllocateBody,
        answers=PaymentSerializer,
        again=payment_again,
    )


class PaymentDispute(Door):
    """Either side says that a payment did not move as it stands recorded. It counts until it is reversed."""

    post = acts(
        "dispute_payment",
        actions.dispute_payment,
        takes=DisputeBody,
        answers=PaymentSerializer,
        again=payment_again,
    )


class DisputeWithdraw(Door):
    post = acts("withdraw_dispute", actions.withdraw_dispute, answers=PaymentSerializer, again=payment_again)


class ReversalConsent(Door):
    post = acts(
        "consent_to_reversal",
        actions.answer_reversal,
        answers=PaymentSerializer,
        again=payment_again,
        fixed={"consents": True},
    )


class ReversalDecline(Door):
    post = acts(
        "decline_reversal",
        actions.answer_reversal,
        answers=PaymentSerializer,
        again=payment_again,
        fixed={"consents": False},
    )


class Schedule(Door):
    """The payment schedule: what is locked, payable and paid, line by line.

    Nothing of it is stored: the deposit, a line for each milestone by its sign-off, the retention, and after
    a termination the closing sum. `unheld` is paid money that counts against no line; while there is some,
    nothing is released.
    """

    @reads("read_schedule", ScheduleSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        ledger = ledger_of(self.one(projects_visible_to, id))
        found = {"next": None, "previous": None, "results": ledger.lines, "unheld": ledger.unheld}
        return Response(self.shown(ScheduleSerializer, found))


class SettlementDoor(Door):
    """How the two sides stand: what is verified, paid, kept back, withheld, and agreed as a closing sum.

    Of any project; after a termination it is what the closing sum has to settle. `final` is 0 until both
    sides signed one in the contractor's favour.
    """

    @reads("read_settlement", SettlementSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        ledger = ledger_of(self.one(projects_visible_to, id))
        found = settlement_of(ledger.contract, ledger.lines, ledger.unheld)
        return Response(self.shown(SettlementSerializer, found))


class ExposureDoor(Door):
    """The figures of a project today.

    X, `exposure`, is paid less verified value; above 0, money is ahead of the work. `agreed_lead` is the part
    of it that the signed terms allow, `excess` the rest, which `level` grades. `disputed` is part of `paid`.
    """

    @reads("read_exposure", ExposureSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        today = clock.today(project.time_zone)
        beside = {"disputed": disputed_in(project), "as_of": today}
        figures = asdict(exposure_now(project, today)) | beside
        return Response(self.shown(ExposureSerializer, figures))


class ExposureHistory(Door):
    """The series behind the chart of money and work.

    `steps`: paid and earned at the close of each day on which either changed. `plan`: the value that was to
    be done by then, at each day where its slope may change; in between it is a straight line.
    """

    @reads("read_exposure_history", HistorySerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        contract = ledger_of(project).contract
        found = {
            "as_of": clock.today(project.time_zone),
            "steps": [step._asdict() for step in history_of(changes_of(project))],
            "plan": [{"on": day, "planned": planned_at(contract.terms, day)} for day in _turns(contract)],
        }
        return Response(self.shown(HistorySerializer, found))


def _turns(contract: Contract) -> Sequence[date]:
    """The days on which the plan's slope may change."""
    return sorted({day for term in contract.terms if term.end for day in (term.start or term.end, term.end)})
