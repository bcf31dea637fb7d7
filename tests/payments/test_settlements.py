"""A deduction on a signed milestone settles one of its minor defects, for good."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from milestones.actions import (
    approve_milestone,
    estimate_defect,
    fix_defect,
    reopen_defect,
    report_defect,
    verify_defect,
)
from milestones.models import Defect, DefectNow, Milestone, Worth
from payments.actions import (
    complete_project,
    propose_change,
    record_payment,
    release_payment,
    reverse_payment,
    sign_change,
)
from payments.changing import preview_of, version_of
from payments.history import changes_of
from payments.models import ChangeOrder, PayableLine
from payments.queries import exposure_now, ledger_of
from people.models import User
from projects import clock
from projects.flagging import settle_flags
from projects.models import Flag, JournalEntry, Project
from projects.policy import policy_of
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join, signed, signed_off, stage, submitted
from tests.post import deliver, forget_letters, letters_about
from tracker.journal_reading import told
from tracker.journal_words import words_of
from tracker.verifying import verify


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def closed_with(cast: Cast, milestone: Milestone, *withheld: int, **found: Any) -> list[Defect]:
    """Signed off by Noa with minor defects, for each of which so much is withheld."""
    milestone = submitted(cast, milestone)
    minor = [{"title": "Scratch", "withheld": D(amount)} | found for amount in withheld]
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version, minor_defects=minor)
    return list(Defect.objects.filter(milestone=milestone))


def settling(by: User, defect: Defect, amount: int, **more: Any) -> ChangeOrder:
    inputs = {"title": "Scratch", "defect": defect.id, "amount": D(amount)} | more
    return propose_change(acting(by), defect.project_id, **inputs)


def sign(order: ChangeOrder, *signers: User) -> ChangeOrder:
    for signer in signers:
        sign_change(acting(signer), order.id, version=version_of(order))
    return ChangeOrder.objects.get(pk=order.pk)


def state(defect: Defect) -> str:
    return DefectNow.objects.get(defect=defect.pk).state


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def pay(cast: Cast, milestone: Milestone, amount: int) -> None:
    moved = {"line": str(milestone.id), "paid_on": TODAY(), "method": "cash"}
    release_payment(acting(cast.noa), milestone.project_id, amount=D(amount), **moved)


def test_the_example_of_the_docs(cast: Cast, project: Project) -> None:
    third = stage(project, 3)
    (scratch,) = closed_with(cast, third, 30_000)
    pay(cast, third, 160_000)
    with refused("change_below_paid") as caught:
        settling(cast.noa, scratch, -32_000)
    assert caught.value.data == {"paid": D(160_000), "holds": D(159_600)}
    before = stage(project, 3)
    order = sign(settling(cast.alon, scratch, -20_000), cast.alon)
    assert state(scratch) == "open", "one signature settles nothing"
    sign(order, cast.noa)
    after, ledger = stage(project, 3), ledger_of(Project.objects.get(pk=project.pk))
    assert (after.value, after.amount) == (D(230_000), D(180_000))
    assert (after.state, after.version, after.round) == (before.state, before.version, before.round)
    line = ledger.line(str(third.id))
    assert line
    assert (line.full, line.withheld, line.payable) == (D(171_000), 0, D(11_000))
    assert (ledger.contract.total, ledger.contract.earned) == (D(980_000), D(230_000))
    due = PayableLine.objects.get(milestone=third)
    assert (due.payable, due.since) == (D(11_000), JournalEntry.objects.latest("seq").at)
    assert state(scratch) == "settled"
    assert not verify(project.id).breaks
    pay(cast, third, 11_000)


def test_what_is_settled_is_closed_for_good(cast: Cast, project: Project) -> None:
    (scratch,) = closed_with(cast, stage(project, 3), 1_000, fix_by=TODAY() - timedelta(days=2))
    settle_flags(project.id)
    assert Flag.objects.filter(kind="defect_overdue", cleared_at=None).exists()
    sign(settling(cast.noa, scratch, -1_000), cast.noa, cast.alon)
    settle_flags(project.id)
    assert not Flag.objects.filter(kind="defect_overdue", cleared_at=None).exists()
    acts: list[tuple[Any, User, dict[str, Any]]] = [
        (fix_defect, cast.alon, {}),
        (verify_defect, cast.noa, {}),
        (reopen_defect, cast.noa, {}),
        (estimate_defect, cast.noa, {"amount": D(1)}),
    ]
    for act, who, inputs in acts:
        with refused("defect_is_settled"):
            act(acting(who), scratch.id, **inputs)
    with refused("defect_is_settled"):
        settling(cast.noa, scratch, -1_000)


def test_every_figure_is_what_was_previewed(cast: Cast, project: Project) -> None:
    """Three faults found after the sign-off, estimated by a homeowner alone up to the value: what is left of
    them counts by the lower value."""
    (scratch, _) = closed_with(cast, stage(project, 3), 4_000, 6_000)
    third = stage(project, 3)
    stain = report_defect(acting(cast.noa), third.id, title="Stain", estimated_cost=D(100_000))
    leak = {"title": "Leak", "blocking": True, "estimated_cost": D(400_000)}
    report_defect(acting(cast.noa), third.id, **leak)
    for settled, amount in ((scratch, -3_000), (stain, -50_000)):
        order = sign(settling(cast.alon, settled, amount), cast.alon)
        preview = preview_of(order, project, ledger_of(project), TODAY())
        assert not preview.refusal
        sign(order, cast.noa)
        project.refresh_from_db()
        assert exposure_now(project, TODAY()) == preview.after
        ledger = ledger_of(project)
        assert next(t for t in ledger.contract.terms if t.milestone == str(third.id)) == preview.term_after
    assert (Worth.objects.get(milestone=third).repair, stage(project, 3).value) == (D(197_000), D(197_000))
    assert not verify(project.id).breaks


def test_only_a_minor_open_defect_of_a_signed_milestone(cast: Cast, project: Project) -> None:
    third = stage(project, 3)
    crack = report_defect(acting(cast.noa), third.id, title="Crack")
    with refused("milestone_unsigned"):
        settling(cast.noa, crack, -100)
    signed_off(cast, third)
    leak = report_defect(acting(cast.noa), third.id, title="Leak", blocking=True)
    with refused("defect_is_blocking"):
        settling(cast.noa, leak, -100)
    with refused("unknown_defect"):
        settling(cast.noa, crack, -100, milestone=stage(project, 1).id)
    with refused("unknown_defect"):
        propose_change(acting(cast.noa), active(cast).id, title="x", defect=crack.id, amount=D(-1))
    with refused("not_your_role"):
        settling(cast.michal, crack, -100)
    with refused("milestone_is_closed"):
        settling(cast.noa, crack, -100, days=3)
    waits = sign(settling(cast.noa, crack, -100, milestone=third.id), cast.noa)
    verify_defect(acting(cast.noa), crack.id)
    with refused("defect_is_verified"):
        sign(waits, cast.alon)


def test_it_takes_something_off_that_is_there(cast: Cast, project: Project) -> None:
    (scratch,) = closed_with(cast, stage(project, 3), 1_000)
    for amount, code in ((0, "no_deduction"), (5, "no_deduction"), (-200_001, "below_zero")):
        with refused(code):
            settling(cast.noa, scratch, amount)
    whole = sign(settling(cast.noa, scratch, -200_000), cast.noa, cast.alon)
    assert stage(project, 3).amount == 0
    assert whole.force.contract_total == D(800_000)
    assert not verify(project.id).breaks


def test_the_first_of_two_settles_it(cast: Cast, project: Project) -> None:
    (scratch,) = closed_with(cast, stage(project, 3), 1_000)
    first, second = settling(cast.noa, scratch, -500), settling(cast.alon, scratch, -200)
    sign(first, cast.noa, cast.alon)
    with refused("defect_is_settled"):
        sign(second, cast.noa)
    assert stage(project, 3).amount == D(199_500)


def test_a_deduction_makes_what_was_due_before_no_younger(cast: Cast, project: Project) -> None:
    """Of a fault that was found after the sign-off, and for which nothing was withheld."""
    third = signed_off(cast, stage(project, 3))
    since = JournalEntry.objects.latest("seq").at
    money: dict[str, Any] = {"line": str(third.id), "paid_on": TODAY(), "method": "cash"}
    release_payment(acting(cast.noa), project.id, amount=D(100_000), **money)
    back = record_payment(acting(cast.noa), project.id, amount=D(20_000), **money)
    reverse_payment(acting(cast.noa), back.id, amount=D(20_000), why="wrong_record")
    found = report_defect(acting(cast.noa), third.id, title="Stain")
    sign(settling(cast.noa, found, -75_000), cast.noa, cast.alon)
    due = PayableLine.objects.get(milestone=third)
    assert (due.since, due.unbroken == due.payable) == (since, True)


def test_when_all_work_is_signed_off_and_not_after_completion(cast: Cast, project: Project) -> None:
    for position in (1, 2):
        signed_off(cast, stage(project, position))
    scratch, stain = closed_with(cast, stage(project, 3), 1_000, 2_000)
    sign(settling(cast.noa, scratch, -500), cast.noa, cast.alon)
    waits = settling(cast.noa, stain, -500)
    complete_project(acting(cast.noa), project.id)
    with refused("project_completed"):
        settling(cast.noa, stain, -500)
    with refused("project_completed"):
        sign(waits, cast.noa)
    assert not verify(project.id).breaks


def test_who_signed_it_off_is_who_signed_then(cast: Cast) -> None:
    """Uri signs for the homeowners since then, and all of them sign off in this project."""
    project = signed(cast, draft(cast, policy={"homeowner_signers": "all"}))
    assert policy_of(project.policy).homeowner_signers == "all"
    (scratch,) = closed_with(cast, stage(project, 3), 1_000)
    join(cast.noa, project, cast.uri, "homeowner")
    sign(settling(cast.noa, scratch, -500), cast.noa, cast.uri, cast.alon)
    assert not verify(project.id).breaks


def test_the_day_of_the_sign_off_stays(cast: Cast) -> None:
    with clock.set_to(clock.now() - timedelta(days=9)):
        project = active(cast)
        (scratch,) = closed_with(cast, stage(project, 3), 1_000)
    sign(settling(cast.noa, scratch, -500), cast.noa, cast.alon)
    closed, settled = changes_of(Project.objects.get(pk=project.pk))
    assert TODAY() - closed.on >= timedelta(days=8)
    assert (closed.earned, settled.earned) == (250_000, -500)
    assert not verify(project.id).breaks


def test_the_journal_and_both_sides_read_of_it(cast: Cast, project: Project) -> None:
    (scratch,) = closed_with(cast, stage(project, 3), 1_000)
    forget_letters()
    order = settling(cast.noa, scratch, -500, reason="We can live with it")
    deliver()
    letters = letters_about("A change waits for signatures")
    assert set(letters) == {"noa", "alon"}
    assert "It settles the defect" in letters["alon"].text
    sign(order, cast.noa, cast.alon)
    entry = JournalEntry.objects.filter(project=project).select_related("actor").latest("seq")
    assert entry.kind == "defect_settled"
    with translation.override("en"):
        [said] = told([entry], words_of(project, []))
    assert "which settles defect 1" in said.sentence
    assert said.chip == "in_force"
