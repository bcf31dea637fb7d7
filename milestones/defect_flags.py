"""Flags about what was found: claims far ahead of it, and repairs that are overdue."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milestones.findings import is_claim_at_variance
from milestones.models import Defect, DefectNow, Inspection, Milestone, ProgressEntry
from projects import clock
from projects.flagging import Figures, Found, Reach, register_flag
from projects.models import Flag, Project, Role
from projects.wording import day_text, isolated, percent_text

# The states in which fix dates hold: the work goes on, or was completed and is in its defects period.
REPAIRED_IN = [Project.State.ACTIVE, Project.State.COMPLETED, Project.State.CLOSED]


def claim_variance(reach: Reach) -> Iterator[Found]:
    """Unfinished milestones of which, at the latest inspection, far more was reported than was found."""
    seq = Inspection.objects.filter(milestone=OuterRef("pk")).order_by("-entry__seq").values("entry__seq")[:1]
    claimed = ProgressEntry.objects.filter(milestone=OuterRef("pk"), entry__seq__lt=OuterRef("inspected_at"))
    percent = DecimalField(max_digits=5, decimal_places=2)
    latest = Subquery(claimed.order_by("-entry__seq").values("percent")[:1])
    milestones = (
        Milestone.objects.filter(project__state=Project.State.ACTIVE)
        .exclude(state=Milestone.State.SIGNED_OFF)
        .annotate(inspected_at=Subquery(seq), found=F("worth__found_percent"))
        .filter(inspected_at__isnull=False)
        .annotate(claimed=Coalesce(latest, Value(0, output_field=percent), output_field=percent))
    )
    for milestone in reach.of(milestones):
        if is_claim_at_variance(milestone.claimed, milestone.found):
            yield Found(
                project_id=milestone.project_id,
                about_kind="milestone",
                about_id=milestone.id,
                severity=Flag.Severity.WARNING,
                figures={
                    "position": str(milestone.position),
                    "reported": str(milestone.claimed),
                    "verified": str(milestone.found),
                },
                asks=Role.CONTRACTOR,
            )


def defect_overdue(reach: Reach) -> Iterator[Found]:
    """Defects whose fix date has passed where they are, and that are neither verified nor settled.

    Asks the contractor to fix it, or, once that was said to be done, the homeowners to look at it.
    """
    tomorrow_anywhere = clock.now().date() + timedelta(days=1)
    defects = Defect.objects.exclude(now__state__in=DefectNow.CLOSED).filter(
        project__state__in=REPAIRED_IN, now__fix_by__lt=tomorrow_anywhere
    )
    for defect in reach.of(defects).select_related("project", "milestone", "now"):
        fix_by = defect.now.fix_by
        if fix_by and fix_by < clock.today(defect.project.time_zone):
            is_fixed = defect.now.state == DefectNow.State.FIXED
            yield Found(
                project_id=defect.project_id,
                about_kind="defect",
                about_id=defect.id,
                severity=Flag.Severity.WARNING,
                figures={
                    "number": str(defect.number),
                    "position": str(defect.milestone.position),
                    "fix_by": fix_by.isoformat(),
                    "state": defect.now.state,
                },
                asks=Role.HOMEOWNER if is_fixed else Role.CONTRACTOR,
            )


def _claim_variance_sentence(figures: Figures) -> str:
    return gettext(
        "Of milestone %(position)s %(reported)s was reported; the inspection found %(verified)s."
    ) % {
        "position": figures["position"],
        "reported": percent_text(Decimal(figures["reported"])),
        "verified": percent_text(Decimal(figures["verified"])),
    }


def _defect_overdue_sentence(figures: Figures) -> str:
    said = {
        "number": figures["number"],
        "position": figures["position"],
        "day": isolated(day_text(date.fromisoformat(figures["fix_by"]))),
    }
    if figures["state"] == DefectNow.State.FIXED:
        words = gettext("Defect %(number)s in milestone %(position)s is said to be fixed, but not verified.")
        return words % said
    return gettext("Defect %(number)s in milestone %(position)s was to be fixed by %(day)s.") % said


register_flag(
    "claim_variance",
    claim_variance,
    title=_("More was reported than was found"),
    sentence=_claim_variance_sentence,
)
register_flag(
    "defect_overdue", defect_overdue, title=_("A repair is overdue"), sentence=_defect_overdue_sentence
)
