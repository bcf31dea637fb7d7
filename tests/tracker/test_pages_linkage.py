"""Linkage on the pages: shown beside the money, told month by month, imported, and written in the draft."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from payments.models import IndexValue
from people.models import User
from projects.linkage import Linkage
from projects.models import JournalEntry, Project
from tests.cast import LINKED, Cast, draft, index_told, signed_in, signed_off, stage
from tests.linked import linked_house


@pytest.fixture
def house(cast: Cast) -> Iterator[Project]:
    with linked_house(cast) as project:
        yield project


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
