"""Which flags the facts call for (SPEC 8)."""

from collections.abc import Iterator

from .book import CONTRACTOR, HOMEOWNER, Book, Calls, Name, Project, share
from .figures import early_of, figures_of, level_of, part_of_total

SEVERITY = {"watch": "notice", "ahead": "warning", "critical": "critical"}
VARIANCE = 20_00  # hundredths of a percent

Found = Iterator[tuple[tuple[str, Name], Calls]]  # (kind, about), and what it calls for


def flags_of(book: Book, project: Project) -> dict[tuple[str, Name], Calls]:
    """Every flag that the facts call for, by kind and thing."""
    return dict([*_of_terms(project), *_of_money(project), *_of_work(book, project)])


def _of_terms(project: Project) -> Found:
    if project.draft and is_front_loaded(project):
        yield ("front_loaded", project.name), ("warning", HOMEOWNER)


def _of_money(project: Project) -> Found:
    figures = figures_of(project)
    if figures["excess"]:
        yield ("paid_ahead", project.name), (SEVERITY[figures["level"]], HOMEOWNER)
    for payment in project.payments:
        early = early_of(project, payment)
        if payment.kind == "record" and early:
            severity = SEVERITY[level_of(project, early, early, early)]
            yield ("off_schedule_payment", payment.name), (severity, HOMEOWNER)


def _of_work(book: Book, project: Project) -> Found:
    if project.state != "active":
        return
    for stage in project.stages:
        if stage.state != "signed_off" and stage.claimed - stage.found.percent > VARIANCE:
            yield ("claim_variance", stage.name), ("warning", CONTRACTOR)
    for defect in project.defects:
        if defect.state != "verified" and defect.fix_by and defect.fix_by < book.today:
            asks = HOMEOWNER if defect.state == "fixed" else CONTRACTOR
            yield ("defect_overdue", defect.name), ("warning", asks)


def is_front_loaded(project: Project) -> bool:
    """After each planned payment: what is paid by then less the value of the stages signed by then."""
    gap = worst = project.deposit
    for stage in project.stages:
        gap += stage.amount - share(stage.amount, project.kept) - stage.value
        worst = max(worst, gap)
    return worst > part_of_total(project, "front_loading_percent") or project.deposit > part_of_total(
        project, "deposit_cap_percent"
    )
