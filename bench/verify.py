"""How long verify takes over many projects: python bench/verify.py [number of projects].

Runs in a database of its own: the lived-in project of tests/tampering, told again and again under other ids,
with chains and hashes of its own. Says how much was looked at, the seconds, and each proof's share of them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.cluster import Cluster  # noqa: E402

JOURNAL = "projects_journalentry"
BESIDE = ("projects_flagreading",)  # without which a flag has no figures
A_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Told:
    """A project's rows and entries, as text in which its own ids can be put otherwise."""

    def __init__(self, cursor: Any, project: str) -> None:
        from projects.integrity.digests import fact_tables

        self.tables = {table: _rows(cursor, table, project) for table in [*fact_tables(), JOURNAL]}
        flags = [row["id"] for row in self.tables["projects_flag"]]
        self.tables["projects_flagreading"] = _all(
            cursor, "SELECT to_jsonb(f) FROM projects_flagreading f WHERE flag_id::text = ANY (%s)", flags
        )
        self.ids = {row["id"] for rows in self.tables.values() for row in rows if "id" in row}
        for entry in self.tables[JOURNAL]:
            entry["body"] = bytes.fromhex(entry["body"].removeprefix("\\x")).decode()
        self.text = json.dumps(self.tables)

    def again(self) -> dict[str, list[dict[str, Any]]]:
        """The same story under new ids: facts hashed anew, the last entry that names one saying so."""
        from people.ids import new_id

        new = {pk: str(new_id()) for pk in self.ids}
        tables = json.loads(A_UUID.sub(lambda found: new.get(found[0], found[0]), self.text))
        _chain(tables[JOURNAL], _digests(tables))
        return tables


def _rows(cursor: Any, table: str, project: str) -> list[dict[str, Any]]:
    owner = "id" if table == "projects_project" else "project_id"
    return _all(cursor, f"SELECT to_jsonb(f) FROM {table} f WHERE {owner} = %s", project)


def _all(cursor: Any, statement: str, value: Any) -> list[dict[str, Any]]:
    from projects.integrity.digests import read_row

    cursor.execute(statement.replace("to_jsonb(f)", "to_jsonb(f)::text"), [value])
    return [read_row(text) for (text,) in cursor.fetchall()]


def _digests(tables: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """{"table/id": hash} of the rows as they stand; their numbers were read as text and are written so."""
    from projects.integrity.digests import Numeral, fact_tables, row_digest

    def as_read(value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return Numeral(value)
        return value

    return {
        f"{table}/{row['id']}": row_digest(table, {name: as_read(value) for name, value in row.items()})
        for table in fact_tables()
        for row in tables[table]
    }


def _chain(entries: list[dict[str, Any]], digests: dict[str, str]) -> None:
    from projects.journal import GENESIS, canonical, chain_hash

    entries.sort(key=lambda entry: int(entry["seq"]))
    last = {key: int(entry["seq"]) for entry in entries for key in json.loads(entry["body"])["facts"]}
    previous = GENESIS
    for entry in entries:
        said = json.loads(entry["body"])
        now = {
            key: digests[key] for key in said["facts"] if last[key] == int(entry["seq"]) and key in digests
        }
        body = canonical(said | {"facts": said["facts"] | now})
        entry["previous_hash"], previous = previous, chain_hash(previous, body)
        entry["hash"], entry["body"] = previous, "\\x" + body.hex()


def fill(url: str, project: str, projects: int) -> None:
    import psycopg2

    with psycopg2.connect(url) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET TIME ZONE 'UTC'")
        told = Told(cursor, project)
        for _ in range(projects):
            for table, rows in told.again().items():
                cursor.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
                    [json.dumps(rows)],
                )
        cursor.execute("ANALYZE")
    link.close()


def measure() -> None:
    from tracker.verifying import proofs

    began = time.perf_counter()
    report = proofs.verify()
    whole = time.perf_counter() - began
    print(", ".join(f"{count:,} {name}" for name, count in report.counts.items()))
    print(f"{whole:.1f} s in all; {len(report.breaks)} breaks", *report.firsts, sep="\n")
    for name, proof in proofs.PROOFS.items():
        began = time.perf_counter()
        with proofs.snapshot():
            proof(proofs.Report(), None)
        print(f"{name:12} {time.perf_counter() - began:6.1f} s")


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with Cluster(Path(folder) / "db", fsync=False) as cluster:
            cluster.create_database("bench")
            os.environ |= {
                "DATABASE_URL": cluster.app_url("bench"),
                "DATABASE_OWNER_URL": cluster.owner_url("bench"),
                "DJANGO_SETTINGS_MODULE": "tracker.settings",
                "SECRET_KEY": "bench-" + "0" * 60,
            }
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
            import django

            django.setup()
            from tests.cast import cast_people
            from tests.tampering.lived import live

            fill(cluster.superuser_url("bench"), str(live(cast_people()).id), projects)
            measure()


if __name__ == "__main__":
    main()
