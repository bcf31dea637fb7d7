"""Flags about what was found: raised and cleared by the facts, and mails about defects."""

from datetime import timedelta
from decimal import Decimal

from django.utils import translation

from milestones.actions import fix_defect, inspect_milestone, log_progress, report_defect, verify_defect
from milestones.models import Milestone
from payments.actions import complete_project
from payments.history import changes_of
from payments.queries import exposure_now
from payments.rules import history_of
from projects.flagging import flag_sentence, settle_flags
from projects.models import Flag, Obligation, Project
from tests.cast import TODAY, Cast, acting, active, signed_off, stage
from tests.post import deliver, forget_letters, letters_about
from tracker.waits import waits_of


def open_flag(project: Project, kind: str) -> Flag | None:
    settle_flags(project.id)
    return Flag.objects.filter(project=project, kind=kind, cleared_at=None).select_related("reading").first()


def said(flag: Flag) -> str:
    with translation.override("en"):
        return flag_sentence(flag.kind, flag.reading.figures)


def test_a_claim_far_ahead_of_an_inspection(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    log_progress(acting(cast.alon), first.id, percent=Decimal(60))
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal(40))
    assert open_flag(project, "claim_variance") is None
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal("39.99"))
    flag = open_flag(project, "claim_variance")
    assert flag is not None
    assert (flag.about_id, flag.severity, flag.asks) == (first.id, "warning", "contractor")
    assert "60%" in said(flag)
    log_progress(acting(cast.alon), first.id, percent=Decimal(90))
    flag = open_flag(project, "claim_variance")
    assert flag is not None
    assert flag.reading.figures["reported"] == "60.00", "as it was at the inspection"
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal(85))
    assert open_flag(project, "claim_variance") is None


def test_a_repair_that_is_overdue(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    report_defect(acting(cast.noa), first.id, title="Today", fix_by=TODAY())
    report_defect(acting(cast.noa), first.id, title="Some day")
    assert open_flag(project, "defect_overdue") is None
    late = report_defect(acting(cast.noa), first.id, title="Crack", fix_by=TODAY() - timedelta(days=2))
    flag = open_flag(project, "defect_overdue")
    assert flag is not None
    assert (flag.about_id, flag.asks) == (late.id, "contractor")
    assert "Defect 3" in said(flag)
    fix_defect(acting(cast.alon), late.id)
    flag = open_flag(project, "defect_overdue")
    assert flag is not None
    assert flag.asks == "homeowner", "it waits to be looked at"
    assert "not verified" in said(flag)
    verify_defect(acting(cast.noa), late.id)
    assert open_flag(project, "defect_overdue") is None


def test_a_repair_is_overdue_in_the_defects_period_too(cast: Cast) -> None:
    """When repairs are all that is left; while the contract is suspended or over, only money is flagged."""
    project = active(cast)
    for position in (1, 2, 3):
        signed_off(cast, stage(project, position))
    complete_project(acting(cast.noa), project.id)
    report_defect(acting(cast.noa), stage(project, 1).id, title="Leak", fix_by=TODAY() - timedelta(days=2))
    assert open_flag(project, "defect_overdue")
    assert "overdue_repair" in {wait.kind for wait in waits_of(cast.alon.id, project.id)}


def test_who_a_flag_turns_to_gets_a_mail_of_it(cast: Cast) -> None:
    project = active(cast)
    late = report_defect(acting(cast.noa), stage(project, 1).id, title="Crack", fix_by=TODAY() - timedelta(1))
    settle_flags(project.id)
    mails = Obligation.objects.filter(project=project, kind="flag_mail")
    assert mails.count() == 1
    fix_defect(acting(cast.alon), late.id)
    settle_flags(project.id)
    assert mails.count() == 2


def test_the_curve_tells_of_what_was_found(cast: Cast) -> None:
    project = active(cast)
    inspect_milestone(acting(cast.noa), stage(project, 1).id, percent=Decimal(50))
    third: Milestone = signed_off(cast, stage(project, 3))
    leak = report_defect(
        acting(cast.michal), third.id, title="Leak", blocking=True, estimated_cost=Decimal(30_000)
    )
    assert history_of(changes_of(project))[-1].earned == 420_000 == exposure_now(project, TODAY()).earned
    verify_defect(acting(cast.noa), leak.id)
    assert [step.earned for step in changes_of(project)] == [200_000, 250_000, -30_000, 30_000]


def test_those_who_may_verify_are_asked_to(cast: Cast) -> None:
    project = active(cast)
    forget_letters()
    defect = report_defect(acting(cast.noa), stage(project, 1).id, title="Crack")
    deliver()
    told = letters_about("Defect 1 was written down")
    assert told.keys() == {"noa", "alon"}
    assert "Crack" in told["alon"].text
    fix_defect(acting(cast.alon), defect.id)
    deliver()
    told = letters_about("Defect 1 is marked as fixed")
    assert told.keys() == {"noa", "michal"}
    assert "verify the repair" in told["michal"].text
