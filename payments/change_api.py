"""The doors of change orders: proposed by either side, signed by both."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from payments import actions
from payments.change_serializers import ChangeBody, ChangeSerializer, DeclineChangeBody, SignChangeBody
from payments.changing import changes_visible_to
from projects.rest.views import Door, acts, reads_many, reads_one


def changes(user_id: UUID) -> QuerySet[Any]:
    return changes_visible_to(user_id).annotate(seq=F("entry__seq"))


def change_again(user_id: UUID, written: Any) -> Any:
    return changes(user_id).get(pk=written.pk)


class Changes(Door):
    """The change orders of a project, the newest first.

    Proposed, in force, declined and withdrawn ones, by `state`. One with a `defect` settles it by a
    deduction.
    """

    order = ("-seq", "-id")
    get = reads_many("list_changes", ChangeSerializer, changes, of_project=True)
    post = acts(
        "propose_change",
        actions.propose_change,
        takes=ChangeBody,
        answers=ChangeSerializer,
        again=change_again,
        status=201,
    )


class ChangeDoor(Door):
    """A change order, who signed it, and what became of it.

    `version` names the terms that it would change: send it back when signing. It rises, and signatures before
    it count no more, when another change comes into force or the milestone's date moves.
    """

    get = reads_one("read_change", ChangeSerializer, changes)


class ChangeSign(Door):
    post = acts(
        "sign_change",
        actions.sign_change,
        takes=SignChangeBody,
        answers=ChangeSerializer,
        again=change_again,
    )


class ChangeDecline(Door):
    post = acts(
        "decline_change",
        actions.decline_change,
        takes=DeclineChangeBody,
        answers=ChangeSerializer,
        again=change_again,
    )
