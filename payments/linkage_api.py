"""The doors of linkage: what the index makes of the payments, and the values that either side tells."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from payments import actions
from payments.linkage_serializers import IndexValuesBody, IndexValueSerializer, LinkageSerializer
from payments.linking import index_values_visible_to, linkage_account
from payments.queries import payments_visible_to
from projects.models import Project
from projects.queries import projects_visible_to
from projects.rest.views import Door, acts, reads, reads_many


def linkage_of(user_id: UUID, project: Project) -> dict[str, Any]:
    """The linkage of a project as the API shows it."""
    account = linkage_account(project, list(payments_visible_to(user_id).filter(project=project)))
    return {
        "terms": project.linkage,
        "paid": account.paid,
        "amount": account.sum.amount,
        "together": account.together,
        "missing": account.sum.missing,
        "next": None,
        "previous": None,
        "results": account.rows,
    }


class LinkageDoor(Door):
    """What was paid and its linkage to the agreed index, payment by payment, the newest first.

    By the index that was known on each day of payment. `terms` is null where no linkage was agreed. A month
    that should have been told by then is named in `missing`, and there is no figure for it. It is in no other
    figure.
    """

    @reads("read_linkage", LinkageSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        return Response(self.shown(LinkageSerializer, linkage_of(self.viewer, project)))


class IndexValues(Door):
    """The values of the index that were told, the newest month first, with those that count no more.

    Where a month was told more than once the newest counts; the earlier ones stay, with who told them.
    """

    order = ("-month", "-seq", "-id")
    get = reads_many("list_index_values", IndexValueSerializer, index_values_visible_to, of_project=True)
    post = acts(
        "tell_index_values",
        actions.tell_index_values,
        takes=IndexValuesBody,
        answers=LinkageSerializer,
        again=linkage_of,
        status=201,
    )
