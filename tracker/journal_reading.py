"""The journal as people read it: entries hold codes and ids; here they become sentences."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from milestones.models import Milestone
from payments.showing import LINE_NAMES
from projects.flagging import flag_title
from projects.integrity import Break, check_history, snapshot
from projects.journal import known_kinds
from projects.models import Attachment, Flag, JournalEntry, Party, Project, Role
from projects.wording import isolated, money_digits

# Which kinds a filter of the journal shows.
GROUPS: dict[str, tuple[str, ...]] = {
    "work": (
        "progress_logged",
        "milestone_submitted",
        "submission_withdrawn",
        "milestone_approved",
        "milestone_returned",
        "file_added",
    ),
    "money": (
        "payment_released",
        "payment_recorded",
        "payment_confirmed",
        "payment_allocated",
        "reversal_asked",
        "payment_reversed",
        "reversal_declined",
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
    ),
    "flags": ("flag_raised", "flag_changed", "flag_cleared"),
}


@dataclass(frozen=True)
class Told:
    """An entry with its sentence. `role` is the actor's part in the project, empty for the system."""

    entry: JournalEntry
    sentence: SafeString
    name: str
    role: str
    photos: list[Attachment]


@dataclass(frozen=True)
class Words:
    """What the ids and codes of a project's entries are called."""

    currency: str
    parties: Mapping[str, Party]
    milestones: Mapping[str, str]

    def text(self, name: str, value: Any) -> SafeString:
        """A value of an entry's data as it reads in a sentence; one that nothing names stays as it is."""
        if name in PEOPLES_WORDS:
            return format_html("<bdi>{}</bdi>", PEOPLES_WORDS[name](self, str(value)))
        read = CODES.get(name)
        return conditional_escape(read(self, str(value)) if read else value)

    def party(self, value: str) -> str:
        party = self.parties.get(value)
        return "" if party is None else (party.user.full_name if party.user else party.invited_email)

    def milestone(self, value: str) -> str:
        return self.milestones.get(value) or _("a milestone that was removed")

    def line(self, value: str) -> str:
        return str(LINE_NAMES[value]) if value in LINE_NAMES else self.milestone(value)


# Names that people gave, isolated in a sentence; and codes and figures, which are ours.
PEOPLES_WORDS: Mapping[str, Callable[[Words, str], str]] = {
    "party": Words.party,
    "milestone": Words.milestone,
    "line": Words.line,
}
CODES: Mapping[str, Callable[[Words, str], object]] = {
    "role": lambda _words, value: Role(value).label,
    "severity": lambda _words, value: Flag.Severity(value).label,
    "flag_kind": lambda _words, value: flag_title(value),
    "amount": lambda words, value: isolated(money_digits(Decimal(value), words.currency)),
    "percent": lambda _words, value: f"{Decimal(value).normalize():f}",
}


def words_of(project: Project, parties: Iterable[Party]) -> Words:
    """The names in a project: one query."""
    titles = Milestone.objects.filter(project=project).values_list("id", "title")
    by_id = {str(party.id): party for party in parties}
    return Words(project.currency, by_id, {str(pk): title for pk, title in titles})


def told(entries: Collection[JournalEntry], words: Words) -> list[Told]:
    """Entries (with their actors) as people read them: one query for all their photos."""
    contents = [json.loads(bytes(entry.body))["data"] for entry in entries]
    photos = _photos_by_hash(entries, contents)
    roles = {party.user_id: party.role for party in words.parties.values()}
    return [
        Told(
            entry=entry,
            sentence=_sentence(entry, data, words),
            name=entry.actor.full_name if entry.actor else "",
            role=roles.get(entry.actor_id, ""),
            photos=[photos[digest] for digest in data.get("evidence", []) if digest in photos],
        )
        for entry, data in zip(entries, contents, strict=True)
    ]


def _sentence(entry: JournalEntry, data: Mapping[str, Any], words: Words) -> SafeString:
    """The registered sentence with names put in; people's own words are isolated and escaped."""
    actor = entry.actor.full_name if entry.actor else _("The system")
    said = {name: words.text(name, value) for name, value in data.items()}
    said["actor"] = format_html("<b><bdi>{}</bdi></b>", actor)
    return mark_safe(conditional_escape(str(known_kinds()[entry.kind].sentence)) % said)


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
