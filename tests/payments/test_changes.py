"""Change orders: proposed by either side, signed by both, and then every sum moves in one act."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from milestones.actions import reschedule_milestone, withdraw_submission
from milestones.models import Milestone
from payments.actions import (
    decline_change,
    propose_change,
    record_payment,
    reverse_payment,
    sign_change,
)
from payments.changing import changes_so_far, preview_of, version_of
from payments.models import ChangeOrder
from payments.queries import ledger_of
from people.models import User
from projects.actions import end_part
from projects.models import JournalEntry, Party, Project
from projects.refusals import Refused
from tests.cast import STAGES, TODAY, Cast, acting, active, draft, join, signed_off, stage, submitted
from tests.post import deliver, forget_letters, letters_about
from tracker.verifying import verify
from tracker.waits import waits_of


def proposed(by: User, project: Project, amount: int, position: int | None = 2, **more: Any) -> ChangeOrder:
    """A change of the second milestone, by less or more money."""
    told: dict[str, Any] = {"title": "Cheaper windows", "amount": D(amount)} | more
    if position is not None:
        told["milestone"] = stage(project, position).id
    return propose_change(acting(by), project.id, **told)


def signed(order: ChangeOrder, *signers: User) -> ChangeOrder:
    for signer in signers:
        sign_change(acting(signer), order.id, version=version_of(order))
    return ChangeOrder.objects.get(pk=order.pk)


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def kinds(project: Project) -> list[str]:
    return list(JournalEntry.objects.filter(project=project).order_by("seq").values_list("kind", flat=True))


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def test_a_deduction_moves_every_sum_together(cast: Cast) -> None:
    project = active(cast)
    frame = stage(project, 2)
    order = proposed(cast.alon, project, -50_000, reason="Without the steel beam")
    signed(order, cast.alon)
    assert fresh(project).contract_total == D(1_000_000)
    signed(order, cast.noa)
    project, after = fresh(project), stage(project, 2)
    assert project.contract_total == D(950_000)
    assert (after.value, after.amount, after.version) == (D(300_000), D(250_000), frame.version + 1)
    assert (project.state, project.version) == (Project.State.ACTIVE, fresh(project).version)
    line = ledger_of(project).line(str(after.id))
    assert line
    assert line.full == D(237_500)
    assert ledger_of(project).line("retention").full == D(42_500)  # type: ignore[union-attr]
    assert changes_so_far(project).percent == D("-5.00")
    assert kinds(project)[-3:] == ["change_proposed", "change_signed", "change_in_force"]
    assert not verify(project.id).breaks


def test_a_milestone_is_added_at_the_end(cast: Cast) -> None:
    project = active(cast)
    end = TODAY() + timedelta(days=30)
    order = proposed(
        cast.noa,
        project,
        80_000,
        None,
        title="Pergola",
        criteria=["It stands", "  It is   painted "],
        signers=["homeowner", "engineer"],
        planned_start=TODAY(),
        planned_end=end,
    )
    signed(order, cast.noa, cast.alon)
    project, added = fresh(project), stage(project, 4)
    assert project.contract_total == D(1_080_000)
    assert (added.title, added.value, added.amount) == ("Pergola", D(80_000), D(80_000))
    assert (added.planned_end, added.agreed_end, added.signers) == (end, end, ["homeowner", "engineer"])
    assert [c.text for c in added.criteria.all()] == ["It stands", "It is painted"]
    signed_off(cast, added)
    assert ledger_of(project).line(str(added.id)).payable == D(76_000)  # type: ignore[union-attr]
    assert not verify(project.id).breaks


def test_days_move_the_agreed_end_and_leave_the_plan(cast: Cast) -> None:
    end = TODAY() + timedelta(days=10)
    dated = [dict(s, planned_start=TODAY(), planned_end=end) for s in STAGES]
    project = active(cast, dated)
    signed(proposed(cast.alon, project, 5_000, days=14), cast.alon, cast.noa)
    after = stage(project, 2)
    assert (after.agreed_end, after.planned_end) == (end + timedelta(days=14), end)
    with refused("ends_before_start"):
        proposed(cast.alon, project, 0, days=-100)


def test_every_homeowner_who_signs_must_sign_and_no_one_else(cast: Cast) -> None:
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner")
    order = signed(proposed(cast.alon, project, 1_000), cast.alon, cast.noa)
    assert fresh(project).contract_total == D(1_000_000)
    with refused("not_your_role"):
        signed(order, cast.michal)
    with refused("proof_needed"):
        sign_change(acting(cast.uri, proven=False), order.id, version=version_of(order))
    signed(order, cast.noa)  # again: no effect
    signed(order, cast.uri)
    assert fresh(project).contract_total == D(1_001_000)
    with refused("change_has_ended"):
        signed(order, cast.uri)


def test_what_comes_into_force_voids_signatures_under_other_changes(cast: Cast) -> None:
    project = active(cast)
    first, second = proposed(cast.alon, project, 1_000), proposed(cast.alon, project, 2_000, 3)
    signed(second, cast.noa)
    signed(first, cast.alon, cast.noa)
    with refused("changed_since_read"):
        sign_change(acting(cast.alon), second.id, version=1)
    signed(second, cast.alon)
    assert fresh(project).contract_total == D(1_001_000)
    signed(second, cast.noa)
    assert fresh(project).contract_total == D(1_003_000)


def test_a_date_that_moved_voids_signatures_under_its_milestones_changes(cast: Cast) -> None:
    project = active(cast)
    order = signed(proposed(cast.alon, project, 1_000), cast.noa)
    reschedule_milestone(
        acting(cast.alon), stage(project, 2).id, agreed_end=TODAY() + timedelta(days=5), cause="weather"
    )
    with refused("changed_since_read"):
        sign_change(acting(cast.alon), order.id, version=1)


def test_a_change_is_declined_or_taken_back(cast: Cast) -> None:
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    order = proposed(cast.alon, project, 1_000)
    with refused("not_a_signer"):
        decline_change(acting(cast.uri), order.id)
    decline_change(acting(cast.noa), order.id, reason="Too much")
    with refused("change_has_ended"):
        signed(order, cast.noa)
    own = proposed(cast.uri, project, 1_000)
    decline_change(acting(cast.uri), own.id)
    assert kinds(project)[-1] == "change_withdrawn"
    with refused("change_has_ended"):
        decline_change(acting(cast.noa), own.id)


def test_a_submitted_or_signed_milestone_does_not_change(cast: Cast) -> None:
    project = active(cast)
    order = proposed(cast.alon, project, -1_000)
    submitted(cast, stage(project, 2))
    with refused("milestone_is_submitted"):
        proposed(cast.noa, project, -1_000)
    with refused("milestone_is_submitted"):
        signed(order, cast.noa)
    withdraw_submission(acting(cast.alon), stage(project, 2).id)
    signed(order, cast.noa)
    signed_off(cast, stage(project, 3))
    with refused("milestone_is_closed"):
        proposed(cast.noa, project, -1_000, 3)


def test_what_the_terms_do_not_bear_is_refused_when_proposed_and_when_signed(cast: Cast) -> None:
    project = active(cast)
    for amount, code in ((-300_001, "below_zero"), (0, "nothing_to_change")):
        with refused(code):
            proposed(cast.noa, project, amount)
    with refused("no_date_to_move"):
        proposed(cast.noa, project, 0, days=3)
    with refused("value_differs"):
        proposed(cast.noa, project, 1, value=D(2))
    with refused("criteria_missing"):
        proposed(cast.noa, project, 1, None, signers=["homeowner"])
    for role in ("supervisor", "contractor"):  # nobody is there; and who builds signs nothing off
        with refused("nobody_signs"):
            proposed(cast.noa, project, 1, None, signers=[role], criteria=["Done"])
    with refused("no_date_to_move"):
        proposed(cast.noa, project, 1, None, signers=["homeowner"], criteria=["Done"], days=1)
    with refused("bad_change"):
        proposed(cast.noa, project, -1, None, signers=["homeowner"], criteria=["Done"])
    with refused("unknown_milestone"):
        propose_change(
            acting(cast.noa), project.id, title="x", amount=D(1), milestone=stage(active(cast), 1).id
        )
    order = signed(proposed(cast.noa, project, -250_000), cast.noa)
    record_payment(
        acting(cast.noa),
        project.id,
        amount=D(100_000),
        line=str(stage(project, 2).id),
        paid_on=TODAY(),
        method="cash",
    )
    with refused("change_below_paid"):
        signed(order, cast.alon)
    preview = preview_of(order, fresh(project), ledger_of(project), TODAY())
    assert preview.refusal
    assert preview.refusal.code == "change_below_paid"


def test_who_leaves_leaves_no_change_stuck(cast: Cast) -> None:
    """All the others had signed already: they sign it anew, without the one who left."""
    project = active(cast)
    uri = join(cast.noa, project, cast.uri, "homeowner")
    order = proposed(cast.alon, project, 1_000)
    signed(order, cast.noa, cast.alon)
    assert not hasattr(ChangeOrder.objects.get(pk=order.pk), "force")
    end_part(acting(cast.uri), uri)
    assert {wait.kind for wait in waits_of(cast.noa.id) if wait.mine} >= {"change"}
    assert signed(order, cast.noa, cast.alon).force.version == 2
    assert fresh(project).contract_total == D(1_001_000)
    assert not verify(project.id).breaks


def test_before_the_signatures_and_after_completion_nothing_is_proposed(cast: Cast) -> None:
    with refused("project_not_active"):
        proposed(cast.noa, draft(cast), 1_000)
    project = active(cast)
    for position in (1, 2, 3):
        signed_off(cast, stage(project, position))
    with refused("work_is_completed"):
        proposed(cast.noa, project, 1, None, signers=["homeowner"], criteria=["Done"])


def test_money_that_lay_there_before_a_deduction_is_no_break(cast: Cast) -> None:
    """200,000 lay on the frame, were taken back, and then the frame shrank below that."""
    project = active(cast)
    paid = record_payment(
        acting(cast.noa),
        project.id,
        amount=D(200_000),
        line=str(stage(project, 2).id),
        paid_on=TODAY(),
        method="cash",
    )
    reverse_payment(acting(cast.noa), paid.id, amount=D(200_000), why="wrong_record")
    signed(proposed(cast.noa, project, -200_000), cast.noa, cast.alon)
    assert not verify(project.id).breaks


def test_who_left_signs_nothing(cast: Cast) -> None:
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner")
    order = signed(proposed(cast.alon, project, 1_000), cast.alon, cast.noa)
    end_part(acting(cast.noa), Party.objects.get(project=project, user=cast.uri).id)
    assert fresh(project).contract_total == D(1_000_000)
    assert Milestone.objects.get(pk=order.milestone_id).value == D(350_000)


def test_both_sides_read_of_every_step(cast: Cast) -> None:
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner")
    forget_letters()
    order = proposed(cast.alon, project, -50_000, reason="The wall carries it")
    deliver()
    letters = letters_about("A change waits for signatures")
    assert set(letters) == {"noa", "uri", "alon"}
    assert "The wall carries it" in letters["noa"].text
    assert "\u2066\u2212₪50,000\u2069" in letters["noa"].text
    assert f"/changes/{order.id}/" in letters["noa"].text
    signed(order, cast.alon)
    deliver()
    assert set(letters_about("A change was signed by one more")) == {"noa", "uri", "alon"}
    signed(order, cast.noa, cast.uri)
    deliver()
    assert "₪950,000" in letters_about("A change is in force")["alon"].text
    other = proposed(cast.noa, project, 1_000)
    decline_change(acting(cast.alon), other.id, reason="Not now")
    deliver()
    assert "Not now" in letters_about("A proposed change was declined")["noa"].text
