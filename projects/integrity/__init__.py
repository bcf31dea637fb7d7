"""Whether history is as it was written: every chain, and every fact against the hash in its entry.

Nothing here asks the database to judge: bytes and rows are read, and hashed by the program.
"""

from .history import Break, Checked, check_history
from .reading import by_project, snapshot

__all__ = ["Break", "Checked", "by_project", "check_history", "snapshot"]
