"""Attacks that take two connections: what one transaction does not see of another, it may not contradict."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, pay
from tests.cast import Cast, active, signed_off, stage

OPEN = "380000.00"  # what the first stage holds: 400,000 less 5 %
Levels = pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])


def release(link: Any, project: Any, actor: Any, milestone: Any) -> Forgery:
    """The whole of an open line, up to the entry."""
    forgery = Forgery(link, project.id, actor.id)
    count(forgery, pay(forgery, OPEN), OPEN, milestone.id)
    return forgery


@Levels
def test_a_line_is_not_paid_twice_by_two_who_did_not_see_each_other(
    cast: Cast, connect: Callable[..., Any], level: str
) -> None:
    """Both begin before either commits; the second may read as of then for as long as it likes."""
    project = active(cast)
    milestone = signed_off(cast, stage(project, 1))
    first, second = connect(), connect()
    second.set_session(isolation_level=level)
    late = release(second, project, cast.noa, milestone)
    release(first, project, cast.noa, milestone).seal()
    with pytest.raises(psycopg2.Error) as refused:
        late.seal()
    assert any(name in str(refused.value) for name in REFUSALS[level]), refused.value
    second.rollback()
    assert paid(connect) == [(OPEN,)]


REFUSALS = {
    "READ COMMITTED": ["line_holds_no_more_than_its_full"],
    "REPEATABLE READ": ["journal_one_entry_per_seq"],
    "SERIALIZABLE": ["journal_one_entry_per_seq", "could not serialize access"],
}


def paid(connect: Callable[..., Any]) -> list[tuple[str]]:
    cursor = connect().cursor()
    cursor.execute("SELECT sum(amount)::text FROM payments_allocation")
    return list(cursor.fetchall())


def test_a_check_that_was_made_early_is_made_again_for_what_follows(
    cast: Cast, connect: Callable[..., Any]
) -> None:
    """Constraints are checked at once, while another waits with the same money: the entry keeps the lock."""
    project = active(cast)
    milestone = signed_off(cast, stage(project, 1))
    first, second = connect(), connect()
    forgery = release(first, project, cast.noa, milestone)
    forgery.write_entry()
    forgery.run("SET CONSTRAINTS ALL IMMEDIATE")
    outcome: list[str] = []

    def twin() -> None:
        try:
            release(second, project, cast.noa, milestone).seal()
            outcome.append("let through")
        except psycopg2.Error as error:
            outcome.append(str(error))

    thread = threading.Thread(target=twin)
    thread.start()
    time.sleep(0.3)
    assert outcome == [], "it waits for the project"
    first.commit()
    thread.join()
    assert outcome[0].startswith("line_holds_no_more_than_its_full")
    second.rollback()
    assert paid(connect) == [(OPEN,)]
