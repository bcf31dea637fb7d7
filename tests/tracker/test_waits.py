"""Waiting for you, waiting for them: every kind from both sides, and the page and endpoint that show it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from milestones.actions import (
    accept_counter,
    approve_milestone,
    counter_expectation,
    fix_defect,
    judge_expectation,
    report_defect,
    reschedule_defect,
    return_milestone,
    sign_agreement,
    withdraw_submission,
)
from payments.actions import (
    complete_project,
    confirm_payment,
    dispute_payment,
    propose_change,
    record_payment,
    reverse_payment,
    sign_change,
)
from payments.changing import version_of
from people.models import User
from projects import clock
from projects.actions import end_part, invite_party
from projects.endings import propose_handover, sign_handover, suspend_project
from projects.models import Project
from projects.refusals import Refused
from tests.asking import asked
from tests.cast import (
    TODAY,
    Cast,
    acting,
    active,
    draft,
    expected,
    join,
    signed,
    signed_in,
    signed_off,
    stage,
    submitted,
)
from tests.programs import program
from tracker.actions import create_project
from tracker.waits import wait_kinds, waits_of


def seen(user: User) -> dict[str, bool]:
    """{kind: whether it is the person's own turn} of what waits."""
    return {wait.kind: wait.mine for wait in waits_of(user.id)}


def test_a_submission_waits_for_its_signers(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    turns = [seen(person).get("signature") for person in (cast.noa, cast.michal, cast.alon, cast.dana)]
    assert turns == [True, True, False, None]
    wait = next(wait for wait in waits_of(cast.alon.id) if wait.kind == "signature")
    assert list(wait.roles) == ["homeowner", "engineer"]


def test_a_return_waits_for_the_contractor(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 3))
    unmet = [milestone.criteria.all()[0].id]
    return_milestone(
        acting(cast.noa), milestone.id, version=milestone.version, reason="A stain", unmet_criteria=unmet
    )
    assert seen(cast.alon)["correction"] is True
    assert seen(cast.noa)["correction"] is False


def test_due_money_waits_for_the_homeowner_and_is_watched_by_the_contractor(cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=9)
    with clock.set_to(long_ago):
        project = active(cast)
    signed_off(cast, stage(project, 3))
    for person, mine in ((cast.noa, True), (cast.alon, False)):
        due = [wait for wait in waits_of(person.id) if wait.kind == "payment"]
        assert [(wait.mine, wait.amount) for wait in due] == [
            (mine, Decimal("100000.00")),
            (mine, Decimal("190000.00")),
        ], "the longest wait first"
        assert due[0].since - long_ago < timedelta(hours=1)


def test_money_told_of_waits_for_its_receipt_and_a_reversal_for_its_answer(cast: Cast) -> None:
    project = active(cast)
    told = {"amount": Decimal(100_000), "line": "deposit", "paid_on": TODAY(), "method": "cash"}
    payment = record_payment(acting(cast.noa), project.id, **told)
    assert (seen(cast.alon), seen(cast.noa)) == ({"receipt": True}, {"receipt": False})
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())
    assert seen(cast.noa) == {}
    reverse_payment(acting(cast.noa), payment.id, amount=Decimal(5), why="wrong_record")
    assert (seen(cast.alon), seen(cast.noa)) == ({"reversal": True}, {"reversal": False})


def test_invitations_parts_and_half_signed_agreements(cast: Cast) -> None:
    project = draft(cast)
    invited = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    assert (seen(cast.uri), seen(cast.noa)) == ({"invitation": True}, {"invitation": False})
    assert waits_of(cast.uri.id)[0].about == invited.id
    join(cast.alon, project, cast.eran, "supervisor")
    assert seen(cast.noa)["part"] is True
    assert seen(cast.alon)["part"] is False
    project = Project.objects.get(pk=project.pk)
    sign_agreement(acting(cast.alon), project.id, version=project.version)
    assert seen(cast.noa)["agreement"] is True
    assert seen(cast.alon)["agreement"] is False
    assert set(wait_kinds()) == {
        *("invitation", "part", "agreement", "signature", "correction", "payment", "receipt", "reversal"),
        *("change", "advance", "repair", "overdue_repair", "expectation", "deed", "dispute"),
    }


def test_the_endpoint_keeps_to_the_projects_of_the_token(cast: Cast) -> None:
    first, second = active(cast), active(cast)
    both: Any = program(cast.noa).get("waiting/").json()["results"]
    assert {row["project"] for row in both} == {str(first.id), str(second.id)}
    assert both[0]["kind"] == "payment"
    assert both[0]["amount"] == "100000.00"
    assert both[0]["mine"] is True
    told: dict[str, Any] = {"title": "Tiles", "milestone": stage(second, 3).id}
    propose_change(acting(cast.alon), second.id, amount=Decimal(5000), **told)
    asked(cast, stage(second, 1))
    third = create_project(acting(cast.dana), my_role="contractor", milestones=[], **OTHER)
    invite_party(acting(cast.dana), third.id, email=cast.noa.email, role="homeowner")
    assert str(third.id) in {row["project"] for row in program(cast.noa).get("waiting/").json()["results"]}
    bound = program(cast.noa, project=first).get("waiting/").json()["results"]
    assert {row["project"] for row in bound} == {str(first.id)}


def test_a_round_whose_last_signer_left_waits_for_a_new_submission(cast: Cast) -> None:
    project = draft(cast, policy={"homeowner_signers": "all"})
    uri = join(cast.noa, project, cast.uri, "homeowner")
    project = Project.objects.get(pk=project.pk)
    for signer in (cast.noa, cast.uri, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    third = submitted(cast, stage(project, 3))
    approve_milestone(acting(cast.noa), third.id, version=third.version)
    end_part(acting(cast.uri), uri)
    assert (seen(cast.alon)["signature"], seen(cast.noa)["signature"]) == (True, False)
    page = signed_in(cast.alon).get(reverse("project", args=[project.id])).content.decode()
    assert "Milestone 3 is to be submitted again" in page
    withdraw_submission(acting(cast.alon), third.id)
    third = submitted(cast, stage(project, 3))
    assert seen(cast.noa)["signature"] is True
    approve_milestone(acting(cast.noa), third.id, version=third.version)
    assert stage(project, 3).state == "signed_off"


OTHER: dict[str, Any] = {
    "name": "Another house",
    "kind": "house_build",
    "contract_total": Decimal(100),
    "deposit": Decimal(0),
    "retention_percent": Decimal(0),
    "vat_rate": Decimal(18),
    "starts_on": TODAY(),
}


def test_nobody_is_asked_for_a_decision_that_would_be_refused(cast: Cast) -> None:
    """While the work is suspended nothing is signed, and what was returned is not corrected."""
    project = active(cast)
    submitted(cast, stage(project, 1))
    told: dict[str, Any] = {"title": "Tiles", "milestone": stage(project, 3).id}
    propose_change(acting(cast.alon), project.id, amount=Decimal(5000), **told)
    assert {"signature", "change"} <= seen(cast.noa).keys()
    second = submitted(cast, stage(project, 2))
    unmet = [second.criteria.all()[0].id]
    return_milestone(
        acting(cast.noa), second.id, version=second.version, reason="A crack", unmet_criteria=unmet
    )
    suspend_project(acting(cast.noa), project.id, reason="Rain")
    page = signed_in(cast.alon).get(reverse("project", args=[project.id])).content.decode()
    assert "came back for correction" not in page
    assert not {"signature", "change", "correction"} & (seen(cast.noa).keys() | seen(cast.alon).keys())
    with pytest.raises(Refused, match="project_suspended"):
        propose_change(acting(cast.alon), project.id, amount=Decimal(5000), **told)
    with pytest.raises(Refused, match="project_suspended"):
        asked(cast, stage(project, 2))


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_page_has_both_sides_and_an_empty_state(cast: Cast, language: str) -> None:
    active(cast, name="Almog house")
    for person in (cast.noa, cast.alon):
        page = signed_in(person, language).get(reverse("waiting")).content.decode()
        assert "Almog house" in page
        assert "₪100,000" in page
    empty = signed_in(cast.dana, language).get(reverse("waiting"))
    assert empty.status_code == 200
    assert "Almog house" not in empty.content.decode()
    assert reverse("waiting") in signed_in(cast.noa, language).get(reverse("home")).content.decode()


def test_an_advance_waits_for_every_homeowner_who_signs(cast: Cast) -> None:
    project = active(cast)
    asked(cast, stage(project, 1))
    assert seen(cast.noa)["advance"] is True
    assert seen(cast.alon)["advance"] is False
    assert "advance" not in seen(cast.michal)


def test_a_change_waits_for_who_has_not_signed_it(cast: Cast) -> None:
    project = active(cast)
    terms = {"milestone": stage(project, 3).id, "amount": Decimal(5000), "title": "Tiles", "reason": "Larger"}
    order = propose_change(acting(cast.alon), project.id, **terms)
    assert (seen(cast.noa)["change"], seen(cast.alon)["change"]) == (True, True)
    sign_change(acting(cast.alon), order.id, version=version_of(order))
    assert (seen(cast.noa)["change"], seen(cast.alon)["change"]) == (True, False)


def test_a_repair_waits_for_who_judges_it(cast: Cast) -> None:
    project = active(cast)
    defect = report_defect(acting(cast.noa), stage(project, 1).id, title="A crack")
    assert "repair" not in seen(cast.noa)
    fix_defect(acting(cast.alon), defect.id)
    assert [seen(person).get("repair") for person in (cast.noa, cast.michal, cast.alon)] == [
        True,
        True,
        False,
    ]


def test_a_repair_that_is_overdue_waits_for_the_contractor(cast: Cast) -> None:
    project = active(cast)
    today, late = TODAY(), TODAY() - timedelta(days=2)
    report_defect(acting(cast.noa), stage(project, 1).id, title="Today", fix_by=today)
    defect = report_defect(acting(cast.noa), stage(project, 1).id, title="A crack", fix_by=late)
    turns = [seen(person).get("overdue_repair") for person in (cast.alon, cast.noa, cast.michal)]
    assert turns == [True, False, None]
    (wait,) = [wait for wait in waits_of(cast.alon.id) if wait.kind == "overdue_repair"]
    assert (wait.about, wait.since.date()) == (defect.id, late + timedelta(days=1))
    reschedule_defect(acting(cast.alon), defect.id, fix_by=today, cause="weather")
    assert "overdue_repair" not in seen(cast.alon)


def test_an_expectation_waits_for_its_answer_its_decision_and_its_judgement(cast: Cast) -> None:
    project = draft(cast)
    hope = expected(cast.noa, project, 3)
    assert (seen(cast.alon)["expectation"], seen(cast.noa)["expectation"]) == (True, False)
    assert "expectation" not in seen(cast.michal)
    counter_expectation(acting(cast.alon), hope.id, version=1, counter="Only with a drain")
    assert seen(cast.noa)["expectation"] is True
    accept_counter(acting(cast.noa), hope.id, version=1)
    assert "expectation" not in seen(cast.noa)
    signed_off(cast, stage(signed(cast, project), 3))
    assert seen(cast.noa)["expectation"] is True
    assert "expectation" not in seen(cast.alon)
    judge_expectation(acting(cast.noa), hope.id, met=True)
    assert "expectation" not in seen(cast.noa)


def test_the_newest_version_of_a_deed_waits_for_who_has_not_signed_it(cast: Cast) -> None:
    pergola = [{"title": "Pergola", "value": "1000.00", "amount": "1000.00", "signers": ["homeowner"]}]
    project = active(cast, pergola, contract_total=Decimal(1000), deposit=Decimal(0))
    signed_off(cast, stage(project, 1))
    complete_project(acting(cast.noa), project.id)
    assert "deed" not in seen(cast.noa)
    propose_handover(acting(cast.alon), project.id, day=TODAY(), text="Two keys")
    assert (seen(cast.noa)["deed"], seen(cast.alon)["deed"]) == (True, True)
    sign_handover(acting(cast.alon), project.id, version=1)
    assert (seen(cast.noa)["deed"], seen(cast.alon)["deed"]) == (True, False)
    propose_handover(acting(cast.noa), project.id, day=TODAY(), text="Three keys")
    assert len([wait for wait in waits_of(cast.alon.id) if wait.kind == "deed"]) == 1
    for person in (cast.alon, cast.noa):
        assert seen(person)["deed"] is True
        sign_handover(acting(person), project.id, version=2)
    assert "deed" not in seen(cast.noa)


def test_a_disputed_payment_waits_for_the_other_side(cast: Cast) -> None:
    project = active(cast)
    told = {"amount": Decimal(100_000), "line": "deposit", "paid_on": TODAY(), "method": "cash"}
    payment = record_payment(acting(cast.noa), project.id, **told)
    dispute_payment(acting(cast.alon), payment.id, reason="It never arrived")
    assert (seen(cast.noa), seen(cast.alon)) == ({"dispute": True}, {"dispute": False}), (
        "no receipt is awaited"
    )
    (wait,) = waits_of(cast.noa.id)
    assert (wait.amount, list(wait.roles)) == (Decimal("100000.00"), ["homeowner"])
    assert "dispute" not in seen(cast.michal)
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())
    assert seen(cast.noa) == seen(cast.alon) == {}
