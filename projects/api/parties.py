"""Who has a part in a project, and who is invited to one."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from projects import actions
from projects.models import Party
from projects.queries import invitations_of, visible_to
from projects.rest.views import Door, acts, reads_many, reads_one
from projects.serializers import InvitationSerializer, InviteBody, PartySerializer


def parties_visible_to(user_id: UUID) -> QuerySet[Any]:
    return visible_to(user_id, Party.objects.select_related("user")).annotate(seq=F("entry__seq"))


class Parties(Door):
    """Every part in a project, also ended ones.

    `confirmed`: it counts. One that the contractor brought counts once a homeowner has confirmed it.
    `left_at`: it has ended.
    """

    order = ("seq", "id")
    get = reads_many("list_parties", PartySerializer, parties_visible_to, of_project=True)
    post = acts("invite_party", actions.invite_party, takes=InviteBody, answers=PartySerializer, status=201)


class PartyDoor(Door):
    """One part in a project.

    A person holds one role in a project; with `signs` they sign and decide for it.
    """

    get = reads_one("read_party", PartySerializer, parties_visible_to)
    delete = acts("end_part", actions.end_part)


class PartyConfirm(Door):
    post = acts("confirm_party", actions.confirm_party, answers=PartySerializer)


def invitations(user_id: UUID) -> QuerySet[Any]:
    return invitations_of(user_id).annotate(invited_at=F("entry__at"))


class Invitations(Door):
    """The invitations to your addresses that wait for an answer.

    Only to addresses that you have verified. The project shows itself once you accept.
    """

    order = ("-invited_at", "-id")
    get = reads_many("list_invitations", InvitationSerializer, invitations)


class InvitationAccept(Door):
    post = acts("accept_invitation", actions.accept_invitation, answers=PartySerializer)


class InvitationDecline(Door):
    post = acts("decline_invitation", actions.decline_invitation, answers=PartySerializer)
