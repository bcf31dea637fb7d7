"""Change orders as they stand: what each would make of the terms, and what a signature is under."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from milestones.findings import Faults
from milestones.models import Defect, Reschedule
from milestones.queries import faults_without
from payments.effect import paid_by_line
from payments.models import ChangeInForce, ChangeOrder, ChangeSignature
from payments.queries import Ledger
from payments.rules import (
    Change,
    Contract,
    Exposure,
    Refusal,
    Term,
    change_refusal,
    changed,
    exposure_of,
    schedule_of,
)
from projects.journal import canonical, text_hash
from projects.models import SIDES, Party, Project
from projects.money import ZERO, as_percent
from projects.policy import policy_of
from projects.queries import visible_to

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Versioned(TypedDict):
        version: int

    ChangeWithVersion = WithAnnotations[ChangeOrder, Versioned]
else:
    ChangeWithVersion = ChangeOrder

NEW = "new"  # how the rules name a milestone that is not there yet


def as_rule(order: ChangeOrder) -> Change:
    """The change as the rules judge it."""
    adds = order.kind == ChangeOrder.Kind.ADD_MILESTONE
    return Change(
        milestone=NEW if adds else str(order.milestone_id),
        amount=order.amount,
        days=order.days,
        adds=adds,
        start=order.planned_start,
        end=order.planned_end,
        settles=_left_of_faults(order),
    )


def _left_of_faults(order: ChangeOrder) -> Faults | None:
    """What is left of its milestone's open defects once the change settles the one that it names."""
    if order.defect is None:
        return None
    return faults_without(order.defect, max(ZERO, order.defect.milestone.value + order.amount))


def with_version(orders: QuerySet[ChangeOrder]) -> QuerySet[ChangeWithVersion]:
    """Add `version`: which terms a change is read and signed on, and by whom.

    It rises with every change order of the contract that comes into force, with every date of its milestone
    that is moved, and with everybody who signs for a side and leaves: what was signed before was signed on
    other terms or with somebody else, and counts no more.
    """
    in_force = ChangeInForce.objects.filter(project=OuterRef("project")).order_by().values("project")
    moved = Reschedule.objects.filter(milestone=OuterRef("milestone")).order_by().values("milestone")
    gone = Party.objects.filter(
        project=OuterRef("project"),
        role__in=SIDES,
        signs=True,
        joined_at__isnull=False,
        left_at__isnull=False,
        entry__seq__gt=OuterRef("entry__seq"),
    )
    rows = (in_force, moved, gone.order_by().values("project"))
    counts = [Coalesce(Subquery(each.annotate(n=Count("pk")).values("n")), 0) for each in rows]
    return orders.annotate(version=1 + counts[0] + counts[1] + counts[2])


def version_of(order: ChangeOrder) -> int:
    """The version of one change, as it stands now."""
    version: int = (
        with_version(ChangeOrder.objects.filter(pk=order.pk)).values_list("version", flat=True).get()
    )
    return version


def terms_of_change(order: ChangeOrder, project: Project, version: int) -> str:
    """The hash of all that a change order says, and of the terms that it changes as they stand."""
    milestone = order.milestone
    standing = [milestone.value, milestone.amount, milestone.agreed_end] if milestone else []
    said = {
        "change": [order.id, order.kind, order.title, order.reason, version],
        "sums": [order.amount, order.days, project.contract_total],
        "milestone": [order.milestone_id, *standing],
        "added": [order.criteria, list(order.signers), order.planned_start, order.planned_end],
    }
    if order.defect:
        said["defect"] = [order.defect_id, order.defect.withheld]
    return text_hash(canonical(said).decode())


def changes_visible_to(user_id: UUID) -> QuerySet[ChangeWithVersion]:
    """With their version, their signatures and how they ended, the newest first."""
    signatures = ChangeSignature.objects.select_related("party__user", "entry").order_by("entry__seq")
    return (
        with_version(visible_to(user_id, ChangeOrder.objects.all()))
        .select_related(
            *("project", "milestone", "defect__milestone", "party__user", "entry"),
            *("force__entry", "end__entry", "end__party"),
        )
        .prefetch_related(Prefetch("signatures", signatures))
        .order_by("-entry__seq")
    )


def with_settlement(defects: QuerySet[Defect]) -> QuerySet[Defect]:
    """Add `settlement`, the change that waits for signatures to settle a defect, and `deduction`, its money.

    Both are None where no change can; the newest counts where several do. Completed work is changed no more.
    """
    alive = [Project.State.ACTIVE, Project.State.SUSPENDED]
    waiting = ChangeOrder.objects.filter(
        defect=OuterRef("pk"), project__state__in=alive, force=None, end=None
    ).order_by("-entry__seq")
    return defects.annotate(
        settlement=Subquery(waiting.values("id")[:1]), deduction=Subquery(waiting.values("amount")[:1])
    )


def state_of(order: ChangeOrder) -> str:
    """`proposed` while it waits for signatures, `in_force`, `declined` or `withdrawn`."""
    if hasattr(order, "force"):
        return "in_force"
    return str(order.end.why) if hasattr(order, "end") else "proposed"


def signatures_that_count(order: ChangeWithVersion) -> list[ChangeSignature]:
    """The signatures under the terms on which it came into force, or as they stand now."""
    version = order.force.version if hasattr(order, "force") else order.version
    return [signature for signature in order.signatures.all() if signature.version == version]


def waits_for_signature(order: ChangeWithVersion, part: Party) -> bool:
    """Whether this person's own signature is waited for; while the work waits, none is."""
    is_a_side = part.role in SIDES and part.may_sign
    has_signed = any(signature.party_id == part.id for signature in signatures_that_count(order))
    is_open = state_of(order) == "proposed" and order.project.state == Project.State.ACTIVE
    return is_open and is_a_side and not has_signed


@dataclass(frozen=True)
class SoFar:
    """What the changes in force amount to, in money and in percent of the contract that was signed first."""

    original: Decimal
    amount: Decimal

    @property
    def percent(self) -> Decimal:
        return as_percent(self.amount, self.original)


def changes_so_far(project: Project) -> SoFar:
    in_force = (
        ChangeInForce.objects.filter(project=project).aggregate(sum=Sum("change__amount"))["sum"] or ZERO
    )
    return SoFar(project.contract_total - in_force, in_force)


@dataclass(frozen=True)
class Preview:
    """What a change that waits would do today; `refusal` says why the terms do not bear it.

    `term`: its milestone before, none where it adds one, and after. `so_far`: all changes with this one.
    `settles`: it is a deduction that settles a defect.
    """

    before: Exposure
    after: Exposure
    total: Decimal
    total_after: Decimal
    term: Term | None
    term_after: Term
    so_far: SoFar
    settles: bool
    refusal: Refusal | None

    @property
    def end_before(self) -> date | None:
        return self.term.end if self.term else None


def preview_of(order: ChangeOrder, project: Project, ledger: Ledger, on: date) -> Preview:
    change, policy = as_rule(order), policy_of(project.policy)
    after, so_far = changed(ledger.contract, change), changes_so_far(project)
    paid = paid_by_line(ledger)
    return Preview(
        before=exposure_of(ledger.contract, ledger.lines, ledger.unheld, policy, on),
        after=exposure_of(after, schedule_of(after, paid), ledger.unheld, policy, on),
        total=ledger.contract.total,
        total_after=after.total,
        term=_term(ledger.contract, change),
        term_after=_term(after, change) or after.terms[-1],
        so_far=SoFar(so_far.original, so_far.amount + order.amount),
        settles=change.settles is not None,
        refusal=change_refusal(ledger.contract, paid, change),
    )


def _term(contract: Contract, change: Change) -> Term | None:
    return next((term for term in contract.terms if term.milestone == change.milestone), None)
