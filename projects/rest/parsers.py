"""Reading a body within bounds: what JSON leaves open (size, depth, repeated names, NaN) is closed here."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from projects.refusals import Refused

DEEPEST = 10  # a project with milestones and their criteria has five levels


class BoundedJSONParser(BaseParser):
    """JSON in UTF-8, at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and `DEEPEST` levels; numbers stay exact.

    Refused as `malformed`: what is not JSON, a name given twice, NaN and infinities, half a character (a
    surrogate without its other half), numbers of thousands of digits. As `body_too_large` (413): too many
    bytes.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise Refused("body_too_large")
        return parsed(body)


def parsed(body: bytes) -> Any:
    """The value of a JSON text. Raises ParseError."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repetition,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise ParseError from error
    _check(value, DEEPEST)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _check(value: Any, levels: int) -> None:
    """Refuse what is nested too deeply, and text that no database or answer could hold."""
    if not levels:
        raise ParseError
    match value:
        case str():
            if not _is_whole_text(value):
                raise ParseError
        case list():
            for item in value:
                _check(item, levels - 1)
        case dict():
            for name, item in value.items():
                _check(name, levels - 1)
                _check(item, levels - 1)


def _is_whole_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
