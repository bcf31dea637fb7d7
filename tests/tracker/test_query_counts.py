"""Pages and lists cost the same number of statements with 1 and with 30 milestones, payments or projects."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from milestones.actions import (
    approve_milestone,
    fix_defect,
    inspect_milestone,
    judge_expectation,
    log_progress,
    report_defect,
)
from milestones.models import Milestone
from payments.actions import dispute_payment, propose_change, record_payment, release_payment, sign_change
from payments.models import Payment
from projects.flagging import settle_flags
from projects.models import Attachment, Project
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    confirmed,
    draft,
    expected,
    index_told,
    photo,
    signed,
    signed_in,
    stage,
    submitted,
)
from tests.tracker.world import counted

OF_A_PROJECT = [
    "project",
    "people",
    "expectations",
    "payments",
    "defects",
    "certificate",
    "linkage",
    "changes",
    "journal",
    "journal_export",
    "record",
    "api-project",
    "api-parties",
    "api-exposure",
    "api-exposure-history",
    "api-stress-test",
    "api-journal",
    "api-journal-verify",
    "api-journal-export",
    "api-milestones",
    "api-expectations",
    "api-schedule",
    "api-certificates",
    "api-linkage",
    "api-index-values",
    "api-payments",
    "api-advances",
    "api-changes",
    "api-project-flags",
]

OVER_PROJECTS = [
    "home",
    "invitations",
    "api-projects",
    "api-flags",
    "api-invitations",
    "api-me",
    "waiting",
    "api-waiting",
]


TOTAL = Decimal("900000.00")


def contract(cast: Cast, count: int) -> Project:
    """A signed contract of so many stages of equal value and amount, with an expectation for each."""
    share = str(TOTAL / count)
    stages = [
        {"title": f"Stage {n}", "value": share, "amount": share, "signers": ["homeowner"]}
        for n in range(1, count + 1)
    ]
    project = draft(cast, stages, contract_total=TOTAL, deposit=Decimal(0), **LINKED)
    for position in range(1, count + 1):
        confirmed(cast, expected(cast.noa, project, position))
    return signed(cast, project)


def lived_in(cast: Cast, count: int) -> Project:
    """A project in which every stage but the last is signed, paid and disputed, and the last paid early."""
    project = contract(cast, count)
    hopes = project.expectations.order_by("position")
    for position, hope in enumerate(hopes[: count - 1], start=1):
        milestone = submitted(cast, stage(project, position))
        approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
        judge_expectation(acting(cast.noa), hope.id, met=True)
        payment = pay(cast, project, milestone)
        dispute_payment(acting(cast.alon), payment.id, reason="It never arrived")
        shown = [photo(cast, project).id]
        defect = report_defect(acting(cast.noa), milestone.id, title="Crack", photos=shown)
        fix_defect(acting(cast.alon), defect.id, photos=shown)
    index_told(cast.noa, project, **{f"m2025_{month:02}": "126.1" for month in range(2, min(count, 11) + 1)})
    settle_flags(project.id)  # before the last report, so that it is among the newest entries
    last = stage(project, count)
    shown = photo(cast, project)
    log_progress(acting(cast.alon), last.id, percent=Decimal(30), evidence=[shown.id])
    money = {"amount": Decimal("1000.00"), "paid_on": TODAY(), "method": "cash"}
    record_payment(acting(cast.noa), project.id, line=str(last.id), **money)
    settle_flags(project.id)
    return project


def pay(cast: Cast, project: Project, milestone: Milestone) -> Payment:
    net = milestone.amount * Decimal("0.95")
    return release_payment(
        acting(cast.noa),
        project.id,
        line=str(milestone.id),
        amount=round(net, 2),
        paid_on=TODAY(),
        method="bank_transfer",
    )


def cost(client: Client, address: str) -> int:
    """Statements of a page that has been seen before: what is cached for good is cached."""
    cache.clear()
    assert client.get(address).status_code == 200
    return counted(lambda: client.get(address).close())


@pytest.fixture
def visitors(cast: Cast) -> dict[str, Client]:
    return {"Noa": signed_in(cast.noa), "Alon": signed_in(cast.alon)}


def test_pages_of_a_project(cast: Cast, visitors: dict[str, Client]) -> None:
    small, large = lived_in(cast, 2), lived_in(cast, 30)
    for who, client in visitors.items():
        for name in OF_A_PROJECT:
            if name.startswith("api-"):
                costs = [cost(client, reverse(name, kwargs={"id": p.id})) for p in (small, large)]
            else:
                costs = [cost(client, reverse(name, args=[p.id])) for p in (small, large)]
            assert costs[0] == costs[1], f"{name} for {who}: {costs}"


def test_a_milestone_with_many_photos(cast: Cast, visitors: dict[str, Client]) -> None:
    project = contract(cast, 2)
    few, many = stage(project, 1), stage(project, 2)
    for milestone, count in ((few, 1), (many, 30)):
        shown: list[Attachment] = [photo(cast, project) for _ in range(count)]
        evidence = [attachment.id for attachment in shown]
        log_progress(acting(cast.alon), milestone.id, percent=Decimal(50), evidence=evidence)
        for _ in range(count):
            fault = report_defect(acting(cast.noa), milestone.id, title="Crack", photos=evidence[:1])
            fix_defect(acting(cast.alon), fault.id, photos=evidence[:1])
            inspect_milestone(acting(cast.noa), milestone.id, percent=Decimal(40), evidence=evidence[:1])
    for who, client in visitors.items():
        for name in ("milestone", "api-milestone", "api-defects"):
            costs = [cost(client, reverse(name, args=[m.id])) for m in (few, many)]
            assert costs[0] == costs[1], f"{name} for {who}: {costs}"


def test_a_project_with_many_changes(cast: Cast, visitors: dict[str, Client]) -> None:
    few, many = contract(cast, 2), contract(cast, 2)
    for project, count in ((few, 1), (many, 12)):
        told = {"title": "A change", "milestone": stage(project, 2).id}
        for _ in range(count):
            change = propose_change(acting(cast.alon), project.id, amount=Decimal(10), **told)
            sign_change(acting(cast.alon), change.id, version=1)
    for who, client in visitors.items():
        for name in ("project", "changes"):
            costs = [cost(client, reverse(name, args=[p.id])) for p in (few, many)]
            assert costs[0] == costs[1], f"{name} for {who}: {costs}"
        costs = [cost(client, reverse("api-changes", kwargs={"id": p.id})) for p in (few, many)]
        assert costs[0] == costs[1], f"api-changes for {who}: {costs}"


def test_lists_over_projects(cast: Cast, visitors: dict[str, Client]) -> None:
    lived_in(cast, 2)
    before = {(who, name): cost(c, reverse(name)) for who, c in visitors.items() for name in OVER_PROJECTS}
    for _ in range(14):
        lived_in(cast, 2)
    after = {(who, name): cost(c, reverse(name)) for who, c in visitors.items() for name in OVER_PROJECTS}
    assert after == before
