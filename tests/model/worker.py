"""One process of a long run, with a database of its own."""

import os
from collections import Counter
from typing import Any

STORIES = 5  # made up under one seed, so that a failure is found again by its seed alone


def enter(databases: Any) -> None:
    """Take one of the databases, and gather the cast in it."""
    os.environ["DATABASE_URL"] = databases.get()
    import django

    django.setup()
    from .session import gather_people

    gather_people()


def tell(seed: int) -> tuple[Counter[tuple[str, str]], str]:
    """Tell the stories of a seed: what was answered how often, and what went wrong."""
    from .session import tell_stories
    from .story import TALLY

    before = Counter(TALLY)
    try:
        tell_stories(STORIES, seed)
    except BaseException as wrong:
        notes = "\n".join(getattr(wrong, "__notes__", []))
        return Counter(TALLY) - before, f"seed {seed}: {type(wrong).__name__} {wrong}\n{notes}"
    return Counter(TALLY) - before, ""
