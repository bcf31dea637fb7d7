"""Linkage to an index over the real database: agreed in the draft, told by either side, beside the money."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError

from milestones.actions import sign_agreement
from milestones.agreement import terms_hash
from milestones.queries import criteria_of
from payments.actions import (
    release_payment,
    reverse_payment,
    tell_index_values,
)
from payments.models import IndexValue
from payments.queries import exposure_now
from projects.actions import edit_project
from projects.models import AgreementSignature, JournalEntry, Project
from projects.queries import parties_of
from projects.refusals import Refused
from tests.cast import (
    LINKED,
    Cast,
    acting,
    active,
    draft,
    index_told,
    join,
    signed,
    signed_off,
    stage,
)
from tests.linked import at, linked_house, paid
from tests.programs import program
from tracker.verifying import verify

Told = dict[str, Any]
TERMS = {
    "index": "construction_inputs",
    "share_percent": "40.00",
    "base_month": "2025-01",
    "base_value": "125",
}


@pytest.fixture
def house(cast: Cast) -> Iterator[Project]:
    with linked_house(cast) as project:
        yield project


def read(cast: Cast, project: Project, address: str = "linkage/") -> Told:
    answer = program(cast.noa).get(f"projects/{project.id}/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def test_each_payment_is_linked_by_the_index_of_its_day(cast: Cast, house: Project) -> None:
    told = read(cast, house)
    assert told["terms"] == TERMS
    assert [(row["paid_on"], row["left"], row["linkage"]) for row in told["results"]] == [
        (
            "2025-04-20",
            "50000.00",
            {"index_month": "2025-03", "index_value": "130", "amount": "800.00", "missing": None},
        ),
        (
            "2025-02-10",
            "100000.00",
            {"index_month": "2025-01", "index_value": "125", "amount": "0.00", "missing": None},
        ),
    ]
    assert (told["paid"], told["amount"], told["together"]) == ("150000.00", "800.00", "150800.00")
    assert told["missing"] == []
    payments = read(cast, house, "payments/")["results"]
    assert [payment["linkage"]["amount"] for payment in payments] == ["800.00", "0.00"]
    assert verify(house.id).breaks == []


def test_linkage_enters_no_other_figure(cast: Cast) -> None:
    """The same story with and without: the gate, the schedule, every figure and certificate are the same."""
    stories = []
    with at("2025-06-20"):
        for terms in ({}, LINKED):
            project = active(cast, starts_on=date(2025, 2, 1), **terms)
            if terms:
                index_told(cast.noa, project, m2025_02="200", m2025_03="300", m2025_04="999", m2025_05="999")
            signed_off(cast, stage(project, 1))
            first = str(stage(project, 1).id)
            money = {"paid_on": date(2025, 6, 20), "method": "cash"}
            release_payment(acting(cast.noa), project.id, line=first, amount=D(380_000), **money)
            with refused("more_than_payable"):
                release_payment(acting(cast.noa), project.id, line=first, amount=D("0.01"), **money)
            certificate = read(cast, project, "certificates/")
            figures = exposure_now(project, date(2025, 6, 20))
            stories.append((figures, certificate["total"], certificate["due_vat"]))
            linkage = certificate["linkage"]
    assert stories[0] == stories[1]
    assert linkage["to_date"] == "1062784.00"  # 380,000 * 0.4 * (999 / 125 - 1)


def test_what_is_taken_back_is_linked_no_more(cast: Cast, house: Project) -> None:
    payment = paid(cast.noa, house, "1000.00", "2025-04-20")
    assert read(cast, house)["amount"] == "816.00"
    reverse_payment(acting(cast.noa), payment.id, amount=D(750), why="wrong_record")
    assert (read(cast, house)["amount"], read(cast, house)["paid"]) == ("804.00", "150250.00")


def test_a_missing_index_is_named(cast: Cast, house: Project) -> None:
    with at("2025-06-16"):
        payment = paid(cast.noa, house, "1000.00", "2025-06-15")
        told = read(cast, house)
        assert (told["amount"], told["missing"]) == ("800.00", ["2025-05"])
        shown = program(cast.noa).get(f"payments/{payment.id}/").json()["linkage"]
        assert (shown["amount"], shown["missing"]) == (None, "2025-05")
        index_told(cast.noa, house, m2025_05="131")
        assert (read(cast, house)["amount"], read(cast, house)["missing"]) == ("819.20", [])


def test_a_correction_counts_and_both_are_seen(cast: Cast, house: Project) -> None:
    index_told(cast.noa, house, m2025_03="131.25")
    assert read(cast, house)["amount"] == "1000.00"
    values = read(cast, house, "index-values/")["results"]
    assert [(v["month"], v["value"], v["by_role"], v["counts"]) for v in values] == [
        ("2025-03", "131.25", "homeowner", True),
        ("2025-03", "130", "contractor", False),
        ("2025-02", "126.1", "contractor", True),
    ]
    assert values[0]["told_by"] == "Noa Example"
    assert verify(house.id).breaks == []


def test_what_already_counts_is_not_told_again(cast: Cast, house: Project) -> None:
    before = JournalEntry.objects.filter(project=house).count()
    index_told(cast.noa, house, m2025_02="126.1000", m2025_03="130")
    assert JournalEntry.objects.filter(project=house).count() == before
    index_told(cast.noa, house, m2025_02="126.1", m2025_03="130.5")
    assert IndexValue.objects.filter(project=house).count() == 3


def test_told_all_or_none(cast: Cast, house: Project) -> None:
    good = {"month": date(2025, 3, 1), "value": D(131)}
    for bad, code in [
        ({"month": date(2025, 1, 1), "value": D(130)}, "month_before_base"),
        ({"month": date(2025, 3, 1), "value": D(132)}, "month_twice"),
        (
            {"month": date(2025, 2, 1), "value": D(130), "published_on": date(2025, 2, 28)},
            "index_before_its_month_ends",
        ),
        ({"month": date(2025, 4, 1), "value": D(130)}, "index_in_future"),
    ]:
        with refused(code):
            tell_index_values(acting(cast.noa), house.id, values=[good, bad])
    assert IndexValue.objects.filter(project=house).count() == 2


def test_who_tells(cast: Cast, house: Project) -> None:
    join(cast.noa, house, cast.uri, "homeowner", signs=False)
    value = {"values": [{"month": "2025-03", "value": "131"}]}
    answers = [
        program(who).post(f"projects/{house.id}/index-values/", value)
        for who in (cast.dana, cast.michal, cast.uri, cast.alon)
    ]
    assert [answer.status_code for answer in answers] == [404, 403, 403, 201]
    assert answers[2].json()["code"] == "not_a_signer"
    assert answers[3].json()["amount"] == "960.00"


def test_a_refused_value_is_told_by_its_month(cast: Cast, house: Project) -> None:
    value = {"month": "2025-01", "value": "131"}
    answer = program(cast.noa).post(f"projects/{house.id}/index-values/", {"values": [value]})
    told = answer.json()
    assert (answer.status_code, told["code"], told["month"]) == (400, "month_before_base", "2025-01")
    assert told["errors"]["values"][0]["code"] == "month_before_base"


NO_VALUES = [
    ({"month": "2025-13", "value": "1"}, "values.0.month", "not_a_month"),
    ({"month": "2025-03-01", "value": "1"}, "values.0.month", "not_a_month"),
    ({"month": 202503, "value": "1"}, "values.0.month", "not_a_month"),
    ({"month": "2025-03", "value": "0"}, "values.0.value", "min_value"),
    ({"month": "2025-03", "value": "1,5"}, "values.0.value", "not_an_index"),
    ({"month": "2025-03", "value": "NaN"}, "values.0.value", "not_an_index"),
    ({"month": "2025-03", "value": "1.00001"}, "values.0.value", "not_an_index"),
    ({"month": "2025-03", "value": "1", "points": 1}, "values.0.points", "unknown_field"),
    ({"month": "2025-03"}, "values.0.value", "required"),
]


def test_what_is_no_value_is_refused(cast: Cast, house: Project) -> None:
    noa = program(cast.noa)
    for value, field, code in NO_VALUES:
        answer = noa.post(f"projects/{house.id}/index-values/", {"values": [value]})
        assert answer.status_code == 400
        assert answer.json()["errors"][field][0]["code"] == code


def test_a_contract_without_linkage_has_none(cast: Cast) -> None:
    project = active(cast)
    paid(cast.noa, project, "1000.00", "2026-01-20")
    told = read(cast, project)
    assert (told["terms"], told["amount"], told["results"]) == (None, "0.00", [])
    assert read(cast, project, "payments/")["results"][0]["linkage"] is None
    assert read(cast, project, "certificates/")["linkage"] is None
    with refused("not_linked"):
        index_told(cast.noa, project, m2025_02="130")


def test_a_draft_is_not_linked_yet(cast: Cast) -> None:
    project = draft(cast, **LINKED)
    paid(cast.noa, project, "1000.00", "2026-01-20")
    assert read(cast, project)["results"] == []
    with refused("project_not_active"):
        index_told(cast.noa, project, m2025_02="130")


# --- The terms


def test_it_is_agreed_in_the_draft_and_closed_with_it(cast: Cast) -> None:
    noa, project = program(cast.noa), draft(cast)
    address = f"projects/{project.id}/"
    assert noa.get(address).json()["linkage"] is None
    sign_agreement(acting(cast.alon), project.id, version=project.version)
    changed = noa.patch(address, {"version": project.version, "linkage": TERMS | {"base_value": "125.0000"}})
    assert (changed.status_code, changed.json()["linkage"], changed.json()["signed_by"]) == (200, TERMS, [])
    gone = noa.patch(address, {"version": project.version + 1, "linkage": None})
    assert gone.json()["linkage"] is None
    noa.patch(address, {"version": project.version + 2, "linkage": TERMS})
    signed(cast, project)
    closed = noa.patch(address, {"version": project.version + 3, "linkage": None})
    assert (closed.status_code, closed.json()["code"]) == (409, "project_not_draft")


def test_a_project_begins_with_it(cast: Cast) -> None:
    body = {
        "my_role": "homeowner",
        "name": "Garden",
        "template": "house",
        "contract_total": "100000.00",
        "starts_on": "2027-01-03",
        "linkage": TERMS,
    }
    made = program(cast.noa).post("projects/", body)
    assert (made.status_code, made.json()["linkage"]) == (201, TERMS)


NO_TERMS = [
    ({"share_percent": "100.01"}, "linkage.share_percent", "max_value"),
    ({"share_percent": "-1"}, "linkage.share_percent", "min_value"),
    ({"index": "gold"}, "linkage.index", "invalid_choice"),
    ({"base_month": "2099-01"}, "linkage.base_month", "month_not_over"),
    ({"base_value": "-1"}, "linkage.base_value", "not_an_index"),
    ({"points": "1"}, "linkage.points", "unknown_field"),
]


def test_terms_that_are_none_are_refused(cast: Cast) -> None:
    project, noa = draft(cast), program(cast.noa)
    for terms, field, code in NO_TERMS:
        body = {"version": project.version, "linkage": TERMS | terms}
        answer = noa.patch(f"projects/{project.id}/", body)
        assert answer.status_code == 400
        assert answer.json()["errors"][field][0]["code"] == code


def test_half_a_linkage_is_refused_by_the_database(cast: Cast) -> None:
    project = draft(cast)
    for name in LINKED:
        with pytest.raises(DatabaseError, match="project_linkage_is_whole"):
            edit_project(acting(cast.noa), project.id, version=project.version, **{name: LINKED[name]})
        some = {other: value for other, value in LINKED.items() if other != name}
        with pytest.raises(DatabaseError, match="project_linkage_is_whole"):
            edit_project(acting(cast.noa), project.id, version=project.version, **some)


NONE = dict.fromkeys(LINKED)


def test_both_sides_sign_the_linkage_too(cast: Cast) -> None:
    """The hash under the signature tells one linkage from another, and is the same where there is none."""
    project = draft(cast)
    hashes = []
    for linkage in (NONE, LINKED, LINKED | {"linkage_share": D(41)}, NONE):
        project = edit_project(acting(cast.noa), project.id, version=project.version, **linkage)
        sign_agreement(acting(cast.alon), project.id, version=project.version)
        signature = AgreementSignature.objects.get(project=project, version=project.version)
        fresh = Project.objects.get(pk=project.pk)
        stages, parties = list(fresh.milestones.all()), parties_of(fresh)
        assert signature.terms_hash == terms_hash(fresh, stages, criteria_of(fresh), parties)
        fresh.version = 1
        hashes.append(terms_hash(fresh, stages, criteria_of(fresh), parties))
    assert len(set(hashes)) == 3
    assert hashes[0] == hashes[3]


# --- Certificates


def test_a_certificate_tells_it_on_its_own_line(cast: Cast, house: Project) -> None:
    with at("2025-05-02"):
        index_told(cast.noa, house, m2025_03="131.25")  # told of later: it counts from now on
        asked = "certificates/?from={}&on={}"
        april = read(cast, house, asked.format("2025-04-01", "2025-04-30"))["linkage"]
        may = read(cast, house, asked.format("2025-05-01", "2025-05-02"))["linkage"]
        february = read(cast, house, asked.format("2025-02-01", "2025-02-28"))["linkage"]
    names = ("before", "this_period", "to_date")
    assert [tuple(told[name] for name in names) for told in (february, april, may)] == [
        ("0.00", "0.00", "0.00"),
        ("0.00", "800.00", "800.00"),
        ("800.00", "200.00", "1000.00"),
    ]
    assert may["missing"] == []


def test_a_certificate_knows_reversals_by_their_day(cast: Cast, house: Project) -> None:
    payment = paid(cast.noa, house, "1000.00", "2025-04-20")
    with at("2025-05-02"):
        reverse_payment(acting(cast.noa), payment.id, amount=D(1000), why="wrong_record")
        april = read(cast, house, "certificates/?from=2025-04-01&on=2025-04-30")["linkage"]
        may = read(cast, house, "certificates/?from=2025-05-01&on=2025-05-02")["linkage"]
    assert (april["to_date"], may["this_period"], may["to_date"]) == ("816.00", "-16.00", "800.00")
