"""The journal, as programs read and check it."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.journal import first_break
from projects.models import JournalEntry
from projects.queries import journal_of, projects_visible_to, visible_to
from projects.rest.views import Door, reads, reads_many
from projects.serializers import ChainSerializer, JournalEntrySerializer


def journal_visible_to(user_id: UUID) -> QuerySet[JournalEntry]:
    return visible_to(user_id, JournalEntry.objects.select_related("actor"))


class Journal(Door):
    """Everything that happened in a project, the oldest first."""

    order = ("seq",)
    get = reads_many("list_journal", JournalEntrySerializer, journal_visible_to, of_project=True)


class JournalVerify(Door):
    """Whether the journal's chain of hashes holds."""

    @reads("verify_journal", ChainSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        entries = list(journal_of(project.id).values_list("seq", "previous_hash", "hash", "body"))
        broken = first_break((seq, previous, its, bytes(body)) for seq, previous, its, body in entries)
        head = entries[-1][2] if entries else None
        found = {"ok": broken is None, "entries": len(entries), "head": head, "first_break": broken}
        return Response(self.shown(ChainSerializer, found))
