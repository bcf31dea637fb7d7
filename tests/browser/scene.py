"""What the browser looks at: the demonstration of a running house, and states that it does not have.

Their people write as the demonstration's do, in one language, so that no picture mixes two.

A program: `python -m tests.browser.scene screens` (or `journeys`), in the environment of a house, tells it
the stories of tests/browser/scenes and prints where everything is, as JSON.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

django.setup()

from django.test import RequestFactory  # noqa: E402
from django.utils import translation  # noqa: E402
from django.views import defaults  # noqa: E402

from people.models import User  # noqa: E402
from projects.refusals import Refused  # noqa: E402
from tests.browser.scenes.advances import asked_ahead  # noqa: E402
from tests.browser.scenes.changes import changed  # noqa: E402
from tests.browser.scenes.demonstration import demonstration  # noqa: E402
from tests.browser.scenes.endings import endings, turns  # noqa: E402
from tests.browser.scenes.journeys import ways  # noqa: E402
from tests.browser.scenes.money import ahead, disputed, further, linked  # noqa: E402
from tests.browser.scenes.terms import drafts, hopes  # noqa: E402
from tests.browser.scenes.work import faults, returned  # noqa: E402
from tests.cast import Cast  # noqa: E402
from tracker.accounts import too_many  # noqa: E402
from tracker.outage import unavailable  # noqa: E402

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


if __name__ == "__main__":
    print(json.dumps({"places": places(sys.argv[1]), "error_pages": error_pages()}))
