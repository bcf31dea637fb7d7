"""Three projects with every kind of fact, and in every column of one a value."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from milestones.actions import (
    accept_counter,
    approve_milestone,
    counter_expectation,
    fix_defect,
    inspect_milestone,
    judge_expectation,
    log_progress,
    reopen_defect,
    report_defect,
    reschedule_defect,
    reschedule_milestone,
    return_milestone,
    submit_milestone,
    verify_defect,
    withdraw_submission,
)
from milestones.models import Milestone
from payments.actions import (
    allocate_payment,
    answer_reversal,
    complete_project,
    confirm_payment,
    decline_advance,
    decline_change,
    dispute_payment,
    propose_change,
    record_payment,
    release_payment,
    reverse_payment,
    sign_change,
    terminate_project,
    withdraw_advance,
    withdraw_dispute,
)
from payments.changing import version_of
from payments.models import ChangeOrder
from projects.actions import add_attachment, decline_invitation, end_part, invite_party
from projects.endings import propose_closing_sum, propose_handover, sign_closing_sum, sign_handover
from projects.files import PHOTO, Received
from projects.flagging import settle_flags
from projects.models import Attachment, Project
from tests.asking import approved, asked, at, opened, paid
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    active,
    confirmed,
    draft,
    expected,
    index_told,
    join,
    signed,
    signed_off,
    stage,
)
from tests.post import deliver

STAGES = [
    {
        "title": f"Stage {n}",
        "description": "As drawn on sheet 4",
        "value": "250000.00",
        "amount": "225000.00",
        "signers": ["homeowner", "engineer"] if n < 3 else ["homeowner"],
        "planned_start": TODAY() + timedelta(days=30 * n),
        "planned_end": TODAY() + timedelta(days=30 * n + 25),
        "agreed_end": TODAY() + timedelta(days=30 * n + 26),
    }
    for n in range(1, 5)
]

TERMS = {"name": "בית משפחת אלמוג", "address": "Herzl 1", "policy": {"watch_percent": "0.50"}} | LINKED


def live(cast: Cast) -> Project:
    """A draft beside it, and a project with people who came and went, work, rounds and money."""
    draft(cast)
    end(cast)
    project = agreed(cast, draft(cast, STAGES, **TERMS))
    come_and_go(cast, project)
    signed_off(cast, stage(project, 1))
    dry = project.expectations.get(position=1)
    judge_expectation(acting(cast.noa), dry.id, met=False, note="כתם ליד הדוד")
    find(cast, stage(project, 2))
    change(cast, project)
    work(cast, stage(project, 2))
    pay(cast, project)
    index_told(cast.noa, project, m2025_02="126.1", m2025_03="127.5")
    settle_flags(project.id)
    pay_early(cast)
    deliver()
    return project


def agreed(cast: Cast, project: Project) -> Project:
    """Signed with a promise of the sales side, called too much and accepted so, and one that is confirmed."""
    promise = expected(cast.alon, project, 1, goal="המרתף יבש")
    counter = {"counter": "Only with a drain outside", "cost": Decimal("40000.50"), "doer": "Moshe"}
    counter_expectation(acting(cast.alon), promise.id, version=1, **counter)
    accept_counter(acting(cast.noa), promise.id, version=1)
    confirmed(cast, expected(cast.noa, project))
    return signed(cast, project)


def pay_early(cast: Cast) -> None:
    """Beside it a project with a request that was declined, one taken back, and one paid."""
    with at(20):
        project = active(cast, STAGES, **TERMS)
        declined = asked(cast, stage(project, 1))
        opened(declined, cast.noa)
        decline_advance(acting(cast.noa), declined.id, reason="לא עכשיו")
        withdraw_advance(acting(cast.alon), asked(cast, stage(project, 1)).id)
        advance = asked(cast, stage(project, 1))
        opened(advance, cast.noa)
    with at(24):
        approved(advance, cast.noa, amount=Decimal("40000.00"), condition="Against a guarantee")
        paid(cast.noa, advance)


def come_and_go(cast: Cast, project: Project) -> None:
    declined = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    decline_invitation(acting(cast.uri), declined.id)
    observer = join(cast.noa, project, cast.eran, "observer")
    end_part(acting(cast.noa), observer)


def change(cast: Cast, project: Project) -> None:
    """A date that was moved, a change in force of work that was inspected, an added milestone that waits, and
    one declined; and a defect of the first that a deduction settled."""
    scratch = report_defect(acting(cast.alon), stage(project, 1).id, title="שריטה")
    less = {"title": "A scratch", "defect": scratch.id, "amount": Decimal("-100.00")}
    sign_by_both(cast, propose_change(acting(cast.noa), project.id, **less))
    third = stage(project, 3)
    reschedule_milestone(
        acting(cast.alon), third.id, agreed_end=TODAY() + timedelta(days=130), reason="הגשם לא פסק"
    )
    inspect_milestone(acting(cast.michal), third.id, percent=Decimal("33.33"))
    told = {"title": "Wider windows", "reason": "יותר אור", "milestone": third.id}
    wider = propose_change(acting(cast.noa), project.id, amount=Decimal("12000.00"), days=7, **told)
    sign_by_both(cast, wider)
    added = {
        "title": "Pergola",
        "criteria": ["It stands"],
        "signers": ["homeowner"],
        "planned_start": TODAY(),
        "planned_end": TODAY() + timedelta(days=9),
    }
    for _ in range(2):
        pergola = propose_change(acting(cast.alon), project.id, amount=Decimal("30000.00"), **added)
    decline_change(acting(cast.noa), pergola.id, reason="Not now")


def sign_by_both(cast: Cast, order: ChangeOrder) -> None:
    for signer in (cast.noa, cast.alon):
        sign_change(acting(signer), order.id, version=version_of(order))


def work(cast: Cast, milestone: Milestone) -> None:
    """A round taken back, a round returned."""
    log_progress(
        acting(cast.alon),
        milestone.id,
        percent=Decimal("37.50"),
        note="הטיח יבש",
        evidence=[taken_photo(cast, milestone.project).id],
        criterion=milestone.criteria.all()[0].id,
    )
    submit(cast, milestone)
    withdraw_submission(acting(cast.alon), milestone.id)
    submit(cast, milestone)
    version = Milestone.objects.get(pk=milestone.pk).version
    unmet = [milestone.criteria.all()[0].id]
    minor = [{"title": "Scratch", "place": "Sill", "withheld": Decimal(70), "fix_by": TODAY()}]
    approve_milestone(acting(cast.noa), milestone.id, version=version, note="Fine", minor_defects=minor)
    return_milestone(
        acting(cast.michal), milestone.id, version=version, reason="It is damp", unmet_criteria=unmet
    )


def find(cast: Cast, milestone: Milestone) -> None:
    """An inspection; a defect shown, estimated, repaired, verified, found again and put off."""
    shown = [taken_photo(cast, milestone.project, "ef" * 32).id]
    inspect_milestone(
        acting(cast.michal), milestone.id, percent=Decimal("12.50"), note="Damp", evidence=shown
    )
    found = {"place": "Hall", "note": "By the door", "fix_by": TODAY(), "estimated_cost": Decimal(900)}
    defect = report_defect(acting(cast.noa), milestone.id, title="Crack", **found, photos=shown)
    fix_defect(acting(cast.alon), defect.id, note="Filled", photos=shown)
    verify_defect(acting(cast.noa), defect.id, note="Smooth")
    again = reopen_defect(acting(cast.noa), defect.id, note="It is back", fix_by=TODAY())
    later = TODAY() + timedelta(days=4)
    reschedule_defect(acting(cast.alon), again.id, fix_by=later, reason="הקבלן מחכה לרובה")


def submit(cast: Cast, milestone: Milestone) -> None:
    criteria = [criterion.id for criterion in milestone.criteria.all()]
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=criteria, note="Please look")


def taken_photo(cast: Cast, project: Project, digest: str = "cd" * 32) -> Attachment:
    taken = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    received = Received(digest, PHOTO, "image/jpeg", 1000, 640, 480, taken, None, b"")
    return add_attachment(acting(cast.alon), project.id, received=received, name="wall.jpg")


def pay(cast: Cast, project: Project) -> None:
    """Released, confirmed, taken back by consent; recorded early, and set off."""
    moved = {"paid_on": TODAY(), "method": "bank_transfer", "reference": "T-77"}
    deposit = release_payment(
        acting(cast.noa), project.id, line="deposit", amount=Decimal("60000.00"), **moved
    )
    confirm_payment(acting(cast.alon), deposit.id, received_on=TODAY(), receipt_number="R-5")
    asked = reverse_payment(
        acting(cast.noa), deposit.id, amount=Decimal("10000.00"), why="money_back", reason="Mixed up"
    )
    answer_reversal(acting(cast.alon), asked.id, consents=True)
    early = record_payment(
        acting(cast.noa), project.id, amount=Decimal("350000.00"), reason="הקבלן ביקש", **moved
    )
    allocate_payment(acting(cast.noa), early.id, line=str(stage(project, 3).id), amount=Decimal("20000.00"))
    for _ in range(2):
        dispute = dispute_payment(acting(cast.alon), early.id, reason="הסכום אחר")
        withdraw_dispute(acting(cast.alon), dispute.id)
    dispute_payment(acting(cast.noa), early.id, reason="הוא שולם לאחר")
    mistaken = record_payment(acting(cast.noa), project.id, amount=Decimal("700.00"), **moved)
    settle_flags(project.id)
    reverse_payment(acting(cast.noa), mistaken.id, amount=mistaken.amount, why="wrong_record")


def end(cast: Cast) -> None:
    """Two small projects at their end: one handed over, one terminated with a closing sum."""
    small = {"contract_total": Decimal(1000), "deposit": Decimal(0)}
    pergola = [{"title": "Pergola", "value": "1000.00", "amount": "1000.00", "signers": ["homeowner"]}]
    done, ended = active(cast, pergola, **small), active(cast, pergola, **small)
    signed_off(cast, stage(done, 1))
    complete_project(acting(cast.noa), done.id)
    propose_handover(acting(cast.alon), done.id, day=TODAY(), text="שני מפתחות")
    terminate_project(acting(cast.noa), ended.id, reason="אף אחד לא בא")
    propose_closing_sum(acting(cast.alon), ended.id, amount=Decimal(300), text="חצי מהעבודה")
    for person in (cast.noa, cast.alon):
        sign_handover(acting(person), done.id, version=1)
        sign_closing_sum(acting(person), ended.id, version=1)
