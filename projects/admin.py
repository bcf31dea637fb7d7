"""The ground's facts and book-keeping, to read; without the words of mails and answers, which hold codes."""

from people.admin import show
from projects.models import (
    AgreementSignature,
    ApiToken,
    Attachment,
    Flag,
    JobRun,
    JournalEntry,
    Obligation,
    Once,
    Party,
    Project,
)

show(
    Project, "name", "kind", "state", "contract_total", "currency", "version", "created_at", search=("name",)
)
show(Party, "project", "role", "user", "invited_email", "signs", "confirmed", "joined_at", "left_at")
show(AgreementSignature, "project", "party", "version", "terms_hash")
show(Attachment, "project", "kind", "name", "sha256", "size")
show(Flag, "project", "kind", "severity", "asks", "opened_at", "cleared_at")
show(JournalEntry, "project", "seq", "kind", "actor", "at", "hash", hides=("body",))  # read it on its page
show(Obligation, "kind", "project", "created_at", "next_at", "attempts", "done_at", hides=("payload",))
show(JobRun, "job", "period", "started_at", "finished_at")
show(Once, "user", "status", "created_at", hides=("key", "fingerprint", "answer"))
show(ApiToken, "user", "name", "scopes", "created_at", "last_used_at", "revoked_at", hides=("digest",))
