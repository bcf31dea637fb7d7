"""Certificates: what a contract's journal had told by the close of any day, in a fixed number of queries.

A day is that of the entries, where the project is. So the certificate of a past day never changes: money that
is told of later counts from the day it was told.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.db.models import F, Q

from milestones.models import Decision, Milestone, Worth
from milestones.queries import milestones_of
from payments.history import day_of
from payments.models import Allocation, Ending, Payment, Reversal
from payments.queries import contract_of, line_name
from payments.rules import Certificate, Closing, Dated, Finding, Moved, certificate_of
from projects import clock
from projects.models import AgreementSignature, Project


def certificate_for(project: Project, begins: date, ends: date) -> Certificate:
    """The certificate of a period, both days included: nine queries, whatever the project's size."""
    return certificate_of(dated_of(project), begins, ends)


def dated_of(project: Project) -> Dated:
    """A project's terms and facts by day."""
    return Dated(
        contract=contract_of(project, milestones_of(project)),
        active_from=_active_from(project),
        signed_off=_sign_offs(project),
        moved=[*_payments(project), *_reversals(project), *_allocations(project)],
        found=findings_by_day(project),
        closed=closings_by_day(project),
    )


def findings_by_day(project: Project) -> Callable[[date], Mapping[str, Finding]]:
    """What inspections and defects said of each milestone by the close of a day.

    Only the present findings are known (`Worth`): they count from today on, and earlier days know sign-offs
    alone. Whoever adds the facts behind `Worth` answers here for earlier days too.
    """
    today = clock.today(project.time_zone)
    present = {
        str(milestone): Finding(*finding)
        for milestone, *finding in Worth.objects.filter(project=project).values_list(
            "milestone_id", *Finding._fields
        )
    }
    return lambda day: present if day >= today else {}


def closings_by_day(project: Project) -> Callable[[date], Closing]:
    """How far the contract had come to its end by the close of a day.

    As `findings_by_day`: what is known is the present state (`Ending`), and it counts from today on.
    """
    today = clock.today(project.time_zone)
    present = Closing(*Ending.objects.values_list(*Closing._fields).get(pk=project.pk))
    return lambda day: present if day >= today else Closing()


def _active_from(project: Project) -> date | None:
    """The day of the last signature under the agreement; None while it is a draft."""
    if project.state == Project.State.DRAFT:
        return None
    signatures = AgreementSignature.objects.filter(project=project).order_by("-entry__seq")
    return day_of(project, signatures.values_list("entry__at", flat=True)[0])


def _sign_offs(project: Project) -> dict[str, date]:
    """The day of the last approval of each milestone that is signed off."""
    approvals = Decision.objects.filter(
        project=project,
        approves=True,
        submission__milestone__state=Milestone.State.SIGNED_OFF,
        submission__round=F("submission__milestone__round"),
    ).order_by("entry__seq")
    return {
        str(milestone): day_of(project, at)
        for milestone, at in approvals.values_list("submission__milestone_id", "entry__at")
    }


def _payments(project: Project) -> Iterator[Moved]:
    told = Payment.objects.filter(project=project).values_list("entry__at", "amount")
    return (Moved(day_of(project, at), None, amount) for at, amount in told)


def _reversals(project: Project) -> Iterator[Moved]:
    """In force at once, or from the answer that consented."""
    in_force = Reversal.objects.filter(Q(needs_consent=False) | Q(answer__consents=True), project=project)
    rows = in_force.values_list("entry__at", "answer__entry__at", "amount")
    return (Moved(day_of(project, consented or asked), None, -amount) for asked, consented, amount in rows)


def _allocations(project: Project) -> Iterator[Moved]:
    rows = Allocation.objects.filter(project=project)
    for at, kind, milestone, amount in rows.values_list("entry__at", "line", "milestone_id", "amount"):
        yield Moved(day_of(project, at), line_name(kind, milestone), amount)
