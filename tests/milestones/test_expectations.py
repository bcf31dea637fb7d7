"""Expectations: stated, answered and agreed in the draft, judged when the work is signed off."""

from decimal import Decimal
from typing import Any

import pytest

from milestones.actions import (
    accept_counter,
    add_expectation,
    confirm_expectation,
    counter_expectation,
    edit_expectation,
    judge_expectation,
    remove_expectation,
    remove_milestone,
    sign_agreement,
)
from milestones.models import Expectation, Judgement
from milestones.queries import agreement_gaps
from people.models import User
from projects.models import AgreementSignature, JournalEntry, Project
from projects.refusals import Refused
from tests.cast import DRY, Cast, acting, confirmed, draft, expected, join, signed_off, stage


def sign(cast: Cast, project: Project, *signers: User) -> Project:
    project = Project.objects.get(pk=project.pk)
    for signer in signers or (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    return Project.objects.get(pk=project.pk)


def refusal(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def unconfirmed(project: Project) -> list[str]:
    return [gap.about for gap in agreement_gaps(project) if gap.code == "expectation_unconfirmed"]


def test_an_agreement_is_incomplete_until_its_expectations_are_confirmed(cast: Cast) -> None:
    project = draft(cast)
    dry, quiet = expected(cast.noa, project, 1, 2), expected(cast.noa, project, goal="Quiet after six")
    assert unconfirmed(project) == ["1", "2"]
    with refusal("agreement_incomplete"):
        sign(cast, project)
    confirmed(cast, dry)
    confirmed(cast, quiet)
    assert unconfirmed(project) == []
    assert sign(cast, project).state == Project.State.ACTIVE


def test_every_act_on_one_makes_a_new_version_and_voids_the_signatures(cast: Cast) -> None:
    project = draft(cast)
    sign(cast, project, cast.alon)
    versions = [Project.objects.get(pk=project.pk).version]

    def version_rose() -> bool:
        versions.append(Project.objects.get(pk=project.pk).version)
        return versions[-1] == versions[-2] + 1

    dry = expected(cast.noa, project, 1)
    assert version_rose()
    counter_expectation(acting(cast.alon), dry.id, version=1, counter="Only with a drain outside")
    assert version_rose()
    accept_counter(acting(cast.noa), dry.id, version=1)
    assert version_rose()
    edit_expectation(acting(cast.noa), dry.id, version=1, goal="The basement stays dry in summer")
    assert version_rose()
    confirm_expectation(acting(cast.alon), dry.id, version=2)
    assert version_rose()
    remove_expectation(acting(cast.noa), dry.id)
    assert version_rose()
    assert not AgreementSignature.objects.filter(project=project, version=versions[-1]).exists()


def test_signers_sign_the_final_wording(cast: Cast) -> None:
    project = draft(cast)
    hashes = []
    for goal in ("The basement stays dry", "The roof stays dry"):
        told = Expectation.objects.filter(project=project).first()
        if told:
            edit_expectation(acting(cast.noa), told.id, version=told.version, goal=goal)
        else:
            expected(cast.noa, project, goal=goal)
        confirmed(cast, Expectation.objects.get(project=project))
        sign(cast, project, cast.noa)
        hashes.append(AgreementSignature.objects.order_by("-entry__seq")[0].terms_hash)
    assert len(set(hashes)) == 2


def test_a_counter_is_accepted_edited_away_or_taken_back(cast: Cast) -> None:
    project = draft(cast)
    accepted, edited, kept = (expected(cast.noa, project, 1) for _ in range(3))
    for dry in (accepted, edited, kept):
        counter_expectation(
            acting(cast.alon), dry.id, version=1, counter="Only with a drain outside", cost=Decimal(40000)
        )
    assert unconfirmed(project) == ["1", "2", "3"]
    accept_counter(acting(cast.noa), accepted.id, version=1)
    edit_expectation(acting(cast.noa), edited.id, version=1, measure="No stain in the living rooms")
    confirm_expectation(acting(cast.alon), kept.id, version=1)
    for dry in (accepted, edited, kept):
        dry.refresh_from_db()
    assert (accepted.state, accepted.cost) == ("confirmed", Decimal(40000))
    assert (edited.state, edited.counter, edited.cost, edited.version) == ("open", "", None, 2)
    assert (kept.state, kept.counter, kept.cost) == ("confirmed", "", None)
    assert unconfirmed(project) == ["2"]
    with refusal("nothing_countered"):
        accept_counter(acting(cast.noa), kept.id, version=1)
    with refusal("expectation_is_answered"):
        counter_expectation(acting(cast.alon), accepted.id, version=1, counter="Never")


def test_a_promise_of_the_sales_side_needs_who_will_do_the_work(cast: Cast) -> None:
    project = draft(cast)
    promise = expected(cast.alon, project, 3, goal="Moved in by Passover")
    assert promise.is_sales_promise
    assert unconfirmed(project) == ["1"]
    with refusal("doer_missing"):
        confirmed(cast, promise, doer="  ")
    with refusal("doer_missing"):
        counter_expectation(acting(cast.alon), promise.id, version=1, counter="Not before summer")
    for act in (edit_expectation, remove_expectation):
        with refusal("not_your_role"):
            act(acting(cast.alon), promise.id)
    assert confirmed(cast, promise, doer="Moshe, site manager").state == "confirmed"
    assert unconfirmed(project) == []


def test_nobody_confirms_what_they_stated_themselves(cast: Cast) -> None:
    project = draft(cast)
    dry = expected(cast.noa, project)
    for by in (cast.noa, cast.michal):
        with refusal("not_your_role"):
            confirm_expectation(acting(by), dry.id, version=1)
    with refusal("not_your_role"):
        expected(cast.michal, project)
    with refusal("not_found"):
        confirm_expectation(acting(cast.dana), dry.id, version=1)


def test_a_stale_answer_answers_nothing(cast: Cast) -> None:
    project = draft(cast)
    dry = expected(cast.noa, project)
    edit_expectation(acting(cast.noa), dry.id, version=1, goal="The attic stays dry")
    for act, by, more in (
        (edit_expectation, cast.noa, {}),
        (confirm_expectation, cast.alon, {}),
        (counter_expectation, cast.alon, {"counter": "No"}),
        (accept_counter, cast.noa, {}),
    ):
        with refusal("changed_since_read"):
            act(acting(by), dry.id, version=1, **more)


def test_confirming_and_accepting_again_change_nothing(cast: Cast) -> None:
    project = draft(cast)
    dry, warm = expected(cast.noa, project), expected(cast.noa, project)
    counter_expectation(acting(cast.alon), warm.id, version=1, counter="With thicker walls")
    confirmed(cast, dry)
    accept_counter(acting(cast.noa), warm.id, version=1)
    entries = JournalEntry.objects.filter(project=project).count()
    confirmed(cast, dry)
    accept_counter(acting(cast.noa), warm.id, version=1)
    assert JournalEntry.objects.filter(project=project).count() == entries


def test_milestones_are_of_the_project_and_stay_while_they_are_named(cast: Cast) -> None:
    project, other = draft(cast), draft(cast)
    with refusal("unknown_milestone"):
        add_expectation(acting(cast.noa), project.id, milestones=[stage(other, 1).id], **DRY)
    dry = expected(cast.noa, project, 3)
    with refusal("milestone_is_expected"):
        remove_milestone(acting(cast.noa), stage(project, 3).id, version=1)
    edit_expectation(acting(cast.noa), dry.id, version=1, milestones=[stage(project, 1).id])
    remove_milestone(acting(cast.noa), stage(project, 3).id, version=1)
    assert [c.milestone.position for c in dry.concerns.all()] == [1]


def test_after_the_signatures_they_are_closed(cast: Cast) -> None:
    project = draft(cast)
    dry = confirmed(cast, expected(cast.noa, project))
    sign(cast, project)
    for act in (
        lambda: expected(cast.noa, project),
        lambda: edit_expectation(acting(cast.noa), dry.id, version=1, goal="Wet"),
        lambda: remove_expectation(acting(cast.noa), dry.id),
        lambda: confirm_expectation(acting(cast.alon), dry.id, version=1),
        lambda: counter_expectation(acting(cast.alon), dry.id, version=1, counter="No"),
        lambda: accept_counter(acting(cast.noa), dry.id, version=1),
    ):
        with refusal("project_not_draft"):
            act()


def test_it_is_judged_once_when_its_work_is_signed_off(cast: Cast) -> None:
    project = draft(cast)
    dry, warm = (confirmed(cast, expected(cast.noa, project, *named)) for named in ([1], []))
    with refusal("project_not_active"):
        judge_expectation(acting(cast.noa), dry.id, met=True)
    sign(cast, project)
    with refusal("expectation_not_ripe"):
        judge_expectation(acting(cast.noa), dry.id, met=True)
    signed_off(cast, stage(project, 1))
    with refusal("not_your_role"):
        judge_expectation(acting(cast.alon), dry.id, met=True)
    with refusal("reason_missing"):
        judge_expectation(acting(cast.noa), dry.id, met=False, note=" ")
    judge_expectation(acting(cast.noa), dry.id, met=False, note="A stain behind the boiler")
    with refusal("judged_already"):
        judge_expectation(acting(cast.noa), dry.id, met=True)
    with refusal("expectation_not_ripe"):
        judge_expectation(acting(cast.noa), warm.id, met=True)
    for position in (2, 3):
        signed_off(cast, stage(project, position))
    judge_expectation(acting(cast.noa), warm.id, met=True)
    assert list(Judgement.objects.order_by("entry__seq").values_list("met", flat=True)) == [False, True]


def test_a_homeowner_who_does_not_sign_accepts_and_judges_nothing(cast: Cast) -> None:
    project = draft(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    dry = expected(cast.uri, project)
    counter_expectation(acting(cast.alon), dry.id, version=1, counter="Only with a drain")
    for act, said in ((accept_counter, {"version": 1}), (judge_expectation, {"met": True})):
        with refusal("not_a_signer"):
            act(acting(cast.uri), dry.id, **said)


def test_the_journal_holds_no_words(cast: Cast) -> None:
    project = draft(cast)
    promise = expected(cast.alon, project, goal="Moved in by Passover")
    confirmed(cast, promise, doer="Moshe")
    for entry in JournalEntry.objects.filter(project=project, kind__startswith="expectation"):
        assert not any(word in bytes(entry.body) for word in (b"Passover", b"Moshe", b"stain"))
