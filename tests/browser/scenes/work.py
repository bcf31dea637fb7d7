"""Work that waits, came back, or has defects."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from milestones.actions import (
    approve_milestone,
    fix_defect,
    inspect_milestone,
    log_progress,
    report_defect,
    return_milestone,
    verify_defect,
)
from milestones.models import Defect, Milestone
from payments.actions import propose_change, sign_change
from payments.changing import version_of
from projects.actions import add_attachment
from tests.browser.scenes.kit import drawing, stages_told, submitted, with_uri
from tests.browser.scenes.words import said
from tests.cast import TODAY, Cast, acting, active, stage


def returned(cast: Cast) -> Iterator[tuple[str, str]]:
    """A milestone that Uri sent back, and one that waits for the engineer too."""
    project = active(with_uri(cast), stages_told(), name=said("unit"))
    first = submitted(cast, stage(project, 1))
    return_milestone(
        acting(cast.uri),
        first.id,
        version=first.version,
        unmet_criteria=[first.criteria.first().id],
        reason=said("stain"),
    )
    yield "returned", f"/milestones/{first.id}/"
    yield "returned_project", f"/projects/{project.id}/"
    submitted(cast, stage(project, 2))
    yield "half_signed", f"/milestones/{stage(project, 2).id}/"


def faults(cast: Cast) -> Iterator[tuple[str, str]]:
    """A milestone that waits for Uri, with defects in every state; one signed with 30,000 withheld."""
    project = active(with_uri(cast), stages_told(), name=said("faulty"))
    first, second = stage(project, 1), stage(project, 3)
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal(85), note=said("balcony"))
    shown = add_attachment(acting(cast.alon), project.id, received=drawing(), name=said("wall"))
    late = TODAY() - timedelta(days=3)
    defects = [
        report_defect(
            acting(cast.uri),
            first.id,
            title=title,
            place=said("floor"),
            fix_by=late if n == 0 else TODAY(),
            photos=[shown.id],
            estimated_cost=Decimal(1200),
        )
        for n, title in enumerate(said("defects"))
    ]
    for defect in defects[1:]:
        fix_defect(acting(cast.alon), defect.id, note=said("repaired"))
    verify_defect(acting(cast.uri), defects[2].id)
    submitted(cast, first)
    yield "faulty", f"/milestones/{first.id}/"
    yield "faults", f"/projects/{project.id}/defects/"
    yield "fault", f"/defects/{defects[0].id}/"
    yield "repaired", f"/defects/{defects[1].id}/"
    yield "reopened", f"/defects/{defects[2].id}/"
    yield "withholding", f"/projects/{project.id}/payments/"
    yield from _withheld(cast, second)
    yield from _held_up(cast, stage(project, 2))


def _withheld(cast: Cast, milestone: Milestone) -> Iterator[tuple[str, str]]:
    """Signed off with three small defects: one stays, a deduction is proposed for one, one is settled."""
    names, sums = said("scratches"), (30_000, 4_000, 2_500)
    minor = [
        {"title": title, "withheld": Decimal(withheld), "fix_by": TODAY()}
        for title, withheld in zip(names, sums, strict=True)
    ]
    version = submitted(cast, milestone).version
    approve_milestone(acting(cast.uri), milestone.id, version=version, minor_defects=minor)
    stays, asked, settled = (Defect.objects.get(milestone=milestone, title=title) for title in names)
    yield "withheld", f"/milestones/{milestone.id}/"
    yield "minor", f"/defects/{stays.id}/"
    for defect, amount, signers in ((asked, 4_000, [cast.alon]), (settled, 2_000, [cast.alon, cast.uri])):
        order = propose_change(
            acting(cast.alon),
            milestone.project_id,
            title=defect.title,
            defect=defect.id,
            amount=Decimal(-amount),
            reason=said("cheaper"),
        )
        for signer in signers:
            sign_change(acting(signer), order.id, version=version_of(order))
        yield f"settlement_{len(signers)}", f"/changes/{order.id}/"


def _held_up(cast: Cast, milestone: Milestone) -> Iterator[tuple[str, str]]:
    """Nearly done, with a defect that has to be fixed before it is submitted."""
    log_progress(acting(cast.alon), milestone.id, percent=Decimal(95))
    report_defect(
        acting(cast.uri),
        milestone.id,
        title=said("crack"),
        place=said("floor"),
        blocking=True,
        fix_by=TODAY(),
    )
    yield "held_up", f"/milestones/{milestone.id}/"
