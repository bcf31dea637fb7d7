"""Every guard counts: with one removed, the start-up check names it and refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from tests.attacks.ground import migrate_here
from tests.conftest import use
from tracker.guards import GuardsBroken, broken_guards, require_guards

pytestmark = pytest.mark.usefixtures("database")


def test_a_migrated_database_holds() -> None:
    assert broken_guards() == []
    require_guards()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("DROP TRIGGER tied_to_an_entry ON payments_payment", "trigger payments_payment.tied_to_an_entry"),
        (
            "ALTER TABLE payments_allocation DISABLE TRIGGER gate_holds",
            "trigger payments_allocation.gate_holds",
        ),
        (
            "CREATE OR REPLACE FUNCTION gate_holds() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'",
            "function gate_holds()",
        ),
        ("GRANT UPDATE ON payments_payment TO plumbline_app", "rights payments_payment"),
        ("REVOKE SELECT ON projects_project FROM plumbline_app", "rights projects_project"),
        ("CREATE TABLE shadow (id int)", "rights shadow"),
        (
            "ALTER TABLE payments_payment DROP CONSTRAINT payment_is_positive",
            "constraint payments_payment.payment_is_positive",
        ),
    ],
)
def test_a_damaged_guard_is_named(connect: Callable[..., Any], damage: str, named: str) -> None:
    with connect("owner") as owner:
        owner.cursor().execute(damage)
    assert named in {guard.name for guard in broken_guards()}
    with pytest.raises(GuardsBroken, match=named.split(" ")[0]):
        require_guards()


def test_a_lost_seal_is_named(connect: Callable[..., Any]) -> None:
    with connect("owner") as owner:
        owner.cursor().execute("DROP TABLE guard_seal")
    assert [guard.name for guard in broken_guards()] == ["guard_seal"]


def test_the_owner_may_not_serve(cluster: Any, database: str) -> None:
    use(cluster.owner_url(database))
    assert any("owner" in guard.problem for guard in broken_guards())
    connections.close_all()


def test_migrating_does_not_seal_damage(cluster: Any, database: str, connect: Callable[..., Any]) -> None:
    with connect("owner") as owner:
        owner.cursor().execute("DROP TRIGGER gate_holds ON payments_allocation")
    with pytest.raises(SystemExit):
        migrate_here(cluster, database)
    assert "trigger payments_allocation.gate_holds" in {guard.name for guard in broken_guards()}


def test_migrating_mends_lost_rights(cluster: Any, database: str, connect: Callable[..., Any]) -> None:
    with connect("owner") as owner:
        owner.cursor().execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM plumbline_app")
    migrate_here(cluster, database)
    assert broken_guards() == []
