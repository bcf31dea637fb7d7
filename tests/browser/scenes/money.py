"""Money in every state: paid early, linked, disputed, asked for ahead."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings

from milestones.actions import approve_milestone
from milestones.models import Milestone
from payments.actions import (
    confirm_payment,
    dispute_payment,
    record_payment,
    release_payment,
    reverse_payment,
    tell_index_values,
)
from payments.models import Payment
from projects.kernel import Actor
from projects.linkage import latest_due, month_after, usual_day
from projects.models import Project
from tests.browser.scenes.kit import equal_stages, signed_by_one, stages_told, submitted, with_uri
from tests.browser.scenes.words import FURTHER, said
from tests.cast import LINKED, TODAY, Cast, acting, active, stage


def further(cast: Cast) -> Iterator[tuple[str, str]]:
    """So many of Alon's contracts, with Uri, that he has to search and filter them; one pays ahead."""
    for hebrew, english, kind, standing in FURTHER:
        name = english if settings.DEMO_LANGUAGE == "en" else hebrew
        stages = [stage | {"amount": stage["value"]} for stage in stages_told()]
        terms = {"deposit": Decimal(0), "retention_percent": Decimal(0)}
        project = active(with_uri(cast), stages, name=name, kind=kind, **terms)
        _come_to(standing, cast, stage(project, 1))
        yield f"{standing}_project", f"/projects/{project.id}/"


def _come_to(standing: str, cast: Cast, first: Milestone) -> None:
    """A contract whose first stage is to be worked on, submitted, approved, or paid, or is paid early."""
    paid = {"amount": first.amount, "paid_on": TODAY(), "method": "bank_transfer", "reference": "4417"}
    if standing == "ahead":
        part = paid | {"amount": first.amount / 4, "reason": said("asked")}
        record_payment(acting(cast.uri), first.project_id, line=str(first.id), **part)
    if standing in {"submitted", "approved", "paid"}:
        first = submitted(cast, first)
    if standing in {"approved", "paid"}:
        for signer in (cast.uri, cast.michal):
            version = Milestone.objects.get(pk=first.pk).version
            approve_milestone(acting(signer), first.id, version=version)
    if standing == "paid":
        release_payment(acting(cast.uri), first.project_id, line=str(first.id), **paid)


def ahead(cast: Cast) -> Iterator[tuple[str, str]]:
    """Noa paid 48,000 before the first milestone, which now waits for her alone."""
    project = active(cast, equal_stages(3), name=said("ahead"), deposit=Decimal(0))
    first = stage(project, 1)
    record_payment(
        acting(cast.noa),
        project.id,
        line=str(first.id),
        amount=Decimal("48000.00"),
        paid_on=TODAY(),
        method="bank_transfer",
        reference="4417",
        reason=said("asked"),
    )
    submitted(cast, first)
    yield "ahead", f"/projects/{project.id}/"


def linked(cast: Cast) -> Iterator[tuple[str, str]]:
    """A contract of Uri's, linked: a payment whose index is known, one whose is missing; a correction."""
    due = latest_due("construction_inputs", TODAY())
    base = {"linkage_base_month": month_after(due, -4), "linkage_base_value": Decimal("138.2")}
    project = active(with_uri(cast), stages_told(), name=said("linked"), **LINKED | base)
    points = ("138.9", "139.6", "141.1")
    values = [{"month": month_after(due, n - 3), "value": Decimal(value)} for n, value in enumerate(points)]
    tell_index_values(acting(cast.alon), project.id, values=values)
    tell_index_values(acting(cast.uri), project.id, values=[values[1] | {"value": Decimal("139.4")}])
    known = usual_day("construction_inputs", month_after(due, -1))
    for paid_on, amount in ((known, "75000.00"), (TODAY(), "25000.00")):
        money = {"amount": Decimal(amount), "paid_on": paid_on, "method": "bank_transfer"}
        record_payment(acting(cast.uri), project.id, line="deposit", **money)
    signed_by_one(cast.uri, submitted(cast, stage(project, 3)))
    yield "linked", f"/projects/{project.id}/"


def disputed(cast: Cast) -> Iterator[tuple[str, str]]:
    """A contract of Uri's: each side disputes a payment, one waits to be taken back, one is simply early."""
    uri, alon = acting(cast.uri), acting(cast.alon)
    project = active(with_uri(cast), stages_told(), name=said("disputed"))
    first, second = (str(stage(project, position).id) for position in (1, 2))
    received = _moved(uri, project, "deposit", 60_000)
    confirm_payment(alon, received.id, received_on=TODAY())
    reverse_payment(uri, received.id, amount=Decimal(20_000), why="wrong_record", reason=said("too much"))
    dispute_payment(alon, _moved(uri, project, "deposit", 40_000).id, reason=said("never came"))
    dispute_payment(uri, _moved(alon, project, second, 25_000, method="cash").id, reason=said("no cash"))
    early = _moved(uri, project, first, 30_000, reason=said("asked"))
    yield "disputed", f"/projects/{project.id}/"
    yield "early_payment", f"/payments/{early.id}/"
    yield "received_payment", f"/payments/{received.id}/"


def _moved(by: Actor, project: Project, line: str, amount: int, **more: str) -> Payment:
    """Money that moved today, as one side tells of it."""
    told = {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"} | more
    return record_payment(by, project.id, line=line, **told)
