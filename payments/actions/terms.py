"""What recorded money asks of the terms while they can still change."""

from collections.abc import Mapping
from typing import Any

from payments.queries import ledger_of
from payments.rules import DEPOSIT
from projects.actions import register_terms_rule
from projects.models import Project
from projects.refusals import Refused


@register_terms_rule
def deposit_holds_what_was_paid(project: Project, terms: Mapping[str, Any]) -> Refused | None:
    """A deposit that was paid before the signatures is not edited below what was paid."""
    line = ledger_of(project).line(DEPOSIT)
    if "deposit" in terms and line is not None and terms["deposit"] < line.paid:
        return Refused("deposit_below_paid", field="deposit", paid=line.paid)
    return None
