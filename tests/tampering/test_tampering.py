"""A changed byte of history is found, and its place named; python -m tests.tampering tries every column."""

from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from people.models import User
from projects.integrity import Break
from tests.cast import signed_in
from tests.tampering.tamper import LEFT_OUT, Column, Tamperer
from tracker.verifying import verify

TRIED = [
    "projects_journalentry.id",
    "projects_journalentry.project_id",
    "projects_journalentry.seq",
    "projects_journalentry.kind",
    "projects_journalentry.actor_id",
    "projects_journalentry.at",
    "projects_journalentry.body",
    "projects_journalentry.previous_hash",
    "projects_journalentry.hash",
    "projects_project.policy",
    "projects_project.name",
    "projects_party.left_at",
    "projects_attachment.sha256",
    "projects_flag.severity",
    "milestones_milestone.signers",
    "milestones_milestone.value",
    "milestones_criterion.text",
    "milestones_decision.approves",
    "milestones_decision.unmet",
    "milestones_evidence.criterion_id",
    "milestones_submission.id",
    "payments_changeinforce.milestone_id",
    "payments_payment.advance_id",
    "payments_payment.project_id",
    "payments_payment.paid_on",
    "payments_allocation.entry_id",
    "payments_allocation.id",
    "payments_reversal.amount",
]


def breaks() -> list[Break]:
    """What does not hold, but for the checks that a tamperer took away."""
    return [found for found in verify().breaks if found.proof != "guards"]


def test_every_column_of_history_is_tried(tamperer: Tamperer) -> None:
    """The command tries them all; here, those that behave differently. Nothing is left out in silence."""
    columns = {str(column) for column in tamperer.columns()}
    assert set(TRIED) <= columns
    assert {f"{table}.{name}" for table, name in LEFT_OUT} == {"projects_journalentry.xid"}
    for column in tamperer.columns():
        assert tamperer.has_value(column), f"{column} has no value here"


@pytest.mark.parametrize("name", TRIED)
def test_a_changed_byte_is_found_and_located(tamperer: Tamperer, name: str) -> None:
    column = next(column for column in tamperer.columns() if str(column) == name)
    with tamperer.change(column, Random(name)) as change:
        assert change
        found = breaks()
    assert found, f"not found: {change}"
    assert change.is_place_of(found[0]), f"{change} was found at {found[0]}"
    assert not breaks()


def test_the_command_prints_the_place_and_fails(tamperer: Tamperer) -> None:
    column = Column("payments_payment", "amount", "numeric")
    with tamperer.change(column, Random(1)) as change, pytest.raises(CommandError) as failed:
        call_command("verify", files=False)
    assert change
    place = f"facts: changed at project {change.was['owner']}, entry "
    assert place in str(failed.value)
    assert f"payments_payment/{change.was['id']}" in str(failed.value)
    assert failed.value.returncode == 1


def test_the_parties_see_where_it_does_not_hold(tamperer: Tamperer) -> None:
    browser = signed_in(User.objects.get(email="noa@example.com"))
    with tamperer.change(Column("payments_payment", "amount", "numeric"), Random(1)) as change:
        assert change
        project = change.was["owner"]
        found = browser.get(f"/api/v1/projects/{project}/journal/verify/").json()
        page = browser.get(f"/projects/{project}/journal/").content.decode()
    assert not found["ok"]
    broken = found["first_break"]
    assert (broken["problem"], broken["about"]) == ("changed", f"payments_payment/{change.was['id']}")
    assert f"does not hold together at entry {broken['seq']}." in page
    whole = browser.get(f"/api/v1/projects/{project}/journal/verify/").json()
    assert (whole["ok"], whole["first_break"]) == (True, None)
    assert whole["facts"] > whole["entries"] > 0


@pytest.mark.parametrize(
    ("table", "problem"), [("payments_payment", "missing"), ("projects_journalentry", "gap")]
)
def test_a_row_that_is_gone_is_missed(tamperer: Tamperer, table: str, problem: str) -> None:
    with tamperer.without_a_row(table) as (project, key):
        found = breaks()[0]
    assert (found.problem, str(found.project)) == (problem, project)
    assert found.about in {key, "seq"}
    assert not breaks()


def test_a_row_that_nobody_wrote_is_seen(tamperer: Tamperer) -> None:
    with tamperer.another_row("payments_payment") as key:
        found = breaks()[0]
    assert (found.proof, found.problem, found.about) == ("facts", "not_named", key)
    assert not breaks()
