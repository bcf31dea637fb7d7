"""How a signed project goes on and ends: its turns, and the deeds that both sides sign (docs/endings.md)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import SIDES, Deed, DeedSignature, Party, Project, Turn
from projects.queries import parties_of
from projects.refusals import Refused
from projects.rules import activity_refusal, those_who_sign

# The state in which each deed is proposed and signed.
BELONGS_TO = {
    Deed.Kind.HANDOVER.value: Project.State.COMPLETED,
    Deed.Kind.CLOSING_SUM.value: Project.State.TERMINATED,
}


def require_active(project: Project) -> None:
    """Work, and what it opens, wait in every other state."""
    if code := activity_refusal(project.state):
        raise Refused(code)


def turn(act: Act, kind: str, state: str, reason: str = "") -> Turn:
    """Write a turn of the project and the state that it leads to."""
    made = act.add(Turn(kind=kind, by_role=act.party.role if act.party else "", reason=reason))
    act.change(act.project, state=state)
    act.record(state=state, **({"reason": text_hash(reason)} if reason else {}))
    act.later("turn_mail", turn=str(made.id))
    return made


def require_reason(reason: str) -> str:
    """A reason in words, for the other side to read."""
    if not reason.strip():
        raise Refused("turn_without_reason", field="reason")
    return reason.strip()


@action("project_suspended", by=SIDES, signing=True)
def suspend_project(act: Act, *, reason: str) -> Project:
    """Stop the work for a while, with a reason. What is payable stays payable; nothing more unlocks by work.

    Refuses turn_without_reason, project_not_active, project_suspended, project_completed, project_terminated.
    """
    require_active(act.project)
    turn(act, Turn.Kind.SUSPENDED, Project.State.SUSPENDED, require_reason(reason))
    return act.project


@action("project_resumed", by=SIDES, signing=True)
def resume_project(act: Act, *, reason: str) -> Project:
    """Go on with suspended work, with a word on what changed. Refuses turn_without_reason, not_suspended."""
    if act.project.state != Project.State.SUSPENDED:
        raise Refused("not_suspended")
    turn(act, Turn.Kind.RESUMED, Project.State.ACTIVE, require_reason(reason))
    return act.project


@action("handover_proposed", by=SIDES, signing=True)
def propose_handover(act: Act, *, day: date, text: str) -> Deed:
    """Write the next version of the handover protocol: keys, documents, open faults, and the day.

    It voids the signatures under the version before. Refuses not_completed, deed_is_signed,
    deed_without_words, handover_in_future.
    """
    if day > act.today:
        raise Refused("handover_in_future", field="day")
    return _proposed(act, Deed(kind=Deed.Kind.HANDOVER, day=day, text=text.strip()), "not_completed")


@action("closing_sum_proposed", by=SIDES, signing=True)
def propose_closing_sum(act: Act, *, amount: Decimal, text: str) -> Deed:
    """Propose what settles a terminated contract: above 0 due to the contractor, below 0 due back.

    It voids the signatures under the version before. Refuses not_terminated, deed_is_signed,
    deed_without_words.
    """
    return _proposed(
        act, Deed(kind=Deed.Kind.CLOSING_SUM, amount=amount, text=text.strip()), "not_terminated"
    )


def _proposed(act: Act, deed: Deed, elsewhere: str) -> Deed:
    if act.project.state != BELONGS_TO[deed.kind]:
        raise Refused(elsewhere)
    earlier = list(Deed.objects.filter(project=act.project, kind=deed.kind))
    if DeedSignature.objects.filter(deed__in=earlier, concludes=True).exists():
        raise Refused("deed_is_signed")
    if not deed.text:
        raise Refused("deed_without_words", field="text")
    deed.version = len(earlier) + 1
    act.add(deed)
    said = {"day": deed.day} if deed.amount is None else {"amount": deed.amount}
    act.record(deed=deed.id, version=deed.version, text=text_hash(deed.text), **said)
    act.later("deed_mail", deed=str(deed.id))
    return deed


@action("deed_signed", by=SIDES, signing=True, proof=True, scope="sign")
def sign_handover(act: Act, *, version: int) -> DeedSignature:
    """Sign this version of the handover protocol. With the last signature the defects period begins.

    Refuses not_proposed, changed_since_read, deed_is_signed.
    """
    return _signed(act, Deed.Kind.HANDOVER, version)


@action("deed_signed", by=SIDES, signing=True, proof=True, scope="sign")
def sign_closing_sum(act: Act, *, version: int) -> DeedSignature:
    """Sign this version of the closing sum. The last signature opens it, or makes it due back.

    Refuses not_proposed, changed_since_read, deed_is_signed.
    """
    return _signed(act, Deed.Kind.CLOSING_SUM, version)


def _signed(act: Act, kind: str, version: int) -> DeedSignature:
    assert act.party is not None
    deed = Deed.objects.filter(project=act.project, kind=kind).order_by("-version").first()
    if deed is None:
        raise Refused("not_proposed")
    signatures = list(deed.signatures.all())
    if any(signature.concludes for signature in signatures):
        raise Refused("deed_is_signed")
    if version != deed.version:
        raise Refused("changed_since_read")
    for signature in signatures:
        if signature.party_id == act.party.id:
            return signature
    signed = {signature.party_id for signature in signatures} | {act.party.id}
    concludes = is_concluded(parties_of(act.project), signed)
    made = act.add(DeedSignature(deed=deed, party=act.party, concludes=concludes))
    act.record(deed=deed.id, version=version, party=act.party.id, text=text_hash(deed.text))
    if concludes:
        act.kind = "handed_over" if kind == Deed.Kind.HANDOVER else "closing_sum_agreed"
        act.record(**({"day": deed.day} if deed.amount is None else {"amount": deed.amount}))
        act.later("deed_concluded_mail", deed=str(deed.id))
    return made


def is_concluded(parties: Iterable[Party], signed: Iterable[object]) -> bool:
    """Whether nobody's signature is missing: every signing homeowner's and the contractor's."""
    signers = those_who_sign(parties)
    return {party.role for party in signers} == SIDES and {party.id for party in signers} <= set(signed)
