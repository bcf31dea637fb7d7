"""Who waits for whom over the terms of money: changes to sign, advances to decide on, repairs to verify."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from milestones.models import Defect, DefectNow
from milestones.rules import judges_repairs
from milestones.web import defect_address
from payments.actions import approve_advance
from payments.advances import advances_visible_to, offer_of
from payments.changing import changes_visible_to, state_of, waits_for_signature
from payments.rules import AdvanceState
from projects import clock
from projects.models import Role
from projects.page_kit import may_do
from projects.wording import money_text
from tracker.waits import SIDES, Reader, Wait, wait_of, waits


@waits("change")
def changes(reader: Reader) -> Iterator[Wait]:
    """Proposed changes of a contract, until both sides have signed."""
    for order in changes_visible_to(reader.user_id).filter(force=None, end=None):
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
    for advance in advances_visible_to(reader.user_id):
        offer, part = offer_of(advance), reader.parts[advance.project_id]
        if offer.state(clock.now()) != AdvanceState.ASKED or part.role not in SIDES:
            continue
        amount = money_text(offer.amount, part.project.currency)
        words = {"amount": amount, "number": advance.milestone.position}
        yield wait_of(
            part,
            advance.id,
            advance.entry.at,
            mine=may_do(part, approve_advance) and str(part.id) in offer.awaited,
            roles=[Role.HOMEOWNER.value],
            title=_("%(amount)s is asked for before milestone %(number)s is signed off") % words,
            text=f"\u2068{advance.reason}\u2069",
            url=reverse("advance", args=[advance.id]),
            act=_("Look at the request"),
            amount=offer.amount,
        )


@waits("repair")
def repairs(reader: Reader) -> Iterator[Wait]:
    """Defects that are said to be fixed, until somebody who judges it has verified the repair."""
    fixed = Defect.objects.filter(project__in=reader.projects, now__state=DefectNow.State.FIXED)
    for defect in fixed.select_related("milestone").prefetch_related("events__entry"):
        part = reader.parts[defect.project_id]
        mine = judges_repairs(part, defect.milestone)
        if mine or part.role in SIDES:
            yield wait_of(
                part,
                defect.id,
                max(event.entry.at for event in defect.events.all()),
                mine=mine,
                roles=sorted({Role.HOMEOWNER.value, *defect.milestone.signers}),
                title=_("Defect %(number)s is marked as fixed") % {"number": defect.number},
                text=f"\u2068{defect.title}\u2069",
                url=defect_address(defect),
                act=_("Review and decide"),
            )
