"""An absent database told from one that refuses."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, connections

from projects.outages import is_absence
from tests.projects.test_outbox import cut_off


def of_django(kind: type[Exception], cause: Exception) -> Exception:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (of_django(OperationalError, psycopg2.OperationalError("connection refused")), True),
        (of_django(DatabaseError, psycopg2.DatabaseError("server closed the connection unexpectedly")), True),
        (of_django(InterfaceError, psycopg2.InterfaceError("connection already closed")), True),
        (psycopg2.OperationalError("server closed the connection unexpectedly"), True),
        (of_django(IntegrityError, psycopg2.IntegrityError("gate_holds")), False),
        (ConnectionRefusedError("no mail server"), False),
        (None, False),
    ],
)
def test_absence_is_told_by_its_errors(error: Exception | None, away: bool) -> None:
    assert is_absence(error) is away


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("statement", ["SELECT 1 / 0", "SELECT nothing", "SET lock_timeout = 'soon'"])
def test_what_a_living_database_refuses_is_no_absence(statement: str) -> None:
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(statement)
    assert not is_absence(raised.value)


def test_a_lock_that_is_not_given_is_no_absence(database: str, connect: Callable[..., Any]) -> None:
    holder = connect()
    holder.cursor().execute("LOCK TABLE tracker_caughtmail")
    with pytest.raises(OperationalError) as raised, connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'; LOCK TABLE tracker_caughtmail")
    assert not is_absence(raised.value)


def test_a_session_that_was_ended_is_an_absence(database: str, connect: Callable[..., Any]) -> None:
    connection.ensure_connection()
    cut_off(connect)
    with pytest.raises((DatabaseError, InterfaceError)) as raised, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert is_absence(raised.value)
    connections.close_all()
