"""Pages about money: the schedule and the ledger, and one page for each act on money."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone
from milestones.queries import MilestoneWithFacts, milestones_visible_to
from payments.actions import (
    allocate_payment,
    answer_reversal,
    confirm_payment,
    dispute_payment,
    record_payment,
    release_payment,
    reverse_payment,
    withdraw_dispute,
)
from payments.advance_showing import advance_rows, may_ask
from payments.advances import advances_of
from payments.effect import effect_of_paying
from payments.forms import (
    AllocateForm,
    AnswerForm,
    ConfirmForm,
    DisputeForm,
    RecordForm,
    ReleaseForm,
    ReverseForm,
)
from payments.history import changes_of
from payments.linking import linkage_account, linkage_if_paid, linkage_in_force
from payments.models import Payment
from payments.queries import (
    Ledger,
    PaymentWithReversed,
    ledger_of,
    left_of,
    open_dispute_of,
    payments_visible_to,
)
from payments.rules import DEPOSIT, exposure_of, history_of, lines_to_set_off
from payments.showing import line_rows, line_title, payment_rows
from projects import clock
from projects.form_kit import OnceForm
from projects.kernel import Action
from projects.models import Party, Project
from projects.money import ZERO, as_percent
from projects.page_kit import (
    page,
    part_in,
    perform,
    posted,
    press,
    project_context,
    reader_of,
    require_part,
    require_proof,
    row_or_not_there,
    show,
)
from projects.policy import policy_of
from projects.queries import parties_of

FORM = ("GET", "HEAD", "POST")


def _stages(request: HttpRequest, project: Project) -> list[MilestoneWithFacts]:
    rows = milestones_visible_to(reader_of(request)).filter(project=project)
    return list(rows.select_related("project", "sign_off__entry"))


def _today(project: Project) -> date:
    return clock.today(project.time_zone)


@page()
def payments(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Totals, the schedule with what opens each line, and everything that was paid."""
    part = part_in(request, project_id)
    project, stages = part.project, _stages(request, part.project)
    ledger = ledger_of(project, stages)
    moved = list(payments_visible_to(reader_of(request)).filter(project=project))
    lines = line_rows(ledger, stages, moved, part, parties_of(project))
    figures = exposure_of(
        ledger.contract, ledger.lines, ledger.unheld, policy_of(project.policy), _today(project)
    )
    context = project_context(part, "payments") | {
        "figures": figures,
        "paid_percent": as_percent(figures.paid, project.contract_total),
        "earned_percent": as_percent(figures.earned, project.contract_total),
        "disputed": sum((left_of(payment) for payment in moved if open_dispute_of(payment)), ZERO),
        "unheld": ledger.unheld,
        "lines": lines,
        "releasable": [row for row in lines if row.may_release],
        "moved": payment_rows(ledger, stages, moved, part, history_of(changes_of(project))),
        "advances": advance_rows(advances_of(project), _today(project)),
        "may_ask": may_ask(part),
        "may_record": part.role in record_payment.terms.by,
        "linkage": linkage_account(project, moved).sum if linkage_in_force(project) else None,
        "left_to_pay": sum((line.full for line in ledger.lines), ZERO) - figures.paid,
    }
    return render(request, "payments/payments.html", context)


@page(*FORM)
def release(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Pay what one line allows now. A locked line shows what would open it instead of a form."""
    part = part_in(request, project_id)
    require_part(part, release_payment)
    if proof := require_proof(request):
        return proof
    stages = _stages(request, part.project)
    ledger = ledger_of(part.project, stages)
    name = request.GET.get("line") or next((line.line for line in ledger.lines if line.payable), "")
    line = ledger.line(name)
    if line is None:
        return redirect("payments", project_id)
    initial = {"line": name, "amount": line.payable, "paid_on": _today(part.project)}
    form = ReleaseForm(posted(request), initial=initial)
    if form.is_valid() and (done := _paid(request, form, release_payment, part)):
        return done
    context = project_context(part, "payments") | {
        "form": form,
        "line": line,
        "title": line_title(name, {str(m.id): m for m in stages}),
        "unheld": ledger.unheld,
        "effect": effect_of_paying(part.project, ledger, name, line.payable, _today(part.project)),
        "linked": linkage_if_paid(part.project, line.payable, _today(part.project)),
    }
    return show(request, "payments/release.html", context, form)


@page(*FORM)
def record(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Tell of money that has already moved outside the gate. It is never refused for being early."""
    part = part_in(request, project_id)
    require_part(part, record_payment)
    stages = _stages(request, part.project)
    ledger = ledger_of(part.project, stages)
    form = RecordForm(
        posted(request),
        lines=_choices(ledger, stages, part.project),
        initial={"paid_on": _today(part.project), "line": request.GET.get("line", "")},
    )
    if form.is_valid() and (done := _paid(request, form, record_payment, part)):
        return done
    return show(request, "payments/record.html", project_context(part, "payments") | {"form": form}, form)


def _choices(ledger: Ledger, stages: Sequence[Milestone], project: Project) -> list[tuple[str, object]]:
    """The lines that money may be said to be for; before the agreement is signed only the deposit."""
    draft = project.state == Project.State.DRAFT
    by_id = {str(m.id): m for m in stages}
    names = [line.line for line in ledger.lines if not draft or line.line == DEPOSIT]
    return [(name, line_title(name, by_id)) for name in names]


def _paid(
    request: HttpRequest, form: RecordForm | ReleaseForm, action: Action[..., Payment], part: Party
) -> HttpResponse | None:
    back = reverse("payments", args=[part.project_id])
    said = _("Recorded in the journal. The transfer itself is made in your bank.")
    return perform(request, form, action, part.project_id, back, said=said, **form.inputs())


# --- What happens to a payment later


def _payment(request: HttpRequest, payment_id: UUID) -> tuple[PaymentWithReversed, Party]:
    payment = row_or_not_there(payments_visible_to(reader_of(request)), payment_id)
    return payment, part_in(request, payment.project_id)


def _page_of_payment(
    request: HttpRequest, template: str, payment: Payment, part: Party, form: OnceForm, **more: Decimal
) -> HttpResponse:
    context = project_context(part, "payments") | {"payment": payment, "form": form} | more
    return show(request, template, context, form)


@page(*FORM)
def confirm(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The contractor says that the money arrived."""
    payment, part = _payment(request, payment_id)
    require_part(part, confirm_payment)
    form = ConfirmForm(posted(request), initial={"received_on": payment.paid_on})
    back = reverse("payments", args=[part.project_id])
    said = _("Receipt is confirmed.")
    if form.is_valid() and (
        done := perform(request, form, confirm_payment, payment_id, back, said=said, **form.inputs())
    ):
        return done
    return _page_of_payment(request, "payments/confirm.html", payment, part, form)


@page(*FORM)
def take_back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """A payment, or part of it, was recorded wrongly or came back."""
    payment, part = _payment(request, payment_id)
    require_part(part, reverse_payment)
    form = ReverseForm(posted(request), initial={"amount": left_of(payment)})
    back = reverse("payments", args=[part.project_id])
    if form.is_valid() and (
        done := perform(
            request,
            form,
            reverse_payment,
            payment_id,
            back,
            said=_("Recorded in the journal."),
            **form.inputs(),
        )
    ):
        return done
    return _page_of_payment(request, "payments/reverse.html", payment, part, form)


@page(*FORM)
def allocate(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Set early money of a payment off against a line that has room."""
    payment, part = _payment(request, payment_id)
    require_part(part, allocate_payment)
    stages = _stages(request, part.project)
    ledger = ledger_of(part.project, stages)
    early = ledger.early_of_payment().get(str(payment_id), Decimal(0))
    by_id = {str(m.id): m for m in stages}
    offered = lines_to_set_off(ledger.lots, ledger.lines, str(payment_id))
    lines = [(line.line, line_title(line.line, by_id)) for line in offered]
    form = AllocateForm(posted(request), lines=lines, initial={"amount": early})
    back = reverse("payments", args=[part.project_id])
    if form.is_valid() and (
        done := perform(
            request,
            form,
            allocate_payment,
            payment_id,
            back,
            said=_("The money is set off."),
            **form.inputs(),
        )
    ):
        return done
    return _page_of_payment(request, "payments/allocate.html", payment, part, form, early=early)


@page(*FORM)
def dispute(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Either side says that a payment did not move as it stands recorded."""
    payment, part = _payment(request, payment_id)
    require_part(part, dispute_payment)
    form = DisputeForm(posted(request))
    back = f"{reverse('payments', args=[part.project_id])}#payment-{payment_id}"
    said = _("The payment is shown as disputed, and the other side is told.")
    if form.is_valid() and (
        done := perform(request, form, dispute_payment, payment_id, back, said=said, **form.inputs())
    ):
        return done
    return _page_of_payment(request, "payments/dispute.html", payment, part, form)


@page("POST")
def withdraw_the_dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """The side that disputed a payment does so no more."""
    return press(
        request,
        withdraw_dispute,
        dispute_id,
        lambda withdrawn: reverse("payments", args=[withdrawn.project_id]),
        said=_("The dispute is withdrawn."),
    )


@page("POST")
def answer(request: HttpRequest, reversal_id: UUID) -> HttpResponse:
    """Consent to a reversal, or decline it."""
    return press(
        request,
        answer_reversal,
        reversal_id,
        lambda answered: reverse("payments", args=[answered.project_id]),
        form_class=AnswerForm,
        said=_("Your answer is in the journal."),
    )
