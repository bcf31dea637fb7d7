"""A small world to attack: people who may, may no more, or not yet; lines open, locked and half signed."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg2
from django.db import connection

from milestones.actions import (
    approve_milestone,
    counter_expectation,
    fix_defect,
    inspect_milestone,
    judge_expectation,
    log_progress,
    report_defect,
    reschedule_defect,
    reschedule_milestone,
    submit_milestone,
    withdraw_submission,
)
from milestones.models import (
    Concern,
    Criterion,
    Decision,
    Defect,
    Expectation,
    Milestone,
    ProgressEntry,
    Submission,
)
from payments.actions import (
    answer_reversal,
    confirm_payment,
    decline_change,
    dispute_payment,
    propose_change,
    record_payment,
    release_payment,
    reverse_payment,
    sign_change,
    withdraw_dispute,
)
from payments.changing import version_of
from payments.models import Advance, ChangeOrder, Dispute, Payment, Reversal
from people.models import User
from projects.actions import accept_invitation, end_part, invite_party
from projects.flagging import settle_flags
from projects.models import Attachment, Deed, Flag, Obligation, Once, Party, Project
from tests.attacks.ahead import early_houses, requested
from tests.attacks.ended import endings
from tests.attacks.forge import Forgery
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    active,
    cast_people,
    confirmed,
    draft,
    expected,
    index_told,
    join,
    person,
    photo,
    signed,
    signed_off,
    stage,
    submitted,
)


@dataclass(frozen=True)
class World:
    """The house is the target: its first stage is signed and partly paid, its second waits in round 2 for a
    homeowner alone, its third is being worked on and 10,000 were recorded for it. On its deposit lie 2,000
    that Alon confirmed (500 were taken back with his consent) and 3,000 that he told of, of which he asks
    1,000 back, and which Noa disputes; Alon disputed the 2,000 before he confirmed them, and after it too,
    but took that back. The third was put off, and moved by a day by a change in force; a change that takes
    195,000 from it waits for Gil's signature alone; a milestone that Alon would add was declined. A leak that
    blocks was found on the first after its sign-off, and Alon says that it is fixed; the engineer's approval
    of the second withholds 100 for a stain. Of two scratches on the first one was settled for 500; the
    deduction of 1,000 that settles the other waits for Gil. Gil signs beside Noa, Tal is a homeowner who does
    not sign; Uri was a homeowner; Eran is a second engineer whom nobody confirmed. In the other house 7,000
    are held against no line, and a third is a draft with 400 paid on its deposit; in a fourth, whose sums are
    wrong, Noa's signature was forged. In a fifth, a draft, expectations are open, countered and promised;
    those of the house are confirmed, and one of them is judged.

    In the other house Noa has just opened a request for 50,000 early. In the early one, where Gil signs
    beside her, one was declined, one lapsed, one was taken back, and one for 50,000 waits for Gil alone. In
    the agreed one 50,000 are approved and not paid; in the altered one too, but the contract changed since.

    A shed is finished, its protocol signed by Alon alone; a hut is signed off but not completed. A fence has
    ended half way, 50 paid early and set loose, with a closing sum that Alon alone has signed; its defects
    period has no length, and of the 20 kept back 5 wait for the repair of a crack. Another is suspended, its
    posts waiting for Noa and its boards begun.

    All of it is loaded beforehand, so that an attack touches the database through its own connection alone.
    """

    people: Cast
    gil: User
    tal: User
    house: Project
    other: Project
    drafted: Project
    unsound: Project
    hoped: Project
    first: Milestone
    second: Milestone
    third: Milestone
    release: Payment
    record: Payment
    confirmed: Payment
    told: Payment
    asked: Reversal
    dispute: Dispute
    received: Dispute
    loose: Payment
    finished: Project
    ended: Project
    unopened: Project
    halted: Project
    protocol: Deed
    closing: Deed
    old_round: Submission
    round: Submission
    first_round: Submission
    halted_round: Submission
    engineers: Decision
    leak: Defect
    stain: Defect
    scratch: Defect
    settled: Defect
    change: ChangeOrder
    declined: ChangeOrder
    in_force: ChangeOrder
    settling: ChangeOrder
    flag: Flag
    early: Project
    agreed: Project
    requested: Advance
    denied: Advance
    lapsed: Advance
    waiting: Advance
    granted: Advance
    altered: Project
    overtaken: Advance
    parts: dict[tuple[Any, Any], Party] = field(default_factory=dict)
    stages: dict[tuple[Any, int], Milestone] = field(default_factory=dict)
    criteria: dict[Any, list[Criterion]] = field(default_factory=dict)
    reports: dict[Any, ProgressEntry] = field(default_factory=dict)
    photos: dict[str, Attachment] = field(default_factory=dict)
    hopes: dict[str, Expectation] = field(default_factory=dict)
    concerns: dict[Any, Concern] = field(default_factory=dict)

    def part(self, user: User, project: Project | None = None) -> Party:
        return self.parts[user.pk, (project or self.house).pk]

    def stage(self, project: Project, position: int) -> Milestone:
        return self.stages[project.pk, position]

    def person(self, name: str) -> Any:
        """The id of the person whom an entry names; None for the system."""
        people = vars(self.people) | {"gil": self.gil, "tal": self.tal}
        return None if name == "system" else people[name].pk


def paid(amount: str, line: Any = None) -> dict[str, Any]:
    told = {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"}
    return told | ({"line": str(line)} if line else {})


def build() -> World:
    people, gil, tal = cast_people(), person("Gil"), person("Tal")
    house, hopes = _house(people)
    _gather(people, gil, tal, house)
    first = signed_off(people, stage(house, 1))
    judge_expectation(acting(people.noa), hopes["judged"].id, met=True)
    release = release_payment(acting(people.noa), house.id, **paid("100000.00", first.id))
    second, engineers = _waiting(people, stage(house, 2))
    index_told(people.alon, house, m2025_02="126.1")
    third = stage(house, 3)
    shown = photo(people, house, "cd" * 32)
    log_progress(acting(people.alon), third.id, percent=Decimal(40), evidence=[shown.id])
    inspect_milestone(acting(people.michal), third.id, percent=Decimal(30), evidence=[shown.id])
    settled, scratch = (report_defect(acting(people.noa), first.id, title="Scratch") for _ in range(2))
    _settling(people, gil, settled, -500)
    in_force, change, declined = _changes(people, gil, house, third)
    settling = _settling(people, None, scratch, -1000)
    record = record_payment(acting(people.noa), house.id, **paid("10000.00", third.id))
    leak = _leak(people, first, shown)
    dent = report_defect(acting(people.noa), third.id, title="Dent")
    reschedule_defect(acting(people.alon), dent.id, fix_by=TODAY(), cause="weather")
    moved = _taken_back(people, house)
    other, loose = _other_house(people)
    early = early_houses(people, gil, tal)
    settle_flags(house.id)
    _answered_and_done(people)
    hoped, unsound = _hoped(people, tal, hopes), _unsound(people, hopes)
    return _loaded(
        hopes=hopes,
        hoped=hoped,
        people=people,
        gil=gil,
        tal=tal,
        house=Project.objects.get(pk=house.pk),
        other=other,
        drafted=_draft(people),
        unsound=unsound,
        first=Milestone.objects.get(pk=first.pk),
        second=second,
        third=Milestone.objects.get(pk=third.pk),
        release=release,
        record=record,
        **moved,
        loose=loose,
        **early,
        requested=requested(people, other),
        **endings(people),
        old_round=Submission.objects.get(milestone=second, round=1),
        round=Submission.objects.get(milestone=second, round=2),
        first_round=Submission.objects.get(milestone=first),
        engineers=engineers,
        leak=leak,
        stain=Defect.objects.get(decision=engineers),
        scratch=scratch,
        settled=settled,
        settling=settling,
        change=change,
        declined=declined,
        in_force=in_force,
        flag=Flag.objects.filter(project=house).order_by("kind")[0],
    )


def _house(people: Cast) -> tuple[Project, dict[str, Expectation]]:
    """Signed, with an expectation of its first milestone, one of its third, and one of the whole of it."""
    project = draft(people, **LINKED)
    named = {"judged": [1], "later": [3], "whole": []}
    hopes = {name: confirmed(people, expected(people.noa, project, *at)) for name, at in named.items()}
    return signed(people, project), hopes


def _hoped(people: Cast, tal: User, hopes: dict[str, Expectation]) -> Project:
    """A draft in which nothing that is expected is agreed yet. Tal is there, and does not sign."""
    hoped = draft(people)
    join(people.noa, hoped, tal, "homeowner", signs=False)
    hopes["open"] = expected(people.noa, hoped, 1)
    hopes["promise"] = expected(people.alon, hoped)
    hopes["countered"] = expected(people.noa, hoped)
    counter = {"version": 1, "counter": "Only with a drain outside", "cost": Decimal(40000)}
    counter_expectation(acting(people.alon), hopes["countered"].id, **counter)
    return Project.objects.get(pk=hoped.pk)


def _gather(people: Cast, gil: User, tal: User, house: Project) -> None:
    join(people.noa, house, gil, "homeowner")
    join(people.noa, house, tal, "homeowner", signs=False)
    join(people.noa, house, people.uri, "homeowner")
    end_part(acting(people.uri), Party.objects.get(user=people.uri).id)
    eran = invite_party(acting(people.alon), house.id, email=people.eran.email, role="engineer")
    accept_invitation(acting(people.eran), eran.id)


def _waiting(people: Cast, milestone: Milestone) -> tuple[Milestone, Decision]:
    """Submitted, taken back, submitted again, and approved by the engineer."""
    milestone = submitted(people, milestone)
    withdraw_submission(acting(people.alon), milestone.id)
    criteria = [c.id for c in milestone.criteria.all()]
    submit_milestone(acting(people.alon), milestone.id, criteria_met=criteria)
    milestone.refresh_from_db()
    minor = [{"title": "Stain", "withheld": Decimal(100)}]
    decision = approve_milestone(
        acting(people.michal), milestone.id, version=milestone.version, minor_defects=minor
    )
    return milestone, decision


def _leak(people: Cast, milestone: Milestone, shown: Attachment) -> Defect:
    """Found after the sign-off, estimated, shown, and said to be fixed."""
    found = {"title": "Leak", "blocking": True, "estimated_cost": Decimal(5_000), "photos": [shown.id]}
    leak = report_defect(acting(people.noa), milestone.id, **found)
    return fix_defect(acting(people.alon), leak.id, photos=[shown.id])


def _changes(people: Cast, gil: User, house: Project, third: Milestone) -> list[ChangeOrder]:
    """Of the third milestone: one that everybody signed, one that Gil has not; and one that was declined."""
    later = TODAY() + timedelta(days=30)
    reschedule_milestone(acting(people.alon), third.id, agreed_end=later, cause="weather")
    told: dict[str, Any] = {"title": "A change", "milestone": third.id}
    in_force = propose_change(acting(people.alon), house.id, amount=Decimal(0), days=1, **told)
    waiting = propose_change(acting(people.alon), house.id, amount=Decimal(-195_000), **told)
    for order, signers in (in_force, [people.alon, people.noa, gil]), (waiting, [people.alon, people.noa]):
        for signer in signers:
            sign_change(acting(signer), order.id, version=version_of(order))
    added = {"title": "Pool", "criteria": ["It is full"], "signers": ["homeowner"]}
    declined = propose_change(acting(people.alon), house.id, amount=Decimal(90_000), **added)
    decline_change(acting(people.noa), declined.id)
    return [in_force, waiting, declined]


def _settling(people: Cast, gil: User | None, defect: Defect, amount: int) -> ChangeOrder:
    """A deduction that settles a defect, signed by Alon and Noa; in force where Gil signs as well."""
    told: dict[str, Any] = {"title": "A scratch", "defect": defect.id, "amount": Decimal(amount)}
    order = propose_change(acting(people.alon), defect.project_id, **told)
    for signer in filter(None, (people.alon, people.noa, gil)):
        sign_change(acting(signer), order.id, version=version_of(order))
    return order


def _taken_back(people: Cast, house: Project) -> dict[str, Any]:
    """Money that was disputed, received, asked back."""
    confirmed = record_payment(acting(people.noa), house.id, **paid("2000.00", "deposit"))
    received = dispute_payment(acting(people.alon), confirmed.id, reason="It is not here yet")
    confirm_payment(acting(people.alon), confirmed.id, received_on=TODAY())
    again = dispute_payment(acting(people.alon), confirmed.id, reason="The cheque came back")
    withdraw_dispute(acting(people.alon), again.id)
    again = reverse_payment(acting(people.noa), confirmed.id, amount=Decimal(500), why="money_back")
    answer_reversal(acting(people.alon), again.id, consents=True)
    told = record_payment(acting(people.alon), house.id, **paid("3000.00", "deposit"))
    asked = reverse_payment(acting(people.alon), told.id, amount=Decimal(1000), why="wrong_record")
    dispute = dispute_payment(acting(people.noa), told.id, reason="It was 2,000")
    return {
        "confirmed": confirmed,
        "told": told,
        "asked": asked,
        "dispute": dispute,
        "received": received,
    }


def _other_house(people: Cast) -> tuple[Project, Payment]:
    other = active(people)
    loose = record_payment(acting(people.noa), other.id, **paid("107000.00"))
    signed_off(people, stage(other, 3))
    report_defect(acting(people.noa), stage(other, 1).id, title="Crack")
    told: dict[str, Any] = {"title": "A change", "milestone": stage(other, 2).id}
    propose_change(acting(people.noa), other.id, amount=Decimal(1), **told)
    return other, loose


def _draft(people: Cast) -> Project:
    drafted = draft(people)
    confirmed(people, expected(people.noa, drafted, 1))
    record_payment(acting(people.noa), drafted.id, **paid("400.00", "deposit"))
    return Project.objects.get(pk=drafted.pk)


def _answered_and_done(people: Cast) -> None:
    """A request that was answered under a key, and an obligation that was done."""
    Once.objects.create(user=people.noa, key="k", fingerprint="f", status=200, answer={})
    done = Obligation.objects.order_by("id")[:1].get()
    Obligation.objects.filter(pk=done.pk).update(done_at=done.created_at)


def _unsound(people: Cast, hopes: dict[str, Expectation]) -> Project:
    """The acts refuse to sign such terms; the database does when they become active."""
    project = draft(people, contract_total=Decimal("1000001.00"))
    hopes["signed"] = confirmed(people, expected(people.noa, project))
    project.refresh_from_db()
    link = psycopg2.connect(**connection.get_connection_params())
    forgery = Forgery(link, project.id, people.noa.id)
    party = Party.objects.get(project=project, user=people.noa)
    signature = {"party_id": party.id, "version": project.version, "terms_hash": "0" * 64}
    forgery.insert("projects_agreementsignature", **signature)
    forgery.seal()
    link.close()
    return project


def _loaded(**facts: Any) -> World:
    world = World(**facts)
    world.parts.update({(p.user_id, p.project_id): p for p in Party.objects.all()})
    world.stages.update({(m.project_id, m.position): m for m in Milestone.objects.all()})
    for criterion in Criterion.objects.all():
        world.criteria.setdefault(criterion.milestone_id, []).append(criterion)
    for report in ProgressEntry.objects.order_by("-entry__seq"):
        world.reports[report.milestone_id] = report
    world.concerns.update({c.expectation_id: c for c in Concern.objects.all()})
    world.photos.update({photo.sha256: photo for photo in Attachment.objects.filter(project=world.house)})
    return world
