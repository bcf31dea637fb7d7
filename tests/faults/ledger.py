"""What the clients were told: the acts that were acknowledged, and how often they had to ask."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Acknowledged:
    """An act that the house said it did.

    marks: what its journal entry must carry, as `tests.faults.judge.marks_of` spells it.
    began: when it was asked for the last time; at: when it was acknowledged (seconds since the epoch).
    """

    key: str
    kind: str
    marks: frozenset[str]
    began: float
    at: float
    tries: int


@dataclass
class Ledger:
    """Kept on the clients' side only: the house knows nothing of it. For many threads."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    unresolved: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, key: str, kind: str, marks: Iterable[str], began: float, tries: int) -> None:
        with self._lock:
            entry = Acknowledged(key, kind, frozenset(marks), began, time.time(), tries)
            self.acknowledged.append(entry)

    def refuse(self, kind: str, code: str) -> None:
        """A definite refusal: nothing was written, and nothing must be there."""
        with self._lock:
            self.refused[f"{kind}: {code}"] += 1

    def stumble(self, trouble: str) -> None:
        """No answer, or one that says to come again."""
        with self._lock:
            self.troubles[trouble] += 1

    def give_up(self, key: str, kind: str) -> None:
        with self._lock:
            self.unresolved.append(f"{kind} under {key}")

    def differ(self, key: str, kind: str) -> None:
        with self._lock:
            self.differing.append(f"{kind} under {key}")
