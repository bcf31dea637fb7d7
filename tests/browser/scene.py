"""What the browser looks at: the demonstration of a running house, and states that it does not have.

Their people write as the demonstration's do, in one language, so that no picture mixes two.

A program: `python -m tests.browser.scene screens` (or `journeys`), in the environment of a house, tells it
the stories of tests/browser/scenes and prints where everything is, as JSON.
"""

import json
import os
import sys

import django


def main(scene: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    from tests.browser.scenes.telling import error_pages, places  # their models want Django ready

    print(json.dumps({"places": places(scene), "error_pages": error_pages()}))


if __name__ == "__main__":
    main(sys.argv[1])
