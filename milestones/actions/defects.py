"""Defects: found, repaired by the contractor, verified by those who sign, and what they would cost."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.actions.exhibits import attachments_of, require_confirmed, show
from milestones.models import Decision, Defect, DefectEvent, DefectNow, Estimate, Exhibit, Milestone
from milestones.rules import SIGNER_ROLES, judges_repairs
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Project, Role
from projects.money import ZERO
from projects.refusals import Refused

FINDERS = SIGNER_ROLES | {Role.CONTRACTOR}
State = DefectNow.State


@action("defect_reported", on=Milestone, by=FINDERS, scope="progress")
def report_defect(
    act: Act,
    *,
    title: str,
    blocking: bool = False,
    place: str = "",
    note: str = "",
    fix_by: date | None = None,
    estimated_cost: Decimal | None = None,
    photos: Sequence[UUID] = (),
) -> Defect:
    """Write a defect down, with the date by which it is to be fixed and what its repair may cost (money).

    A blocking one holds up the sign-off; found after it, its estimated cost lowers the verified value.
    Refuses part_not_confirmed, project_not_active, title_missing, unknown_evidence, not_a_signer (an estimate
    by who does not sign).
    """
    require_confirmed(act)
    _require_agreement(act)
    found = {"title": title, "place": place, "note": note, "blocking": blocking, "fix_by": fix_by}
    found |= {"photos": photos}
    defect = write_defect(act, act.target, found, after_sign_off=_is_signed_off(act.target))
    if estimated_cost is not None:
        _write_estimate(act, defect, estimated_cost)
        act.record(estimated_cost=estimated_cost)
    act.record(
        **_said(defect), blocking=blocking, fix_by=fix_by, title=text_hash(title), note=text_hash(note)
    )
    act.later("defect_mail", defect=str(defect.id), what="reported")
    return defect


@action("defect_fixed", on=Defect, by={Role.CONTRACTOR}, scope="progress")
def fix_defect(act: Act, *, note: str = "", photos: Sequence[UUID] = ()) -> Defect:
    """The contractor says: repaired, please look.

    Refuses project_not_active, defect_is_verified, defect_is_settled, defect_not_open, unknown_evidence.
    """
    defect: Defect = act.target
    _require_agreement(act)
    if (state := _state_of(defect)) != State.OPEN:
        raise Refused("defect_is_settled" if state == State.SETTLED else "defect_not_open")
    _write_event(act, defect, DefectEvent.Kind.FIXED, note, photos)
    act.later("defect_mail", defect=str(defect.id), what="fixed")
    return defect


@action("defect_verified", on=Defect, by=SIGNER_ROLES, signing=True, scope="sign")
def verify_defect(act: Act, *, note: str = "", photos: Sequence[UUID] = ()) -> Defect:
    """Who signs for the milestone says: it is repaired. What was withheld for it becomes payable, for good.

    Refuses project_not_active, not_yours_to_verify, defect_is_verified, defect_is_settled, unknown_evidence.
    """
    defect: Defect = act.target
    _require_agreement(act)
    _require_judge(act, defect)
    _require_unclosed(defect)
    _write_event(act, defect, DefectEvent.Kind.VERIFIED, note, photos)
    act.record(withheld=defect.withheld)
    act.later("defect_mail", defect=str(defect.id), what="verified")
    return defect


@action("defect_reopened", on=Defect, by=SIGNER_ROLES, signing=True, scope="sign")
def reopen_defect(
    act: Act, *, note: str = "", fix_by: date | None = None, photos: Sequence[UUID] = ()
) -> Defect:
    """It is not repaired after all. Once it was verified, it is a new defect: what was freed stays free.

    Gives the defect that is open now. `fix_by` is of the new one. Refuses project_not_active,
    not_yours_to_verify, defect_is_open, defect_is_settled, reopened_already, unknown_evidence.
    """
    defect: Defect = act.target
    _require_agreement(act)
    _require_judge(act, defect)
    state = _state_of(defect)
    if state in {State.OPEN, State.SETTLED}:
        raise Refused(f"defect_is_{state}")
    if state == State.FIXED:
        _write_event(act, defect, DefectEvent.Kind.REOPENED, note, photos)
        reopened = defect
    else:
        reopened = _found_again(act, defect, note, fix_by, photos)
        act.record(note=text_hash(note), reopens=defect.id, **_said(reopened))
    act.later("defect_mail", defect=str(reopened.id), what="reopened")
    return reopened


@action("defect_estimated", on=Defect, by=FINDERS, signing=True, scope="progress")
def estimate_defect(act: Act, *, amount: Decimal) -> Defect:
    """What the repair may cost, in money. An engineer's or supervisor's estimate counts over the sides'.

    Without one the homeowner's counts, alone up to the milestone's value, beyond it as far as the contractor
    agrees. Refuses project_not_active, defect_is_verified, defect_is_settled.
    """
    defect: Defect = act.target
    _require_agreement(act)
    _require_unclosed(defect)
    _write_estimate(act, defect, amount)
    act.record(**_said(defect), amount=amount)
    return defect


def write_defect(
    act: Act,
    milestone: Milestone,
    found: Mapping[str, Any],
    *,
    decision: Decision | None = None,
    after_sign_off: bool = False,
) -> Defect:
    """A new defect with its photos, under the next number. `found`: title, and place, note, blocking, fix_by,
    withheld, photos where they are told. Refuses title_missing, unknown_evidence."""
    title = found["title"].strip()
    if not title:
        raise Refused("title_missing", field="title")
    attachments = attachments_of(act, found.get("photos", ()), field="photos")
    last = Defect.objects.filter(project=act.project).order_by("-number").first()
    defect = act.add(
        Defect(
            milestone=milestone,
            number=last.number + 1 if last else 1,
            title=title,
            place=found.get("place", ""),
            note=found.get("note", ""),
            blocking=found.get("blocking", False),
            fix_by=found.get("fix_by"),
            withheld=found.get("withheld", ZERO),
            after_sign_off=after_sign_off,
            decision=decision,
            reopens=found.get("reopens"),
        )
    )
    show(act, attachments, lambda attachment: Exhibit(defect=defect, attachment=attachment))
    if attachments:
        act.record(evidence=[*act.data.get("evidence", []), *(a.sha256 for a in attachments)])
    return defect


def _found_again(
    act: Act, verified: Defect, note: str, fix_by: date | None, photos: Sequence[UUID]
) -> Defect:
    if Defect.objects.filter(reopens=verified).exists():
        raise Refused("reopened_already")
    found = {
        "title": verified.title,
        "place": verified.place,
        "note": note,
        "blocking": verified.blocking,
        "fix_by": fix_by,
        "photos": photos,
        "reopens": verified,
    }
    milestone = verified.milestone
    return write_defect(act, milestone, found, after_sign_off=_is_signed_off(milestone))


def _write_event(act: Act, defect: Defect, kind: str, note: str, photos: Sequence[UUID]) -> None:
    attachments = attachments_of(act, photos, field="photos")
    event = act.add(DefectEvent(defect=defect, kind=kind, note=note))
    show(act, attachments, lambda attachment: Exhibit(event=event, attachment=attachment))
    act.record(**_said(defect), note=text_hash(note), evidence=[a.sha256 for a in attachments])


def _write_estimate(act: Act, defect: Defect, amount: Decimal) -> None:
    assert act.party is not None
    if not act.party.signs:
        raise Refused("not_a_signer")
    act.add(Estimate(defect=defect, role=act.party.role, amount=amount))


def _require_agreement(act: Act) -> None:
    """Defects are of work under a signed agreement, in whatever state it came to since."""
    if act.project.state == Project.State.DRAFT:
        raise Refused("project_not_active")


def _require_judge(act: Act, defect: Defect) -> None:
    assert act.party is not None
    if not judges_repairs(act.party, defect.milestone):
        raise Refused("not_yours_to_verify")


def _require_unclosed(defect: Defect) -> None:
    """A defect is closed once its repair is verified, or once it is settled."""
    if (state := _state_of(defect)) in DefectNow.CLOSED:
        raise Refused(f"defect_is_{state}")


def _state_of(defect: Defect) -> str:
    return DefectNow.objects.values_list("state", flat=True).get(defect=defect)


def _is_signed_off(milestone: Milestone) -> bool:
    return milestone.state == Milestone.State.SIGNED_OFF


def _said(defect: Defect) -> dict[str, Any]:
    return {"milestone": defect.milestone_id, "defect": defect.id, "number": defect.number}
