"""What the client expects: stated, answered and agreed in the draft; judged when the work is signed off."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.models import Concern, Expectation, Judgement, Milestone
from milestones.queries import concerned_by
from milestones.rules import is_ripe
from projects.actions import new_version, require_draft
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import SIDES, Project, Role
from projects.refusals import Refused


@action("expectation_added", by=SIDES)
def add_expectation(act: Act, *, goal: str, measure: str, milestones: Sequence[UUID] = ()) -> Expectation:
    """State an expectation in a draft: a goal, how it is measured, and the milestones it concerns.

    Without milestones it concerns the whole project. From the contractor it is a promise of the sales side.
    Refuses project_not_draft, unknown_milestone.
    """
    require_draft(act)
    assert act.party is not None
    last = act.project.expectations.order_by("-position").first()
    expectation = act.add(
        Expectation(
            position=last.position + 1 if last else 1,
            stated_by=act.party,
            by_role=act.party.role,
            goal=goal,
            measure=measure,
        )
    )
    _write_concerns(act, expectation, milestones)
    _record_words(act, expectation)
    return expectation


@action("expectation_changed", on=Expectation, by={Role.HOMEOWNER})
def edit_expectation(
    act: Act, *, version: int, milestones: Sequence[UUID] | None = None, **words: Any
) -> Expectation:
    """Change goal, measure or milestones, from the `version` that was read. It has to be answered again.

    Also one of the sales side: only those to whom it was promised change or remove it.
    Refuses project_not_draft, changed_since_read, unknown_milestone.
    """
    require_draft(act)
    expectation: Expectation = act.target
    _require_version(expectation, version)
    unanswered = {"state": Expectation.State.OPEN, "counter": "", "cost": None, "doer": ""}
    act.change(expectation, version=version + 1, answered_by=None, **unanswered, **words)
    if milestones is not None:
        for concern in expectation.concerns.all():
            act.remove(concern)
        _write_concerns(act, expectation, milestones)
    _record_words(act, expectation)
    return expectation


@action("expectation_removed", on=Expectation, by={Role.HOMEOWNER})
def remove_expectation(act: Act) -> Project:
    """Take an expectation out of a draft. Refuses project_not_draft."""
    require_draft(act)
    expectation: Expectation = act.target
    act.record(position=expectation.position, version=act.project.version + 1)
    for concern in expectation.concerns.all():
        act.remove(concern)
    act.remove(expectation)
    new_version(act)
    return act.project


@action("expectation_confirmed", on=Expectation, by={Role.CONTRACTOR}, signing=True)
def confirm_expectation(act: Act, *, version: int, doer: str = "") -> Expectation:
    """It will be met as it is stated. `doer`: who will do the work; needed for a promise of the sales side.

    Confirming again changes nothing. A counter that was not accepted is taken back by it.
    Refuses project_not_draft, changed_since_read, doer_missing.
    """
    expectation = _to_answer(act, version)
    if expectation.state == Expectation.State.CONFIRMED:
        return expectation
    _require_doer(expectation, doer)
    _answer(act, expectation, state=Expectation.State.CONFIRMED, counter="", cost=None, doer=doer)
    return expectation


@action("expectation_countered", on=Expectation, by={Role.CONTRACTOR}, signing=True)
def counter_expectation(
    act: Act, *, version: int, counter: str, cost: Decimal | None = None, doer: str = ""
) -> Expectation:
    """Not realistic as stated: what meeting it would take, in words, and in money where it can be said.

    Refuses project_not_draft, changed_since_read, expectation_is_answered, doer_missing.
    """
    expectation = _to_answer(act, version)
    if expectation.state != Expectation.State.OPEN:
        raise Refused("expectation_is_answered")
    _require_doer(expectation, doer)
    _answer(act, expectation, state=Expectation.State.COUNTERED, counter=counter, cost=cost, doer=doer)
    act.later("expectation_countered_mail", expectation=str(expectation.id), version=version)
    return expectation


@action("counter_accepted", on=Expectation, by={Role.HOMEOWNER}, signing=True)
def accept_counter(act: Act, *, version: int) -> Expectation:
    """The counter is the final wording. Accepting again changes nothing.

    Refuses project_not_draft, changed_since_read, nothing_countered.
    """
    expectation = _to_answer(act, version)
    if expectation.state == Expectation.State.CONFIRMED and expectation.counter:
        return expectation
    if expectation.state != Expectation.State.COUNTERED:
        raise Refused("nothing_countered")
    _answer(act, expectation, state=Expectation.State.CONFIRMED)
    return expectation


@action("expectation_judged", on=Expectation, by={Role.HOMEOWNER}, signing=True, scope="sign")
def judge_expectation(act: Act, *, met: bool, note: str = "") -> Judgement:
    """Say whether it was met, once; what was not met is said in words.

    Possible when every milestone that it concerns is signed off.
    Refuses project_not_active, judged_already, expectation_not_ripe, reason_missing.
    """
    expectation: Expectation = act.target
    if act.project.state == Project.State.DRAFT:
        raise Refused("project_not_active")
    if Judgement.objects.filter(expectation=expectation).exists():
        raise Refused("judged_already")
    if not is_ripe(concerned_by(expectation)):
        raise Refused("expectation_not_ripe")
    if not met and not note.strip():
        raise Refused("reason_missing", field="note")
    judgement = act.add(Judgement(expectation=expectation, party=act.party, met=met, note=note))
    verdict = "met" if met else "not_met"
    assert act.party is not None
    act.record(expectation=expectation.id, party=act.party.id, verdict=verdict, note=text_hash(note))
    return judgement


def _write_concerns(act: Act, expectation: Expectation, ids: Sequence[UUID]) -> None:
    wanted = set(ids)
    found = list(Milestone.objects.filter(project=act.project, pk__in=wanted).order_by("position"))
    if len(found) != len(wanted):
        raise Refused("unknown_milestone", field="milestones")
    act.add_all([Concern(expectation=expectation, milestone=milestone) for milestone in found])


def _record_words(act: Act, expectation: Expectation) -> None:
    """The new wording, as hashes, under a new version of the agreement."""
    new_version(act)
    concerns = expectation.concerns.order_by("milestone__position")
    act.record(
        expectation=expectation.id,
        version=expectation.version,
        role=expectation.by_role,
        goal=text_hash(expectation.goal),
        measure=text_hash(expectation.measure),
        milestones=list(concerns.values_list("milestone_id", flat=True)),
    )


def _to_answer(act: Act, version: int) -> Expectation:
    require_draft(act)
    expectation: Expectation = act.target
    _require_version(expectation, version)
    return expectation


def _require_version(expectation: Expectation, version: int) -> None:
    if version != expectation.version:
        raise Refused("changed_since_read")


def _require_doer(expectation: Expectation, doer: str) -> None:
    if expectation.is_sales_promise and not doer.strip():
        raise Refused("doer_missing", field="doer")


def _answer(act: Act, expectation: Expectation, **answer: Any) -> None:
    """The answer, by the actor's part, under a new version of the agreement."""
    act.change(expectation, answered_by=act.party, **answer)
    new_version(act)
    act.record(
        expectation=expectation.id,
        version=expectation.version,
        state=expectation.state,
        counter=text_hash(expectation.counter),
        cost=expectation.cost,
        doer=text_hash(expectation.doer),
    )
