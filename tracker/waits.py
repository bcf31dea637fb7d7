"""Who waits for whom, over all of a person's projects: what they are to do, and what others owe them.

Each kind of waiting is one function under `@waits(kind)`: it looks at all projects at once, in a fixed number
of queries, and says of each thing whose turn it is and since when. Whose turn it is decides on which side the
reader sees it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from milestones.rules import those_who_sign_the_agreement
from payments.actions import confirm_payment, release_payment
from payments.models import OpenDispute, PayableLine, Payment
from payments.queries import awaits_receipt, left_of, pending_reversals, with_reversed
from payments.rules import consent_refusal
from projects.actions import confirm_party
from projects.models import SIDES, AgreementSignature, Party, Project, Role
from projects.page_kit import may_do
from projects.queries import invitations_of, parts_of
from projects.wording import money_text


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Something that waits. `mine`: for the reader; otherwise for those with `roles`, and the reader waits.

    `about` is the id of the thing; `title`, `text` and `act` are words in the reader's language.
    """

    kind: str = ""
    project_id: UUID
    project_name: str
    about: UUID
    mine: bool
    roles: Sequence[str]
    since: datetime
    title: str
    text: str = ""
    url: str
    act: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Reader:
    """A person with their present part in each project, and everybody else's."""

    user_id: UUID
    parts: Mapping[UUID, Party]
    parties: Mapping[UUID, list[Party]]

    @property
    def projects(self) -> list[UUID]:
        return list(self.parts)


Finder = Callable[[Reader], Iterable[Wait]]
_KINDS: dict[str, Finder] = {}


def waits(kind: str) -> Callable[[Finder], Finder]:
    """Add a kind of waiting: `found(reader)` yields what waits in the reader's projects, in few queries.

    A thing that is neither the reader's turn, nor waited for by their side, is not yielded.
    """

    def add(found: Finder) -> Finder:
        _KINDS[kind] = found
        return found

    return add


def wait_kinds() -> list[str]:
    return list(_KINDS)


def waits_of(user_id: UUID, project_id: UUID | None = None) -> list[Wait]:
    """Everything that waits for a person or that they wait for, the longest waits first.

    In all their projects, or in the one given; the number of queries does not depend on how many.
    """
    parts = parts_of(user_id).select_related("project")
    if project_id:
        parts = parts.filter(project=project_id)
    by_project = {part.project_id: part for part in parts}
    parties: defaultdict[UUID, list[Party]] = defaultdict(list)
    for party in Party.objects.filter(project__in=by_project).select_related("user", "entry"):
        parties[party.project_id].append(party)
    reader = Reader(user_id, by_project, parties)
    found = [_of_kind(wait, kind) for kind, finder in _KINDS.items() for wait in finder(reader)]
    of_the_project = [wait for wait in found if project_id in {None, wait.project_id}]
    return sorted(of_the_project, key=lambda wait: (wait.since, wait.about))


def _of_kind(wait: Wait, kind: str) -> Wait:
    return Wait(**vars(wait) | {"kind": kind})


def wait_of(
    part: Party, about: UUID, since: datetime, *, mine: bool, roles: Sequence[str], url: str, **words: object
) -> Wait:
    project = part.project
    return Wait(
        project_id=project.id,
        project_name=project.name,
        about=about,
        mine=mine,
        roles=roles,
        since=since,
        url=url,
        **words,  # type: ignore[arg-type]
    )


@waits("invitation")
def invitations(reader: Reader) -> Iterator[Wait]:
    """Invitations to the reader, and those of their projects that nobody has answered."""
    for invited in invitations_of(reader.user_id).select_related("entry"):
        if invited.project_id not in reader.parts:
            yield Wait(
                project_id=invited.project_id,
                project_name=invited.project.name,
                about=invited.id,
                mine=True,
                roles=[invited.role],
                since=invited.entry.at,
                title=_("You are invited to join"),
                text=invited.get_role_display(),
                url=reverse("invitations"),
                act=_("See the invitation"),
            )
    for part in reader.parts.values():
        for party in reader.parties[part.project_id]:
            is_open = not (party.user_id or party.left_at or party.declined_at)
            if is_open and part.role in SIDES:
                yield wait_of(
                    part,
                    party.id,
                    party.entry.at,
                    mine=False,
                    roles=[party.role],
                    title=_("An invitation was not answered"),
                    text=f"\u2068{party.invited_email}\u2069",
                    url=reverse("people", args=[part.project_id]),
                )


@waits("part")
def unconfirmed_parts(reader: Reader) -> Iterator[Wait]:
    """Signers whom the contractor brought, until a homeowner confirms them."""
    for part in reader.parts.values():
        mine = may_do(part, confirm_party)
        for party in reader.parties[part.project_id]:
            is_open = not (party.confirmed or party.left_at or party.declined_at)
            if is_open and (mine or part.role == Role.CONTRACTOR):
                name = party.user.full_name if party.user else party.invited_email
                yield wait_of(
                    part,
                    party.id,
                    party.entry.at,
                    mine=mine,
                    roles=[Role.HOMEOWNER.value],
                    title=_("The contractor brought someone who will sign"),
                    text=f"\u2068{name}\u2069, {party.get_role_display()}",
                    url=reverse("people", args=[part.project_id]),
                    act=_("Review and confirm"),
                )


@waits("agreement")
def agreements(reader: Reader) -> Iterator[Wait]:
    """Agreements that one side signed, until everybody else who signs has signed the same version."""
    signed: defaultdict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    drafts = AgreementSignature.objects.filter(
        project__in=reader.projects, project__state=Project.State.DRAFT, version=F("project__version")
    )
    for project, party, at in drafts.values_list("project_id", "party_id", "entry__at"):
        signed[project][party] = at
    for project, signatures in signed.items():
        part = reader.parts[project]
        silent = [p for p in those_who_sign_the_agreement(reader.parties[project]) if p.id not in signatures]
        mine = part in silent
        if silent and (mine or part.id in signatures):
            yield wait_of(
                part,
                project,
                min(signatures.values()),
                mine=mine,
                roles=sorted({party.role for party in silent}),
                title=_("The agreement is signed by one side"),
                url=reverse("agree" if mine else "project", args=[project]),
                act=_("Read and sign"),
            )


@waits("payment")
def payments(reader: Reader) -> Iterator[Wait]:
    """Due money: for the homeowners to pay, and for the contractor to see how long it has been due."""
    due = PayableLine.objects.filter(project__in=reader.projects).select_related("milestone")
    for line in due:
        part = reader.parts[line.project_id]
        mine = may_do(part, release_payment)
        if mine or part.role in SIDES:
            name = str(line.milestone_id) if line.milestone else line.line
            amount = money_text(line.payable, part.project.currency)
            pay = f"{reverse('release', args=[line.project_id])}?line={name}"
            yield wait_of(
                part,
                line.about_id,
                line.since,
                mine=mine,
                roles=[Role.HOMEOWNER.value],
                title=_("%(amount)s may be paid") % {"amount": amount},
                text=f"\u2068{line.milestone.title}\u2069" if line.milestone else line.get_line_display(),
                url=pay if mine else reverse("payments", args=[line.project_id]),
                act=_("Release the payment"),
                amount=line.payable,
            )


@waits("receipt")
def receipts(reader: Reader) -> Iterator[Wait]:
    """Payments that the homeowners told of, until the contractor confirms that they arrived."""
    untold = Payment.objects.filter(project__in=reader.projects, by_role=Role.HOMEOWNER, confirmation=None)
    for payment in with_reversed(untold).select_related("confirmation", "entry", "disputed__dispute"):
        part = reader.parts[payment.project_id]
        mine = may_do(part, confirm_payment)
        if awaits_receipt(payment) and (mine or part.role == Role.HOMEOWNER):
            amount = money_text(left_of(payment), part.project.currency)
            yield wait_of(
                part,
                payment.id,
                payment.entry.at,
                mine=mine,
                roles=[Role.CONTRACTOR.value],
                title=(_("Did %(amount)s arrive?") if mine else _("%(amount)s: receipt is not confirmed"))
                % {"amount": amount},
                text=_("Recorded as paid. Without your confirmation it counts as paid and unconfirmed.")
                if mine
                else "",
                url=reverse("confirm", args=[payment.id])
                if mine
                else f"{reverse('payments', args=[payment.project_id])}#payment-{payment.id}",
                act=_("Confirm receipt"),
                amount=left_of(payment),
            )


@waits("reversal")
def reversals(reader: Reader) -> Iterator[Wait]:
    """Requests to take money back, until the other side answers."""
    asked = pending_reversals().filter(project__in=reader.projects)
    for reversal in asked.select_related("payment", "entry"):
        part, payment = reader.parts[reversal.project_id], reversal.payment
        is_own = payment.by_role == part.role
        mine = not consent_refusal(is_own=is_own, signs=part.may_sign)
        if part.role in SIDES and (mine or is_own):
            amount = money_text(reversal.amount, part.project.currency)
            title = (
                _("The other side asks to take back %(amount)s of a payment")
                if mine
                else _("You asked to take back %(amount)s of a payment")
            )
            yield wait_of(
                part,
                reversal.id,
                reversal.entry.at,
                mine=mine,
                roles=sorted(SIDES - {payment.by_role}),
                title=title % {"amount": amount},
                text=f"{reversal.get_why_display()}. \u2068{reversal.reason}\u2069",
                url=f"{reverse('payments', args=[payment.project_id])}#payment-{payment.id}",
                act=_("Answer"),
                amount=reversal.amount,
            )


@waits("dispute")
def disputes(reader: Reader) -> Iterator[Wait]:
    """Disputed payments: the other side is asked to take them back, or to show how they moved."""
    found = OpenDispute.objects.filter(project__in=reader.projects)
    for disputed in found.select_related("dispute__entry"):
        part, dispute = reader.parts[disputed.project_id], disputed.dispute
        if part.role in SIDES:
            mine = part.role != dispute.by_role
            title = (
                _("The other side disputes a payment of %(amount)s") if mine else _("You dispute %(amount)s")
            )
            yield wait_of(
                part,
                dispute.id,
                dispute.entry.at,
                mine=mine,
                roles=sorted(SIDES - {dispute.by_role}),
                title=title % {"amount": money_text(disputed.amount, part.project.currency)},
                text=f"\u2068{dispute.reason}\u2069",
                url=f"{reverse('payments', args=[part.project_id])}#payment-{disputed.payment_id}",
                act=_("Answer"),
                amount=disputed.amount,
            )
