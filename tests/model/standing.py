"""Where a project stands, as the product computes it: by its views after every act, by its rules besides."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from milestones.models import DefectNow
from payments.figures import with_figures
from payments.linking import linkage_in_force, linkage_in_period, values_of
from payments.models import OpenDispute, Payment
from payments.queries import ledger_of, left_of, with_reversed
from payments.rules import exposure_of, linked
from projects.models import Project
from projects.money import ZERO
from projects.policy import policy_of

FIGURES = [
    *("paid", "earned", "exposure", "unlocked", "payable", "early", "repair"),
    *("excess", "agreed_lead", "level"),
]
OF_THE_RULES = [*FIGURES, "reported", "shortfall"]
OF_THE_VIEWS = [*FIGURES, "unheld"]
ANY = UUID(int=0)

# One statement for all of it, since it is asked after every accepted act; prepared once in a session, since
# planning it takes ten times as long as running it.
STANDS = """
SELECT p.state, p.version, (SELECT max(seq) FROM projects_journalentry e WHERE e.project_id = p.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(m.id, m.state, m.version, m.round, m.agreed_end)
        ORDER BY m.position), '[]') FROM milestones_milestone m WHERE m.project_id = p.id),
    (SELECT coalesce(jsonb_object_agg(a.name, a.paid), '{{}}') FROM (
        SELECT coalesce(milestone_id::text, line) AS name, round(sum(amount) * 100) AS paid
        FROM payments_allocation WHERE project_id = p.id GROUP BY 1 HAVING sum(amount) <> 0) a),
    {figures}
FROM ({projects}) p
"""


def by_views(project: UUID) -> dict[str, Any]:
    """State, version and entries; milestones; what is paid by line; the figures, in agorot."""
    with connection.cursor() as cursor:
        _prepare(cursor)
        cursor.execute("EXECUTE stands(%s)", [str(project)])
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
    disputed = OpenDispute.objects.filter(project=project)
    ledger, defects = ledger_of(project), DefectNow.objects.filter(project=project)
    ruled = exposure_of(*(ledger.contract, ledger.lines, ledger.unheld), policy_of(project.policy), today)
    return {
        "lines": [
            [line.line, line.state.value, *map(agorot_of, (line.full, line.open, line.payable, line.paid))]
            for line in ledger.lines
        ],
        "defects": [
            [str(now.defect_id), now.state, now.fix_by] for now in defects.order_by("defect__number")
        ],
        "disputed": {
            str(pk): agorot_of(amount) for pk, amount in disputed.values_list("payment_id", "amount")
        },
        "linkage": _linkage(project, today),
        "early": {payment: agorot_of(amount) for payment, amount in ledger.early_of_payment().items()},
        "figures": {key: agorot_of(getattr(ruled, key)) for key in OF_THE_RULES},
    }


def _linkage(project: Project, today: date) -> list[Any]:
    """In all, the months that are missing, and of each payment; nothing where no linkage is in force."""
    linkage, in_all = linkage_in_force(project), linkage_in_period(project, today, today)
    if linkage is None or in_all is None:
        return []
    values, payments = values_of(project), with_reversed(Payment.objects.filter(project=project))
    each = {str(its.pk): linked(linkage, values, left_of(its), its.paid_on) for its in payments}
    amounts = {pk: [agorot_of(its.amount or ZERO), its.missing] for pk, its in each.items()}
    return [agorot_of(in_all.to_date), in_all.missing, amounts]


def agorot_of(value: Any) -> Any:
    """Money as the model counts it; anything else (a level) as plain text."""
    return int(value * 100) if isinstance(value, Decimal) else str(value)


def _prepare(cursor: Any) -> None:
    """The product's own query of the figures, once in each session of the database."""
    global _prepared_in
    if _prepared_in is not connection.connection:
        projects, given = with_figures(Project.objects.filter(pk=ANY)).query.sql_with_params()
        figures = ", ".join(f"p.{key}" for key in OF_THE_VIEWS)
        written = cursor.mogrify(STANDS.format(figures=figures, projects=projects), given).decode()
        cursor.execute("PREPARE stands(uuid) AS " + written.replace("%", "%%").replace(f"'{ANY}'", "$1"))
        _prepared_in = connection.connection


_prepared_in: Any = None
