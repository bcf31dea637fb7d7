"""What a bug in the application, or SQL typed into its role, could write at its cleverest: facts with a
journal entry that is the next of its chain, well made, and names every one of them with its right hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

from people.ids import new_id
from projects.journal import GENESIS, canonical, chain_hash

Id = UUID | str


class Forgery:
    """One transaction on a raw connection. Statements first, then `seal` writes the entry and commits."""

    def __init__(self, link: Any, project: Id, actor: Id | None) -> None:
        self.link, self.cursor = link, link.cursor()
        self.project, self.actor = str(project), actor and str(actor)
        self.entry = str(new_id())
        self.facts: list[tuple[str, str]] = []
        self.removed: list[str] = []
        self.spoil: dict[str, Any] = {}

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        self.cursor.execute(statement, values)
        return self.cursor.fetchall() if self.cursor.description else []

    def insert(self, table: str, **values: Any) -> str:
        row = {"id": str(new_id()), "project_id": self.project, "entry_id": self.entry} | values
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *map(_plain, row.values()))
        self.facts.append((table, str(row["id"])))
        return str(row["id"])

    def copy(self, table: str, source: Id, **changes: Any) -> str:
        """A new row like a standing one."""
        self.run(f"SELECT * FROM {table} LIMIT 0")
        columns = [column.name for column in self.cursor.description]
        pk = str(new_id())
        values = {"id": pk, "entry_id": self.entry} | {k: _plain(v) for k, v in changes.items()}
        names = [name for name in columns if name not in values]
        listed, marks = ", ".join([*values, *names]), ", ".join(["%s"] * len(values) + names)
        self.run(
            f"INSERT INTO {table} ({listed}) SELECT {marks} FROM {table} WHERE id = %s",
            *values.values(),
            str(source),
        )
        self.facts.append((table, str(values["id"])))
        return str(values["id"])

    def update(self, table: str, pk: Id, **values: Any) -> None:
        changes = {"entry_id": self.entry} | values
        sets = ", ".join(f"{name} = %s" for name in changes)
        self.run(f"UPDATE {table} SET {sets} WHERE id = %s", *map(_plain, changes.values()), str(pk))
        self.facts.append((table, str(values.get("id", pk))))

    def delete(self, table: str, pk: Id) -> None:
        self.run(f"DELETE FROM {table} WHERE id = %s", str(pk))
        self.removed.append(f"{table}/{pk}")

    def begin_again(self) -> None:
        """A second act in the same transaction."""
        self.entry, self.facts, self.removed = str(new_id()), [], []

    def write_entry(self) -> None:
        """The act's entry at the end of the chain, whose project it locks; `spoil` is what is wrong."""
        changes = dict(self.spoil)
        self.run("SELECT 1 FROM projects_project WHERE id = %s FOR NO KEY UPDATE", self.project)
        found = self.run(
            "SELECT seq, hash, at FROM projects_journalentry WHERE project_id = %s ORDER BY seq DESC LIMIT 1",
            self.project,
        )
        seq, previous, at = found[0] if found else (0, GENESIS, datetime.fromisoformat("2026-01-01T00:00Z"))
        said = {
            "v": 1,
            "id": self.entry,
            "project": self.project,
            "seq": seq + 1,
            "kind": "forged",
            "actor": self.actor or "system",
            "at": at,
            "data": {},
            "facts": {f"{table}/{pk}": self.digest(table, pk) for table, pk in self.facts},
        } | ({"removed": self.removed} if self.removed else {})
        body = canonical(said | changes.pop("said", {}))
        row = {
            "id": self.entry,
            "project_id": self.project,
            "seq": seq + 1,
            "kind": "forged",
            "actor_id": self.actor,
            "at": at,
            "body": body,
            "previous_hash": previous,
            "hash": chain_hash(previous, body),
            "xid": 0,
        } | changes
        marks = ", ".join(["%s"] * len(row))
        self.run(f"INSERT INTO projects_journalentry ({', '.join(row)}) VALUES ({marks})", *row.values())

    def seal(self) -> None:
        self.write_entry()
        self.link.commit()

    def digest(self, table: str, pk: str) -> str:
        query = f"SELECT fact_digest('{table}'::regclass, to_jsonb(f)) FROM {table} f WHERE id = %s"
        found = self.run(query, pk)
        return found[0][0] if found else "0" * 64


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
