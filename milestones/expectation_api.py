"""The doors of expectations: stated and answered in the draft, judged when the work is signed off."""

from typing import Any
from uuid import UUID

from milestones import actions
from milestones.expectation_serializers import (
    ConfirmExpectationBody,
    CounterExpectationBody,
    ExpectationBody,
    ExpectationEditBody,
    ExpectationSerializer,
    JudgeExpectationBody,
)
from milestones.models import Expectation
from milestones.queries import expectations_visible_to
from milestones.serializers import VersionBody
from projects.rest.views import Door, acts, reads_many, reads_one


def expectation_again(user_id: UUID, written: Any) -> Expectation:
    """The expectation as it stands after an act on it, or after its judgement."""
    return expectations_visible_to(user_id).get(pk=getattr(written, "expectation_id", written.pk))


class Expectations(Door):
    """What the client expects, as it was written down, in its order.

    Part of the agreement that both sides sign: the goal in the client's words, and how it is measured.
    """

    order = ("position", "id")
    get = reads_many("list_expectations", ExpectationSerializer, expectations_visible_to, of_project=True)
    post = acts(
        "add_expectation",
        actions.add_expectation,
        takes=ExpectationBody,
        answers=ExpectationSerializer,
        again=expectation_again,
        status=201,
    )


class ExpectationDoor(Door):
    """An expectation with the answer to it and how it was judged.

    `version` is of its wording: send it back when answering or editing. `ready_to_judge`: all its work is
    signed off.
    """

    get = reads_one("read_expectation", ExpectationSerializer, expectations_visible_to)
    patch = acts(
        "edit_expectation",
        actions.edit_expectation,
        takes=ExpectationEditBody,
        answers=ExpectationSerializer,
        again=expectation_again,
    )
    delete = acts("remove_expectation", actions.remove_expectation)


class ExpectationConfirm(Door):
    post = acts(
        "confirm_expectation",
        actions.confirm_expectation,
        takes=ConfirmExpectationBody,
        answers=ExpectationSerializer,
        again=expectation_again,
    )


class ExpectationCounter(Door):
    post = acts(
        "counter_expectation",
        actions.counter_expectation,
        takes=CounterExpectationBody,
        answers=ExpectationSerializer,
        again=expectation_again,
    )


class ExpectationAccept(Door):
    post = acts(
        "accept_counter",
        actions.accept_counter,
        takes=VersionBody,
        answers=ExpectationSerializer,
        again=expectation_again,
    )


class ExpectationJudge(Door):
    post = acts(
        "judge_expectation",
        actions.judge_expectation,
        takes=JudgeExpectationBody,
        answers=ExpectationSerializer,
        again=expectation_again,
    )
