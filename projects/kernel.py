"""The act kernel: every change of a project goes through here (docs/kernel.md).

One durable transaction does, in this order: the once-row where the door gave a key; the lock on the
project row; a fresh load; who may; the rule and the facts (the action's own body); one journal entry
that names every fact with its hash; obligations for later; the stored answer; commit.
An action's body is the rule and the facts, and nothing else.
"""

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction
from psycopg2 import errors

from people.ids import new_id
from projects import clock, once, outbox
from projects.journal import FORMAT, GENESIS, canonical, chain_hash, check_data, timestamp
from projects.models import JournalEntry, Party, Project, Role
from projects.once import Answer, OnceKey
from projects.outages import is_absence
from projects.refusals import Refused, not_there

LOCK_WAIT = "5s"
# A client that fell silent in the middle of an act (its network is gone) holds the project's lock so long.
SILENCE = "30s"

log = logging.getLogger(__name__)

EVERYONE = frozenset(Role)
Row = TypeVar("Row", bound=models.Model)
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Actor:
    """Who acts. `proven`: a proof of identity within ten minutes, or a token granted with one."""

    user_id: UUID | None
    proven: bool = False


SYSTEM = Actor(None)


class OutcomeUnknown(OperationalError):
    """The connection was cut at the commit, so nobody here knows whether the act was done.

    Sent again under the same key, it is done once in either case.
    """


@dataclass
class Act:
    """One act while it happens: what it was given, and what it writes."""

    kind: str
    actor: Actor
    at: datetime
    project: Project = None  # type: ignore[assignment]  # set by the kernel, or by `begin`
    target: Any = None
    party: Party | None = None
    entry_id: UUID = field(default_factory=new_id)
    data: dict[str, Any] = field(default_factory=dict)
    _facts: dict[tuple[str, UUID], None] = field(default_factory=dict)
    _removed: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return clock.today(self.project.time_zone)

    def begin(self, project: Project) -> Project:
        """The act's first fact is the project itself."""
        project.entry_id, self.project = self.entry_id, project
        project.save(force_insert=True)
        self._touch(project)
        return project

    def add(self, fact: Row) -> Row:
        """Write a new fact of this project."""
        self.add_all([fact])
        return fact

    def add_all(self, facts: Sequence[Row]) -> Sequence[Row]:
        for fact in facts:
            fact.project, fact.entry_id = self.project, self.entry_id  # type: ignore[attr-defined]
            self._touch(fact)
        if facts:
            type(facts[0])._default_manager.bulk_create(facts)
        return facts

    def change(self, fact: Row, **values: Any) -> Row:
        """Change fields of a standing fact; it then carries this act's entry."""
        for name, value in values.items():
            setattr(fact, name, value)
        fact.entry_id = self.entry_id  # type: ignore[attr-defined]
        fact.save(update_fields=[*values, "entry"])
        self._touch(fact)
        return fact

    def remove(self, fact: models.Model) -> None:
        """Remove a draft's row; the entry names it. The database refuses it for anything signed."""
        self._removed.append(_key(fact))
        self._facts.pop((fact._meta.db_table, fact.pk), None)
        fact.delete()

    def record(self, **data: Any) -> None:
        """Ids, codes, amounts and dates for the journal entry; never prose."""
        self.data |= data

    def later(self, kind: str, *, due: datetime | None = None, **payload: Any) -> None:
        outbox.owe(kind, self.project.id, due=due, **payload)

    @property
    def wrote_nothing(self) -> bool:
        return not self._facts and not self._removed

    def _touch(self, fact: models.Model) -> None:
        self._facts[(fact._meta.db_table, fact.pk)] = None

    def digests(self) -> dict[str, str]:
        """{"table/id": hash} of every fact of this act, as the database computes it."""
        by_table: dict[str, list[UUID]] = {}
        for table, pk in self._facts:
            by_table.setdefault(table, []).append(pk)
        found: dict[str, str] = {}
        with connection.cursor() as cursor:
            for table, ids in by_table.items():
                cursor.execute(
                    f"SELECT id, fact_digest('{table}'::regclass, to_jsonb(f))"
                    f" FROM {table} f WHERE id = ANY(%s)",
                    [ids],
                )
                found |= {f"{table}/{pk}": digest for pk, digest in cursor.fetchall()}
        return found

    def seal(self) -> None:
        """Write the act's single entry at the end of the project's chain."""
        if self.wrote_nothing:
            return
        check_data(self.kind, self.data)
        last = JournalEntry.objects.filter(project=self.project).order_by("-seq").first()
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        body = canonical(
            {
                "v": FORMAT,
                "id": self.entry_id,
                "project": self.project.id,
                "seq": seq,
                "kind": self.kind,
                "actor": self.actor.user_id or "system",
                "at": timestamp(self.at),
                "data": self.data,
                "facts": self.digests(),
            }
            | ({"removed": sorted(self._removed)} if self._removed else {})
        )
        JournalEntry.objects.create(
            id=self.entry_id,
            project=self.project,
            seq=seq,
            kind=self.kind,
            actor_id=self.actor.user_id,
            at=self.at,
            body=body,
            previous_hash=previous,
            hash=chain_hash(previous, body),
        )


def _key(fact: models.Model) -> str:
    return f"{fact._meta.db_table}/{fact.pk}"


@dataclass(frozen=True)
class Terms:
    """Who may do an action, as doors need to know it too: roles, signing part, fresh proof, token scope."""

    kind: str
    on: type[models.Model] | None
    by: frozenset[Role]
    signing: bool
    proof: bool
    scope: str
    settles: bool


class Action(Generic[P, R]):
    """A verb, called with (actor, id of the thing, **inputs); `once` answers a repeated request."""

    def __init__(self, terms: Terms, body: Callable[..., R]) -> None:
        self.terms, self.body = terms, body
        functools.update_wrapper(self, body)

    def __call__(self, actor: Actor, target_id: UUID | None = None, **inputs: Any) -> R:
        with _one_transaction():
            return self._perform(actor, target_id, inputs)

    def once(self, key: OnceKey, actor: Actor, target_id: UUID | None = None, **inputs: Any) -> Answer:
        """As a call, with the rendered answer kept under the key; the same request gets it again."""
        with _one_transaction():
            assert actor.user_id is not None  # the system repeats nothing under a key
            row, kept = once.claim(key, actor.user_id)
            if kept is not None:
                return kept
            answer = key.render(self._perform(actor, target_id, inputs))
            once.keep(row, answer)
            return answer

    def _perform(self, actor: Actor, target_id: UUID | None, inputs: Mapping[str, Any]) -> R:
        act = Act(kind=self.terms.kind, actor=actor, at=clock.now())
        if self.terms.on is not None:
            _load(act, self.terms, target_id)
        result = self.body(act, **inputs)
        act.seal()
        if self.terms.settles and not act.wrote_nothing:
            act.later("settle_flags")
        return result


def action(
    kind: str,
    *,
    on: type[models.Model] | None = Project,
    by: Iterable[Role] = EVERYONE,
    signing: bool = False,
    proof: bool = False,
    scope: str = "manage",
    settles: bool = True,
) -> Callable[[Callable[..., R]], Action[Any, R]]:
    """Make a body into an action.

    kind: the journal kind of its entry. on: the model whose id it takes (None: it begins a project).
    by: the roles that may; an empty set leaves seeing and allowing to the body.
    signing: only a confirmed, signing part. proof: only with a fresh proof of identity.
    settles: flags are looked at afterwards; not after acts on the flags themselves.
    """
    terms = Terms(kind, on, frozenset(by), signing, proof, scope, settles)
    return lambda body: Action(terms, body)


@contextmanager
def _one_transaction() -> Iterator[None]:
    """A durable transaction with a bounded wait for locks; a longer wait is the refusal `busy`.

    Refuses clock_is_ahead where the database takes an entry for one of the future.
    Raises OutcomeUnknown when the connection is lost at the commit. When it is lost before, nothing was done.
    """
    at_commit = False
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SET LOCAL lock_timeout = '{LOCK_WAIT}';"
                    f" SET LOCAL idle_in_transaction_session_timeout = '{SILENCE}'"
                )
            yield
            at_commit = True
    except (DatabaseError, InterfaceError) as error:
        if told := _told_of(error, at_commit):
            raise told from error
        raise


def _told_of(error: Exception, at_commit: bool) -> Exception | None:
    """What a database's error means to whoever acts; None where it says so itself, or is our mistake."""
    if isinstance(error.__cause__, errors.LockNotAvailable):
        return Refused("busy")
    if _named(error) == "journal_goes_forward":
        log.error("An act was refused: the clock here is minutes ahead of the database's")
        return Refused("clock_is_ahead")
    if at_commit and is_absence(error):  # no answer, or the server was being ended: it may be done
        return OutcomeUnknown(str(error))
    return None


def _named(error: Exception) -> str | None:
    """The guard that raised an error."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return diagnosis.message_primary if diagnosis else None


def _load(act: Act, terms: Terms, target_id: UUID | None) -> None:
    """Lock the project, load the target and the actor's part fresh, and judge who may."""
    assert terms.on is not None
    project_id = project_of(terms.on, target_id)
    act.project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    act.at = _after_the_last(act)
    act.target = act.project if terms.on is Project else _still_there(terms.on, target_id)
    if terms.by:
        act.party = admitted(terms, act.actor, project_id)


def _still_there(table: type[models.Model], target_id: UUID | None) -> models.Model:
    """The thing as it stands under the lock; it may have been removed while we waited."""
    found = table._default_manager.filter(pk=target_id).first()
    if found is None:
        raise not_there()
    return found


def _after_the_last(act: Act) -> datetime:
    """Now, or just after the last entry where this machine's clock is behind it.

    No two entries of a project share a moment, so that who was a party at one has one answer.
    """
    entries = JournalEntry.objects.filter(project=act.project).order_by("-seq")
    last = entries.values_list("at", flat=True).first()
    return max(act.at, last + datetime.resolution) if last else act.at


def project_of(table: type[models.Model], target_id: UUID | None) -> UUID:
    """The project that a thing belongs to; it is not there when the thing is not."""
    path = "id" if table is Project else "project_id"
    found = table._default_manager.filter(pk=target_id).values_list(path, flat=True).first()
    if found is None:
        raise not_there()
    return found


def admitted(terms: Terms, actor: Actor, project_id: UUID) -> Party:
    """The actor's part in the project, judged by the terms; the project is not there without a part.

    Doors ask early too, so that who may not is told so before what they wrote is looked at.
    """
    party = None
    if actor.user_id is not None:
        party = Party.objects.filter(project_id=project_id, user_id=actor.user_id, left_at=None).first()
    if party is None or not party.is_present:
        raise not_there()
    if party.role not in terms.by:
        raise Refused("not_your_role")
    if terms.signing and not party.signs:
        raise Refused("not_a_signer")
    if terms.signing and not party.confirmed:
        raise Refused("part_not_confirmed")
    if terms.proof and not actor.proven:
        raise Refused("proof_needed")
    return party
