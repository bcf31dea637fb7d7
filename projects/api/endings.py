"""What both sides sign at the end: the handover protocol, and the closing sum of a termination."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from projects import endings
from projects.models import Deed, DeedSignature
from projects.queries import deeds_visible_to
from projects.rest.views import Door, acts, reads_many
from projects.serializers import ClosingSumBody, DeedSerializer, HandoverBody, SignBody


def handovers(user_id: UUID) -> QuerySet[Any]:
    return deeds_visible_to(user_id).filter(kind=Deed.Kind.HANDOVER).annotate(seq=F("entry__seq"))


def closing_sums(user_id: UUID) -> QuerySet[Any]:
    return deeds_visible_to(user_id).filter(kind=Deed.Kind.CLOSING_SUM).annotate(seq=F("entry__seq"))


def deed_again(user_id: UUID, written: Any) -> Deed:
    """The deed as it stands after an act."""
    pk = written.deed_id if isinstance(written, DeedSignature) else written.pk
    return deeds_visible_to(user_id).get(pk=pk)


class Handover(Door):
    """The versions of the handover protocol, the newest first.

    Each with its words, the day on which the keys changed hands, and its signatures. A new version voids
    those before.
    """

    order = ("-seq", "-id")
    get = reads_many("list_handover_protocols", DeedSerializer, handovers, of_project=True)
    post = acts(
        "propose_handover",
        endings.propose_handover,
        takes=HandoverBody,
        answers=DeedSerializer,
        again=deed_again,
        status=201,
    )


class HandoverSign(Door):
    post = acts(
        "sign_handover", endings.sign_handover, takes=SignBody, answers=DeedSerializer, again=deed_again
    )


class ClosingSum(Door):
    """The versions of the closing sum, the newest first.

    Each with its words, its amount (below 0: due back to the homeowners) and its signatures. A new version
    voids those before.
    """

    order = ("-seq", "-id")
    get = reads_many("list_closing_sums", DeedSerializer, closing_sums, of_project=True)
    post = acts(
        "propose_closing_sum",
        endings.propose_closing_sum,
        takes=ClosingSumBody,
        answers=DeedSerializer,
        again=deed_again,
        status=201,
    )


class ClosingSumSign(Door):
    post = acts(
        "sign_closing_sum",
        endings.sign_closing_sum,
        takes=SignBody,
        answers=DeedSerializer,
        again=deed_again,
    )
