"""The ground: a project, its parties and agreement, its journal, what is owed to the future, its flags.

Three kinds of tables, told by `rights` (granted to the application's role, sealed by tracker.guards):
- history (APPEND): rows are written once; nobody changes or removes them;
- standing facts (AMEND): the present state of something; every change carries a new journal entry;
- book-keeping (FREE): no fact of the project, so no entry.
Where rows change, `changes` names the columns that may; UPDATE is granted on these and a fact's entry alone.

In facts, prose lives in TextField and codes in CharField: the database hashes prose before it goes into
the hash of a row (docs/journal.md), so that a person's words can be erased and the chain still verify.
"""

from .columns import (
    AMEND,
    APPEND,
    DRAFT,
    FREE,
    LASTING,
    MOST_INDEX,
    READ,
    index_field,
    money_field,
    percent_field,
)
from .flags import Flag, FlagReading, FlagSeen
from .keeping import ApiToken, JobRun, Obligation, Once, Scope
from .parties import AgreementSignature, Attachment, Deed, DeedSignature, Party, Turn
from .project import SIDES, Fact, Index, JournalEntry, Kind, Project, Role

__all__ = [
    "AMEND",
    "APPEND",
    "DRAFT",
    "FREE",
    "LASTING",
    "MOST_INDEX",
    "READ",
    "SIDES",
    "AgreementSignature",
    "ApiToken",
    "Attachment",
    "Deed",
    "DeedSignature",
    "Fact",
    "Flag",
    "FlagReading",
    "FlagSeen",
    "Index",
    "JobRun",
    "JournalEntry",
    "Kind",
    "Obligation",
    "Once",
    "Party",
    "Project",
    "Role",
    "Scope",
    "Turn",
    "index_field",
    "money_field",
    "percent_field",
]
