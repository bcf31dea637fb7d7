"""Money on the pages: release, record, confirm, take back."""

from decimal import Decimal
from uuid import uuid4

from django.urls import reverse

from payments.models import Payment
from tests.cast import (
    TODAY,
    Cast,
    active,
    signed_in,
    signed_off,
    stage,
)
from tests.tracker.forms import form_key


def test_a_release_pays_what_is_payable_and_no_more(cast: Cast) -> None:
    project = active(cast)
    first = signed_off(cast, stage(project, 1))
    address = f"{reverse('release', args=[project.id])}?line={first.id}"
    client = signed_in(cast.noa)
    page = client.get(address).content.decode()
    assert 'value="380,000"' in page
    sent = {
        "once": form_key(client, address),
        "line": str(first.id),
        "amount": "380,000.01",
        "paid_on": TODAY().strftime("%d/%m/%Y"),
        "method": "bank_transfer",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 409
    assert 'value="380,000.01"' in refused.content.decode()
    assert 'id="id_amount_error"' in refused.content.decode(), "beside the field, not only above the form"
    assert not Payment.objects.exists()
    twice = [client.post(address, sent | {"amount": "380,000"}) for _press in range(2)]
    assert [answer.status_code for answer in twice] == [303, 303]
    assert [payment.amount for payment in Payment.objects.all()] == [Decimal("380000.00")]


def test_a_locked_line_shows_what_would_open_it(cast: Cast) -> None:
    project = active(cast)
    line = stage(project, 2).id
    page = signed_in(cast.noa).get(f"{reverse('release', args=[project.id])}?line={line}").content.decode()
    assert "This payment is locked" in page
    assert 'name="amount"' not in page


def test_money_that_moved_is_recorded_and_shown_as_early(cast: Cast) -> None:
    project = active(cast)
    client = signed_in(cast.noa)
    address = reverse("record", args=[project.id])
    sent = {
        "once": form_key(client, address),
        "amount": "48,000",
        "paid_on": TODAY().strftime("%d/%m/%Y"),
        "method": "cash",
        "line": str(stage(project, 1).id),
        "reason": "Cash flow",
    }
    wrong = client.post(address, sent | {"amount": "48.000", "paid_on": "31/02/2026"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count('aria-invalid="true"') == 2
    assert client.post(address, sent).status_code == 303
    page = client.get(reverse("payments", args=[project.id])).content.decode()
    assert "Paid outside the schedule" in page
    assert "Cash flow" in page


def test_a_payment_is_confirmed_taken_back_and_consented_to(cast: Cast) -> None:
    project = active(cast)
    client, contractor = signed_in(cast.noa), signed_in(cast.alon)
    day = TODAY().strftime("%d/%m/%Y")
    sent = {"once": uuid4(), "amount": "1,000", "paid_on": day, "method": "cash"}
    client.post(reverse("record", args=[project.id]), sent)
    payment = Payment.objects.get()
    confirmed = contractor.post(reverse("confirm", args=[payment.id]), {"once": uuid4(), "received_on": day})
    assert confirmed.status_code == 303
    asked = {"once": uuid4(), "amount": "400", "why": "wrong_record"}
    assert client.post(reverse("reverse", args=[payment.id]), asked).status_code == 303
    reversal = payment.reversals.get()
    page = contractor.get(reverse("payments", args=[project.id])).content.decode()
    assert reverse("answer_reversal", args=[reversal.id]) in page
    answer = {"once": uuid4(), "consents": "yes"}
    assert contractor.post(reverse("answer_reversal", args=[reversal.id]), answer).status_code == 303
    assert "₪600" in client.get(reverse("payments", args=[project.id])).content.decode()


def test_a_payment_is_disputed_shown_apart_and_the_dispute_withdrawn(cast: Cast) -> None:
    project = active(cast)
    client, contractor = signed_in(cast.noa), signed_in(cast.alon)
    day = TODAY().strftime("%d/%m/%Y")
    client.post(
        reverse("record", args=[project.id]),
        {"once": uuid4(), "amount": "1,000", "paid_on": day, "method": "cash"},
    )
    payment, ledger = Payment.objects.get(), reverse("payments", args=[project.id])
    address = reverse("dispute", args=[payment.id])
    assert address in contractor.get(ledger).content.decode()
    empty = contractor.post(address, {"once": form_key(contractor, address), "reason": ""})
    assert (empty.status_code, 'id="id_reason_error"' in empty.content.decode()) == (422, True)
    said = {"once": form_key(contractor, address), "reason": "It never <b>arrived"}
    assert [contractor.post(address, said).status_code for _press in range(2)] == [303, 303]
    dispute = payment.disputes.get()
    withdraw = reverse("dispute_withdraw", args=[dispute.id])
    page = client.get(ledger).content.decode()
    assert "of it disputed:" in page
    assert "chip--stop" in page
    assert "It never &lt;b&gt;arrived" in page
    assert "The contractor disputes this payment." in page
    assert address not in page, "there is one dispute at a time"
    assert withdraw not in page, "only the side that raised it withdraws it"
    assert reverse("confirm", args=[payment.id]) in contractor.get(ledger).content.decode()
    overview = reverse("project", args=[project.id])
    assert "The other side disputes a payment of" in client.get(overview).content.decode()
    assert "arrive?" not in contractor.get(overview).content.decode(), "that question was answered"
    assert contractor.post(withdraw, {"once": uuid4()}).status_code == 303
    page = client.get(ledger).content.decode()
    assert "of it disputed:" not in page
    assert "Receipt not confirmed" in page
