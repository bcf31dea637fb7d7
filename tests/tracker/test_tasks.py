"""The worker's tasks: what beat ticks exists, and what a hint does."""

from django.db import transaction

from projects.models import Obligation
from projects.outbox import owe
from tracker.celery import app
from tracker.tasks import fulfil


def test_beat_ticks_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    ticked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert ticked == {"tracker.sweep", "tracker.tidy", "tracker.verify", "tracker.endings"}
    assert ticked <= set(app.tasks)


def test_a_hint_does_what_is_owed(database: str, mailoutbox: list) -> None:
    with transaction.atomic():
        owed = owe("letter", to="noa@example.com", subject="Code", text="It is 123456")
    for _ in range(2):
        fulfil(str(owed.id))
    assert [letter.to for letter in mailoutbox] == [["noa@example.com"]]
    assert Obligation.objects.get().done_at is not None
