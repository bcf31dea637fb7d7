"""Stories of one project each, told through the acts; what every act wrote is kept as it was then."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from milestones.actions import (
    approve_milestone,
    log_progress,
    return_milestone,
    sign_agreement,
    submit_milestone,
)
from milestones.models import Milestone
from payments.actions import confirm_payment, record_payment, release_payment, reverse_payment
from payments.models import Payment
from payments.queries import ledger_of
from people.models import User
from projects import clock
from projects.actions import accept_invitation, invite_party
from projects.integrity.digests import fact_tables
from projects.kernel import SYSTEM, Actor
from projects.models import JournalEntry, Party, Project
from projects.money import split
from projects.vat import vat_rate_on
from tracker.actions import create_project
from tracker.catalogue import template_of

FAMILIES = ["ברקאי", "לוי", "כהן", "מזרחי", "פרץ", "ביטון", "דהן", "אברהם", "פרידמן", "שלו"]
KINDS = {"house": "house_build", "renovation": "renovation", "kitchen": "custom_furniture"}


@dataclass
class Wrote:
    """What one act wrote: its entry and its rows, as text of the database's JSON, by table."""

    entry: dict[str, Any]
    rows: dict[str, list[str]]
    is_new: dict[str, list[bool]]


@dataclass
class Told:
    """A story that was told: its acts in order, and the people of it, to be put otherwise."""

    people: dict[str, User]
    acts: list[Wrote] = field(default_factory=list)


class Teller:
    """Tells one project act by act, and keeps what each act wrote."""

    def __init__(self, people: dict[str, User], chance: random.Random, begins: datetime) -> None:
        self.people, self.chance, self.moment = people, chance, begins
        self.told = Told(people)
        self.seen: set[str] = set()
        self.project: Project = None  # type: ignore[assignment]  # told first, and so are these
        self.invitation: Party = None  # type: ignore[assignment]
        self.payment: Payment = None  # type: ignore[assignment]

    def tell(self, verb: Any, who: str, target: UUID | None = None, **inputs: Any) -> Any:
        self.wait(hours=self.chance.randint(1, 30))
        with clock.set_to(self.moment):
            actor = SYSTEM if who == "system" else Actor(self.people[who].id, proven=True)
            result = verb(actor, target, **inputs)
        if isinstance(result, Project) and self.project is None:
            self.project = result
        self.project.refresh_from_db()
        self._keep()
        return result

    def wait(self, **time: int) -> None:
        self.moment += timedelta(**time)

    @property
    def today(self) -> date:
        return self.moment.date()

    @property
    def paid(self) -> dict[str, Any]:
        return {"paid_on": self.today, "method": "bank_transfer"}

    def stage(self, position: int) -> Milestone:
        return Milestone.objects.get(project=self.project, position=position)

    def _keep(self) -> None:
        """The rows of the last entry as they stand now, before a later act changes them."""
        entry = JournalEntry.objects.filter(project=self.project).order_by("-seq")[0]
        keys = json.loads(bytes(entry.body))["facts"]
        rows: dict[str, list[str]] = {}
        is_new: dict[str, list[bool]] = {}
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            for table in fact_tables():
                ids = [key.partition("/")[2] for key in keys if key.startswith(f"{table}/")]
                if ids:
                    cursor.execute(
                        f"SELECT to_jsonb(f)::text FROM {table} f WHERE id = ANY (%s::uuid[])", [ids]
                    )
                    rows[table] = [text for (text,) in cursor.fetchall()]
                    is_new[table] = [json.loads(text)["id"] not in self.seen for text in rows[table]]
        self.seen |= {key.partition("/")[2] for key in keys}
        self.told.acts.append(Wrote(_as_json(entry), rows, is_new))


def _as_json(entry: JournalEntry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "project_id": str(entry.project_id),
        "seq": entry.seq,
        "kind": entry.kind,
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "at": entry.at.isoformat(),
        "body": bytes(entry.body).decode(),
        "xid": 0,
    }


# --- The stories: each goes on from the one before it


def drafted(t: Teller) -> None:
    """A contract of three or four stages by the homeowner, with whom it is for invited."""
    key = t.chance.choice(list(KINDS))
    stages = template_of(key, "he").milestones[: t.chance.randint(3, 4)]
    total = Decimal(t.chance.randrange(60, 2_000) * 1_000)
    deposit = total * t.chance.choice([0, 5, 10]) / 100
    amounts = split(total - deposit, [max(stage.amount_percent, Decimal(1)) for stage in stages])
    values = split(total, [stage.value_percent for stage in stages])
    starts = t.today + timedelta(days=7)
    t.tell(
        create_project,
        "homeowner",
        my_role="homeowner",
        name=f"בית משפחת {t.chance.choice(FAMILIES)}",
        kind=KINDS[key],
        contract_total=total,
        deposit=deposit,
        retention_percent=Decimal(t.chance.choice([0, 5])),
        vat_rate=vat_rate_on(starts),
        starts_on=starts,
        policy={"evidence_required": False, "defects_period_months": "1"},  # some are closed by now
        milestones=[
            {
                "title": stage.title,
                "value": value,
                "amount": amount,
                "planned_start": starts + timedelta(days=30 * n),
                "planned_end": starts + timedelta(days=30 * n + 28),
                "signers": ["homeowner"],
                "criteria": [stage.criteria[0]],
            }
            for n, (stage, value, amount) in enumerate(zip(stages, values, amounts, strict=True))
        ],
    )
    email = t.people["contractor"].email
    t.invitation = t.tell(invite_party, "homeowner", t.project.id, email=email, role="contractor")


def joined(t: Teller) -> None:
    t.tell(accept_invitation, "contractor", t.invitation.id)


def half_signed(t: Teller) -> None:
    t.tell(sign_agreement, "contractor", t.project.id, version=t.project.version)


def signed(t: Teller) -> None:
    t.tell(sign_agreement, "homeowner", t.project.id, version=t.project.version)


def in_progress(t: Teller, position: int = 1) -> None:
    percent = Decimal(t.chance.randrange(10, 100, 5))
    t.tell(log_progress, "contractor", t.stage(position).id, percent=percent, note="התקדם לפי התוכנית")


def submitted(t: Teller, position: int = 1) -> None:
    stage = t.stage(position)
    t.tell(submit_milestone, "contractor", stage.id, criteria_met=[c.id for c in stage.criteria.all()])


def returned(t: Teller) -> None:
    stage = t.stage(1)
    unmet = [stage.criteria.all()[0].id]
    inputs = {"version": stage.version, "reason": "יש לתקן את הפינה הצפונית", "unmet_criteria": unmet}
    t.tell(return_milestone, "homeowner", stage.id, **inputs)


def signed_off(t: Teller, position: int = 1) -> None:
    stage = t.stage(position)
    t.tell(approve_milestone, "homeowner", stage.id, version=stage.version)


def released(t: Teller) -> None:
    for line in ledger_of(t.project).lines:
        if line.payable:
            paid = {"line": line.line, "amount": line.payable, **t.paid}
            t.payment = t.tell(release_payment, "homeowner", t.project.id, **paid)


def confirmed(t: Teller) -> None:
    t.tell(confirm_payment, "contractor", t.payment.id, received_on=t.today)


def paid_early(t: Teller) -> None:
    amount = Decimal(t.chance.randrange(5, 60) * 1_000)
    paid = {"amount": amount, "paid_on": t.today, "method": "cash", "reason": "הקבלן ביקש להקדים"}
    t.payment = t.tell(record_payment, "homeowner", t.project.id, line=str(t.stage(2).id), **paid)


def taken_back(t: Teller) -> None:
    t.tell(reverse_payment, "homeowner", t.payment.id, amount=t.payment.amount, why="wrong_record")


Chapter = Callable[[Teller], None]
BEGUN: tuple[Chapter, ...] = (drafted, joined, half_signed, signed)
WORKED = (*BEGUN, in_progress, submitted)
STORIES: dict[str, tuple[Chapter, ...]] = {
    "draft": (drafted,),
    "joined": BEGUN[:2],
    "half_signed": BEGUN[:3],
    "signed": BEGUN,
    "in_progress": (*BEGUN, in_progress),
    "submitted": WORKED,
    "returned": (*WORKED, returned),
    "signed_off": (*WORKED, signed_off),
    "released": (*WORKED, signed_off, released),
    "confirmed": (*WORKED, signed_off, released, confirmed),
    "paid_early": (*BEGUN, in_progress, paid_early),
    "taken_back": (*BEGUN, in_progress, paid_early, taken_back),
}
