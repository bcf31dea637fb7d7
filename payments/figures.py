"""The figures of exposure as a queryset annotation: for lists, filters and the sweep (docs/exposure.md).

The same figures of one project are in payments.rules.exposure; tests bind the two to the agora. The sums
over rows come from a view (payments/migrations/0002_figures.py), the formulas stand here.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Least

from payments.rules import Level
from projects.figures import NOTHING, in_policy, percent_of
from projects.models import Project

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Figures(TypedDict):
        paid: Decimal
        earned: Decimal
        unlocked: Decimal
        early: Decimal
        repair: Decimal
        unheld: Decimal
        exposure: Decimal
        payable: Decimal
        excess: Decimal
        agreed_lead: Decimal
        level: str

    ProjectWithFigures = WithAnnotations[Project, Figures]
else:
    ProjectWithFigures = Project


def with_figures(projects: QuerySet[Project, Any]) -> QuerySet[ProjectWithFigures]:
    """Add what `exposure_of` says of the money of a project, in its currency, and its level.

    paid P, earned V, unlocked N, early E, unheld, payable = N + E - P, exposure X = P - V,
    excess U = max(0, min(X, E + d)) with d = repair, agreed_lead = max(0, X) - U.
    """
    return (
        projects.annotate(
            paid=F("standing__paid"),
            earned=F("standing__earned"),
            unlocked=F("standing__unlocked"),
            early=F("standing__paid") - F("standing__covered"),
            repair=F("standing__repair"),
            unheld=F("standing__paid") - F("standing__held"),
            exposure=F("standing__paid") - F("standing__earned"),
        )
        .annotate(
            payable=F("unlocked") + F("early") - F("paid"),
            excess=Greatest(NOTHING, Least(F("exposure"), F("early") + F("repair"))),
        )
        .annotate(agreed_lead=Greatest(NOTHING, F("exposure")) - F("excess"), level=_level())
    )


def _level() -> Case:
    """`level_of` of the rules, for rows that have exposure, early and excess."""
    return Case(
        When(Q(exposure__lte=0, early=0), then=Value(Level.PLUMB.value)),
        When(Q(exposure__gt=0, excess=0), then=Value(Level.AGREED.value)),
        When(Q(excess__lte=_limit("watch")), then=Value(Level.WATCH.value)),
        When(Q(excess__lte=_limit("ahead")), then=Value(Level.AHEAD.value)),
        default=Value(Level.CRITICAL.value),
        output_field=CharField(),
    )


def _limit(name: str) -> Least:
    """`watch_limit` or `ahead_limit` of the rules."""
    share = percent_of("contract_total", in_policy(f"{name}_percent"))
    return Least(Greatest(share, in_policy(f"{name}_least")), in_policy(f"{name}_most"))
