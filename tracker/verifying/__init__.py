"""`manage.py verify`: SPEC 9, proven on the live data in one consistent pass (docs/journal.md).

Every proof only reads. Judgements are those of the rules; a proof has none of its own.
"""

from projects.integrity import Break

from .proofs import verify
from .report import Report

__all__ = ["Break", "Report", "verify"]
