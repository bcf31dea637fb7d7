"""Flags about money: found from the facts alone, as the rules say; raised, changed and cleared by acts."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from hypothesis import given

from payments.actions import allocate_payment, record_payment, release_payment, reverse_payment
from payments.flags import SEVERITIES, off_schedule_payments, paid_ahead
from payments.queries import ledger_of
from payments.rules.exposure import ahead_limit, watch_limit
from projects.flagging import Reach, flag_sentence, settle_flags
from projects.models import Flag, JournalEntry, Project
from projects.policy import Policy, policy_of
from tests.cast import TODAY, Cast, acting, active, draft, signed_off, stage
from tests.facts import write_project

from .stories import Story, stories
from .test_figures import by_the_rules, many


def severity_of(size: D, total: D, policy: Policy) -> str:
    """The size of a part against the bounds of the levels, said once more for the test."""
    if size <= watch_limit(total, policy):
        return "notice"
    return "warning" if size <= ahead_limit(total, policy) else "critical"


@pytest.mark.usefixtures("unguarded")
@given(story=stories())
@many
def test_the_flags_found_are_those_of_the_rules(story: Story) -> None:
    project = write_project(story.book.contract, story.policy, story.money)
    figures, _ = by_the_rules(project)
    ahead = [(f.about_id, f.severity, f.figures["excess"]) for f in paid_ahead(Reach([project.id]))]
    expected = [(project.id, SEVERITIES[figures.level], str(figures.excess))] if figures.excess else []
    assert ahead == expected
    early = {
        str(f.about_id): (f.severity, D(f.figures["early"]))
        for f in off_schedule_payments(Reach([project.id]))
    }
    policy, total = policy_of(project.policy), project.contract_total
    parts = ledger_of(project).early_of_payment()
    assert early == {payment: (severity_of(part, total, policy), part) for payment, part in parts.items()}


@pytest.mark.usefixtures("unguarded")
@given(story=stories())
@many
def test_all_projects_are_looked_at_as_each_of_them(story: Story) -> None:
    project = write_project(story.book.contract, story.policy, story.money)
    for found in (paid_ahead, off_schedule_payments):
        of_all = [f for f in found(Reach(None)) if f.project_id == project.id]
        assert sorted(of_all, key=str) == sorted(found(Reach([project.id])), key=str)
        assert not list(found(Reach([])))


def told(amount: str, line: str | None = None) -> dict[str, object]:
    return {"amount": D(amount), "paid_on": TODAY(), "method": "cash", "line": line}


def open_flags(project: Project) -> dict[str, str]:
    return dict(Flag.objects.filter(project=project, cleared_at=None).values_list("kind", "severity"))


def entries(project: Project) -> list[str]:
    """The kinds of the entries about flags, oldest first."""
    journal = JournalEntry.objects.filter(project=project, kind__startswith="flag_")
    return list(journal.order_by("seq").values_list("kind", flat=True))


def test_money_on_a_locked_line_raises_and_its_sign_off_clears(cast: Cast) -> None:
    project = active(cast)
    record_payment(acting(cast.noa), project.id, **told("30000.00", str(stage(project, 3).id)))
    settle_flags(project.id)
    assert open_flags(project) == {"paid_ahead": "warning", "off_schedule_payment": "warning"}
    signed_off(cast, stage(project, 3))
    settle_flags(project.id)
    assert open_flags(project) == {}
    assert entries(project) == ["flag_raised", "flag_raised", "flag_cleared", "flag_cleared"]


def test_the_severity_follows_the_size_up_and_down(cast: Cast) -> None:
    project = active(cast)
    line = str(stage(project, 2).id)
    seen = []
    payments = []
    for amount in ("10000.00", "30000.00", "60000.00"):
        payments.append(record_payment(acting(cast.noa), project.id, **told(amount, line)))
        settle_flags(project.id)
        seen.append(open_flags(project)["paid_ahead"])
    for payment in reversed(payments):
        reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
        settle_flags(project.id)
        seen.append(open_flags(project).get("paid_ahead", "none"))
    assert seen == ["notice", "warning", "critical", "warning", "notice", "none"]


def test_early_money_that_more_work_outweighs_is_flagged_as_a_payment_only(cast: Cast) -> None:
    project = active(cast)
    signed_off(cast, stage(project, 1))
    record_payment(acting(cast.noa), project.id, **told("5000.00", str(stage(project, 2).id)))
    settle_flags(project.id)
    assert open_flags(project) == {"off_schedule_payment": "notice"}


def test_money_the_contract_allows_ahead_is_no_flag(cast: Cast) -> None:
    """The deposit is exposure, agreed; and releases through the gate are never flagged."""
    project = active(cast)
    release_payment(
        acting(cast.noa),
        project.id,
        line="deposit",
        amount=D("100000.00"),
        paid_on=TODAY(),
        method="cash",
    )
    assert settle_flags(project.id) == []


def test_only_the_newest_payment_of_a_line_is_early_and_setting_it_off_clears(cast: Cast) -> None:
    """The retention is what a finished line does not pay: 20,000 of the foundations' 400,000."""
    project = active(cast)
    foundations = stage(project, 1)
    signed_off(cast, foundations)
    record_payment(acting(cast.noa), project.id, **told("380000.00", str(foundations.id)))
    second = record_payment(acting(cast.noa), project.id, **told("7000.00", str(foundations.id)))
    settle_flags(project.id)
    assert [flag.about_id for flag in Flag.objects.filter(project=project)] == [second.id]
    allocate_payment(acting(cast.noa), second.id, line="deposit", amount=D("7000.00"))
    settle_flags(project.id)
    assert open_flags(project) == {}


def test_before_the_agreement_all_money_is_early(cast: Cast) -> None:
    project = draft(cast)
    record_payment(acting(cast.alon), project.id, **told("8000.00", "deposit"))
    settle_flags(project.id)
    assert open_flags(project) == {"paid_ahead": "notice", "off_schedule_payment": "notice"}


def test_what_the_flags_say() -> None:
    ahead = {"exposure": "48000.00", "excess": "48000.00", "agreed_lead": "0.00", "currency": "ILS"}
    payment = {"amount": "9500.00", "early": "9500.00", "paid_on": "2026-11-05", "currency": "ILS"}
    with translation.override("en"):
        said = [
            flag_sentence("paid_ahead", ahead),
            flag_sentence("paid_ahead", ahead | {"excess": "8000.50", "agreed_lead": "39999.50"}),
            flag_sentence("off_schedule_payment", payment),
            flag_sentence("off_schedule_payment", payment | {"early": "500.00"}),
        ]
    assert [sentence.replace("\u2066", "").replace("\u2069", "") for sentence in said] == [
        "Money is ahead of the work by ₪48,000.",
        "Money is ahead of the work by ₪48,000; the contract does not cover ₪8,000.50 of it.",
        "₪9,500 was paid on 5 Nov 2026 outside the payment schedule.",
        "Of ₪9,500 paid on 5 Nov 2026, ₪500 is outside the payment schedule.",
    ]
