"""Thirty-two threads of mixed acts, on one hot project and on several (tests/mix.py): nothing breaks."""

import pytest

from payments.models import Payment
from projects.flagging import sweep
from projects.models import JournalEntry
from tests import mix
from tests.cast import Cast
from tracker.verifying import verify

THREADS, ACTS = 32, 4


@pytest.mark.parametrize("projects", [1, 6], ids=["hot", "spread"])
def test_threads_of_mixed_acts_lose_and_double_nothing(cast: Cast, projects: int) -> None:
    where = mix.places(cast, projects)
    before = mix.entries_of(where)
    tally = mix.run(cast, where, threads=THREADS, acts=ACTS, seed=1)
    written = mix.entries_of(where) - before
    assert mix.problems(tally, written) == []
    assert tally.deadlocks == 0
    assert tally.accepted["payment_recorded"] == Payment.objects.filter(kind="record").count()
    sweep()
    assert verify().breaks == []
    assert JournalEntry.objects.filter(id__in=written, actor=None).count() == sum(
        count for kind, count in tally.accepted.items() if kind.startswith("flag_")
    )
