"""Who waits for whom over terms: expectations to answer, changes and deeds to sign, advances to decide on."""

from collections.abc import Iterator

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from milestones.actions import accept_counter, confirm_expectation, judge_expectation
from milestones.models import Concern, Expectation, Milestone
from milestones.queries import concerned_by
from milestones.rules import is_ripe
from payments.actions import approve_advance
from payments.advance_showing import once_paid
from payments.advances import AdvanceWithFacts, advances_visible_to, offer_of
from payments.changing import changes_visible_to, state_of, waits_for_signature
from payments.models import Standing
from payments.rules import AdvanceState
from projects import clock
from projects.endings import BELONGS_TO
from projects.models import Deed, Party, Project, Role
from projects.page_kit import may_do
from projects.queries import deeds_visible_to
from projects.rules import those_who_sign
from projects.wording import money_text
from tracker.waits import SIDES, Reader, Wait, wait_of, waits


@waits("change")
def changes(reader: Reader) -> Iterator[Wait]:
    """Proposed changes of a contract, until both sides have signed."""
    proposed = changes_visible_to(reader.user_id).filter(project__in=reader.projects)
    for order in proposed.filter(force=None, end=None):
        part = reader.parts[order.project_id]
        mine = waits_for_signature(order, part)
        silent = [p for p in reader.parties[order.project_id] if waits_for_signature(order, p)]
        if state_of(order) == "proposed" and silent and (mine or part.role in SIDES):
            yield wait_of(
                part,
                order.id,
                order.entry.at,
                mine=mine,
                roles=sorted({party.role for party in silent}),
                title=_("A change of the contract waits for your signature")
                if mine
                else _("A change of the contract waits for signatures"),
                text=f"\u2068{order.title}\u2069",
                url=reverse("change", args=[order.id]),
                act=_("See the change"),
            )


@waits("advance")
def advances(reader: Reader) -> Iterator[Wait]:
    """Requests for an advance, until every homeowner who signs has decided; silence decides nothing."""
    every = [(advance, offer_of(advance)) for advance in _advances_of(reader)]
    asked = [(advance, offer) for advance, offer in every if offer.state(clock.now()) == AdvanceState.ASKED]
    standing = Standing.objects.in_bulk([advance.project_id for advance, _offer in asked])
    for advance, offer in asked:
        part = reader.parts[advance.project_id]
        currency, exposure = part.project.currency, standing[advance.project_id].exposure
        amount = money_text(offer.amount, currency)
        words = {"amount": amount, "number": advance.milestone.position}
        yield wait_of(
            part,
            advance.id,
            advance.entry.at,
            mine=may_do(part, approve_advance) and str(part.id) in offer.awaited,
            roles=[Role.HOMEOWNER.value],
            title=_("%(amount)s is asked for before milestone %(number)s is signed off") % words,
            text=once_paid(exposure, offer.amount, currency),
            url=reverse("advance", args=[advance.id]),
            act=_("Look at the request"),
            amount=offer.amount,
        )


def _advances_of(reader: Reader) -> QuerySet[AdvanceWithFacts]:
    sides = [part.project_id for part in reader.parts.values() if part.role in SIDES]
    return advances_visible_to(reader.user_id).filter(project__in=sides)


@waits("expectation")
def expectations(reader: Reader) -> Iterator[Wait]:
    """What is expected and not answered yet, what was countered, and what is to be judged now that its work
    is signed off."""
    for expectation in _undecided(reader):
        part = reader.parts[expectation.project_id]
        if part.project.state != Project.State.DRAFT:
            yield from _judgement(expectation, part)
            continue
        is_open = expectation.state == Expectation.State.OPEN
        mine = may_do(part, confirm_expectation if is_open else accept_counter)
        if mine or part.role in SIDES:
            yield wait_of(
                part,
                expectation.id,
                expectation.entry.at,
                mine=mine,
                roles=[(Role.CONTRACTOR if is_open else Role.HOMEOWNER).value],
                title=_("An expectation waits for the contractor's answer")
                if is_open
                else _("The contractor answered an expectation"),
                text=f"\u2068{expectation.goal}\u2069",
                url=reverse("expectations", args=[part.project_id]),
                act=_("Read and answer") if is_open else _("Read and decide"),
            )


def _undecided(reader: Reader) -> list[Expectation]:
    """Unconfirmed in a draft, or not judged since; with the entries that signed their work off."""
    signed = Milestone.objects.select_related("sign_off__entry")
    waiting = Q(project__state=Project.State.DRAFT) & ~Q(state=Expectation.State.CONFIRMED)
    waiting |= ~Q(project__state=Project.State.DRAFT) & Q(judgement=None)
    found = Expectation.objects.filter(waiting, project__in=reader.projects).select_related(
        "entry", "project"
    )
    named = Concern.objects.select_related("milestone__sign_off__entry")
    return list(found.prefetch_related(Prefetch("concerns", named), Prefetch("project__milestones", signed)))


def _judgement(expectation: Expectation, part: Party) -> Iterator[Wait]:
    """For the homeowners who sign, from the last sign-off of its work."""
    concerned = concerned_by(expectation)
    if is_ripe(concerned) and may_do(part, judge_expectation):
        yield wait_of(
            part,
            expectation.id,
            max(milestone.sign_off.entry.at for milestone in concerned),
            mine=True,
            roles=[Role.HOMEOWNER.value],
            title=_("Say whether what you expected was met"),
            text=f"\u2068{expectation.goal}\u2069",
            url=reverse("expectation_judge", args=[expectation.id]),
            act=_("Say it"),
        )


@waits("deed")
def deeds(reader: Reader) -> Iterator[Wait]:
    """The newest version of a handover protocol or a closing sum, until everybody who signs has signed it."""
    seen = set()
    written = deeds_visible_to(reader.user_id).filter(project__in=reader.projects)
    for deed in written.select_related("entry"):
        part, signatures = reader.parts[deed.project_id], deed.signatures.all()
        is_newest = (deed.project_id, deed.kind) not in seen
        seen.add((deed.project_id, deed.kind))
        if not is_newest or part.project.state != BELONGS_TO[deed.kind]:
            continue
        signed = {signature.party_id for signature in signatures}
        silent = [p for p in those_who_sign(reader.parties[deed.project_id]) if p.id not in signed]
        mine = part.id in {party.id for party in silent}
        if any(signature.concludes for signature in signatures) or part.role not in SIDES:
            continue
        page = "handover" if deed.kind == Deed.Kind.HANDOVER else "settlement"
        yield wait_of(
            part,
            deed.id,
            deed.entry.at,
            mine=mine,
            roles=sorted({party.role for party in silent}),
            title=_("%(deed)s: version %(version)s waits for signatures")
            % {"deed": deed.get_kind_display(), "version": deed.version},
            text=f"\u2068{deed.text}\u2069",
            url=reverse(page, args=[deed.project_id]),
            act=_("Read and sign"),
            amount=deed.amount,
        )
