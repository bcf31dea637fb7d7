"""Which flags the facts call for (docs/flags.md)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from .book import Book, Project, Stage
from .disputes import open_disputes
from .figures import early_of, figures_of, level_of, lines_of, part_of_total
from .words import CONTRACTOR, DEPOSIT, FINAL, HOMEOWNER, RETENTION, Calls, Name, share
from .work import awaited

BOTH = "both"  # sides are asked
SEVERITY = {"watch": "notice", "ahead": "warning", "critical": "critical"}
OVERDUE_AFTER, STALLED_AFTER = timedelta(days=10), timedelta(days=7)
DAYS_OFF = {4, 5}  # Friday and Saturday
SLIPS = 2
VARIANCE = 20_00  # hundredths of a percent

Found = Iterator[tuple[tuple[str, Name], Calls]]  # (kind, about), and what it calls for


def flags_of(book: Book, project: Project) -> dict[tuple[str, Name], Calls]:
    """Every flag that the facts call for, by kind and thing."""
    return dict(
        [
            *_of_terms(project),
            *_of_money(project),
            *_of_disputes(book, project),
            *_of_advances(book, project),
            *_of_dues(book, project),
            *_of_work(book, project),
            *_of_silence(book, project),
        ]
    )


def _of_terms(project: Project) -> Found:
    if project.draft and is_front_loaded(project):
        yield ("front_loaded", project.name), ("warning", HOMEOWNER)


def _of_money(project: Project) -> Found:
    figures = figures_of(project)
    if figures["excess"]:
        yield ("paid_ahead", project.name), (SEVERITY[figures["level"]], HOMEOWNER)
        if is_widening(project, figures["excess"]):
            severity = "critical" if figures["level"] == "critical" else "warning"
            yield ("gap_widening", project.name), (severity, HOMEOWNER)
    for payment in project.payments:
        early = early_of(project, payment)
        if payment.kind == "record" and early:
            severity = SEVERITY[level_of(project, early, early, early)]
            yield ("off_schedule_payment", payment.name), (severity, HOMEOWNER)


def is_widening(project: Project, excess: int) -> bool:
    """U grew with each of three days of payments in a row, and has not fallen since."""
    course = [*(project.closes[day] for day in sorted(project.closes)), excess]
    return any(
        course[k] < course[k + 1] < course[k + 2] and course[k + 2 :] == sorted(course[k + 2 :])
        for k in range(len(course) - 3)
    )


def _of_disputes(book: Book, project: Project) -> Found:
    for payment in open_disputes(book, project):
        yield ("payment_disputed", payment), ("warning", BOTH)


def _of_advances(book: Book, project: Project) -> Found:
    for advance in project.advances:
        if advance.payment and early_of(project, advance.payment):
            severity = "warning" if advance.catch_up_on < book.today else "notice"
            yield ("advance_outstanding", advance.payment.name), (severity, CONTRACTOR)


def _of_dues(book: Book, project: Project) -> Found:
    """Lines that have been payable for ten days without a break."""
    for line in lines_of(project):
        if line.payable and project.due_since[line.name] <= book.now - OVERDUE_AFTER:
            yield ("payment_overdue", about_line(project, line.name)), ("warning", HOMEOWNER)


def about_line(project: Project, line: str) -> Name:
    """What a flag about a line is about: a stage, the project for its deposit, or else the line itself."""
    if line == DEPOSIT:
        return project.name
    return Name(f"{project.name} {line}" if line in {RETENTION, FINAL} else line)


def _of_silence(book: Book, project: Project) -> Found:
    """A contractor who shows nothing, and signers who decide nothing."""
    if project.state != "active":
        return
    undone = any(stage.state in {"planned", "in_progress"} for stage in project.stages)
    if undone and project.shown_at <= book.now - STALLED_AFTER:
        severity = "critical" if figures_of(project)["exposure"] > 0 else "warning"
        yield ("stalled", project.name), (severity, CONTRACTOR)
    for stage in project.stages:
        if stage.state == "submitted" and business_days_later(stage.submitted_at, 5) <= book.now:
            for role in awaited(project, stage)[:1]:
                yield ("review_overdue", stage.name), ("warning", role)


def business_days_later(moment: datetime, count: int) -> datetime:
    """In a winter without holidays; what begins on a day off begins with the next business day."""
    if moment.weekday() in DAYS_OFF:
        moment = datetime.combine(moment, time(), moment.tzinfo)
        count += 1
    while count:
        moment += timedelta(days=1)
        count -= moment.weekday() not in DAYS_OFF
    return moment


def _of_work(book: Book, project: Project) -> Found:
    for stage in project.stages if project.state == "active" else []:
        if stage.state != "signed_off" and stage.claimed - stage.found.percent > VARIANCE:
            yield ("claim_variance", stage.name), ("warning", CONTRACTOR)
        if stage.state in {"planned", "in_progress"}:
            yield from _of_dates(book, stage)
    for defect in project.defects if project.state in {"active", "completed", "closed"} else []:
        if not defect.is_closed and defect.fix_by and defect.fix_by < book.today:
            asks = HOMEOWNER if defect.state == "fixed" else CONTRACTOR
            yield ("defect_overdue", defect.name), ("warning", asks)


def _of_dates(book: Book, stage: Stage) -> Found:
    """A day that has passed, and one that the contractor put off twice."""
    if stage.end and stage.end < book.today:
        yield ("late", stage.name), ("warning", CONTRACTOR)
    if stage.slips >= SLIPS:
        yield ("slipping", stage.name), ("warning", CONTRACTOR)


def is_front_loaded(project: Project) -> bool:
    """After each planned payment: what is paid by then less the value of the stages signed by then."""
    gap = worst = project.deposit
    for stage in project.stages:
        gap += stage.amount - share(stage.amount, project.kept) - stage.value
        worst = max(worst, gap)
    return worst > part_of_total(project, "front_loading_percent") or project.deposit > part_of_total(
        project, "deposit_cap_percent"
    )
