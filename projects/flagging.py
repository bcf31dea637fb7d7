"""Flags follow the facts: rules find what is wrong now, and flags are raised, changed and cleared to match.

Nothing else writes flags (docs/flags.md). The apps above register their kinds; a kind is about one query over
all projects, or over those given, so that a sweep costs the same few statements for any number of projects.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from projects import clock
from projects.kernel import SYSTEM, Act, action
from projects.models import Flag, FlagReading
from projects.refusals import Refused

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)
Read = TypeVar("Read")

# Who is asked to act where it is a matter between the two sides; otherwise it is a role.
BOTH_SIDES = "both"

# What a flag says in numbers, as plain JSON: money and percentages as strings, so that it reads the same
# in the reading, the journal and the API.
Figures = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that calls for a flag now: in which project, about what, how severe, who is asked to act.

    `asks` is a role, or BOTH_SIDES.
    """

    project_id: UUID
    about_kind: str
    about_id: UUID
    severity: str
    figures: Figures
    asks: str


@dataclass(frozen=True, eq=False)
class Reach:
    """The projects that a look is over; all of them for None."""

    project_ids: Collection[UUID] | None
    _read: dict[Callable[["Reach"], Any], Any] = field(default_factory=dict)

    def of(self, rows: QuerySet[Row, Any], project: str = "project_id") -> QuerySet[Row, Any]:
        """Those of the rows that are about its projects; `project` is the way to a project's id."""
        return rows if self.project_ids is None else rows.filter(**{f"{project}__in": self.project_ids})

    def once(self, read: Callable[["Reach"], Read]) -> Read:
        """What several kinds ask for is read once in a look."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found


Finder = Callable[[Reach], Iterable[Found]]


@dataclass(frozen=True)
class FlagKind:
    """A kind of flag: how it is found, its name, and its sentence for given figures.

    `is_mailed`: who is asked to act gets a mail of it; not where the act that raises it writes one itself.
    """

    found: Finder
    title: Any
    sentence: Callable[[Figures], str]
    is_mailed: bool = True


class Key(NamedTuple):
    """At most one flag is open for each."""

    project_id: UUID
    kind: str
    about_id: UUID


@dataclass(frozen=True)
class Settled:
    """A flag that was brought in line with the facts, and the kind of the entry that tells of it."""

    entry_kind: str
    flag: Flag


_KINDS: dict[str, FlagKind] = {}


def register_flag(
    kind: str, found: Finder, *, title: Any, sentence: Callable[[Figures], str], is_mailed: bool = True
) -> None:
    """Add a kind. `found` looks at the projects of a reach, in the same queries however many they are.

    `title` is lazy; `sentence` makes one plain sentence of the figures, in the active language.
    """
    _KINDS[kind] = FlagKind(found, title, sentence, is_mailed)


def flag_kinds() -> list[str]:
    return list(_KINDS)


def flag_title(kind: str) -> str:
    """The short name of a kind, in the active language."""
    return str(_KINDS[kind].title)


def flag_sentence(kind: str, figures: Figures) -> str:
    """What a flag says to people, in the active language."""
    return _KINDS[kind].sentence(figures)


def settle_flags(project_id: UUID) -> list[Settled]:
    """Bring a project's flags in line with the facts: one act and one entry for each difference.

    Doing it again, or twice at once, changes nothing. Refuses busy.
    """
    look = _look([project_id])
    settled = [_settle(key) for key in look.differing]
    look.refresh_readings()
    return [change for change in settled if change]


def sweep() -> list[Settled]:
    """As `settle_flags`, for all projects. A project that is busy is left for the next sweep.

    Where nothing changed it costs about a query for each kind and one for the open flags.
    """
    look = _look(None)
    settled = []
    for key in look.differing:
        try:
            settled.append(_settle(key))
        except Refused as refused:
            log.warning("flag %s of project %s is left: %s", key.kind, key.project_id, refused.code)
    look.refresh_readings()
    return [change for change in settled if change]


def unsettled(project_ids: Collection[UUID] | None = None) -> list[Key]:
    """What a sweep of these projects, or of all of them, would raise, change or clear now."""
    return _look(project_ids).differing


@dataclass(frozen=True)
class _Look:
    """What was found, and which flags stood open, at a moment. Others may be at work meanwhile."""

    at: datetime
    found: Mapping[Key, Found]
    standing: Mapping[Key, Flag]

    @property
    def differing(self) -> list[Key]:
        """The flags to raise, to clear, of another severity, or that ask somebody else."""
        both = self.found.keys() & self.standing.keys()
        changed = {key for key in both if not _fits(self.standing[key], self.found[key])}
        return sorted((self.found.keys() ^ self.standing.keys()) | changed)

    def refresh_readings(self) -> None:
        """Keep the latest figures of flags that stay; never over a reading younger than this look."""
        stale = []
        for key in self.found.keys() & self.standing.keys():
            reading, figures = self.standing[key].reading, self.found[key].figures
            if reading.figures != figures:
                reading.figures, reading.read_at = figures, self.at
                stale.append(reading)
        older = FlagReading.objects.filter(read_at__lte=self.at)
        older.bulk_update(stale, ["figures", "read_at"], batch_size=500)


def _look(project_ids: Collection[UUID] | None, kinds: Collection[str] = _KINDS.keys()) -> _Look:
    at, reach = clock.now(), Reach(project_ids)
    found = {
        Key(item.project_id, kind, item.about_id): item
        for kind in kinds
        for item in _KINDS[kind].found(reach)
    }
    flags = reach.of(Flag.objects.filter(cleared_at=None, kind__in=kinds).select_related("reading"))
    return _Look(at, found, {Key(flag.project_id, flag.kind, flag.about_id): flag for flag in flags})


def _settle(key: Key) -> Settled | None:
    return settle_flag(SYSTEM, key.project_id, kind=key.kind, about_id=key.about_id)


@action("flag_raised", by=(), settles=False)
def settle_flag(act: Act, *, kind: str, about_id: UUID) -> Settled | None:
    """Look again under the project's lock, and raise, change or clear one flag; None when it fits the facts.

    The lock makes whoever comes second find the work done.
    """
    look, key = _look([act.project.id], [kind]), Key(act.project.id, kind, about_id)
    found, flag = look.found.get(key), look.standing.get(key)
    if flag is None:
        return _raise(act, kind, found) if found else None
    if found is None:
        return _clear(act, flag)
    return None if _fits(flag, found) else _change(act, flag, found)


def _fits(flag: Flag, found: Found) -> bool:
    return (flag.severity, flag.asks) == (found.severity, found.asks)


def _raise(act: Act, kind: str, found: Found) -> Settled:
    flag = act.add(
        Flag(
            kind=kind,
            about_kind=found.about_kind,
            about_id=found.about_id,
            severity=found.severity,
            asks=found.asks,
            opened_at=act.at,
        )
    )
    FlagReading.objects.create(flag=flag, figures=found.figures, read_at=act.at)
    _tell(act, flag, found)
    return Settled(act.kind, flag)


def _change(act: Act, flag: Flag, found: Found) -> Settled:
    act.kind = "flag_changed"
    is_news = _weight(found.severity) > _weight(flag.severity) or found.asks != flag.asks
    act.change(flag, severity=found.severity, asks=found.asks)
    FlagReading.objects.filter(flag=flag).update(figures=found.figures, read_at=act.at)
    _tell(act, flag, found, by_mail=is_news)
    return Settled(act.kind, flag)


def _clear(act: Act, flag: Flag) -> Settled:
    act.kind = "flag_cleared"
    act.change(flag, cleared_at=act.at)
    act.record(flag=flag.id, flag_kind=flag.kind, about=_about(flag))
    return Settled(act.kind, flag)


def _tell(act: Act, flag: Flag, found: Found, by_mail: bool = True) -> None:
    """Name the flag in the entry, and in a mail where it is a warning or worse and news to those it asks."""
    act.record(
        flag=flag.id,
        flag_kind=flag.kind,
        about=_about(flag),
        severity=flag.severity,
        figures=found.figures,
        asks=flag.asks,
    )
    if by_mail and _KINDS[flag.kind].is_mailed and _weight(flag.severity) > 0:
        act.later("flag_mail", flag=str(flag.id))


def _about(flag: Flag) -> dict[str, Any]:
    return {"kind": flag.about_kind, "id": flag.about_id}


def _weight(severity: str) -> int:
    """The place of a severity among the others: 0 for a notice."""
    return Flag.Severity.values.index(severity)
