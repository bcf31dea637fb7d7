"""The same attacks on every table of facts: dangling and foreign references, taken ids, numbers below
nothing, rows without an entry of their own, and rows written after it."""

from typing import Any

from django.db.models import ForeignKey, PositiveIntegerField, PositiveSmallIntegerField

from milestones.models import Criterion, Defect, Milestone, ProgressEntry, Submission
from payments.models import Advance, ChangeOrder, Payment
from people.ids import new_id
from projects.models import Attachment, Fact, JournalEntry, Party
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.forge import Forgery
from tests.attacks.on_walls import DRAFTED, FACTS
from tests.attacks.world import World

IN_THE_OTHER_HOUSE = {
    JournalEntry,
    Party,
    Milestone,
    Criterion,
    Defect,
    ProgressEntry,
    Attachment,
    Submission,
    Payment,
    ChangeOrder,
    Advance,
}

# What else a row must say, so that the column may say anything.
BESIDE = {("payments_payment", "advance_id"): {"kind": "advance", "by_role": "homeowner"}}

# What only a project has that comes to its end.
OF_THE_END = {
    "projects_turn",
    "projects_deed",
    "projects_deedsignature",
    "payments_retentionopening",
}

# Another guard may be the first to refuse; `without` shows that the one aimed at would as well.
SOMEBODY = "[a-z_]+"


def fresh(w: World, table: str) -> dict[str, Any]:
    """What a second row must say otherwise, so that nothing but the attack is wrong with it."""
    return {
        "projects_party": {"user_id": w.people.dana.id, "role": "observer", "signs": False},
        "projects_agreementsignature": {"version": 99},
        "projects_flag": {"about_id": new_id()},
        "milestones_milestone": {"position": 99},
        "milestones_submission": {"round": 99},
        "milestones_evidence": {"attachment_id": w.photos["ab" * 32].id, "milestone_id": w.third.id},
        "milestones_decision": {"party_id": w.part(w.tal).id},
        "milestones_withdrawal": {"submission_id": w.round.id},
        "milestones_expectation": {"position": 99},
        "milestones_concern": {"milestone_id": w.stage(w.drafted, 2).id},
        "milestones_judgement": {"expectation_id": w.hopes["whole"].id},
        "milestones_defect": {"number": 99},
        "projects_deed": {"version": 99},
        "projects_deedsignature": {"party_id": w.part(w.people.noa, w.finished).id},
        "payments_retentionopening": {"part": "period"},
        "payments_confirmation": {"payment_id": w.record.id},
        "payments_reversalanswer": {"reversal_id": w.asked.id},
        "payments_disputewithdrawal": {"dispute_id": w.dispute.id},
        "payments_changesignature": {"version": 99},
        "payments_changeend": {"change_id": w.change.id},
        "payments_changeinforce": {"change_id": w.change.id},
        "payments_advanceopening": {"party_id": w.part(w.people.alon, w.early).id},
        "payments_advancedecline": {"advance_id": w.waiting.id},
        "payments_advancewithdrawal": {"advance_id": w.waiting.id},
    }.get(table, {})


def write(f: Forgery, w: World, table: str, **values: Any) -> None:
    """A row like a standing one; the project itself is changed instead."""
    if values.keys() & {"defect_id", "event_id"} and table == "milestones_exhibit":
        values["inspection_id"] = None  # an exhibit is of one thing
    if table == "projects_project":
        f.update(table, values.pop("id", f.project), **values)
    else:
        f.copy(table, some_row(f, table, f.project), **fresh(w, table) | values)


def some_row(f: Forgery, table: str, project: Any, column: str = "id") -> Any:
    query = f"SELECT {column} FROM {table} WHERE project_id = %s ORDER BY id LIMIT 1"
    return f.run(query, str(project))[0][0]


def add(name: str, guard: str, perform: Any, table: str, aim: str, *, sealed: bool = True) -> None:
    # Milestones and criteria are added to drafts only; requests for an advance are in a house of their own.
    is_early = table.startswith("payments_advance")
    where = "drafted" if table in DRAFTED else "early" if is_early else "house"
    where = "finished" if table in OF_THE_END else where
    ATTACKS.append(Attack(f"{table}: {name}", guard, perform, on=where, sealed=sealed, aim=aim))


def dangling(table: str, column: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        write(f, w, table, **{column: new_id()} | BESIDE.get((table, column), {}))

    words = f'insert or update on table "{table}" violates foreign key'
    if table in DRAFTED and column == "project_id":
        words = "(milestone_terms|expectations)_are_closed"  # where there is no project, there is no draft
    add(f"{column} that refers to nothing", words, perform, table, f"{table}.{column}")


def foreign(table: str, column: str, target: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        write(f, w, table, **{column: some_row(f, target, w.other.id)} | BESIDE.get((table, column), {}))

    add(f"{column} of another contract", SOMEBODY, perform, table, f"trigger {table}.keeps_to_its_project")


def taken(table: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        write(f, w, table, id=some_row(f, table, f.project))

    add("id that is taken", f'.*"{table}_pkey"', perform, table, f"constraint {table}.{table}_pkey")


def below_nothing(table: str, column: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        write(f, w, table, **{column: -1})

    aim = f"constraint {table}.{table}_{column}_check"
    add(f"{column} below nothing", f"{SOMEBODY}|.*violates check", perform, table, aim)


def untold(table: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        told = "projects_party" if table == "projects_project" else table
        write(f, w, table, entry_id=some_row(f, told, f.project, "entry_id"))
        f.link.commit()

    add("row under an old entry", SOMEBODY, perform, table, f"trigger {table}.tied_to_an_entry", sealed=False)


def late(table: str) -> None:
    def perform(f: Forgery, w: World) -> None:
        f.write_entry()
        write(f, w, table)

    add("row after the entry", "act_is_not_sealed", perform, table, f"trigger {table}.act_is_not_sealed")


for model in FACTS[1:]:
    table = model._meta.db_table
    untold(table)
    late(table)
    if issubclass(model, Fact):
        taken(table)
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            dangling(table, field.column)
            target = field.related_model
            if issubclass(model, Fact) and target in IN_THE_OTHER_HOUSE:
                foreign(table, field.column, target._meta.db_table)
        elif isinstance(field, PositiveIntegerField | PositiveSmallIntegerField):
            below_nothing(table, field.column)
