"""A small world to attack: people who may, may no more, or not yet; lines open, locked and half signed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from milestones.actions import approve_milestone, log_progress, submit_milestone, withdraw_submission
from milestones.models import Decision, Milestone, ProgressEntry, Submission
from payments.actions import record_payment, release_payment
from payments.models import Payment
from people.models import User
from projects.actions import accept_invitation, end_part, invite_party
from projects.flagging import settle_flags
from projects.models import Flag, Party, Project
from tests.cast import (
    TODAY,
    Cast,
    acting,
    active,
    cast_people,
    draft,
    join,
    person,
    photo,
    signed_off,
    stage,
    submitted,
)


@dataclass(frozen=True)
class World:
    """The house is the target: its first stage is signed and partly paid, its second waits in round 2 for a
    homeowner alone, its third is being worked on and 10,000 were recorded for it. Gil signs beside Noa; Uri
    was a homeowner; Eran is a second engineer whom nobody confirmed. Another house is active, a third draft.
    """

    people: Cast
    gil: User
    house: Project
    other: Project
    drafted: Project
    first: Milestone
    second: Milestone
    third: Milestone
    release: Payment
    record: Payment
    old_round: Submission
    round: Submission
    engineers: Decision
    flag: Flag

    def part(self, user: User, project: Project | None = None) -> Party:
        return Party.objects.get(user=user, project=project or self.house)


def paid(amount: str, line: Any = None) -> dict[str, Any]:
    told = {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"}
    return told | ({"line": str(line)} if line else {})


def build() -> World:
    people, gil = cast_people(), person("Gil")
    house = active(people)
    join(people.noa, house, gil, "homeowner")
    join(people.noa, house, people.uri, "homeowner")
    end_part(acting(people.uri), Party.objects.get(user=people.uri).id)
    eran = invite_party(acting(people.alon), house.id, email=people.eran.email, role="engineer")
    accept_invitation(acting(people.eran), eran.id)
    first = signed_off(people, stage(house, 1))
    release = release_payment(acting(people.noa), house.id, **paid("100000.00", first.id))
    second = submitted(people, stage(house, 2))
    withdraw_submission(acting(people.alon), second.id)
    criteria = [c.id for c in second.criteria.all()]
    submit_milestone(acting(people.alon), second.id, criteria_met=criteria)
    second.refresh_from_db()
    engineers = approve_milestone(acting(people.michal), second.id, version=second.version)
    third = stage(house, 3)
    shown = photo(people, house, "cd" * 32)
    log_progress(acting(people.alon), third.id, percent=Decimal(40), evidence=[shown.id])
    record = record_payment(acting(people.noa), house.id, **paid("10000.00", third.id))
    settle_flags(house.id)
    other = active(people)
    log_progress(acting(people.alon), stage(other, 3).id, percent=Decimal(10))
    record_payment(acting(people.noa), other.id, **paid("7000.00", "deposit"))
    return World(
        people,
        gil,
        Project.objects.get(pk=house.pk),
        other,
        draft(people),
        Milestone.objects.get(pk=first.pk),
        second,
        Milestone.objects.get(pk=third.pk),
        release,
        record,
        Submission.objects.get(milestone=second, round=1),
        Submission.objects.get(milestone=second, round=2),
        engineers,
        Flag.objects.filter(project=house).order_by("kind").first() or _no_flag(),
    )


def progress_of(milestone: Milestone) -> ProgressEntry:
    return ProgressEntry.objects.filter(milestone=milestone).order_by("entry__seq")[0]


def _no_flag() -> Flag:
    raise AssertionError("the recorded payment raised no flag")
