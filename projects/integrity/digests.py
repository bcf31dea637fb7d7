"""The hash of a fact, computed here as the database's `fact_digest` computes it (docs/journal.md).

A proof must not rest on a function that lives beside what it proves: who rewrites rows can rewrite it too.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from projects.models import Fact, Project


class Numeral(str):
    """A number of a row as the database writes it: 100.00 stays 100.00."""

    __slots__ = ()


# Made once: they are called for every value of every row.
_encode = json.JSONEncoder(ensure_ascii=False).encode
_decode = json.JSONDecoder(parse_float=Numeral, parse_int=Numeral).decode


@cache
def fact_tables() -> dict[str, type[models.Model]]:
    """{table: model} of everything that is a fact of a project."""
    facts = (model for model in apps.get_models() if model is Project or issubclass(model, Fact))
    return {model._meta.db_table: model for model in facts}


def read_row(text: str) -> dict[str, Any]:
    """A row as `to_jsonb` writes it, its numbers untouched."""
    return _decode(text)


def row_digest(table: str, row: Mapping[str, Any]) -> str:
    """The hash that an entry holds of a row: NULLs left out, prose as its own hash, moments in UTC.

    The row comes from a session in UTC, its columns in the database's order.
    """
    types = _types(table)
    said = {name: _said(types.get(name), value) for name, value in row.items() if value is not None}
    return hashlib.sha256(_jsonb(said).encode()).hexdigest()


def _said(type_: str | None, value: Any) -> Any:
    if type_ == "text":
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    return value.removesuffix("+00:00") if type_ == "timestamp with time zone" else value


@cache
def _types(table: str) -> dict[str, str | None]:
    fields = fact_tables()[table]._meta.local_concrete_fields
    return {str(field.column): field.db_type(connection) for field in fields}


def _jsonb(value: Any) -> str:
    """JSON as PostgreSQL writes a jsonb; names keep the order in which it wrote them."""
    match value:
        case Numeral():
            return value
        case dict():
            return "{" + ", ".join(f"{_jsonb(name)}: {_jsonb(item)}" for name, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_jsonb, value)) + "]"
    return _encode(value)
