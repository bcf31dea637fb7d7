"""The pages, as a browser without JavaScript meets them: reading, strangers, the journal."""

import re

import pytest
from django.urls import reverse

from projects.models import JournalEntry, Project
from tests.cast import (
    Cast,
    active,
    signed_in,
    stage,
    submitted,
)

HEBREW = re.compile("[א-ת]")


def addresses(project: Project) -> list[str]:
    """Every page of a project and of its first milestone that is read."""
    of_project = ["project", "people", "payments", "journal", "record", "release"]
    of_milestone = ["milestone", "approve", "return"]
    first = stage(project, 1)
    return [
        *(reverse(name, args=[project.id]) for name in of_project),
        *(reverse(name, args=[first.id]) for name in of_milestone),
    ]


@pytest.mark.parametrize("language", ["he", "en"])
def test_every_page_speaks_the_readers_language(cast: Cast, language: str) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    client = signed_in(cast.noa, language)
    for address in [*addresses(project), "/", "/profile/", "/projects/new/", "/projects/new/house/"]:
        response = client.get(address)
        page = response.content.decode()
        direction = "rtl" if language == "he" else "ltr"
        assert response.status_code == 200, address
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert page.count("<h1") == 1, address
        assert bool(HEBREW.search(page.replace("עברית", "").replace("עב", ""))) == (language == "he"), address


def test_reading_signs_nothing(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    before = JournalEntry.objects.count()
    for person in (cast.noa, cast.alon, cast.michal):
        for address in addresses(project):
            signed_in(person).get(address)
    assert JournalEntry.objects.count() == before


def test_to_a_stranger_nothing_is_there(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    stranger = signed_in(cast.dana)
    assert {stranger.get(address).status_code for address in addresses(project)} == {404}
    assert b"Almog" not in stranger.get("/").content


def test_the_journal_is_read_in_both_languages_and_checked(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    address = reverse("journal", args=[project.id])
    english = signed_in(cast.noa).get(address).content.decode()
    hebrew = signed_in(cast.noa, "he").get(address).content.decode()
    assert "<b><bdi>Alon Example</bdi></b> submitted <bdi>Foundations</bdi> for sign-off, round 1" in english
    assert "<b><bdi>Alon Example</bdi></b>: הגשת השלב <bdi>Foundations</bdi> לאישור, סבב 1" in hebrew
    assert "The journal is intact" in english
    work = signed_in(cast.noa).get(f"{address}?show=work").content.decode()
    assert "submitted" in work
    assert "created the project" not in work


def test_peoples_own_words_stay_words(cast: Cast) -> None:
    project = active(cast, name="<script>alert(1)</script>")
    for address in ["/", *addresses(project)]:
        assert b"<script>alert" not in signed_in(cast.noa).get(address).content, address
