"""How proofs read: everything of one moment, and rows of many tables project by project."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

ROWS_AT_A_TIME = 2000


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment. It locks nothing: acts go on, and none of them is seen half."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        yield


def rows_of(statement: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of one statement, fetched as they are needed. Inside a snapshot."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from rows


def by_project(
    *streams: Iterable[tuple[UUID, Any]],
) -> Iterator[tuple[UUID, Sequence[list[Any]]]]:
    """(project, what each stream has of it), from streams of (project, row) in the order of projects.

    Only one project's rows are held at a time, however many there are.
    """
    tagged = [_tagged(number, stream) for number, stream in enumerate(streams)]
    for project, found in groupby(merge(*tagged, key=itemgetter(0)), key=itemgetter(0)):
        rows: list[list[Any]] = [[] for _ in streams]
        for _, number, row in found:
            rows[number].append(row)
        yield project, rows


def _tagged(number: int, stream: Iterable[tuple[UUID, Any]]) -> Iterator[tuple[UUID, int, Any]]:
    return ((project, number, row) for project, row in stream)
