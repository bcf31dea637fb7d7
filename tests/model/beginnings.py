"""How a story begins: a contract whose sums agree, people who join it, and how far it has come."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from .book import Project, Stage
from .choices import Choices
from .figures import Line, lines_of
from .linkage import months_later
from .story import Story
from .words import CONTRACTOR, ENGINEER, HOMEOWNER, OBSERVER, SIDES, SUPERVISOR, Name, Who

TOTALS = [100_000_00, 1_900_000_00, 33_333_33, 1_000_00, 7]
SIGNERS = [[HOMEOWNER], [HOMEOWNER, ENGINEER], [HOMEOWNER, SUPERVISOR], [ENGINEER]]
POLICIES: list[dict[str, Any]] = [
    {},
    {"homeowner_signers": "all"},
    {"evidence_required": False, "front_loading_percent": "25", "deposit_cap_percent": "0"},
    {"defects_period_months": "1", "cooling_off_hours": "24", "advance_cap_percent": "20"},
    {"defects_period_months": "0", "retention_at_completion": "none"},
    {"watch_percent": "0", "watch_least": "0", "ahead_percent": "10", "ahead_most": "500000"},
]
WAYS = {"alone": 0, "joined": 1, "signed": 2, "working": 3, "done": 4}
BEGUN = ["working", "working", "working", "signed", "signed", "joined", "done", "alone"]
EXPECTED = {"goal": "The basement stays dry", "measure": "No stain after a winter of rain"}
NOA, ALON = Who("noa"), Who("alon")


def contract(choices: Choices) -> dict[str, Any]:
    """Terms of a project with one to four milestones, values and amounts of 0 among them."""
    total = choices.one(TOTALS)
    deposit = total * choices.one([0, 5, 10, 15]) // 100
    count = choices.number(1, 4)
    values, amounts = (_parts(choices, whole, count) for whole in (total, total - deposit))
    return {
        "contract_total": _money(total),
        "deposit": _money(deposit),
        "retention_percent": Decimal(choices.one(["0", "5", "7.5", "20"])),
        "policy": choices.one(POLICIES),
        **choices.one([{}, linkage(choices)]),
        "milestones": [
            milestone(choices, value, amount) for value, amount in zip(values, amounts, strict=True)
        ],
    }


def linkage(choices: Choices) -> dict[str, Any]:
    """To an index, from one of the months before."""
    return {
        "linkage_index": choices.one(["construction_inputs", "consumer_prices"]),
        "linkage_share": Decimal(choices.one(["40", "100", "33.33"])),
        "linkage_base_month": months_later(choices.book.today, choices.one([-2, -4])),
        "linkage_base_value": Decimal(choices.one(["125", "121.37"])),
    }


def milestone(choices: Choices, value: int, amount: int) -> dict[str, Any]:
    return {
        "title": "Frame",
        "value": _money(value),
        "amount": _money(amount),
        "signers": choices.one(SIGNERS),
        "criteria": ["It stands", "It is straight"][: choices.one([1, 2])],
    } | _dates(choices)


def _dates(choices: Choices) -> dict[str, Any]:
    """At times a day on which it is to be done, and one on which it begins."""
    begins = choices.book.today + timedelta(days=choices.one([1, 5]))
    ends = {"planned_end": begins + timedelta(days=choices.one([0, 9]))}
    return choices.one([{}, ends, ends | {"planned_start": begins}])


def begin(story: Story, choices: Choices, begun: Sequence[str]) -> Project:
    """Begin a project and bring it some way: alone, joined, signed, with work and money."""
    founder, role = choices.one([(NOA, HOMEOWNER), (ALON, CONTRACTOR)])
    name = story.act("create_project", founder, my_role=role, **contract(choices))
    project = story.book.project(name)
    way = WAYS[choices.one(begun)]
    if way >= 1:
        _join(story, choices, project)
        _expect(story, choices, project)
    if way >= 2:
        for signer in [p.person for p in project.those_present if p.role in SIDES and p.signs]:
            story.act("sign_agreement", Who(signer), name, version=project.version)
    if way >= 3:
        _work(story, choices, project, to_the_end=way == WAYS["done"])
    return project


def _join(story: Story, choices: Choices, project: Project) -> None:
    """The other side, whom the milestones name, and at times a second homeowner and an observer."""
    guests = [("alon", CONTRACTOR) if project.parts[0].person == "noa" else ("noa", HOMEOWNER)]
    named = {role for stage in project.stages for role in stage.signers}
    guests += [("michal", ENGINEER)] if ENGINEER in named else []
    guests += [("eran", SUPERVISOR)] if SUPERVISOR in named else []
    together = project.policy.get("homeowner_signers") == "all"
    guests += choices.one([[("uri", HOMEOWNER)], *([] if together else [[], [("dana", OBSERVER)]])])
    for guest, role in guests:
        inviter = NOA if role != HOMEOWNER or guest == "uri" else ALON
        signs = guest != "uri" or choices.one([True, False])
        _bring(story, inviter, project.name, guest, role, signs)


def _bring(story: Story, inviter: Who, project: Name, guest: str, role: str, signs: bool) -> None:
    email = story.book.addresses[guest][0]
    part = story.act("invite_party", inviter, project, email=email, role=role, signs=signs)
    story.act("accept_invitation", Who(guest), part)


def _expect(story: Story, choices: Choices, project: Project) -> None:
    """At times the client expects something, of the first milestone or of the whole, and it is agreed."""
    if choices.one([False, True]):
        stages = choices.one([[project.stages[0].name], []])
        name = story.act("add_expectation", NOA, project.name, milestones=stages, **EXPECTED)
        story.act("confirm_expectation", ALON, name, version=1)


def _work(story: Story, choices: Choices, project: Project, to_the_end: bool) -> None:
    """A photo; the first milestones submitted, some or all signed off; at times the deposit is paid."""
    photo = story.act("add_attachment", ALON, project.name)
    count, signed = (4, 4) if to_the_end else (choices.one([1, 2]), choices.one([1, 2, 0]))
    for number, stage in enumerate(project.stages[:count]):
        story.act("log_progress", ALON, stage.name, percent=Decimal(100), evidence=[photo])
        story.act("submit_milestone", ALON, stage.name, criteria_met=list(stage.criteria))
        signers = [part for part in project.those_present if part.role in stage.signers and part.signs]
        for part in signers if number < signed else signers[1:]:
            given = {"version": stage.version, "minor_defects": _scratches(choices, project, stage)}
            story.act("approve_milestone", Who(part.person), stage.name, **given)
    deposit = lines_of(project)[0]
    if deposit.payable and choices.one([False, True]):
        _pay(story, project, deposit)


def _scratches(choices: Choices, project: Project, stage: Stage) -> list[dict[str, Any]]:
    """At times a minor defect, for which some of the payment is withheld."""
    withheld = choices.room(project, stage.name)[1] // 10
    scratch = {"title": "A scratch", "withheld": _money(withheld), "fix_by": choices.book.today}
    return choices.one([[], [scratch]])


def _pay(story: Story, project: Project, line: Line) -> None:
    given = {"line": line.name, "amount": _money(line.payable), "paid_on": story.book.today}
    story.act("release_payment", NOA, project.name, method="cheque", **given)


def _parts(choices: Choices, whole: int, count: int) -> list[int]:
    """Parts that add up to the whole; the last takes what the others leave."""
    weights = [choices.number(0, 9) for _ in range(count)]
    parts = [whole * weight // (sum(weights) or 1) for weight in weights[:-1]]
    return [*parts, whole - sum(parts)]


def _money(amount: int) -> Decimal:
    return Decimal(amount) / 100
