"""Inspections and defects: who may, what follows when, and what becomes of the money."""

from decimal import Decimal
from typing import Any

import pytest

from milestones.actions import (
    approve_milestone,
    estimate_defect,
    fix_defect,
    inspect_milestone,
    log_progress,
    reopen_defect,
    report_defect,
    return_milestone,
    submit_milestone,
    verify_defect,
)
from milestones.models import Defect, DefectNow, Milestone, Worth
from payments.actions import record_payment, release_payment
from payments.models import PayableLine
from payments.queries import exposure_now, ledger_of
from projects.models import JournalEntry, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join, photo, signed_off, stage, submitted
from tracker.verifying import verify


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def refused(code: str, act: Any, *args: Any, **inputs: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **inputs)
    assert caught.value.code == code
    return caught.value


def state(defect: Defect) -> str:
    return DefectNow.objects.get(defect=defect.pk).state


def worth(milestone: Milestone) -> Worth:
    return Worth.objects.get(milestone=milestone.pk)


def again(cast: Cast, milestone: Milestone) -> Milestone:
    """Submitted again after a return."""
    criteria = [c.id for c in milestone.criteria.all()]
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=criteria)
    return Milestone.objects.get(pk=milestone.pk)


def closed_with(cast: Cast, milestone: Milestone, **defect: Any) -> Defect:
    """Signed off by the engineer, and by Noa with one minor defect."""
    milestone = submitted(cast, milestone)
    approve_milestone(acting(cast.michal), milestone.id, version=milestone.version)
    found = {"title": "Scratch", "withheld": Decimal("30000.00")} | defect
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version, minor_defects=[found])
    return Defect.objects.get(milestone=milestone)


# --- Inspections


def test_an_inspection_is_what_the_work_is_worth(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    log_progress(acting(cast.alon), first.id, percent=Decimal(90))
    assert exposure_now(project, TODAY()).earned == 0
    shown = photo(cast, project)
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal("62.5"), evidence=[shown.id])
    assert exposure_now(project, TODAY()).earned == Decimal("250000.00")
    inspect_milestone(acting(cast.noa), first.id, percent=Decimal(70))
    assert worth(first).verified_percent == Decimal("62.50"), "a homeowner's counts only if it is lower"
    inspect_milestone(acting(cast.noa), first.id, percent=Decimal(50))
    assert worth(first).verified_percent == 50
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal(65))
    assert worth(first).verified_percent == 65, "the latest look of an expert"
    assert not verify(project.id, files=False).breaks


def test_who_inspects_what(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    percent = {"percent": Decimal(10)}
    refused("not_your_role", inspect_milestone, acting(cast.alon), first.id, **percent)
    refused("not_found", inspect_milestone, acting(cast.dana), first.id, **percent)
    refused("progress_out_of_range", inspect_milestone, acting(cast.noa), first.id, percent=Decimal(101))
    join(cast.alon, project, cast.eran, "supervisor")
    refused("part_not_confirmed", inspect_milestone, acting(cast.eran), first.id, **percent)
    done = signed_off(cast, stage(project, 3))
    refused("milestone_is_closed", inspect_milestone, acting(cast.noa), done.id, **percent)
    planned = draft(cast)
    refused("project_not_active", inspect_milestone, acting(cast.noa), stage(planned, 1).id, **percent)


# --- Defects


def test_a_defect_from_its_finding_to_its_verified_repair(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    shown = photo(cast, project)
    defect = report_defect(
        acting(cast.noa), first.id, title="Crack", place="Hall", blocking=True, photos=[shown.id]
    )
    assert (defect.number, state(defect)) == (1, "open")
    refused("not_your_role", fix_defect, acting(cast.noa), defect.id)
    fix_defect(acting(cast.alon), defect.id, note="Filled")
    assert state(defect) == "fixed"
    refused("defect_not_open", fix_defect, acting(cast.alon), defect.id)
    reopen_defect(acting(cast.michal), defect.id, note="It is still there")
    assert state(defect) == "open"
    refused("defect_is_open", reopen_defect, acting(cast.michal), defect.id)
    fix_defect(acting(cast.alon), defect.id)
    verify_defect(acting(cast.noa), defect.id)
    assert state(defect) == "verified"
    refused("defect_is_verified", verify_defect, acting(cast.noa), defect.id)
    refused("defect_is_verified", estimate_defect, acting(cast.noa), defect.id, amount=Decimal(1))
    second = reopen_defect(acting(cast.noa), defect.id, fix_by=TODAY())
    assert (second.number, second.title, second.reopens_id, state(second)) == (2, "Crack", defect.id, "open")
    assert state(defect) == "verified", "what was verified stays so"
    refused("reopened_already", reopen_defect, acting(cast.noa), defect.id)
    assert JournalEntry.objects.filter(project=project).latest("seq").kind == "defect_reopened"
    assert not verify(project.id, files=False).breaks


def test_who_may(cast: Cast, project: Project) -> None:
    third = stage(project, 3)
    report = {"title": "Crack"}
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    join(cast.alon, project, cast.eran, "supervisor")
    refused("part_not_confirmed", report_defect, acting(cast.eran), third.id, **report)
    refused("title_missing", report_defect, acting(cast.noa), third.id, title="  ")
    defect = report_defect(acting(cast.uri), third.id, **report)
    refused("not_a_signer", verify_defect, acting(cast.uri), defect.id)
    refused("not_yours_to_verify", verify_defect, acting(cast.michal), defect.id)  # noa alone signs this one
    refused("not_a_signer", estimate_defect, acting(cast.uri), defect.id, amount=Decimal(1))
    refused(
        "not_a_signer", report_defect, acting(cast.uri), third.id, title="Hole", estimated_cost=Decimal(1)
    )
    planned = draft(cast)
    refused("project_not_active", report_defect, acting(cast.noa), stage(planned, 1).id, **report)


def test_a_blocking_defect_holds_up_submission_and_sign_off(cast: Cast, project: Project) -> None:
    third = stage(project, 3)
    log_progress(acting(cast.alon), third.id, percent=Decimal(100), evidence=[photo(cast, project).id])
    defect = report_defect(acting(cast.noa), third.id, title="Crack", blocking=True)
    report_defect(acting(cast.noa), third.id, title="Scratch")
    criteria = [c.id for c in third.criteria.all()]
    refused("blocking_defects", submit_milestone, acting(cast.alon), third.id, criteria_met=criteria)
    fix_defect(acting(cast.alon), defect.id)
    submit_milestone(acting(cast.alon), third.id, criteria_met=criteria)
    version = stage(project, 3).version
    refused("blocking_defects", approve_milestone, acting(cast.noa), third.id, version=version)
    verify_defect(acting(cast.noa), defect.id)
    approve_milestone(acting(cast.noa), third.id, version=version)
    assert stage(project, 3).state == "signed_off"


def test_a_return_may_name_defects_alone(cast: Cast, project: Project) -> None:
    first = submitted(cast, stage(project, 1))
    said = {"version": first.version, "reason": "A crack in the hall"}
    refused("nothing_unmet", return_milestone, acting(cast.noa), first.id, **said)
    found = [{"title": "Crack", "blocking": True, "fix_by": TODAY()}, {"title": "Stain", "blocking": False}]
    decision = return_milestone(acting(cast.noa), first.id, **said, defects=found)
    assert [d.number for d in decision.defects.all()] == [1, 2]
    assert stage(project, 1).state == "in_progress"
    assert not verify(project.id, files=False).breaks


# --- Amounts withheld


def test_what_is_withheld_waits_for_the_repair(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    defect = closed_with(cast, first)
    line = ledger_of(project).line(str(first.id))
    assert line is not None
    assert (line.full, line.open, line.payable) == (380_000, 350_000, 350_000)
    release = {"line": str(first.id), "paid_on": TODAY(), "method": "cash"}
    refused("more_than_payable", release_payment, acting(cast.noa), project.id, amount=line.full, **release)
    release_payment(acting(cast.noa), project.id, amount=Decimal(350_000), **release)
    assert not PayableLine.objects.filter(milestone=first)
    fix_defect(acting(cast.alon), defect.id)
    verify_defect(acting(cast.michal), defect.id)
    due = PayableLine.objects.get(milestone=first)
    assert (due.payable, due.since) == (30_000, JournalEntry.objects.latest("seq").at)
    reopen_defect(acting(cast.noa), defect.id)
    release_payment(acting(cast.noa), project.id, amount=Decimal(30_000), **release)
    assert not verify(project.id, files=False).breaks


def test_what_was_due_before_stays_due_since_then(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    defect = closed_with(cast, first)
    since = PayableLine.objects.get(milestone=first).since
    verify_defect(acting(cast.noa), defect.id)
    assert PayableLine.objects.get(milestone=first).since == since


def test_a_round_withholds_no_more_than_the_payment(cast: Cast, project: Project) -> None:
    record_payment(
        acting(cast.noa),
        project.id,
        line=str(stage(project, 1).id),
        amount=Decimal(100_000),
        paid_on=TODAY(),
        method="cash",
    )
    first = submitted(cast, stage(project, 1))
    approval = {"version": first.version}
    minor = [{"title": "Scratch", "withheld": Decimal(200_000)}]
    approve_milestone(acting(cast.michal), first.id, **approval, minor_defects=minor)
    minor[0]["withheld"] = Decimal("80000.01")
    told = refused(
        "withheld_above_payment",
        approve_milestone,
        acting(cast.noa),
        first.id,
        **approval,
        minor_defects=minor,
    )
    assert told.data["room"] == 280_000
    minor[0]["withheld"] = Decimal(80_000)
    approve_milestone(acting(cast.noa), first.id, **approval, minor_defects=minor)
    line = ledger_of(project).line(str(first.id))
    assert line is not None
    assert (line.open, line.paid, line.state) == (100_000, 100_000, "part_paid")


def test_a_void_approval_withholds_nothing(cast: Cast, project: Project) -> None:
    first = submitted(cast, stage(project, 1))
    minor = [{"title": "Scratch", "withheld": Decimal(5_000)}]
    approve_milestone(acting(cast.michal), first.id, version=first.version, minor_defects=minor)
    return_milestone(
        acting(cast.noa), first.id, version=first.version, reason="Not yet", defects=[{"title": "Stain"}]
    )
    first = again(cast, first)
    for person in (cast.michal, cast.noa):
        approve_milestone(acting(person), first.id, version=first.version)
    assert worth(first).withheld == 0
    line = ledger_of(project).line(str(first.id))
    assert line is not None
    assert line.payable == line.full


# --- Faults found after the sign-off


def test_repairs_after_the_sign_off_lower_what_is_earned(cast: Cast, project: Project) -> None:
    third = signed_off(cast, stage(project, 3))
    minor = report_defect(acting(cast.michal), third.id, title="Stain", estimated_cost=Decimal(4_000))
    leak = report_defect(
        acting(cast.noa), third.id, title="Leak", blocking=True, estimated_cost=Decimal(300_000)
    )
    figures = exposure_now(project, TODAY())
    assert (figures.earned, figures.repair) == (0, 254_000), "alone, up to the milestone's value"
    estimate_defect(acting(cast.alon), leak.id, amount=Decimal(20_000))
    assert worth(third).repair == 254_000
    estimate_defect(acting(cast.michal), leak.id, amount=Decimal(60_000))
    figures = exposure_now(project, TODAY())
    assert (figures.earned, figures.repair) == (190_000, 64_000)
    for defect in (minor, leak):
        verify_defect(acting(cast.noa), defect.id)
    figures = exposure_now(project, TODAY())
    assert (figures.earned, figures.repair) == (250_000, 0)
    assert not verify(project.id, files=False).breaks


def test_what_was_found_before_the_sign_off_is_no_repair(cast: Cast, project: Project) -> None:
    third = stage(project, 3)
    report_defect(acting(cast.noa), third.id, title="Scratch", estimated_cost=Decimal(500))
    signed_off(cast, third)
    assert worth(third).repair == 0
