"""Changes of the signed terms: proposed, signed by both sides, declined or taken back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from .book import Book, Change, Defect, Finding, Part, Project, Stage, admit
from .figures import line_of, withheld_of
from .parts import wrote
from .words import CONTRACTOR, HOMEOWNER, MOST, RETENTION, SIDES, SIGNERS, WAITS_BECAUSE, Name, No, Who, share


def propose_change(
    book: Book,
    who: Who,
    target: Name,
    *,
    title: str,
    amount: Decimal,
    milestone: Name | None = None,
    defect: Name | None = None,
    version: int | None = None,
    value: Decimal | None = None,
    days: int = 0,
    criteria: Sequence[str] = (),
    signers: Sequence[str] = (),
    planned_start: date | None = None,
    planned_end: date | None = None,
) -> Name:
    project = book.project(target)
    part = admit(project, who, SIDES)
    _require_active(project)
    if value is not None and value != amount:
        raise No("value_differs")
    settled = _defect(book, project, defect, milestone) if defect else None
    stage = book.find(Stage, settled.stage) if settled else _stage(project, milestone)
    if stage and version not in {None, stage.version}:
        raise No("changed_since_read")
    if settled and days:
        raise No("milestone_is_closed")
    texts = [] if stage else [text.strip() for text in criteria if text.strip()]
    if not stage:
        _require_acceptance(project, days, texts, signers)
    if not amount.is_finite() or abs(amount * 100) > MOST or amount * 100 % 1:
        raise No("bad_change")
    change = Change(
        book.new("change"),
        project.name,
        part.name,
        stage and stage.name,
        title,
        int(amount * 100),
        texts,
        [*signers],
        days,
        None if stage else planned_start,
        None if stage else planned_end,
        settled and settled.name,
        signers_gone=project.signers_gone,
    )
    _judge(project, stage, change, settled)
    project.changes.append(book.keep(change))
    wrote(project)
    return change.name


def sign_change(book: Book, who: Who, target: Name, *, version: int) -> Name:
    change = book.find(Change, target)
    project = book.project(change.project)
    part = admit(project, who, SIDES, signing=True, proof=True)
    _require_waiting(change)
    _require_active(project)
    if version != version_of(project, change):
        raise No("changed_since_read")
    settled = book.find(Defect, change.defect) if change.defect else None
    if settled:
        _require_settleable(book, settled)
    stage = book.find(Stage, settled.stage) if settled else _stage(project, change.stage)
    _judge(project, stage, change, settled)
    if (part.name, version) in change.signatures:
        return change.name
    change.signatures.add((part.name, version))
    if not missing_of(project, change):
        _put_in_force(book, project, change, stage)
    wrote(project)
    return change.name


def decline_change(book: Book, who: Who, target: Name) -> Name:
    change = book.find(Change, target)
    project = book.project(change.project)
    part = admit(project, who, SIDES)
    _require_waiting(change)
    if part.name != change.part and not part.may_sign:
        raise No("not_a_signer")
    change.waits = False
    wrote(project)
    return change.name


def version_of(project: Project, change: Change) -> int:
    """On which terms a change is read and signed: those of the contract, and the date of its stage."""
    moves = sum(stage.moves for stage in project.stages if stage.name == change.stage)
    return 1 + project.in_force + moves + project.signers_gone - change.signers_gone


def missing_of(project: Project, change: Change) -> list[Part]:
    """Whose signatures under the terms as they stand are missing."""
    version = version_of(project, change)
    sides = [part for part in project.parts if part.may_sign and part.role in {HOMEOWNER, CONTRACTOR}]
    return [part for part in sides if (part.name, version) not in change.signatures]


def _put_in_force(book: Book, project: Project, change: Change, stage: Stage | None) -> None:
    """Verified money stays, cut at the new value."""
    change.waits = False
    project.in_force += 1
    project.total += change.amount
    for advance in project.advances:
        advance.overtaken += bool(change.amount) or change.stage == advance.stage
    if stage is None:
        criteria = [book.new("criterion") for _ in change.criteria]
        place, sum_ = len(project.stages) + 1, change.amount
        stage = Stage(
            book.new("stage"), project.name, place, change.title, sum_, sum_, change.signers, criteria
        )
        stage.planned_start, stage.end = change.planned_start, change.planned_end
        project.stages.append(book.keep(stage))
        return
    stage.value, stage.amount = stage.value + change.amount, stage.amount + change.amount
    if change.defect:
        defect = book.find(Defect, change.defect)
        defect.state = "settled"
        return
    stage.version += 1
    stage.end = stage.end and stage.end + timedelta(days=change.days)
    stage.by_expert, stage.by_homeowner = _cut(stage.by_expert, stage), _cut(stage.by_homeowner, stage)


def _cut(found: Finding | None, stage: Stage) -> Finding | None:
    return found and Finding(min(found.worth, stage.value), found.percent)


def _judge(project: Project, stage: Stage | None, change: Change, settled: Defect | None) -> None:
    """Whether the terms bear it as they stand."""
    amount, starts, ends = change.amount, change.planned_start, change.planned_end
    if stage is None and amount < 0:
        raise No("bad_change")
    if not settled and all(its.state == "signed_off" for its in project.stages):
        raise No("work_is_completed")
    if starts and ends and ends < starts:
        raise No("ends_before_start")
    if stage:
        _judge_terms(stage, amount, change.days, settled)
    if not 0 < project.total + amount <= MOST:
        raise No("contract_without_price")
    for paid, holds in _lines_after(project, stage, amount, settled):
        if paid > holds:
            raise No("change_below_paid", paid=paid, holds=max(0, holds))


def _judge_terms(stage: Stage, amount: int, days: int, settled: Defect | None) -> None:
    if settled and amount >= 0:
        raise No("no_deduction")
    if not amount and not days:
        raise No("nothing_to_change")
    if -amount > (most := min(stage.value, stage.amount)):
        raise No("below_zero", most=most)
    if not days:
        return
    if not stage.end:
        raise No("no_date_to_move")
    if stage.planned_start and stage.end + timedelta(days=days) < stage.planned_start:
        raise No("ends_before_start")


def _lines_after(
    project: Project, stage: Stage | None, amount: int, settled: Defect | None
) -> Iterator[tuple[int, int]]:
    """What is paid against the lines that the change reaches, and what they would hold: less what is withheld
    there once a defect is settled."""
    if stage is None:
        return
    kept, will_be_kept = (share(sum_, project.kept) for sum_ in (stage.amount, stage.amount + amount))
    line, retention = line_of(project, stage.name), line_of(project, RETENTION)
    assert line is not None
    withheld = withheld_of(project, stage) - settled.withheld_in(stage) if settled else 0
    yield line.paid, stage.amount + amount - will_be_kept - withheld
    if retention is not None:
        yield retention.paid, retention.full - kept + will_be_kept


def _require_active(project: Project) -> None:
    if project.state != "active":
        raise No(WAITS_BECAUSE[project.state])


def _require_waiting(change: Change) -> None:
    if not change.waits:
        raise No("change_has_ended")


def _stage(project: Project, name: Name | None) -> Stage | None:
    """The stage to change, one that is worked on; None for another one."""
    if name is None:
        return None
    stage = next((stage for stage in project.stages if stage.name == name), None)
    if stage is None:
        raise No("unknown_milestone")
    if stage.state == "submitted":
        raise No("milestone_is_submitted")
    if stage.state == "signed_off":
        raise No("milestone_is_closed")
    return stage


def _defect(book: Book, project: Project, name: Name, milestone: Name | None) -> Defect:
    """The defect to settle; of this stage, where one is named beside it."""
    defect = next((defect for defect in project.defects if defect.name == name), None)
    if defect is None or milestone not in {None, defect.stage}:
        raise No("unknown_defect")
    _require_settleable(book, defect)
    return defect


def _require_settleable(book: Book, defect: Defect) -> None:
    """A minor one of signed work, neither verified nor settled."""
    if book.find(Stage, defect.stage).state != "signed_off":
        raise No("milestone_unsigned")
    if defect.blocking:
        raise No("defect_is_blocking")
    if defect.is_closed:
        raise No(f"defect_is_{defect.state}")


def _require_acceptance(project: Project, days: int, criteria: Sequence[str], signers: Sequence[str]) -> None:
    """Another stage says when it is done, and who of those present signs it off; never the contractor."""
    if days:
        raise No("no_date_to_move")
    if not criteria:
        raise No("criteria_missing")
    if not signers or set(signers) - ({part.role for part in project.parts if part.may_sign} & SIGNERS):
        raise No("nobody_signs")
