"""Requests for advances in the world of the attacks, in every state of theirs."""

from decimal import Decimal
from typing import Any

from payments.actions import decline_advance, propose_change, sign_change, withdraw_advance
from payments.models import Advance
from people.models import User
from projects.models import Project
from tests.asking import approved, asked, at, opened
from tests.cast import Cast, acting, active, join, stage


def requested(people: Cast, other: Project) -> Advance:
    advance = asked(people, stage(other, 2))
    opened(advance, people.noa)
    return advance


def early_houses(people: Cast, gil: User, tal: User) -> dict[str, Any]:
    """One with requests that ended, and one that waits; one approved; one whose contract changed since."""
    with at(15):
        early, agreed, altered = (active(people) for _ in range(3))
        join(people.noa, early, gil, "homeowner")
        join(people.noa, early, tal, "homeowner", signs=False)
        third = stage(early, 3)
        denied = asked(people, third)
        decline_advance(acting(gil), denied.id)
        lapsed = asked(people, third)
    with at(24):
        withdraw_advance(acting(people.alon), asked(people, third).id)
    with at(25):
        waiting, granted = asked(people, third), asked(people, stage(agreed, 3))
        overtaken = asked(people, stage(altered, 3))
        opened(waiting, people.noa, gil)
        for request in (granted, overtaken):
            opened(request, people.noa)
    with at(28):
        for request in (waiting, granted, overtaken):
            approved(request, people.noa)
    told: dict[str, Any] = {"title": "Larger windows", "milestone": stage(altered, 2).id}
    change = propose_change(acting(people.alon), altered.id, amount=Decimal(500), **told)
    for signer in (people.alon, people.noa):
        sign_change(acting(signer), change.id, version=1)
    requests = {"denied": denied, "lapsed": lapsed, "waiting": waiting, "granted": granted}
    return {"early": early, "agreed": agreed, "altered": altered, "overtaken": overtaken} | requests
