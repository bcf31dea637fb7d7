"""`manage.py verify`: what docs/journal.md says of the live data, proven in one consistent pass.

Every proof only reads. Judgements are those of the rules; a proof has none of its own.
"""

from projects.integrity import Break

from .proofs import verify
from .report import Report

__all__ = ["Break", "Report", "verify"]
