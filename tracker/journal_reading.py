"""The journal as people read it: entries hold codes and ids; here they become sentences."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from milestones.models import (
    Decision,
    Defect,
    DefectEvent,
    Evidence,
    FixDateMove,
    Inspection,
    Judgement,
    Milestone,
    ProgressEntry,
    Reschedule,
    Submission,
)
from payments.models import (
    Advance,
    AdvanceApproval,
    AdvanceDecline,
    ChangeEnd,
    ChangeOrder,
    Dispute,
    Payment,
    Reversal,
)
from projects.integrity import Break, check_history, snapshot
from projects.journal import known_kinds
from projects.models import Attachment, Deed, JournalEntry, Project, Turn
from tracker.journal_words import Words

# Which kinds a filter of the journal shows.
GROUPS: dict[str, tuple[str, ...]] = {
    "work": (
        "progress_logged",
        "milestone_submitted",
        "submission_withdrawn",
        "milestone_approved",
        "milestone_returned",
        "milestone_inspected",
        "defect_reported",
        "defect_fixed",
        "defect_verified",
        "defect_reopened",
        "defect_estimated",
        "fix_date_announced",
        "fix_date_missed",
        "file_added",
        "date_announced",
        "date_missed",
        "project_suspended",
        "project_resumed",
        "project_completed",
        "handover_proposed",
        "handed_over",
    ),
    "money": (
        "payment_released",
        "payment_recorded",
        "payment_confirmed",
        "payment_allocated",
        "reversal_asked",
        "payment_reversed",
        "reversal_declined",
        "payment_disputed",
        "dispute_withdrawn",
        "advance_asked",
        "advance_opened",
        "advance_approved",
        "advance_declined",
        "advance_withdrawn",
        "advance_paid",
        "index_values_told",
        "retention_opened",
        "closing_sum_proposed",
        "closing_sum_agreed",
    ),
    "agreement": (
        "project_created",
        "terms_changed",
        "milestone_added",
        "milestone_changed",
        "milestone_removed",
        "agreement_signed",
        "party_invited",
        "party_joined",
        "invitation_declined",
        "party_confirmed",
        "party_left",
        "expectation_added",
        "expectation_changed",
        "expectation_removed",
        "expectation_confirmed",
        "expectation_countered",
        "counter_accepted",
        "expectation_judged",
        "change_proposed",
        "change_signed",
        "change_in_force",
        "defect_settled",
        "change_declined",
        "change_withdrawn",
        "deed_signed",
        "project_terminated",
        "project_closed",
    ),
    "flags": ("flag_raised", "flag_changed", "flag_cleared"),
}

ADDED = "file_added"

# Kinds whose sentence names the role in which their actor acted.
NAMES_A_ROLE = {"milestone_approved", "party_joined", "invitation_declined"}

# States that an entry brought about, worth a chip beside it.
CHIPS_OF = {
    ("milestone_approved", Milestone.State.SIGNED_OFF): "signed_off",
    ("milestone_returned", Milestone.State.IN_PROGRESS): "returned",
    ("change_in_force", ""): "in_force",
    ("defect_settled", ""): "in_force",
}


@dataclass(frozen=True)
class Told:
    """An entry with its sentence, the words that its actor added, and what it shows.

    `deed` is the sentence without its actor; `role` the actor's part in the project, empty for the system;
    `shown_for` the criterion that a report is for; `chip` a state that the entry brought about; `files` the
    entries that added its files.
    """

    entry: JournalEntry
    sentence: SafeString
    deed: SafeString
    name: str
    role: str
    shown_for: str
    quote: str
    chip: str
    shown: list[Attachment]
    files: list[JournalEntry]

    @property
    def role_to_tell(self) -> str:
        """The actor's part, unless the sentence names it: who acted in which role is part of some facts."""
        return "" if self.entry.kind in NAMES_A_ROLE else self.role


def told(entries: Collection[JournalEntry], words: Words) -> list[Told]:
    """Entries (with their actors) as people read them: a query each for files, words and criteria."""
    contents = [json.loads(bytes(entry.body))["data"] for entry in entries]
    files = _files_by_hash(entries, contents)
    roles = {party.user_id: party.role for party in words.parties.values()}
    quotes, criteria = _quotes(entries), _criteria(entries)
    return [
        Told(
            entry=entry,
            sentence=_sentence(entry, data, words, _bold(entry)),
            deed=_deed(_sentence(entry, data, words, "")),
            name=entry.actor.full_name if entry.actor else "",
            role=roles.get(entry.actor_id, ""),
            shown_for=criteria.get(entry.pk, ""),
            quote=quotes.get(entry.pk, ""),
            chip=CHIPS_OF.get((entry.kind, data.get("state", "")), ""),
            shown=[files[digest] for digest in _digests(data) if digest in files],
            files=[],
        )
        for entry, data in zip(entries, contents, strict=True)
    ]


def with_files_folded(entries: Iterable[Told]) -> list[Told]:
    """Newest first: a file's own entry is told of by the one right after it that shows the file.

    Only neighbours of the same day and actor are folded, so that nothing is told out of its time.
    """
    kept: list[Told] = []
    for said in entries:
        shows = kept[-1] if kept else None
        if said.entry.kind == ADDED and shows and shows.entry.kind != ADDED and _shows(shows, said):
            shows.files.insert(0, said.entry)
        else:
            kept.append(said)
    return kept


def _shows(later: Told, added: Told) -> bool:
    digest = json.loads(bytes(added.entry.body))["data"]["file"]
    return (
        later.entry.actor_id == added.entry.actor_id
        and timezone.localdate(later.entry.at) == timezone.localdate(added.entry.at)
        and any(file.sha256 == digest for file in later.shown)
    )


def _quotes(entries: Collection[JournalEntry]) -> dict[UUID, str]:
    """What people wrote with their acts, by entry: the entries themselves hold only its hash."""
    ids = [entry.pk for entry in entries]
    noted = (ProgressEntry, Submission, Decision, Inspection, DefectEvent, Judgement)
    reasoned = (
        *(Reschedule, FixDateMove, Payment, Reversal, Dispute),
        *(ChangeOrder, ChangeEnd, Advance, AdvanceDecline, Turn),
    )
    facts = [
        *((model, "note") for model in noted),
        *((model, "reason") for model in reasoned),
        (AdvanceApproval, "condition"),
        (Deed, "text"),
    ]
    told = [
        model.objects.filter(entry__in=ids).exclude(**{words: ""}).order_by().values_list("entry_id", words)
        for model, words in facts
    ]
    # Of a decision its own words are told; of a defect by itself, what it is.
    alone = Defect.objects.filter(entry__in=ids, decision=None).order_by().values_list("entry_id", "title")
    return dict(alone.union(*told))


def _criteria(entries: Collection[JournalEntry]) -> dict[UUID, str]:
    """The criterion that a report was made for, in the client's words, by entry."""
    shown = Evidence.objects.filter(
        progress__entry__in=[entry.pk for entry in entries], criterion__isnull=False
    )
    return dict(shown.order_by().values_list("progress__entry_id", "criterion__text").distinct())


def _sentence(entry: JournalEntry, data: Mapping[str, Any], words: Words, actor: str) -> SafeString:
    """The registered sentence with names put in; people's own words are isolated and escaped."""
    said = words.said_of(data) | {"actor": actor}
    return mark_safe(conditional_escape(str(known_kinds()[entry.kind].sentence)) % said)


def _bold(entry: JournalEntry) -> SafeString:
    return format_html("<b><bdi>{}</bdi></b>", entry.actor.full_name if entry.actor else _("The system"))


def _deed(sentence: SafeString) -> SafeString:
    """A sentence that lost its actor, begun anew: every one names the actor first."""
    return mark_safe(capfirst(sentence.lstrip(": ")))


def _digests(data: Mapping[str, Any]) -> list[str]:
    """The hashes of the files that an entry shows: what was put before others, or the file that it added."""
    return [data["file"]] if "file" in data else data.get("evidence", [])


def _files_by_hash(
    entries: Collection[JournalEntry], contents: Iterable[Mapping[str, Any]]
) -> dict[str, Attachment]:
    hashes = {digest for data in contents for digest in _digests(data)}
    if not hashes:
        return {}
    project_id = next(iter(entries)).project_id
    found = Attachment.objects.filter(project_id=project_id, sha256__in=hashes)
    return {attachment.sha256: attachment for attachment in found}


@dataclass(frozen=True)
class Seal:
    """Whether the whole history holds, how many entries it has, and the fingerprint of the last one."""

    entries: int
    head: str
    broken: Break | None

    @property
    def fingerprint(self) -> str:
        """The first sixteen digits of the last hash, in fours: short enough to compare by eye."""
        return " ".join(self.head[start : start + 4] for start in range(0, 16, 4))


def seal_of(project: Project) -> Seal:
    """Check the chain from its beginning, and every fact against its entry. Two queries, at one moment."""
    with snapshot():
        checked = check_history(project.id)
    return Seal(checked.entries, checked.head[1], checked.first_break)
