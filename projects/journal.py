"""The journal's format: canonical bytes, the chain of hashes, and the register of kinds.

hash = sha256(previous hash || body), all in bytes; the first entry follows 32 zero bytes. The body is
JSON with sorted keys and no spaces, in UTF-8: ids, codes, amounts, dates and hashes, never prose.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

FORMAT = 1
GENESIS = "0" * 64


@dataclass(frozen=True)
class JournalKind:
    """What an entry of a kind says: a lazy sentence, and the names its data may carry."""

    sentence: Any
    names: frozenset[str]


_KINDS: dict[str, JournalKind] = {}


def register_kinds(kinds: Mapping[str, tuple[Any, str]]) -> None:
    """Add kinds: {kind: (lazy sentence, "names of data")}."""
    _KINDS.update({k: JournalKind(s, frozenset(names.split())) for k, (s, names) in kinds.items()})


def known_kinds() -> dict[str, JournalKind]:
    return dict(_KINDS)


def check_data(kind: str, data: Mapping[str, Any]) -> None:
    """Refuse an unregistered kind, or data that the kind does not name. A mistake of the program."""
    unknown = set(data) - _KINDS[kind].names
    if unknown:
        raise ValueError(f"journal kind {kind} does not name {sorted(unknown)}")


def _plain(value: Any) -> Any:
    """A JSON value for the types that entries may hold; anything else (a float!) is a mistake."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return timestamp(value)
        case date():
            return value.isoformat()
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
    raise TypeError(f"no place in the journal for {type(value).__name__}")


def timestamp(at: datetime) -> str:
    """A moment in UTC with microseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a content as bytes."""
    return written(_plain(dict(content)))


def written(content: Any) -> bytes:
    """As `canonical`, for what was read from JSON: nothing in it has to be made plain."""
    return _encode(content).encode()


def chain_hash(previous_hash: str, body: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(previous_hash) + body).hexdigest()


def text_hash(text: str) -> str:
    """How an entry names prose without holding it."""
    return hashlib.sha256(text.encode()).hexdigest()
