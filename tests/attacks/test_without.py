"""Every guard counts: whatever is removed, the start-up check names it. Which attacks come through then is
shown guard by guard by `python -m tests.attacks.without`, which takes minutes (docs/testing.md)."""

import pytest
from django.db import connection, transaction

from tests.attacks.without import guards
from tests.conftest import use
from tracker.cluster import Cluster
from tracker.guards import broken_guards


@pytest.fixture
def superuser(cluster: Cluster, database: str) -> None:
    use(cluster.superuser_url(database))


@pytest.mark.usefixtures("superuser")
def test_every_lost_guard_is_named() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        all_guards = guards(cursor)
        for guard in all_guards:
            if not guard.name.startswith("constraint "):
                cursor.execute(guard.removal)
        for guard in all_guards:
            if guard.name.startswith("constraint "):
                cursor.execute(guard.removal.replace("CONSTRAINT", "CONSTRAINT IF EXISTS"))
        cursor.execute("SET LOCAL ROLE plumbline_app")
        named = {guard.name for guard in broken_guards()}
        assert {guard.name for guard in all_guards} - named == set()
        transaction.set_rollback(True)
    assert len(all_guards) > 300


@pytest.mark.usefixtures("superuser")
def test_nothing_is_named_while_all_stand() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE plumbline_app")
        assert broken_guards() == []
