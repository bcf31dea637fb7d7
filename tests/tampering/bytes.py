"""One byte of a value changed, by its type, such that it is still a value of that type."""

import json
from collections.abc import Callable
from random import Random
from uuid import UUID

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-"


def changed(value: str, type_: str, chance: Random) -> str | None:
    """The value, as PostgreSQL writes it, with one byte changed; None where this type allows none.

    Numbers and moments come as the integers that are stored; see READ and WRITTEN in `tamper`.
    """
    if type_.endswith("[]"):
        return _element(value, type_.removesuffix("[]"), chance)
    change = CHANGES.get(type_)
    assert change is not None, f"no way to change a byte of {type_}"
    return change(value, chance)


def _text(value: str, chance: Random) -> str:
    """Another letter in one place; into nothing one is put."""
    if not value:
        return chance.choice(LETTERS)
    place = chance.randrange(len(value))
    letter = chance.choice([letter for letter in LETTERS if letter != value[place]])
    return value[:place] + letter + value[place + 1 :]


def _bytea(value: str, chance: Random) -> str:
    return r"\x" + _flipped(bytes.fromhex(value.removeprefix(r"\x")), chance).hex()


def _uuid(value: str, chance: Random) -> str:
    return str(UUID(bytes=_flipped(UUID(value).bytes, chance)))


def _flipped(content: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ chance.randrange(1, 256)]) + content[place + 1 :]


def _integer(size: int) -> Callable[[str, Random], str]:
    """One of the lower bytes, so that the number stays within its type and positive."""

    def change(value: str, chance: Random) -> str:
        return str(int(value) ^ chance.randrange(1, 256) << 8 * chance.randrange(size))

    return change


def _numeric(value: str, chance: Random) -> str:
    """Another digit in one place, before or after the point."""
    place = chance.choice([n for n, letter in enumerate(value) if letter.isdigit()])
    digit = chance.choice([digit for digit in "0123456789" if digit != value[place]])
    return value[:place] + digit + value[place + 1 :]


def _boolean(value: str, chance: Random) -> str:
    return "false" if value == "true" else "true"


def _json(value: str, chance: Random) -> str | None:
    """A letter or digit inside it; None where there is none to change, as in {}."""
    places = [n for n, letter in enumerate(value) if letter.isalnum()]
    chance.shuffle(places)
    for place in places:
        other = value[:place] + chance.choice(LETTERS) + value[place + 1 :]
        if _read(other) not in (None, _read(value)):
            return other
    return None


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _element(value: str, type_: str, chance: Random) -> str | None:
    elements = value.strip("{}").split(",") if value != "{}" else []
    if not elements:
        return None
    place = chance.randrange(len(elements))
    letters = CHANGES[type_](elements[place], chance).replace(",", "x").replace(" ", "x")  # type: ignore[union-attr]
    return "{" + ",".join([*elements[:place], letters, *elements[place + 1 :]]) + "}"


CHANGES: dict[str, Callable[[str, Random], str | None]] = {
    "text": _text,
    "character varying": _text,
    "bytea": _bytea,
    "uuid": _uuid,
    "smallint": _integer(1),
    "integer": _integer(3),
    "bigint": _integer(7),
    "date": _integer(1),
    "timestamp with time zone": _integer(6),
    "numeric": _numeric,
    "boolean": _boolean,
    "jsonb": _json,
}
