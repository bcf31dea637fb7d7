"""One walk over journals and facts: links, what entries say, and what became of every row that they name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from projects.integrity.chain import Entry, problems_of_entry
from projects.integrity.digests import fact_tables, read_row, row_digest
from projects.integrity.reading import by_project, rows_of
from projects.journal import GENESIS
from projects.models import APPEND, DRAFT, Project

LISTED = 20  # breaks told one by one; those beyond are counted

ENTRIES = """
SELECT project_id, seq, id::text, kind, coalesce(actor_id::text, 'system'),
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), body, previous_hash, hash
FROM projects_journalentry
WHERE %(project)s::uuid IS NULL OR project_id = %(project)s
ORDER BY project_id, seq, id
"""

FACTS_OF = """
SELECT {project} AS project, '{table}' AS table_name, to_jsonb(f)::text AS fact FROM {table} f
WHERE %(project)s::uuid IS NULL OR {project} = %(project)s
"""


@dataclass(frozen=True)
class Break:
    """A place that does not hold. `seq`: the entry, where one is known. `about`: a column, or "table/id"."""

    proof: str
    problem: str
    project: UUID | None = None
    seq: int | None = None
    about: str = ""

    def __str__(self) -> str:
        place = [f"project {self.project}"] if self.project else []
        place += [f"entry {self.seq}"] if self.seq else []
        place += [self.about] if self.about else []
        return f"{self.proof}: {self.problem} at {', '.join(place) or 'an unknown place'}"


@dataclass
class Checked:
    """What was looked at, and where it does not hold. `head`: the last entry's place and hash."""

    projects: int = 0
    entries: int = 0
    facts: int = 0
    head: tuple[int, str] = (0, "")
    broken: int = 0
    breaks: list[Break] = field(default_factory=list)

    @property
    def first_break(self) -> Break | None:
        return self.breaks[0] if self.breaks else None

    def add(self, found: Break) -> None:
        self.broken += 1
        if self.broken <= LISTED:
            self.breaks.append(found)


class Named(NamedTuple):
    """The last word of a journal on a row; no digest once it was removed."""

    seq: int
    entry: str
    digest: str


def check_history(project: UUID | None = None) -> Checked:
    """Walk one project's history, or every project's: two statements. Inside a snapshot."""
    checked = Checked()
    entries = (_keyed(row) for row in rows_of(ENTRIES, {"project": project}))
    for owner, (chain, facts) in by_project(entries, _facts(project)):
        checked.projects += 1
        checked.entries += len(chain)
        checked.facts += len(facts)
        for found in _Walk(owner).walk(chain, facts):
            checked.add(found)
        if chain:
            checked.head = (chain[-1].seq, chain[-1].hash)
    return checked


def _keyed(row: tuple[Any, ...]) -> tuple[UUID, Entry]:
    project, seq, pk, kind, actor, at, body, previous, digest = row
    return project, Entry(str(project), seq, pk, kind, actor, at, bytes(body), previous, digest)


def _facts(project: UUID | None) -> Iterator[tuple[UUID, tuple[str, str]]]:
    """(project, (table, row as JSON)) of every fact, in the order of projects: one statement."""
    tables = " UNION ALL ".join(
        FACTS_OF.format(table=table, project=_owner(table)) for table in fact_tables()
    )
    statement = f"SELECT * FROM ({tables}) AS facts ORDER BY project"
    return ((owner, (table, fact)) for owner, table, fact in rows_of(statement, {"project": project}))


def _owner(table: str) -> str:
    """The column that says to which project a row belongs."""
    return "id" if table == Project._meta.db_table else "project_id"


class _Walk:
    """One project's entries in their order, then its rows."""

    def __init__(self, project: UUID) -> None:
        self.project = project
        self.named: dict[str, Named] = {}
        self.seqs: dict[str, int] = {}
        self.unread: set[str] = set()

    def walk(self, entries: Iterable[Entry], facts: Iterable[tuple[str, str]]) -> Iterator[Break]:
        expected, previous, last_at = 1, GENESIS, ""
        for entry in entries:
            said, problems = problems_of_entry(entry, expected, previous, last_at)
            for code, about in problems:
                seq = expected if code == "gap" else entry.seq
                yield Break("chain", code, self.project, seq, about)
            self.seqs[entry.id] = entry.seq
            if said is None:
                self.unread.add(entry.id)
            else:
                yield from self._names(entry, said)
            expected, previous, last_at = entry.seq + 1, entry.hash, entry.at
        yield from self._rows(facts)

    def _names(self, entry: Entry, said: dict[str, Any]) -> Iterator[Break]:
        """What an entry says of rows; history is named once, and only a draft's rows may go."""
        for key, digest in said["facts"].items():
            if key in self.named and _rights(key) == APPEND:
                yield self._break("named_again", key, entry.seq)
            self.named[key] = Named(entry.seq, entry.id, digest)
        for key in said.get("removed", ()):
            if _rights(key) != DRAFT:
                yield self._break("removed", key, entry.seq)
            self.named.pop(key, None)

    def _rows(self, facts: Iterable[tuple[str, str]]) -> Iterator[Break]:
        """Every row is as its last entry names it, and every row that is named is there."""
        for table, text in facts:
            row = read_row(text)
            key = f"{table}/{row['id']}"
            named = self.named.pop(key, None)
            if named is None:
                if row["entry_id"] not in self.unread:
                    yield self._break("not_named", key, self.seqs.get(row["entry_id"]))
            elif row_digest(table, row) != named.digest:
                yield self._break("changed", key, named.seq)
            elif row["entry_id"] != named.entry:
                yield self._break("carries_another", key, named.seq)
        for key, named in self.named.items():
            yield self._break("missing", key, named.seq)

    def _break(self, problem: str, key: str, seq: int | None) -> Break:
        return Break("facts", problem, self.project, seq, key)


def _rights(key: str) -> str:
    model = fact_tables().get(key.partition("/")[0])
    return model.rights if model else ""  # type: ignore[attr-defined]  # every model of ours states them
