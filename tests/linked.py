"""A contract linked to an index, and the days on which its story happens."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from payments.actions import confirm_payment, record_payment, release_payment
from people.models import User
from projects import clock
from projects.models import Project
from tests.cast import LINKED, Cast, acting, active, index_told, stage


def at(day: str) -> AbstractContextManager[None]:
    """Noon of a day: the moment at which what is inside happens."""
    return clock.set_to(datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC))


def paid(by: User, project: Project, amount: str, day: str, **more: Any) -> Any:
    told = {"amount": Decimal(amount), "paid_on": date.fromisoformat(day), "method": "cash"}
    return record_payment(acting(by), project.id, **told | more)


@contextmanager
def linked_house(cast: Cast) -> Iterator[Project]:
    """Signed in February 2025; the deposit is paid then, and 50,000 early in April, where one enters."""
    with at("2025-02-01"):
        project = active(cast, starts_on=date(2025, 2, 1), **LINKED)
    with at("2025-02-10"):
        deposit = {"amount": Decimal(100_000), "paid_on": date(2025, 2, 10), "method": "cash"}
        release_payment(acting(cast.noa), project.id, line="deposit", **deposit)
    with at("2025-04-20"):
        index_told(cast.alon, project, m2025_02="126.1", m2025_03="130")
        early = paid(cast.noa, project, "50000.00", "2025-04-20", line=str(stage(project, 1).id))
        confirm_payment(acting(cast.alon), early.id, received_on=date(2025, 4, 20))
        yield project
