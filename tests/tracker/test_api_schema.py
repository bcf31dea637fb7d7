"""The API is what its description says: no warnings, no surprises, and no request that breaks it."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import integers
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from milestones.actions import report_defect
from milestones.models import Milestone
from payments.actions import dispute_payment, propose_change, record_payment, reverse_payment
from projects.flagging import settle_flags
from projects.models import Flag, Party, Project
from projects.refusals import known_refusals
from projects.rest.fields import Body
from tests.asking import asked
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    confirmed,
    draft,
    expected,
    index_told,
    photo,
    signed,
    stage,
)
from tests.programs import program
from tracker import api_urls
from tracker.api_docs import document

EXAMPLES = 8

# What a body may ask of the thing that it is about, be it a project or a payment.
STANDING = SimpleNamespace(
    policy={}, amount=Decimal(500), reversed=None, project=SimpleNamespace(time_zone="Asia/Jerusalem")
)

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_is_made_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
    assert document()["openapi"].startswith("3.1")


def test_every_address_is_described() -> None:
    described = {re.sub(r"\{id\}", "X", path) for path, _, _ in operations()}
    patterns = [p for p in api_urls.urlpatterns if isinstance(p, URLPattern)]
    addresses = {"/api/v1/" + re.sub(r"<uuid:\w+>", "X", str(p.pattern)) for p in patterns}
    assert addresses - described == {"/api/v1/schema/", "/api/v1/docs/"}


def test_operations_are_named_once_and_say_what_they_do() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations():
        assert operation["summary"].endswith((".", "?")), (path, method, operation["summary"])
        assert "reads_one" not in operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert operation["security"] == [{"token": []}, {"session": []}]
        assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_an_act_names_the_codes_of_what_it_refuses() -> None:
    for path, method, operation in operations():
        codes = [code for named in operation["x-codes"].values() for code in named]
        assert bool(codes) == (method != "get"), (path, method)
        told = operation["description"].partition("Refuses ")[2].partition("\n\n")[0]
        assert set(re.findall(r"[a-z]+_[a-z_]+", re.sub(r"\(.*?\)", "", told))) <= set(codes), (path, method)
    [release] = [found for _, _, found in operations() if found["operationId"] == "release_payment"]
    assert release["x-codes"]["403"] == [
        "not_your_role",
        "not_a_signer",
        "part_not_confirmed",
        "proof_needed",
        "missing_scope",
    ]
    assert "payment_locked" in release["responses"]["409"]["description"]
    page = Client().get(reverse("api-docs")).content.decode()
    assert 'href="#problem-payment_locked"' in page.split('id="release_payment"')[1].split("</details>")[0]


def test_the_examples_are_requests_that_are_understood() -> None:
    bodies = [cls for cls in _all_subclasses(Body) if cls.__module__.endswith("serializers") and cls.example]
    assert len(bodies) >= 14
    for body in bodies:
        filled = body(STANDING, data=body.example)
        assert filled.is_valid(), (body, filled.errors)


def _all_subclasses(cls: type[Body]) -> list[type[Body]]:
    return [below for sub in cls.__subclasses__() for below in (sub, *_all_subclasses(sub))]


def test_what_comes_later_is_not_promised() -> None:
    text = json.dumps(document()).lower()
    for word in ("webhook", "inquiries"):
        assert word not in text


def test_anyone_may_read_the_description_and_the_page() -> None:
    page = Client().get(reverse("api-docs"), headers={"Accept-Language": "he"})
    html = page.content.decode()
    assert page.status_code == 200
    assert 'lang="en"' in html
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", html), (
        "nothing that a strict CSP blocks"
    )
    assert all(f'id="problem-{code}"' in html for code in known_refusals())
    assert all(operation["operationId"] in html for _, _, operation in operations())
    assert Client().get(reverse("api-schema")).json()["info"]["title"] == "Plumbline"


@pytest.fixture
def ids(cast: Cast) -> dict[str, str]:
    """A thing of every kind, by the first part of its address."""
    contract = draft(cast, **LINKED)
    expectation = confirmed(cast, expected(cast.noa, contract))
    project = signed(cast, contract)
    paid: Any = {"amount": project.contract_total, "paid_on": TODAY(), "method": "cash"}
    payment = record_payment(acting(cast.alon), project.id, **paid)
    reversal = reverse_payment(acting(cast.alon), payment.id, amount=payment.amount, why="wrong_record")
    index_told(cast.noa, project, m2025_02="126.1")
    dispute = dispute_payment(acting(cast.noa), payment.id, reason="It was another sum")
    settle_flags(project.id)
    return {
        "projects": str(project.id),
        "milestones": str(stage(project, 1).id),
        "parties": str(Party.objects.get(project=project, role="engineer").id),
        "invitations": str(Party.objects.get(project=project, role="contractor").id),
        "attachments": str(photo(cast, project).id),
        "payments": str(payment.id),
        "reversals": str(reversal.id),
        "disputes": str(dispute.id),
        "expectations": str(expectation.id),
        "defects": str(report_defect(acting(cast.noa), stage(project, 1).id, title="Crack").id),
        "flags": str(Flag.objects.filter(project=project).values_list("id", flat=True)[0]),
        "advances": str(asked(cast, stage(project, 2), "10.00").id),
        "changes": str(propose_change(acting(cast.alon), project.id, **_larger(stage(project, 3))).id),
        "tokens": str(Project.objects.get().id),
    }


def _larger(milestone: Milestone) -> dict[str, Any]:
    return {
        "milestone": milestone.id,
        "amount": Decimal(5000),
        "title": "Larger tiles",
        "reason": "Asked for",
    }


def test_no_request_breaks_it(cast: Cast, ids: dict[str, str]) -> None:
    """Requests made up from the description, half of them about things that are there."""
    application = WSGIHandler()
    schema = schemathesis.openapi.from_dict(document())
    programs = [program(cast.noa), program(cast.alon)]
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(1)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), turn=integers(0, 7))
        def try_it(case: Any, turn: int) -> None:
            if "id" in case.path_parameters and turn % 4:
                case.path_parameters["id"] = ids[case.path.split("/")[3]]
            # The caller of an application in the same process unpacks nothing.
            headers = {"Authorization": f"Bearer {programs[turn % 2].secret}", "Accept-Encoding": "identity"}
            answer = case.call(app=application, headers=headers)
            case.validate_response(answer, checks=CHECKS)

        try_it()
