"""Everything that is owed to the future, done by two workers at once and once more: one effect."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from milestones.actions import reschedule_defect, reschedule_milestone, return_milestone
from payments.actions import (
    answer_reversal,
    confirm_payment,
    decline_change,
    record_payment,
    sign_change,
    withdraw_dispute,
)
from projects import outbox
from projects.endings import sign_handover
from projects.flagging import settle_flags
from projects.models import Flag, JournalEntry, Obligation
from projects.outbox import fulfil
from tests.cast import TODAY, Cast, acting
from tests.projects.test_kernel import in_threads
from tests.tracker.once_place import Place, build_place, criteria_of, newest_deed, version_of


def everything_owed(cast: Cast) -> Place:
    """A place in which something of every kind is owed."""
    place = build_place(cast)
    stage = place.submitted_too
    return_milestone(
        acting(cast.noa),
        stage,
        version=version_of(stage),
        reason="A crack",
        unmet_criteria=[UUID(criterion) for criterion in criteria_of(stage)],
    )
    confirm_payment(acting(cast.alon), place.deposit, received_on=TODAY())
    answer_reversal(acting(cast.noa), place.reversal, consents=True)
    withdraw_dispute(acting(cast.alon), place.dispute)
    sign_change(acting(cast.noa), place.proposed, version=1)
    decline_change(acting(cast.noa), place.proposed_too)
    reschedule_milestone(acting(cast.alon), place.open, agreed_end=TODAY(), cause="weather")
    reschedule_defect(acting(cast.alon), place.fault, fix_by=TODAY(), cause="weather")
    for signer in (cast.noa, cast.alon):
        sign_handover(acting(signer), place.completed, version=newest_deed(place.completed))
    early = Decimal(300_000)
    record_payment(
        acting(cast.noa), place.project, amount=early, line=str(place.open), paid_on=TODAY(), method="cash"
    )
    settle_flags(place.project)
    return place


def test_whatever_is_owed_is_done_once(cast: Cast) -> None:
    """No reader gets two letters of one obligation, and no flag is raised twice."""
    everything_owed(cast)
    owed = {row.kind: row for row in Obligation.objects.exclude(kind="letter").order_by("created_at", "id")}
    known_kinds = {kind for kind in outbox._HANDLERS if not kind.startswith("probe")} - {"letter"}
    assert known_kinds - owed.keys() == set()
    for kind, row in owed.items():
        known = set(letters().values_list("id", flat=True))
        done = in_threads(2, lambda _, row=row: fulfil(row.id))
        assert Counter(done) == {True: 1, False: 1}, (kind, done)
        readers = [letter.payload["to"] for letter in letters().exclude(pk__in=known)]
        assert len(readers) == len(set(readers)), kind
        effect = effects()
        assert not fulfil(row.id), kind
        assert effects() == effect, kind


def letters() -> QuerySet[Obligation]:
    return Obligation.objects.filter(kind="letter")


def effects() -> tuple[int, int, int]:
    return letters().count(), Flag.objects.count(), JournalEntry.objects.count()
