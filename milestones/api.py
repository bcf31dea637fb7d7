"""The doors of the work: milestones from draft to sign-off, and the front-loading test."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from milestones import actions
from milestones.front_loading import BEFORE_WORK, FrontLoading
from milestones.models import Milestone
from milestones.queries import front_loading, milestones_visible_to
from milestones.serializers import (
    MilestoneBody,
    MilestoneEditBody,
    MilestoneSerializer,
    ProgressBody,
    ProgressSerializer,
    RescheduleBody,
    ReturnBody,
    SignOffBody,
    StressTestSerializer,
    SubmitBody,
)
from projects.models import Party
from projects.queries import projects_visible_to
from projects.rest.views import Door, Serializer, acts, reads, reads_many, reads_one


def milestone_again(user_id: UUID, written: Any) -> Milestone:
    """The milestone as it stands after an act, whichever of its facts the act returned."""
    match written:
        case Milestone():
            pk = written.pk
        case _:
            pk = getattr(written, "submission", written).milestone_id
    return milestones_visible_to(user_id).get(pk=pk)


def parties_by_project(milestones: Iterable[Milestone]) -> dict[UUID, list[Party]]:
    """The parties of the milestones' projects, in one query."""
    found: dict[UUID, list[Party]] = {m.project_id: [] for m in milestones}
    for party in Party.objects.filter(project__in=found):
        found[party.project_id].append(party)
    return found


class MilestoneDoorBase(Door):
    def shown(self, answers: Serializer, found: Any, **options: Any) -> Any:
        milestones = found if options.get("many") else [found]
        context = {"request": self.request, "parties": parties_by_project(milestones)}
        return answers(found, context=context, **options).data


class Milestones(MilestoneDoorBase):
    """The milestones of a project, in the order of the work.

    With criteria, evidence, signers and decisions, and how far each is reported and verified.
    """

    order = ("position", "id")
    get = reads_many("list_milestones", MilestoneSerializer, milestones_visible_to, of_project=True)
    post = acts(
        "add_milestone",
        actions.add_milestone,
        takes=MilestoneBody,
        answers=MilestoneSerializer,
        again=milestone_again,
        status=201,
    )


class MilestoneDoor(MilestoneDoorBase):
    """A milestone with its criteria, evidence and decisions.

    `version` is what was read: send it back when signing off, returning or editing. `reported_percent` is the
    contractor's word; `verified_percent` is by inspection, or 100 once signed off.
    """

    get = reads_one("read_milestone", MilestoneSerializer, milestones_visible_to)
    patch = acts(
        "edit_milestone",
        actions.edit_milestone,
        takes=MilestoneEditBody,
        answers=MilestoneSerializer,
        again=milestone_again,
        rows=milestones_visible_to,
    )


class Progress(Door):
    post = acts(
        "log_progress", actions.log_progress, takes=ProgressBody, answers=ProgressSerializer, status=201
    )


class Submit(MilestoneDoorBase):
    post = acts(
        "submit_milestone",
        actions.submit_milestone,
        takes=SubmitBody,
        answers=MilestoneSerializer,
        again=milestone_again,
    )


class Withdraw(MilestoneDoorBase):
    post = acts(
        "withdraw_submission",
        actions.withdraw_submission,
        answers=MilestoneSerializer,
        again=milestone_again,
    )


class RescheduleDoor(MilestoneDoorBase):
    post = acts(
        "reschedule_milestone",
        actions.reschedule_milestone,
        takes=RescheduleBody,
        answers=MilestoneSerializer,
        again=milestone_again,
    )


class SignOff(MilestoneDoorBase):
    post = acts(
        "sign_off_milestone",
        actions.approve_milestone,
        takes=SignOffBody,
        answers=MilestoneSerializer,
        again=milestone_again,
    )


class Return(MilestoneDoorBase):
    post = acts(
        "return_milestone",
        actions.return_milestone,
        takes=ReturnBody,
        answers=MilestoneSerializer,
        again=milestone_again,
    )


class StressTest(Door):
    """The front-loading test: does the contract, as planned, pay ahead of the work?

    For each planned payment, what would be paid and done by then in total; the worst gap, the deposit against
    its cap, and a split of the payments that would leave no gap.
    """

    @reads("stress_test", StressTestSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        ids = {m.position: m.pk for m in project.milestones.order_by("position")}
        return Response(self.shown(StressTestSerializer, _stress_test(front_loading(project), ids)))


def _stress_test(result: FrontLoading, ids: dict[int, UUID]) -> dict[str, Any]:
    names = {None: None, BEFORE_WORK: "deposit"} | {position: str(pk) for position, pk in ids.items()}
    amounts = zip(ids.values(), result.proposed_amounts, strict=True)
    return {
        "worst_gap_amount": result.worst_gap_amount,
        "worst_gap_percent": result.worst_gap_percent,
        "at_payment": names[result.at_payment],
        "deposit": result.deposit,
        "deposit_percent": result.deposit_percent,
        "deposit_cap": result.deposit_cap,
        "is_front_loaded": result.is_front_loaded,
        "proposed": {
            "deposit": result.proposed_deposit,
            "amounts": [{"milestone": pk, "amount": amount} for pk, amount in amounts],
        },
    }
