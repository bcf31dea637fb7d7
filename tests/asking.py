"""An advance in short verbs, at moments of a story that began days ago: time to think takes its time."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from milestones.models import Milestone
from payments.actions import approve_advance, ask_for_advance, open_advance, pay_advance
from payments.models import Advance, Payment
from people.models import User
from projects import clock
from projects.models import Project
from tests.cast import Cast, acting

START = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=30)


def at(day: float) -> Any:
    """The clock of acts inside stands so many days after START, which is thirty days ago."""
    return clock.set_to(START + timedelta(days=day))


def on(day: float) -> date:
    return (START + timedelta(days=day)).date()


def asked(
    cast: Cast, milestone: Milestone, amount: str = "50000.00", *, catch_up_on: date | None = None
) -> Advance:
    """Alon asks, by when the work will have caught up in two weeks."""
    by = catch_up_on or (clock.now() + timedelta(days=14)).date()
    return ask_for_advance(
        acting(cast.alon),
        milestone.project_id,
        milestone=milestone.id,
        amount=Decimal(amount),
        catch_up_on=by,
        reason="The supplier asks for payment ahead.",
    )


def opened(advance: Advance, *people: User) -> None:
    for person in people:
        open_advance(acting(person), advance.id)


def approved(advance: Advance, *people: User, **terms: Any) -> None:
    """Each of these approves the version that stands."""
    for person in people:
        last = advance.approvals.order_by("-version").first()
        approve_advance(acting(person), advance.id, version=last.version if last else 1, **terms)


def paid(person: User, advance: Advance, amount: str | None = None) -> Payment:
    last = advance.approvals.order_by("-version").first()
    assert last is not None
    return pay_advance(
        acting(person),
        advance.id,
        amount=Decimal(amount) if amount else last.amount,
        paid_on=clock.today("Asia/Jerusalem"),
        method="bank_transfer",
    )


def advanced(
    cast: Cast, project: Project, milestone: Milestone, amount: str = "50000.00", *, day: float = 1
) -> Payment:
    """Asked on a day, opened on it, approved and paid when the time to think is over."""
    with at(day):
        advance = asked(cast, milestone, amount)
        opened(advance, cast.noa)
    with at(day + 2.1):
        approved(advance, cast.noa)
        return paid(cast.noa, advance)
