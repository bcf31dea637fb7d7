"""Attacks on the journal: spoiled entries, and facts that no entry, or another one, tells of."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from people.ids import new_id
from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, pay
from tests.attacks.world import World


def spoiled(f: Forgery, **spoil: Any) -> None:
    """A payment whose entry says something else than it should."""
    pay(f, "50.00", kind="record")
    f.spoil = spoil


@attack("journal_is_gapless")
def entry_that_leaves_a_gap(f: Forgery, w: World) -> None:
    spoiled(f, seq=99)


@attack("journal_is_gapless", aim="constraint projects_journalentry.journal_one_entry_per_seq")
def entry_in_the_place_of_the_first(f: Forgery, w: World) -> None:
    spoiled(f, seq=1)


@attack("journal_is_gapless", aim="constraint projects_journalentry.projects_journalentry_seq_check")
def entry_before_the_first(f: Forgery, w: World) -> None:
    spoiled(f, seq=-1)


@attack("journal_is_chained")
def entry_that_begins_a_chain_of_its_own(f: Forgery, w: World) -> None:
    spoiled(f, previous_hash="0" * 64)


@attack("journal_is_chained")
def entry_with_another_hash(f: Forgery, w: World) -> None:
    spoiled(f, hash="0" * 64)


@attack("journal_goes_forward")
def entry_dated_back(f: Forgery, w: World) -> None:
    spoiled(f, at=timezone.now() - timedelta(days=400))


@attack("journal_goes_forward")
def entry_dated_ahead(f: Forgery, w: World) -> None:
    spoiled(f, at=timezone.now() + timedelta(days=1))


@attack("journal_says_what_it_holds")
def entry_of_another_kind_than_its_bytes(f: Forgery, w: World) -> None:
    spoiled(f, kind="payment_released")


@attack("journal_says_what_it_holds")
def entry_by_another_than_its_bytes(f: Forgery, w: World) -> None:
    spoiled(f, actor_id=None)


@attack("journal_says_what_it_holds")
def entry_with_another_id_than_its_bytes(f: Forgery, w: World) -> None:
    spoiled(f, said={"id": str(new_id())})


@attack("journal_says_what_it_holds")
def entry_whose_facts_are_no_object(f: Forgery, w: World) -> None:
    spoiled(f, said={"facts": []})


@attack('.*"projects_journalentry_pkey"')
def entry_under_the_id_of_another(f: Forgery, w: World) -> None:
    taken = str(w.record.entry_id)
    spoiled(f, id=taken, said={"id": taken})


@attack(".*violates foreign key", aim="projects_journalentry.project_id")
def entry_of_no_project(f: Forgery, w: World) -> None:
    f.project = str(new_id())


@attack("payment_is_the_payers", aim="projects_journalentry.actor_id")
def entry_by_nobody_who_is(f: Forgery, w: World) -> None:
    f.actor = str(new_id())
    spoiled(f)


@attack("entry_names_its_facts")
def entry_that_names_no_fact(f: Forgery, w: World) -> None:
    spoiled(f, said={"facts": {}})


@attack("entry_names_its_facts")
def entry_that_names_a_fact_that_is_not(f: Forgery, w: World) -> None:
    spoiled(f, said={"facts": {f"payments_payment/{new_id()}": "0" * 64}})


@attack("entry_names_its_facts")
def entry_that_names_a_table_that_is_not(f: Forgery, w: World) -> None:
    spoiled(f, said={"facts": {f"no_such_table/{new_id()}": "0" * 64}})


@attack("entry_names_its_facts")
def entry_of_nothing(f: Forgery, w: World) -> None:
    pass


@attack("entry_names_its_facts")
def entry_of_removals_that_never_were(f: Forgery, w: World) -> None:
    f.removed.append(f"milestones_milestone/{new_id()}")


@attack("fact_is_tied")
def second_entry_of_one_act(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.write_entry()
    f.begin_again()


# --- Facts and their entry


@attack("act_is_not_sealed")
def fact_written_after_the_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.write_entry()
    pay(f, "60.00", kind="record")


@attack("act_is_not_sealed")
def fact_changed_after_the_entry_was_checked(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    f.write_entry()
    f.run("SET CONSTRAINTS entry_names_its_facts IMMEDIATE")
    count(f, payment, "50.00", line="deposit")


@attack("entry_names_its_facts")
def fact_that_the_entry_does_not_name(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    pay(f, "60.00", kind="record")
    f.facts.pop()


@attack("fact_is_tied")
def fact_that_shares_the_entry_of_another(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    f.facts.clear()
    pay(f, "60.00", kind="record")


@attack("entry_names_its_facts")
def fact_with_another_hash_than_the_entrys(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.digest = lambda table, pk: "0" * 64  # type: ignore[method-assign]


@attack("fact_is_tied", sealed=False)
def fact_under_an_old_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    f.link.commit()


@attack("insert or update on table", sealed=False)
def fact_without_an_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.link.commit()


@attack("insert or update on table", sealed=False)
def fact_whose_entry_went_back_to_a_savepoint(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.run("SAVEPOINT before_the_entry")
    f.write_entry()
    f.run("ROLLBACK TO before_the_entry")
    f.link.commit()


@attack("fact_is_tied", sealed=False)
def facts_copied_in(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    columns = "id, project_id, entry_id, kind, by_role, amount, paid_on, method, reference, reason"
    row = [
        new_id(),
        f.project,
        w.record.entry_id,
        "record",
        "homeowner",
        "9.00",
        "2026-01-01",
        "cash",
        "",
        "",
    ]
    f.cursor.copy_expert(
        f"COPY payments_payment ({columns}) FROM STDIN", io.StringIO("\t".join(map(str, row)) + "\n")
    )
    f.link.commit()


@attack("fact_is_tied", sealed=False)
def facts_copied_from_standing_ones(f: Forgery, w: World) -> None:
    columns = "project_id, entry_id, kind, name, sha256, media_type, size"
    f.run(
        f"INSERT INTO projects_attachment (id, {columns})"
        f" SELECT gen_random_uuid(), {columns} FROM projects_attachment"
    )
    f.link.commit()


@attack("fact_is_tied", sealed=False)
def constraints_checked_before_there_is_an_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    f.run("SET CONSTRAINTS ALL IMMEDIATE")
