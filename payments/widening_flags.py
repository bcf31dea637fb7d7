"""The flag about a gap that grows with every day on which money moves, as the family's spiral did."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.flags import projects_ahead
from payments.history import dated_of_each
from payments.models import Payment
from payments.rules import WIDENING_DAYS, Level, widening_of
from projects.flagging import Figures, Found, Reach, register_flag
from projects.models import Flag, Role
from projects.wording import money_text

GROWN = ("first", "second", "third")  # U at the close of each of the payment days


def gap_widening(reach: Reach) -> Iterator[Found]:
    """Projects where the part of the lead that no term covers grew from day to day over three payment days
    in a row and has not fallen since. A warning; critical where their level is.

    The past of those that may be such is read in the same few queries, however many they are.
    """
    ahead = {project.pk: project for project in reach.once(projects_ahead)}
    told = Payment.objects.filter(project__in=ahead).order_by().values("project")
    often = told.annotate(n=Count("pk")).filter(n__gte=WIDENING_DAYS).values_list("project", flat=True)
    candidates = {pk: ahead[pk] for pk in often} if ahead else {}
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
        "From day to day over three payment days in a row the gap that nothing covers grew, and it has not"
        " fallen since: %(first)s, %(second)s, %(third)s."
    ) % {name: money_text(Decimal(figures[name]), figures["currency"]) for name in GROWN}


register_flag(
    "gap_widening",
    gap_widening,
    title=_("The gap keeps widening"),
    sentence=_gap_widening_sentence,
)
