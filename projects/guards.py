"""Migration operations for the triggers that several tables share (docs/journal.md).

The functions they call are made in projects/migrations/0002_guards.py and 0003_guards_of_terms.py. A function
is read when it runs, so those of a lower floor may ask the tables of a higher one; a view may not.
"""

from django.db.migrations import RunSQL


def function(sql: str, signature: str) -> RunSQL:
    """A function of ours, made by `sql`."""
    return RunSQL(sql, f"DROP FUNCTION {signature}")


def view(sql: str, name: str) -> RunSQL:
    """A view of ours, made by `sql`."""
    return RunSQL(sql, f"DROP VIEW {name}")


def tie(*tables: str) -> list[RunSQL]:
    """Every row written, changed or removed is named by a journal entry of the same transaction, which is
    written last, and refers to things of its own project only."""
    return [
        operation
        for table in tables
        for operation in (
            before(table, "act_is_not_sealed", "INSERT OR UPDATE OR DELETE"),
            deferred(table, "tied_to_an_entry", "INSERT OR UPDATE OR DELETE"),
            *([deferred(table, "keeps_to_its_project")] if table != "projects_project" else []),
        )
    ]


def close(*tables: str) -> list[RunSQL]:
    """History: no row is changed or removed."""
    return [_closed(table, "history_is_closed", "UPDATE OR DELETE") for table in tables] + not_emptied(
        *tables
    )


def keep(*tables: str) -> list[RunSQL]:
    """Standing facts: rows change but are never removed."""
    return [_closed(table, "row_is_kept", "DELETE") for table in tables] + not_emptied(*tables)


def not_emptied(*tables: str) -> list[RunSQL]:
    """A table of facts is not emptied, whatever becomes of its single rows."""
    return [_closed(table, "history_is_not_emptied", "TRUNCATE", each="STATEMENT") for table in tables]


def _closed(table: str, name: str, events: str, each: str = "ROW") -> RunSQL:
    return RunSQL(
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION history_is_closed()",
        f"DROP TRIGGER {name} ON {table}",
    )


def deferred(table: str, function: str, events: str = "INSERT OR UPDATE") -> RunSQL:
    """A rule checked at commit, under the project's lock that the act holds."""
    return RunSQL(
        f"CREATE CONSTRAINT TRIGGER {function} AFTER {events} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {function} ON {table}",
    )


def before(table: str, function: str, events: str) -> RunSQL:
    """A rule checked row by row, before it is written."""
    return RunSQL(
        f"CREATE TRIGGER {function} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {function} ON {table}",
    )
