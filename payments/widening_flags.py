"""The flag about a gap that grows with every day on which money moves, as the family's spiral did."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.figures import with_figures
from payments.history import dated_of_each
from payments.models import Payment
from payments.rules import WIDENING_DAYS, Level, widening_of
from projects.flagging import Figures, Found, register_flag
from projects.models import Flag, Project, Role
from projects.money import ZERO
from projects.wording import money_text

GROWN = ("first", "second", "third")  # U at the close of each of the payment days


def gap_widening(project_ids: Collection[UUID] | None) -> Iterator[Found]:
    """Projects where the part of the lead that no term covers grew with each of the last payment days and has
    not fallen since. A warning; critical where their level is.

    The past of those that may be such is read in the same few queries, however many they are.
    """
    told = Payment.objects.filter(project=OuterRef("pk")).order_by().values("project")
    often = Subquery(told.annotate(n=Count("pk")).filter(n__gte=WIDENING_DAYS).values("n"))
    projects = Project.objects.all() if project_ids is None else Project.objects.filter(pk__in=project_ids)
    ahead = with_figures(projects).filter(excess__gt=ZERO).annotate(told=often).filter(told__isnull=False)
    candidates = {project.pk: project for project in ahead}
    past = dated_of_each(candidates.values()) if candidates else {}
    for pk, project in candidates.items():
        if closes := widening_of(past[pk], project.excess):
            is_critical = project.level == Level.CRITICAL
            yield Found(
                project_id=pk,
                about_kind="project",
                about_id=pk,
                severity=Flag.Severity.CRITICAL if is_critical else Flag.Severity.WARNING,
                figures={
                    **{name: str(close) for name, close in zip(GROWN, closes, strict=True)},
                    "excess": str(project.excess),
                    "currency": project.currency,
                },
                asks=Role.HOMEOWNER,
            )


def _gap_widening_sentence(figures: Figures) -> str:
    return gettext(
        "With each of the last three payment days the gap that nothing covers grew:"
        " %(first)s, %(second)s, %(third)s."
    ) % {name: money_text(Decimal(figures[name]), figures["currency"]) for name in GROWN}


register_flag(
    "gap_widening",
    gap_widening,
    title=_("The gap keeps widening"),
    sentence=_gap_widening_sentence,
)
