"""Where a project stands, as the product computes it: by its views after every act, by its rules besides."""

import functools
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from payments.figures import with_figures
from payments.queries import ledger_of
from payments.rules import exposure_of
from projects.models import Project
from projects.policy import policy_of

FIGURES = [
    *("paid", "earned", "exposure", "unlocked", "payable", "early", "repair"),
    *("excess", "agreed_lead", "level"),
]
OF_THE_RULES = [*FIGURES, "reported", "shortfall"]
OF_THE_VIEWS = [*FIGURES, "unheld"]
ANY = UUID(int=0)

# One statement for all of it, since it is asked after every accepted act.
STANDS = """
SELECT p.state, p.version, (SELECT max(seq) FROM projects_journalentry e WHERE e.project_id = p.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(m.id, m.state, m.version, m.round) ORDER BY m.position),
        '[]') FROM milestones_milestone m WHERE m.project_id = p.id),
    (SELECT coalesce(jsonb_object_agg(a.name, a.paid), '{{}}') FROM (
        SELECT coalesce(milestone_id::text, line) AS name, round(sum(amount) * 100) AS paid
        FROM payments_allocation WHERE project_id = p.id GROUP BY 1 HAVING sum(amount) <> 0) a),
    {figures}
FROM ({projects}) p
"""


def by_views(project: UUID) -> dict[str, Any]:
    """State, version and entries; milestones; what is paid by line; the figures, in agorot."""
    sql, given = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [project if value in (ANY, str(ANY)) else value for value in given])
        state, version, entries, stages, paid, *figures = cursor.fetchone()
    return {
        "project": [state, version, entries],
        "stages": json.loads(stages),
        "paid": json.loads(paid),
        "figures": {key: agorot_of(value) for key, value in zip(OF_THE_VIEWS, figures, strict=True)},
    }


def by_rules(project_id: UUID, today: date) -> dict[str, Any]:
    """The lines' states, the early part of each payment, and the figures as the acts compute them. Agorot."""
    project = Project.objects.get(pk=project_id)
    ledger = ledger_of(project)
    ruled = exposure_of(*(ledger.contract, ledger.lines, ledger.unheld), policy_of(project.policy), today)
    return {
        "lines": [
            [line.line, line.state.value, *map(agorot_of, (line.full, line.open, line.payable, line.paid))]
            for line in ledger.lines
        ],
        "early": {payment: agorot_of(amount) for payment, amount in ledger.early_of_payment().items()},
        "figures": {key: agorot_of(getattr(ruled, key)) for key in OF_THE_RULES},
    }


def agorot_of(value: Any) -> Any:
    """Money as the model counts it; anything else (a level) as plain text."""
    return int(value * 100) if isinstance(value, Decimal) else str(value)


@functools.cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The product's own query of the figures, written out once: making its SQL costs more than running it."""
    projects, given = with_figures(Project.objects.filter(pk=ANY)).query.sql_with_params()
    figures = ", ".join(f"p.{key}" for key in OF_THE_VIEWS)
    return STANDS.format(figures=figures, projects=projects), given
