"""How contracts end, over the real acts: completion, retention, suspension, termination, the closing sum."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from milestones.actions import approve_milestone, log_progress, submit_milestone, withdraw_submission
from milestones.models import Milestone
from payments.actions import (
    complete_project,
    end_defects_period,
    record_payment,
    release_payment,
    terminate_project,
)
from payments.models import Allocation, RetentionOpening
from payments.queries import exposure_now, ledger_of, retention_of, with_retention_due
from payments.tasks import end_defects_periods
from projects.endings import (
    propose_closing_sum,
    propose_handover,
    resume_project,
    sign_closing_sum,
    sign_handover,
    suspend_project,
)
from projects.kernel import SYSTEM
from projects.models import DeedSignature, JournalEntry, Project, Turn
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, join, signed_off, stage, submitted
from tracker.verifying import verify

D = Decimal
HOUSE = D("1000000.00")
WORDS = "Two keys. The manuals of the boiler and of the blinds. A scratch on the kitchen door."


def paid(amount: str) -> dict[str, Any]:
    return {"amount": D(amount), "paid_on": TODAY(), "method": "bank_transfer"}


def again(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def finished(cast: Cast, **terms: Any) -> Project:
    """A house of which everything is signed off and paid, but for the retention (45,000)."""
    project = active(cast, **terms)
    release_payment(acting(cast.noa), project.id, line="deposit", **paid("100000"))
    for position, net in ((1, "380000"), (2, "285000"), (3, "190000")):
        milestone = signed_off(cast, stage(project, position))
        release_payment(acting(cast.noa), project.id, line=str(milestone.id), **paid(net))
    return project


def handed_over(cast: Cast, project: Project, days_ago: int = 0) -> None:
    day = TODAY() - timedelta(days=days_ago)
    propose_handover(acting(cast.alon), project.id, day=day, text=WORDS)
    for person in (cast.noa, cast.alon):
        sign_handover(acting(person), project.id, version=1)


def payable(project: Project, line: str) -> Decimal:
    found = ledger_of(again(project)).line(line)
    assert found is not None
    return found.payable


def kinds(project: Project) -> list[str]:
    entries = JournalEntry.objects.filter(project=project).exclude(kind__startswith="flag_")
    return list(entries.order_by("seq").values_list("kind", flat=True))


def test_from_the_last_sign_off_to_the_last_of_the_retention(cast: Cast) -> None:
    project = finished(cast)
    complete_project(acting(cast.alon), project.id)
    assert payable(project, "retention") == D("22500.00")
    release_payment(acting(cast.noa), project.id, line="retention", **paid("22500"))

    handed_over(cast, project, days_ago=366)
    assert end_defects_periods() == 1
    assert again(project).state == Project.State.CLOSED
    assert payable(project, "retention") == D("22500.00")
    release_payment(acting(cast.noa), project.id, line="retention", **paid("22500"))

    figures = exposure_now(again(project), TODAY())
    assert (figures.paid, figures.exposure, figures.payable) == (HOUSE, D(0), D(0))
    assert kinds(project)[-7:] == [
        "project_completed",
        "payment_released",
        "handover_proposed",
        "deed_signed",
        "handed_over",
        "project_closed",
        "payment_released",
    ]
    assert not verify().breaks


def test_work_that_is_not_signed_off_keeps_a_project_from_its_completion(cast: Cast) -> None:
    project = active(cast)
    signed_off(cast, stage(project, 1))
    with pytest.raises(Refused, match="work_is_missing") as refused:
        complete_project(acting(cast.noa), project.id)
    assert refused.value.data == {"missing": "2, 3"}
    assert again(project).state == Project.State.ACTIVE


def test_where_it_was_agreed_nothing_opens_at_completion(cast: Cast) -> None:
    project = finished(cast, policy={"retention_at_completion": "none"})
    complete_project(acting(cast.noa), project.id)
    assert payable(project, "retention") == D(0)
    with pytest.raises(Refused, match="payment_locked"):
        release_payment(acting(cast.noa), project.id, line="retention", **paid("1"))


def test_without_retention_a_project_is_completed_and_closed_all_the_same(cast: Cast) -> None:
    project = active(cast, retention_percent=D(0), policy={"defects_period_months": "0"})
    for position in (1, 2, 3):
        signed_off(cast, stage(project, position))
    complete_project(acting(cast.noa), project.id)
    handed_over(cast, project)
    end_defects_periods()
    assert again(project).state == Project.State.CLOSED
    assert not RetentionOpening.objects.exists()
    assert not verify().breaks


def test_the_period_ends_once_and_not_before_its_day(cast: Cast) -> None:
    project = finished(cast, policy={"defects_period_months": "1"})
    complete_project(acting(cast.noa), project.id)
    assert retention_of(again(project)).ends_on is None
    handed_over(cast, project, days_ago=10)
    assert with_retention_due() == []
    end_defects_period(SYSTEM, project.id)
    assert again(project).state == Project.State.COMPLETED

    other = finished(cast, policy={"defects_period_months": "0"})
    complete_project(acting(cast.noa), other.id)
    handed_over(cast, other)
    written = JournalEntry.objects.count()
    for _ in range(3):
        end_defects_periods()
        end_defects_period(SYSTEM, other.id)
    assert JournalEntry.objects.count() == written + 1
    assert again(other).state == Project.State.CLOSED


def test_no_person_ends_a_defects_period(cast: Cast) -> None:
    project = finished(cast)
    with pytest.raises(Refused, match="not_found"):
        end_defects_period(acting(cast.noa), project.id)


def test_a_new_protocol_voids_the_signatures_and_the_last_one_hands_over(cast: Cast) -> None:
    project = finished(cast)
    join(cast.noa, project, cast.uri, "homeowner")
    with pytest.raises(Refused, match="not_completed"):
        propose_handover(acting(cast.alon), project.id, day=TODAY(), text=WORDS)
    complete_project(acting(cast.noa), project.id)
    with pytest.raises(Refused, match="not_proposed"):
        sign_handover(acting(cast.noa), project.id, version=1)
    with pytest.raises(Refused, match="handover_in_future"):
        propose_handover(acting(cast.alon), project.id, day=TODAY() + timedelta(days=2), text=WORDS)
    with pytest.raises(Refused, match="deed_without_words"):
        propose_handover(acting(cast.alon), project.id, day=TODAY(), text=" ")
    propose_handover(acting(cast.alon), project.id, day=TODAY(), text=WORDS)
    sign_handover(acting(cast.noa), project.id, version=1)
    propose_handover(acting(cast.noa), project.id, day=TODAY(), text=WORDS + " One tile is loose.")
    with pytest.raises(Refused, match="changed_since_read"):
        sign_handover(acting(cast.alon), project.id, version=1)
    with pytest.raises(Refused, match="proof_needed"):
        sign_handover(acting(cast.alon, proven=False), project.id, version=2)
    for person in (cast.noa, cast.alon, cast.noa):
        sign_handover(acting(person), project.id, version=2)
    assert not DeedSignature.objects.filter(concludes=True).exists()
    sign_handover(acting(cast.uri), project.id, version=2)
    assert DeedSignature.objects.get(concludes=True).party.user == cast.uri
    with pytest.raises(Refused, match="deed_is_signed"):
        propose_handover(acting(cast.noa), project.id, day=TODAY(), text=WORDS)
    with pytest.raises(Refused, match="deed_is_signed"):
        sign_handover(acting(cast.noa), project.id, version=2)


def test_while_suspended_nothing_unlocks_by_work_and_what_is_payable_stays(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 3))
    with pytest.raises(Refused, match="turn_without_reason"):
        suspend_project(acting(cast.alon), project.id, reason=" ")
    suspend_project(acting(cast.alon), project.id, reason="Rain has flooded the site.")
    for refused in (
        lambda: log_progress(acting(cast.alon), stage(project, 1).id, percent=D(10)),
        lambda: submit_milestone(acting(cast.alon), stage(project, 1).id, criteria_met=[]),
        lambda: approve_milestone(acting(cast.noa), milestone.id, version=milestone.version),
        lambda: withdraw_submission(acting(cast.alon), milestone.id),
        lambda: complete_project(acting(cast.noa), project.id),
        lambda: suspend_project(acting(cast.noa), project.id, reason="Again"),
    ):
        with pytest.raises(Refused, match="project_suspended"):
            refused()
    release_payment(acting(cast.noa), project.id, line="deposit", **paid("100000"))
    resume_project(acting(cast.noa), project.id, reason="It is dry again.")
    with pytest.raises(Refused, match="not_suspended"):
        resume_project(acting(cast.noa), project.id, reason="It is dry again.")
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    assert stage(project, 3).state == Milestone.State.SIGNED_OFF
    assert list(Turn.objects.order_by("entry__seq").values_list("kind", "by_role")) == [
        ("suspended", "contractor"),
        ("resumed", "homeowner"),
    ]


HALF_WAY = [
    {"title": "Frame", "value": "200000.00", "amount": "180000.00", "signers": ["homeowner"]},
    {"title": "Finishes", "value": "300000.00", "amount": "270000.00", "signers": ["homeowner"]},
]


def half_way(cast: Cast) -> Project:
    """Worked example 5: the deposit and the first stage are paid, and 100,000 early for the second."""
    project = active(
        cast,
        HALF_WAY,
        contract_total=D(500000),
        deposit=D(50000),
        retention_percent=D(10),
        policy={"defects_period_months": "0"},
    )
    release_payment(acting(cast.noa), project.id, line="deposit", **paid("50000"))
    first = signed_off(cast, stage(project, 1))
    release_payment(acting(cast.noa), project.id, line=str(first.id), **paid("162000"))
    record_payment(acting(cast.noa), project.id, line=str(stage(project, 2).id), **paid("100000"))
    return project


def test_after_a_termination_nothing_goes_on_but_the_money(cast: Cast) -> None:
    project = half_way(cast)
    terminate_project(acting(cast.alon), project.id, reason="We cannot go on.")
    with pytest.raises(Refused, match="project_terminated"):
        log_progress(acting(cast.alon), stage(project, 2).id, percent=D(10))
    with pytest.raises(Refused, match="project_terminated"):
        terminate_project(acting(cast.noa), project.id, reason="We neither.")
    with pytest.raises(Refused, match="payment_locked"):
        release_payment(acting(cast.noa), project.id, line=str(stage(project, 2).id), **paid("1"))
    for line in ("deposit", str(stage(project, 2).id)):
        record_payment(acting(cast.noa), project.id, line=line, **paid("1000"))
    assert ledger_of(again(project)).unheld == D(102000)
    assert not verify().breaks


def test_a_termination_takes_from_the_retention_what_unsigned_lines_would_have_kept(cast: Cast) -> None:
    project = half_way(cast)
    more = record_payment(acting(cast.noa), project.id, line="retention", **paid("30000"))
    terminate_project(acting(cast.noa), project.id, reason="Nobody has come for three months.")
    retention = ledger_of(again(project)).line("retention")
    assert retention is not None
    assert (retention.full, retention.paid) == (D(18000), D(18000))
    taken = Allocation.objects.get(payment=more, amount__lt=0)
    assert taken.amount == D(-12000)
    assert not verify().breaks


def test_a_refund_opens_no_line(cast: Cast) -> None:
    project = half_way(cast)
    with pytest.raises(Refused, match="not_terminated"):
        propose_closing_sum(acting(cast.noa), project.id, amount=D(-40000), text="To be paid back.")
    suspend_project(acting(cast.noa), project.id, reason="Nobody comes.")
    terminate_project(acting(cast.noa), project.id, reason="Nobody has come for three months.")
    propose_closing_sum(acting(cast.noa), project.id, amount=D(-40000), text="To be paid back.")
    for person in (cast.noa, cast.alon):
        sign_closing_sum(acting(person), project.id, version=1)
    assert ledger_of(again(project)).line("final") is None
    assert "closing_sum_agreed" in kinds(project)
    assert not verify().breaks
