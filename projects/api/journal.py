"""The journal, as programs read, check and keep it."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.integrity import check_history, snapshot
from projects.integrity.export import file_name, journal_file
from projects.models import JournalEntry
from projects.queries import projects_visible_to, visible_to
from projects.rest.views import Door, reads, reads_many
from projects.serializers import ChainSerializer, JournalEntrySerializer, JournalFileSerializer


def journal_visible_to(user_id: UUID) -> QuerySet[JournalEntry]:
    return visible_to(user_id, JournalEntry.objects.select_related("actor"))


class Journal(Door):
    """Everything that happened in a project, the oldest first.

    One entry for each act: `kind` and `data` are codes, ids, sums and hashes, never names or words. `hash`
    follows from `previous_hash` and the entry's bytes.
    """

    order = ("seq",)
    get = reads_many("list_journal", JournalEntrySerializer, journal_visible_to, of_project=True)


class JournalVerify(Door):
    """Whether the journal's chain holds, and every fact of the project is as its entry names it.

    Checked at this moment, from the first entry on. `head` is the hash of the last; keep it, and later see
    whether it is still in the chain. `first_break` is null when all holds.
    """

    @reads("verify_journal", ChainSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        with snapshot():
            checked = check_history(project.id)
        seq, digest = checked.head
        found = {
            "ok": not checked.breaks,
            "entries": checked.entries,
            "facts": checked.facts,
            "head": digest if seq else None,
            "first_break": checked.first_break,
        }
        return Response(self.shown(ChainSerializer, found))


class JournalExport(Door):
    """The whole journal as one file, which /static/check_journal.py checks without us.

    The bytes of every entry as text, with its hashes. It holds no names and no words.
    """

    @reads("export_journal", JournalFileSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        named = {"Content-Disposition": f'attachment; filename="{file_name(project)}"'}
        return Response(self.shown(JournalFileSerializer, journal_file(project)), headers=named)
