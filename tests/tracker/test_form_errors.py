"""Every form that comes back says what is wrong above it, with a way to each field, and beside the field."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from milestones.actions import report_defect
from payments.actions import record_payment
from tests.cast import TODAY, Cast, acting, active, draft, expected, signed_in, signed_off, stage, submitted

LINK = re.compile(r'<li><a href="#(id_[\w-]+)">')

MESSAGE = re.compile(r'<p class="field__error" id="(id_[\w-]+)_error">')

DESCRIBED = re.compile(r'aria-describedby="([^"]*)"')


def check(client: Client, address: str, **sent: str) -> None:
    answer = client.post(address, {"once": str(uuid4())} | sent)
    page = answer.content.decode()
    assert answer.status_code == 422, address
    links, messages = LINK.findall(page), MESSAGE.findall(page)
    assert links, address
    assert 'role="alert"' in page, address
    assert set(links) == set(messages), address
    described = {name for names in DESCRIBED.findall(page) for name in names.split()}
    assert {f"{name}_error" for name in messages} <= described, address
    assert page.count('aria-invalid="true"') >= len(messages), address
    assert all(f'id="{name}"' in page for name in links), "every link leads somewhere"


@pytest.mark.parametrize("language", ["en", "he"])
def test_on_every_page_with_a_form(cast: Cast, language: str) -> None:
    noa, alon = signed_in(cast.noa, language), signed_in(cast.alon, language)
    written, project = draft(cast, name="Draft"), active(cast)
    paid = signed_off(cast, stage(project, 1))
    waiting = submitted(cast, stage(project, 3))
    early = record_payment(acting(cast.noa), project.id, amount=Decimal(500), paid_on=TODAY(), method="cash")
    first = stage(written, 1)
    check(noa, reverse("milestone_add", args=[written.id]))
    check(noa, reverse("milestone_edit", args=[first.id]), version="1")
    promise = expected(cast.alon, written)
    check(noa, reverse("expectation_add", args=[written.id]))
    check(noa, reverse("expectation_edit", args=[promise.id]), version="1")
    check(alon, reverse("expectation_confirm", args=[promise.id]), version="1")
    check(alon, reverse("expectation_counter", args=[promise.id]), version="1")
    check(noa, reverse("project_edit", args=[written.id]), version="1")
    check(noa, reverse("people", args=[written.id]))
    check(noa, reverse("return", args=[waiting.id]), version=str(waiting.version))
    check(noa, reverse("inspect", args=[waiting.id]))
    check(noa, reverse("defect_add", args=[waiting.id]))
    defect = report_defect(acting(cast.noa), waiting.id, title="Crack")
    check(noa, reverse("defect_estimate", args=[defect.id]))
    check(noa, reverse("approve", args=[waiting.id]), version=str(waiting.version), withheld_1="5,000")
    check(noa, reverse("record", args=[project.id]))
    check(noa, f"{reverse('release', args=[project.id])}?line={paid.id}", line=str(paid.id), method="cash")
    check(noa, reverse("reverse", args=[early.id]))
    check(noa, reverse("allocate", args=[early.id]))
    check(noa, reverse("tokens"))
    check(noa, reverse("profile"))
    check(noa, reverse("new_project_terms", args=["house"]))
    check(alon, reverse("confirm", args=[early.id]))
    check(alon, reverse("advance_ask", args=[project.id]))
    check(alon, reverse("log", args=[stage(project, 2).id]))
    check(alon, reverse("submit", args=[stage(project, 2).id]))
