"""Linkage to an index over the real database: agreed in the draft, told by either side, beside the money."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse

from milestones.actions import sign_agreement
from milestones.agreement import terms_hash
from milestones.queries import criteria_of
from payments.actions import (
    confirm_payment,
    record_payment,
    release_payment,
    reverse_payment,
    tell_index_values,
)
from payments.models import IndexValue
from payments.queries import exposure_now
from people.models import User
from projects import clock
from projects.actions import edit_project
from projects.linkage import Linkage
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
    signed_in,
    signed_off,
    stage,
)
from tests.programs import program
from tracker.verifying import verify

Told = dict[str, Any]
TERMS = {
    "index": "construction_inputs",
    "share_percent": "40.00",
    "base_month": "2025-01",
    "base_value": "125",
}


def at(day: str) -> Any:
    """Noon of a day: the moment at which what is inside happens."""
    return clock.set_to(datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC))


def paid(by: User, project: Project, amount: str, day: str, **more: Any) -> Any:
    told = {"amount": D(amount), "paid_on": date.fromisoformat(day), "method": "cash"}
    return record_payment(acting(by), project.id, **told | more)


@pytest.fixture
def house(cast: Cast) -> Iterator[Project]:
    """Signed in February 2025; the deposit is paid then, and 50,000 early in April."""
    with at("2025-02-01"):
        project = active(cast, starts_on=date(2025, 2, 1), **LINKED)
    with at("2025-02-10"):
        deposit = {"amount": D(100_000), "paid_on": date(2025, 2, 10), "method": "cash"}
        release_payment(acting(cast.noa), project.id, line="deposit", **deposit)
    with at("2025-04-20"):
        index_told(cast.alon, project, m2025_02="126.1", m2025_03="130")
        early = paid(cast.noa, project, "50000.00", "2025-04-20", line=str(stage(project, 1).id))
        confirm_payment(acting(cast.alon), early.id, received_on=date(2025, 4, 20))
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


# --- Pages


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_pages_show_it(cast: Cast, house: Project, language: str) -> None:
    index_told(cast.noa, house, m2025_02="126.2")
    client = signed_in(cast.noa, language)
    linkage = client.get(reverse("linkage", args=[house.id])).content.decode()
    assert "+₪800" in linkage
    assert "₪150,800" in linkage
    assert "126.1" in linkage
    assert "126.2" in linkage
    assert "Noa Example" in linkage
    payments = client.get(reverse("payments", args=[house.id])).content.decode()
    assert "+₪800" in payments
    assert reverse("linkage", args=[house.id]) in payments
    certificate = client.get(reverse("certificate", args=[house.id])).content.decode()
    assert "+₪800" in certificate
    journal = client.get(reverse("journal", args=[house.id])).content.decode()
    assert {"en": "February 2025", "he": "פברואר 2025"}[language] in journal


def test_a_draft_shows_its_terms_to_who_signs(cast: Cast) -> None:
    project, noa = draft(cast, **LINKED), signed_in(cast.noa)
    for name in ("project", "agree", "linkage"):
        page = noa.get(reverse(name, args=[project.id])).content.decode()
        assert "Construction inputs index for residential building" in page
        assert "January 2025" in page
    assert noa.get(reverse("linkage_tell", args=[project.id])).status_code == 302


def test_the_release_page_says_what_linkage_would_be(cast: Cast, house: Project) -> None:
    signed_off(cast, stage(house, 1))
    line = stage(house, 1).id  # 380,000 of which 50,000 are paid
    page = signed_in(cast.noa).get(f"{reverse('release', args=[house.id])}?line={line}").content.decode()
    assert "+₪5,280" in page


def send(who: User, project: Project, name: str, **said: Any) -> Any:
    client, address = signed_in(who), reverse(name, args=[project.id])
    once = client.get(address).context["form"]["once"].value()
    return client.post(address, {"once": once} | said)


def values_of(project: Project) -> list[str]:
    told = IndexValue.objects.filter(project=project).order_by("entry__seq", "month")
    return [f"{value.month:%Y-%m} {value.value:f} {value.published_on}" for value in told][2:]


def test_one_month_is_told_on_its_page(cast: Cast, house: Project) -> None:
    day = {"published_on": "14/04/2025"}
    assert send(cast.noa, house, "linkage_tell", month="3/2025", value="131", **day).status_code == 303
    assert send(cast.alon, house, "linkage_tell", month="2025-02", value="126.25").status_code == 303
    assert values_of(house) == ["2025-03 131.0000 2025-04-14", "2025-02 126.2500 2025-03-15"]


NO_MONTHS = [
    ({"month": "1/2025", "value": "131"}, "not after the base month"),
    ({"month": "4/2025", "value": "131"}, "still ahead"),
    ({"month": "3/2025", "value": "131", "published_on": "31/03/2025"}, "after its month has ended"),
    ({"month": "March", "value": "131"}, "Write a month"),
    ({"month": "13/2025", "value": "131"}, "Write a month"),
    ({"month": "3/2025", "value": "0.0"}, "Write the index"),
    ({"month": "3/2025", "value": "131,5"}, "Write the index"),
    ({"month": "", "value": ""}, "required"),
]


def test_what_is_no_month_comes_back(cast: Cast, house: Project) -> None:
    for said, problem in NO_MONTHS:
        answer = send(cast.noa, house, "linkage_tell", **said)
        assert answer.status_code == 422
        assert problem in answer.content.decode()
    assert values_of(house) == []


ROWS = [
    "month,index,published\n2025-02,127,2025-03-14\n2025-03,131.5\n",
    "02/2025;127;14/03/2025\n\n03/2025;131.5;\n",
    "2/2025\t127\t14.03.2025\n3/2025\t131.5",
    '\ufeff"02/2025","127","14/03/2025"\r\n"03/2025","131.5"',
]


@pytest.mark.parametrize("is_file", [True, False])
def test_rows_are_imported_from_a_file_or_a_paste(cast: Cast, house: Project, is_file: bool) -> None:
    for number, rows in enumerate(ROWS):
        told = rows.replace("127", f"127.{number}")
        file = SimpleUploadedFile("index.csv", told.encode())
        said = {"file": file} if is_file else {"rows": told.strip("\ufeff")}
        assert send(cast.alon, house, "linkage_import", **said).status_code == 303
    assert values_of(house) == [
        "2025-02 127.0000 2025-03-14",
        "2025-03 131.5000 2025-04-15",
        *(f"2025-02 127.{number}000 2025-03-14" for number in (1, 2, 3)),
    ]
    assert JournalEntry.objects.filter(project=house, kind="index_values_told").count() == 5


def test_one_bad_row_and_nothing_is_imported(cast: Cast, house: Project) -> None:
    rows = "2025-02,127\n2025-01,120\n2025-03,many\n2025-02,128\n2025-03\n2025-04,1,15/04/2025"
    answer = send(cast.noa, house, "linkage_import", file=SimpleUploadedFile("index.csv", rows.encode()))
    page = answer.content.decode()
    assert answer.status_code == 422
    for number, problem in [
        (2, "This month is not after the base month"),
        (3, "Write the index as published"),
        (4, "This month is there twice"),
        (5, "Write month, index, and the day of publication"),
        (6, "An index is published after its month has ended"),
    ]:
        assert f"Row {number}: {problem}" in page
    assert "Row 1:" not in page
    assert "2025-03,many" in page  # what the file said can be mended on the page
    assert values_of(house) == []


NO_TABLES = [
    ({"rows": ""}, "at least one row"),
    ({"rows": "month,index"}, "at least one row"),
    ({"rows": "x" * 20_001}, "20000"),
    ({"file": SimpleUploadedFile("index.csv", b"\x00\x01\xff")}, "Null characters"),
    ({"file": SimpleUploadedFile("index.xlsx", b"PK\x03\x04,1")}, "Row 1: Write a month"),
    ({"rows": "\n".join(f"{2025 + n // 12}-{n % 12 + 1:02},1" for n in range(1, 100))}, "still ahead"),
]


def test_what_is_no_table_comes_back(cast: Cast, house: Project) -> None:
    for said, problem in NO_TABLES:
        answer = send(cast.noa, house, "linkage_import", **said)
        assert answer.status_code == 422
        assert problem in answer.content.decode()


def test_the_terms_are_written_on_the_page_of_the_draft(cast: Cast) -> None:
    project, noa = draft(cast), signed_in(cast.noa)
    address = reverse("project_edit", args=[project.id])
    begun = noa.get(address).context["form"]
    said = {bound.name: bound.value() for bound in begun if bound.value() is not None}
    written = {
        "linkage_index": "consumer_prices",
        "linkage_share": "50",
        "linkage_base_month": "10/2024",
        "linkage_base_value": "108.4",
    }
    for name in written:
        short = noa.post(address, said | {other: text for other, text in written.items() if other != name})
        assert (short.status_code, list(short.context["form"].errors)) == (422, [name])
    late = noa.post(address, said | written | {"linkage_base_month": "10/2099"})
    assert list(late.context["form"].errors) == ["linkage_base_month"]
    assert noa.post(address, said | written).status_code == 303
    project.refresh_from_db()
    assert project.linkage == Linkage("consumer_prices", D(50), date(2024, 10, 1), D("108.4"))
    again = noa.get(address).context["form"]
    assert {name: again[name].value() for name in written} == written
