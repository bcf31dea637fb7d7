"""The pages, as a browser without JavaScript meets them: reading, strangers, the journal."""

import re

import pytest
from django.urls import reverse

from milestones.actions import return_milestone
from projects.models import JournalEntry, Project
from tests.cast import Cast, acting, active, photo, signed_in, stage, submitted

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
    assert "Submitted <bdi>Foundations</bdi> for sign-off, round 1" in english
    assert "הגשת השלב <bdi>Foundations</bdi> לאישור, סבב 1" in hebrew
    assert "The journal is intact" in english
    work = signed_in(cast.noa).get(f"{address}?show=work").content.decode()
    assert "Submitted" in work
    assert "Created the project" not in work


def test_the_journal_tells_what_people_wrote_and_folds_a_file_into_what_shows_it(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 1))
    unmet = [milestone.criteria.first().id]
    return_milestone(
        acting(cast.michal), milestone.id, version=milestone.version, reason="No cover", unmet_criteria=unmet
    )
    photo(cast, project, "cd" * 32)
    address = reverse("journal", args=[project.id])
    told = signed_in(cast.noa).get(address).content.decode()
    assert "<q>No cover</q>" in told
    assert "Returned for fixing" in told
    assert re.findall(r"The file came in with entry #\d+", told)
    assert told.count("Added a photo") == 1, "a file that nothing shows yet stands for itself"


def test_peoples_own_words_stay_words(cast: Cast) -> None:
    project = active(cast, name="<script>alert(1)</script>")
    for address in ["/", *addresses(project)]:
        assert b"<script>alert" not in signed_in(cast.noa).get(address).content, address
