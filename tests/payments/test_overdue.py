"""Due money that is not paid, and work that stopped: told of what happened days ago, looked at now."""

from datetime import timedelta
from decimal import Decimal as D

from django.utils import timezone, translation

from milestones.actions import log_progress
from payments.actions import record_payment, release_payment, reverse_payment
from payments.models import PayableLine
from projects import clock
from projects.flagging import flag_sentence, settle_flags
from projects.models import Flag, Project
from tests.cast import TODAY, Cast, acting, active, signed_off, stage


def days_ago(days: float):
    return clock.set_to(timezone.now() - timedelta(days=days))


def begun(cast: Cast, days: float) -> Project:
    """A project whose agreement was signed, and which started, days ago."""
    with days_ago(days):
        return active(cast, starts_on=TODAY() - timedelta(days=int(days)))


def open_flags(project: Project, kind: str) -> list[Flag]:
    settle_flags(project.id)
    return list(Flag.objects.filter(project=project, kind=kind, cleared_at=None).select_related("reading"))


def pay(cast: Cast, project: Project, line: str, amount: str, days: int = 0):
    return release_payment(
        acting(cast.noa),
        project.id,
        line=line,
        amount=D(amount),
        paid_on=TODAY() - timedelta(days=days),
        method="cash",
    )


def test_a_line_is_overdue_ten_days_after_it_became_payable(cast: Cast) -> None:
    project = begun(cast, 10.1)
    (flag,) = open_flags(project, "payment_overdue")
    assert (flag.about_kind, flag.about_id, flag.severity) == ("project", project.id, "warning")
    assert (flag.asks, flag.reading.figures["payable"]) == ("homeowner", "100000.00")


def test_before_the_ten_days_it_is_not(cast: Cast) -> None:
    assert open_flags(begun(cast, 9.9), "payment_overdue") == []


def test_a_milestone_counts_from_its_sign_off_and_payment_clears(cast: Cast) -> None:
    project = begun(cast, 30)
    with days_ago(11):
        pay(cast, project, "deposit", "100000.00", days=11)
        signed_off(cast, stage(project, 1))
    (flag,) = open_flags(project, "payment_overdue")
    assert (flag.about_kind, flag.about_id) == ("milestone", stage(project, 1).id)
    assert flag.reading.figures["payable"] == "380000.00"
    pay(cast, project, str(stage(project, 1).id), "380000.00")
    assert open_flags(project, "payment_overdue") == []


def test_what_came_back_is_due_anew(cast: Cast) -> None:
    """A payment that bounced makes the line payable from that day, not from the signatures."""
    project = begun(cast, 30)
    payment = pay(cast, project, "deposit", "100000.00")
    reverse_payment(acting(cast.noa), payment.id, amount=D("40000.00"), why="money_back")
    line = PayableLine.objects.get(project=project)
    assert (line.payable, line.since.date()) == (D("40000.00"), timezone.now().date())
    assert open_flags(project, "payment_overdue") == []


def test_a_shekel_to_and_fro_makes_nothing_young(cast: Cast) -> None:
    """What was payable all along is due since it became payable, whatever moved on the line meanwhile."""
    project = begun(cast, 12)
    since = PayableLine.objects.get(project=project).since
    payment = pay(cast, project, "deposit", "1.00")
    reverse_payment(acting(cast.noa), payment.id, amount=D("1.00"), why="wrong_record")
    line = PayableLine.objects.get(project=project)
    assert (line.payable, line.since, line.unbroken) == (D("100000.00"), since, D("99999.00"))
    (flag,) = open_flags(project, "payment_overdue")
    assert (flag.reading.figures["payable"], flag.reading.figures["later"]) == ("100000.00", "1.00")


def test_work_is_stalled_after_seven_quiet_days_and_progress_clears(cast: Cast) -> None:
    project = begun(cast, 7.1)
    (flag,) = open_flags(project, "stalled")
    assert (flag.severity, flag.asks) == ("warning", "contractor")
    log_progress(acting(cast.alon), stage(project, 1).id, percent=D(10))
    assert open_flags(project, "stalled") == []


def test_work_that_starts_later_is_not_stalled(cast: Cast) -> None:
    with days_ago(20):
        project = active(cast, starts_on=TODAY() - timedelta(days=3))
    assert open_flags(project, "stalled") == []


def test_stalled_while_money_is_ahead_is_critical(cast: Cast) -> None:
    project = begun(cast, 8)
    record_payment(acting(cast.noa), project.id, amount=D("50.00"), paid_on=TODAY(), method="cash")
    assert [flag.severity for flag in open_flags(project, "stalled")] == ["critical"]


def test_a_contractor_who_waits_for_signatures_has_not_stopped(cast: Cast) -> None:
    stages = [{"title": "All", "value": "1000000.00", "amount": "900000.00", "signers": ["homeowner"]}]
    with days_ago(20):
        project = active(cast, stages, starts_on=TODAY() - timedelta(days=20))
        signed_off(cast, stage(project, 1))
    assert open_flags(project, "stalled") == []


def test_what_the_flags_say() -> None:
    due = {"payable": "380000.00", "since": "2026-11-05", "position": "6", "currency": "ILS"}
    quiet = {"since": "2026-11-05", "exposure": "48000.00", "currency": "ILS"}
    with translation.override("en"):
        said = [
            flag_sentence("payment_overdue", due),
            flag_sentence("payment_overdue", due | {"position": ""}),
            flag_sentence("stalled", quiet),
            flag_sentence("stalled", quiet | {"exposure": "-5.00"}),
        ]
    assert [text.replace("\u2066", "").replace("\u2069", "") for text in said] == [
        "₪380,000 for milestone 6 has been due since 5 Nov 2026.",
        "₪380,000 of the deposit has been due since 5 Nov 2026.",
        "No progress has been reported since 5 Nov 2026, and money is ahead of the work by ₪48,000.",
        "No progress has been reported since 5 Nov 2026.",
    ]
