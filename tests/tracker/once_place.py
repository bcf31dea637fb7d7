"""A place with something to do behind every door: a draft, a project at work, and one with money due."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.actions import (
    approve_milestone,
    counter_expectation,
    fix_defect,
    log_progress,
    report_defect,
    sign_agreement,
)
from milestones.models import Milestone
from payments.actions import (
    complete_project,
    dispute_payment,
    propose_change,
    record_payment,
    reverse_payment,
    sign_change,
    terminate_project,
)
from payments.models import ChangeOrder, Payment
from people.models import User
from projects.actions import create_token, invite_party
from projects.endings import propose_closing_sum, propose_handover, suspend_project
from projects.flagging import settle_flags
from projects.models import Deed, Flag, Project
from tests.asking import approved, asked, at, opened
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    active,
    confirmed,
    draft,
    expected,
    join,
    photo,
    signed,
    signed_off,
    stage,
    submitted,
)


@dataclass(frozen=True)
class Place:
    """The cast, and the ids of what they act on, by name."""

    cast: Cast
    ids: dict[str, UUID]

    def __getattr__(self, name: str) -> UUID:
        return self.ids[name]


def build_place(cast: Cast) -> Place:
    ids = _drafts(cast) | _at_work(cast) | _with_money(cast) | _early(cast) | _ending(cast)
    token, _secret = create_token(acting(cast.noa), name="Bookkeeper", scopes=["read"])
    return Place(cast, ids | {"token": token.id})


def _drafts(cast: Cast) -> dict[str, UUID]:
    """A draft to change, and one that only Noa has not signed."""
    project, ready = draft(cast), draft(cast, name="The garden house")
    sign_agreement(acting(cast.alon), ready.id, version=ready.version)
    return _hopes(cast, project) | {
        "ready": ready.id,
        "draft": project.id,
        "draft_first": stage(project, 1).id,
        "draft_last": stage(project, 3).id,
    }


def _hopes(cast: Cast, project: Project) -> dict[str, UUID]:
    """Expectations of a draft: to change, to let go, to confirm, to counter; one that is countered."""
    names = ("hope_changed", "hope_gone", "hope_kept", "hope_hard", "hope_countered")
    hopes = {name: expected(cast.noa, project, 1).id for name in names}
    counter_expectation(
        acting(cast.alon), hopes["hope_countered"], version=1, counter="Only with a drain outside"
    )
    return hopes


def _at_work(cast: Cast) -> dict[str, UUID]:
    """Foundations submitted and approved by the engineer, the frame shown but not submitted."""
    project = active(cast, **LINKED)
    first, second = submitted(cast, stage(project, 1)), stage(project, 2)
    approve_milestone(acting(cast.michal), first.id, version=first.version)
    log_progress(
        acting(cast.alon), second.id, percent=Decimal(90), evidence=[photo(cast, project, "cd" * 32).id]
    )
    fault, repaired, repaired_too = (
        report_defect(acting(cast.noa), second.id, title=f"Crack {n}") for n in range(3)
    )
    for defect in (repaired, repaired_too):
        fix_defect(acting(cast.alon), defect.id)
    observer = join(cast.noa, project, cast.eran, "observer")
    invited = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    return {
        "project": project.id,
        "submitted": first.id,
        "open": second.id,
        "fault": fault.id,
        "repaired": repaired.id,
        "repaired_too": repaired_too.id,
        "third": stage(project, 3).id,
        "observer": observer,
        "proposed": _proposed(cast, project).id,
        "proposed_too": _proposed(cast, project).id,
        "invited": invited.id,
        "spare_photo": photo(cast, project, "ef" * 32).id,
    }


def _proposed(cast: Cast, project: Project) -> ChangeOrder:
    """A change of the last stage, which Alon has signed."""
    told: dict[str, Any] = {"title": "Larger windows", "milestone": stage(project, 3).id}
    change = propose_change(acting(cast.alon), project.id, amount=Decimal(5_000), **told)
    return sign_change(acting(cast.alon), change.id, version=1)


def _with_money(cast: Cast) -> dict[str, UUID]:
    """The last stage signed off and unpaid, the others submitted; early money, and reversals that wait.

    Eran came with the contractor, and waits for a homeowner's confirmation.
    """
    contract = draft(cast, name="The other house")
    hope = confirmed(cast, expected(cast.noa, contract, 3))
    project = signed(cast, contract)
    first, second, due = (act(cast, stage(project, n)) for n, act in enumerate(STATES, start=1))
    supervisor = join(cast.alon, project, cast.eran, "supervisor")
    invited = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    deposit = _recorded(cast.noa, project, 100_000, "deposit")
    early, early_too, doubtful, disputed = (
        _recorded(cast.noa, project, 400, str(first.id)) for _ in range(4)
    )
    dispute = dispute_payment(acting(cast.alon), disputed.id, reason="It never arrived")
    settle_flags(project.id)
    return {
        "rich": project.id,
        "hope_ripe": hope.id,
        "due": due.id,
        "scratch": report_defect(acting(cast.noa), due.id, title="A scratch").id,
        "room": second.id,
        "submitted_too": first.id,
        "submitted_last": second.id,
        "unconfirmed": supervisor,
        "invited_too": invited.id,
        "deposit": deposit.id,
        "early": early.id,
        "early_too": early_too.id,
        "doubtful": doubtful.id,
        "dispute": dispute.id,
        "reversal": _asked_back(cast, project, due),
        "reversal_too": _asked_back(cast, project, due),
        "flag": Flag.objects.filter(project=project)[0].id,
    }


def _early(cast: Cast) -> dict[str, UUID]:
    """Requests for an advance: two just asked, one thought over long enough, one approved."""
    requests = []
    for _ in range(2):
        with at(25):
            project = active(cast, name="The early house")
            requests.append(asked(cast, stage(project, 3)))
            opened(requests[-1], cast.noa)
    approved(requests[1], cast.noa)
    fresh, regretted = (
        asked(cast, stage(active(cast, name=f"The {nth} house"), 3)) for nth in ("third", "fourth")
    )
    return {
        "asked": fresh.id,
        "regretted": regretted.id,
        "pondered": requests[0].id,
        "granted": requests[1].id,
    }


ONE_STAGE = [{"title": "Pergola", "value": "1000.00", "amount": "900.00", "signers": ["homeowner"]}]


def _ending(cast: Cast) -> dict[str, UUID]:
    """One at work, one suspended, one all signed off, one completed and one ended."""
    small: dict[str, Any] = {"contract_total": Decimal(1000), "deposit": Decimal(100)}
    idle, paused, done, completed, ended = (active(cast, ONE_STAGE, **small) for _ in range(5))
    suspend_project(acting(cast.alon), paused.id, reason="Rain")
    signed_off(cast, stage(done, 1))
    signed_off(cast, stage(completed, 1))
    complete_project(acting(cast.noa), completed.id)
    propose_handover(acting(cast.alon), completed.id, day=TODAY(), text="Two keys")
    terminate_project(acting(cast.noa), ended.id, reason="Nobody comes")
    propose_closing_sum(acting(cast.alon), ended.id, amount=Decimal(500), text="Half of it is done")
    return {
        "idle": idle.id,
        "paused": paused.id,
        "done": done.id,
        "completed": completed.id,
        "ended": ended.id,
    }


def newest_deed(project_id: UUID) -> int:
    """The version that waits for signatures in a project."""
    return Deed.objects.filter(project=project_id).count()


STATES = (submitted, submitted, signed_off)


def _recorded(by: User, project: Project, amount: int, line: str) -> Payment:
    money: dict[str, Any] = {"paid_on": TODAY(), "method": "cash", "reason": "Order"}
    return record_payment(acting(by), project.id, amount=Decimal(amount), line=line, **money)


def _asked_back(cast: Cast, project: Project, line: Milestone) -> UUID:
    """A reversal that waits for the homeowners' answer."""
    reported = _recorded(cast.alon, project, 10, str(line.id))
    return reverse_payment(acting(cast.alon), reported.id, amount=Decimal(10), why="wrong_record").id


def criteria_of(milestone_id: UUID) -> list[str]:
    return [str(c.id) for c in Milestone.objects.get(pk=milestone_id).criteria.all()]


def version_of(thing_id: UUID) -> int:
    """The version of a milestone or a project, as it would be read now."""
    found = Milestone.objects.filter(pk=thing_id).first() or Project.objects.get(pk=thing_id)
    return int(found.version)
