"""A session that cannot be saved: since somebody ended it, or since the database went away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connections

from tests.projects.test_outbox import cut_off
from tracker.sessions import SessionStore


@pytest.fixture
def session(database: str) -> SessionStore:
    store = SessionStore()
    store["seen"] = 1
    store.save()
    return store


def test_an_ended_session_is_not_saved(session: SessionStore) -> None:
    SessionStore().delete(session.session_key)
    with pytest.raises(UpdateError):
        session.save()


def test_an_outage_is_not_an_ended_session(session: SessionStore, connect: Callable[..., Any]) -> None:
    cut_off(connect)
    with pytest.raises(OperationalError):
        session.save()
    connections.close_all()
    session["seen"] = 2
    session.save()
    assert SessionStore(session.session_key)["seen"] == 2
