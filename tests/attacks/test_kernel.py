"""The kernel under rough handling: cut connections, things that vanish while one waits, damaged walls."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, close_old_connections, connection, connections

from milestones.actions import edit_milestone, remove_milestone, sign_agreement
from projects.actions import end_part
from projects.kernel import Answer, OnceKey
from projects.models import Party
from tests.attacks.forge import Forgery
from tests.cast import Cast, acting, active, draft, join, stage


def test_a_connection_that_died_between_two_acts_does_not_poison_its_thread(
    cast: Cast, connect: Callable[..., Any]
) -> None:
    """The database restarted: one act fails, and after the next request's beginning all is well."""
    project = draft(cast)
    milestone = stage(project, 1)
    killer = connect("superuser")
    killer.autocommit = True
    killer.cursor().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename LIKE '%_app'"
    )
    with pytest.raises(OperationalError):
        edit_milestone(acting(cast.noa), milestone.id, version=1, title="First")
    close_old_connections()
    edit_milestone(acting(cast.noa), milestone.id, version=1, title="First")


def test_what_was_removed_while_one_waited_is_not_there(cast: Cast, connect: Callable[..., Any]) -> None:
    project = draft(cast)
    milestone = stage(project, 3)
    holder = connect()
    holder.cursor().execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [str(project.id)])
    outcomes = []

    def remove() -> None:
        try:
            remove_milestone(acting(cast.noa), milestone.id, version=milestone.version)
            outcomes.append("removed")
        except Exception as error:  # the test looks at it
            outcomes.append(getattr(error, "code", repr(error)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=remove) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_for_waiting(2)
    holder.rollback()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["not_found", "removed"]


def wait_for_waiting(count: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.005) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0] >= count:
                return
    raise AssertionError("nobody waits")


def test_an_edit_that_waited_for_the_last_signature_comes_too_late(
    cast: Cast, connect: Callable[..., Any]
) -> None:
    """SQL without the lock, begun in the draft and committed after the signature, changes no signed term."""
    project = draft(cast)
    milestone = stage(project, 1)
    sign_agreement(acting(cast.noa), project.id, version=project.version)
    editor = connect()
    forgery = Forgery(editor, project.id, cast.noa.id)
    editor.cursor().execute("SET lock_timeout = '5s'")

    def last_signature(_: Any) -> Answer:
        """The signature is written, but its transaction still open: the edit is typed now."""
        thread.start()
        wait_for_waiting(1)
        return Answer(200, None)

    outcomes: list[str] = []

    def edit() -> None:
        try:
            forgery.update("milestones_milestone", milestone.id, signers=["homeowner"])
            forgery.seal()
        except psycopg2.Error as error:
            outcomes.append(str(error))

    thread = threading.Thread(target=edit)
    key = OnceKey("last", "f", last_signature)
    sign_agreement.once(key, acting(cast.alon), project.id, version=project.version)
    thread.join()
    assert "milestone_terms_are_closed" in "".join(outcomes)
    assert stage(project, 1).signers == ["homeowner", "engineer"]


def test_an_entry_of_the_past_is_not_of_this_transaction(cast: Cast, connect: Callable[..., Any]) -> None:
    """Transaction numbers begin anew after a restore: an old entry may then carry the present one's."""
    project = active(cast)
    party = join(cast.alon, project, cast.eran, "engineer")
    before = Party.objects.get(pk=party)
    end_part(acting(cast.noa), party)
    app, owner = connect(), connect("superuser")
    cursor = app.cursor()
    cursor.execute("SELECT pg_current_xact_id()::text::bigint")
    restored = owner.cursor()
    restored.execute("SET session_replication_role = replica")
    restored.execute("UPDATE projects_party SET left_at = NULL WHERE id = %s", [str(party)])
    restored.execute(
        "UPDATE projects_journalentry SET xid = %s WHERE id = %s",
        [cursor.fetchone()[0], str(before.entry_id)],
    )
    owner.commit()
    cursor.execute(
        "UPDATE projects_party SET entry_id = %s WHERE id = %s", [str(before.entry_id), str(party)]
    )
    with pytest.raises(psycopg2.IntegrityError, match="fact_is_tied"):
        app.commit()
