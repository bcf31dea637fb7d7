"""The journal as people read it: entries hold codes and ids; here they become sentences."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.models import (
    Decision,
    Defect,
    DefectEvent,
    Evidence,
    Expectation,
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
from payments.showing import LINE_NAMES
from projects.flagging import flag_title
from projects.integrity import Break, check_history, snapshot
from projects.journal import known_kinds
from projects.models import Attachment, Deed, Flag, JournalEntry, Party, Project, Role, Turn
from projects.wording import day_text, isolated, money_digits

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

GOAL_SHOWN = 90  # letters of an expectation in a sentence

VERDICTS = {"met": gettext_lazy("Met"), "not_met": gettext_lazy("Not met")}

# Kinds whose sentence names the role in which their actor acted.
NAMES_A_ROLE = {"milestone_approved", "party_joined"}

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
    photos: list[Attachment]
    files: list[JournalEntry]

    @property
    def role_to_tell(self) -> str:
        """The actor's part, unless the sentence names it: who acted in which role is part of some facts."""
        return "" if self.entry.kind in NAMES_A_ROLE else self.role


@dataclass(frozen=True)
class Words:
    """What the ids and codes of a project's entries are called."""

    currency: str
    parties: Mapping[str, Party]
    milestones: Mapping[str, str]
    expectations: Mapping[str, str]
    changes: Mapping[str, str]

    def text(self, name: str, value: Any) -> SafeString:
        """A value of an entry's data as it reads in a sentence; one that nothing names stays as it is."""
        if value is None:
            return mark_safe("")
        if name in PEOPLES_WORDS:
            return format_html("<bdi>{}</bdi>", PEOPLES_WORDS[name](self, str(value)))
        read = CODES.get(name)
        return conditional_escape(read(self, str(value)) if read else value)

    def party(self, value: str) -> str:
        party = self.parties.get(value)
        return "" if party is None else (party.user.full_name if party.user else party.invited_email)

    def milestone(self, value: str) -> str:
        return self.milestones.get(value) or _("a milestone that was removed")

    def expectation(self, value: str) -> str:
        goal = self.expectations.get(value)
        return Truncator(goal).chars(GOAL_SHOWN) if goal else _("an expectation that was removed")

    def change(self, value: str) -> str:
        return self.changes.get(value, "")

    def line(self, value: str) -> str:
        return str(LINE_NAMES[value]) if value in LINE_NAMES else self.milestone(value)


# Names that people gave, isolated in a sentence; and codes and figures, which are ours.
PEOPLES_WORDS: Mapping[str, Callable[[Words, str], str]] = {
    "party": Words.party,
    "milestone": Words.milestone,
    "expectation": Words.expectation,
    "change": Words.change,
    "line": Words.line,
}

CODES: Mapping[str, Callable[[Words, str], object]] = {
    "role": lambda _words, value: Role(value).label,
    "severity": lambda _words, value: Flag.Severity(value).label,
    "verdict": lambda _words, value: VERDICTS[value],
    "flag_kind": lambda _words, value: flag_title(value),
    "amount": lambda words, value: isolated(money_digits(Decimal(value), words.currency)),
    "agreed_end": lambda _words, value: _day(value),
    "previous_end": lambda _words, value: _day(value),
    "fix_by": lambda _words, value: _day(value),
    "previous_fix_by": lambda _words, value: _day(value),
    "percent": lambda _words, value: f"{Decimal(value).normalize():f}",
    "month": lambda _words, value: day_text(date.fromisoformat(value), "month_of_year"),
}


def words_of(project: Project, parties: Iterable[Party]) -> Words:
    """The names in a project: a query each for milestones, expectations and changes."""
    titles = Milestone.objects.filter(project=project).values_list("id", "title")
    goals = Expectation.objects.filter(project=project).values_list("id", "goal")
    by_id = {str(party.id): party for party in parties}
    changes = ChangeOrder.objects.filter(project=project).values_list("id", "title")
    return Words(project.currency, by_id, _by_id(titles), _by_id(goals), _by_id(changes))


def _by_id(named: Iterable[tuple[UUID, str]]) -> dict[str, str]:
    return {str(pk): name for pk, name in named}


def _day(value: str) -> str:
    return isolated(day_text(date.fromisoformat(value)))


def told(entries: Collection[JournalEntry], words: Words) -> list[Told]:
    """Entries (with their actors) as people read them: a query each for photos, words and criteria."""
    contents = [json.loads(bytes(entry.body))["data"] for entry in entries]
    photos = _photos_by_hash(entries, contents)
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
            photos=[photos[digest] for digest in data.get("evidence", []) if digest in photos],
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
        if said.entry.kind == "file_added" and shows and _shows(shows, said):
            shows.files.insert(0, said.entry)
        else:
            kept.append(said)
    return kept


def _shows(later: Told, added: Told) -> bool:
    digest = json.loads(bytes(added.entry.body))["data"]["file"]
    return (
        later.entry.actor_id == added.entry.actor_id
        and timezone.localdate(later.entry.at) == timezone.localdate(added.entry.at)
        and any(photo.sha256 == digest for photo in later.photos)
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
    said = {name: words.text(name, value) for name, value in data.items()} | {"actor": actor}
    return mark_safe(conditional_escape(str(known_kinds()[entry.kind].sentence)) % said)


def _bold(entry: JournalEntry) -> SafeString:
    return format_html("<b><bdi>{}</bdi></b>", entry.actor.full_name if entry.actor else _("The system"))


def _deed(sentence: SafeString) -> SafeString:
    """A sentence that lost its actor, begun anew: every one names the actor first."""
    return mark_safe(capfirst(sentence.lstrip(": ")))


def _photos_by_hash(
    entries: Collection[JournalEntry], contents: Iterable[Mapping[str, Any]]
) -> dict[str, Attachment]:
    hashes = {digest for data in contents for digest in data.get("evidence", [])}
    if not hashes:
        return {}
    project_id = next(iter(entries)).project_id
    found = Attachment.objects.filter(project_id=project_id, sha256__in=hashes, kind="photo")
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
