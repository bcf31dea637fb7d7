"""Flags about the terms of a draft."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from milestones.figures import FRONT_LOADED, with_front_loading
from projects.flagging import Figures, Found, register_flag
from projects.models import Flag, Project, Role
from projects.money import as_percent
from projects.wording import money_text, percent_text


def front_loaded(project_ids: Collection[UUID] | None) -> Iterator[Found]:
    """Drafts that pay ahead of the work by more than the policy allows, as planned or by their deposit.

    After the signing it is a sentence of the agreement, no flag.
    """
    drafts = Project.objects.filter(state=Project.State.DRAFT)
    if project_ids is not None:
        drafts = drafts.filter(pk__in=project_ids)
    for draft in with_front_loading(drafts).filter(FRONT_LOADED):
        figures = {
            "worst_gap": str(draft.worst_gap),
            "worst_gap_percent": str(as_percent(draft.worst_gap, draft.contract_total)),
            "gap_limit": str(draft.gap_limit),
            "deposit": str(draft.deposit),
            "deposit_cap": str(draft.deposit_cap),
            "currency": draft.currency,
        }
        yield Found(
            project_id=draft.id,
            about_kind="project",
            about_id=draft.id,
            severity=Flag.Severity.WARNING,
            figures=figures,
            asks=Role.HOMEOWNER,
        )


def _front_loaded_sentence(figures: Figures) -> str:
    currency = figures["currency"]
    if Decimal(figures["worst_gap"]) > Decimal(figures["gap_limit"]):
        return gettext(
            "As planned, money would run ahead of the work by up to %(gap)s, %(percent)s of the contract."
        ) % {
            "gap": money_text(Decimal(figures["worst_gap"]), currency),
            "percent": percent_text(Decimal(figures["worst_gap_percent"])),
        }
    return gettext("The deposit of %(deposit)s is above the cap of %(cap)s.") % {
        "deposit": money_text(Decimal(figures["deposit"]), currency),
        "cap": money_text(Decimal(figures["deposit_cap"]), currency),
    }


register_flag(
    "front_loaded",
    front_loaded,
    title=_("The plan pays ahead of the work"),
    sentence=_front_loaded_sentence,
)
