"""The stories of a scene, told in a house, and the pages that a house which is well does not show."""

from django.test import RequestFactory
from django.utils import translation
from django.views import defaults

from people.models import User
from projects.refusals import Refused
from tests.browser.scenes.advances import asked_ahead
from tests.browser.scenes.changes import changed
from tests.browser.scenes.demonstration import demonstration
from tests.browser.scenes.endings import endings, turns
from tests.browser.scenes.journeys import ways
from tests.browser.scenes.money import ahead, disputed, further, linked
from tests.browser.scenes.terms import drafts, hopes
from tests.browser.scenes.work import faults, returned
from tests.cast import Cast
from tracker.accounts import too_many
from tracker.outage import unavailable

STORIES = {
    "screens": (
        *(demonstration, further, drafts, hopes, returned, faults),
        *(changed, linked, disputed, asked_ahead, endings, turns),
    ),
    "journeys": (demonstration, ahead, ways),
}

ERROR_PAGES = {
    "429": too_many,
    "500": defaults.server_error,
    "503": lambda request: unavailable(request, Refused("busy")),
}


def places(scene: str) -> dict[str, str]:
    """Every address that the screens, or the journeys, are given, by name."""
    cast = Cast(*(User.objects.get(email=f"{name}@example.com") for name in Cast.__annotations__))
    return dict(place for story in STORIES[scene] for place in story(cast))


def error_pages() -> dict[str, str]:
    """The pages of what cannot be brought about in a house that is well, by language and status."""
    pages = {}
    for language in ("he", "en"):
        with translation.override(language):
            for status, page in ERROR_PAGES.items():
                pages[f"{language}/{status}"] = page(RequestFactory().get("/")).content.decode()
    return pages
