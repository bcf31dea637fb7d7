"""The product, as the model drives it: real actions by name, real ids for the model's names, its figures."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from hashlib import md5
from typing import Any
from uuid import UUID, uuid4

from milestones import actions as milestones
from milestones.models import Decision, Defect, Milestone
from payments import actions as payments
from payments.models import ChangeOrder
from projects import actions as projects
from projects import clock, endings
from projects.files import Received
from projects.flagging import Settled, settle_flags
from projects.journal import text_hash
from projects.kernel import SYSTEM, Action, Actor
from projects.models import Party, Project
from projects.once import Answer, OnceKey
from projects.refusals import Refused
from tracker.actions import create_project

from .book import Book, Payment, Stage
from .book import Project as Modelled
from .disputes import open_disputes
from .figures import early_of, figures_of, lines_of
from .linkage import money_of
from .standing import OF_THE_RULES, OF_THE_VIEWS, agorot_of
from .watch import Told
from .words import Name, Who

ACTIONS: dict[str, Action[..., Any]] = {
    action.__name__: action
    for module in (projects, endings, milestones, payments)
    for action in vars(module).values()
    if isinstance(action, Action)
} | {"create_project": create_project}

TIME_ZONE = "Asia/Jerusalem"
PHOTO = Received(text_hash("photo"), "photo", "image/jpeg", 1000, 640, 480, None, None, b"")

# What acts ask for and the model has nothing to say about.
UNSAID: dict[str, dict[str, Any]] = {
    "add_attachment": {"received": PHOTO},
    "create_token": {"name": "Bookkeeping", "scopes": ["read"]},
    "create_project": {
        "name": "Almog family house",
        "kind": "house_build",
        "vat_rate": Decimal(18),
    },
}


class Product:
    """Acts for persons of the model, and remembers which id each of its names stands for."""

    def __init__(self, people: Mapping[str, UUID]) -> None:
        self.people = people
        self.ids: dict[Name, UUID] = {}

    def do(self, act: str, who: Who, target: Name | None, inputs: Mapping[str, Any]) -> Any:
        """The action's own answer; raises Refused."""
        if act == "settle_flags":
            assert target is not None
            return settle_flags(self.id_of(target))
        return ACTIONS[act](self._actor(who), self._target(target), **self._inputs(act, inputs))

    def do_once(
        self, key: str, act: str, who: Who, target: Name | None, inputs: Mapping[str, Any]
    ) -> tuple[Answer, Any]:
        """The kept or new answer, and what the action returned where it ran."""
        returned = []

        def render(result: Any) -> Answer:
            returned.append(result)
            return Answer(200, {"id": str(id_in(result))})

        fingerprint = text_hash(repr((act, who, target, inputs)))
        once = OnceKey(key, fingerprint, render)
        action = ACTIONS[act]
        answer = action.once(once, self._actor(who), self._target(target), **self._inputs(act, inputs))
        return answer, returned[0] if returned else None

    def id_of(self, name: Name) -> UUID:
        """The id of a thing; of one that never was, an id that nobody knows."""
        return self.ids.get(name) or self.ids.setdefault(name, uuid4())

    def _actor(self, who: Who) -> Actor:
        return Actor(self.people[who.person], proven=who.proven) if who.person else SYSTEM

    def _target(self, target: Name | None) -> UUID | None:
        return None if target is None else self.id_of(target)

    def _inputs(self, act: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given = {key: self._plain(value) for key, value in inputs.items()}
        if act == "create_project":
            given["starts_on"] = clock.today(TIME_ZONE)
        if isinstance(line := given.get("line"), UUID):
            given["line"] = str(line)
        return given | UNSAID.get(act, {})

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Name):
            return self.id_of(value)
        if isinstance(value, dict):
            return {key: self._plain(item) for key, item in value.items()}
        return [self._plain(item) for item in value] if isinstance(value, list) else value

    # --- what an act made

    def learn(self, said: Any, result: Any, book: Book) -> None:
        """Remember the ids of what an accepted act made, under the names that the model gave them."""
        if isinstance(said, list):
            self._learn_flags(said, result)
        elif isinstance(said, Name):
            self.ids.setdefault(said, id_in(result))
            thing = book.things.get(said)
            if isinstance(result, Project | Milestone | ChangeOrder):
                self._learn_terms(book.project_of(thing))
            if isinstance(result, Decision):
                self._learn_defects(book.project_of(thing))

    def _learn_flags(self, said: list[Told], result: list[Settled]) -> None:
        ids = {(change.flag.kind, str(change.flag.about_id)): change.flag.id for change in result}
        for told in said:
            if found := ids.get((told.flag_kind, self._about(told.about))):
                self.ids.setdefault(told.name, found)

    def _learn_terms(self, project: Modelled) -> None:
        """The founder's part, and the milestones and criteria by their places."""
        known = {*self.ids}
        if (founder := project.parts[0].name) not in known:
            self.ids[founder] = Party.objects.get(project_id=self.ids[project.name]).id
        if {name for stage in project.stages for name in [stage.name, *stage.criteria]} <= known:
            return
        found = Milestone.objects.filter(project_id=self.ids[project.name]).prefetch_related("criteria")
        for stage, milestone in zip(project.stages, found.order_by("position"), strict=True):
            self.ids[stage.name] = milestone.id
            written = sorted(milestone.criteria.all(), key=lambda criterion: criterion.position)
            self.ids |= {n: c.id for n, c in zip(stage.criteria, written, strict=True)}

    def _learn_defects(self, project: Modelled) -> None:
        """Those that a decision named, by their numbers."""
        if {defect.name for defect in project.defects} <= self.ids.keys():
            return
        found = Defect.objects.filter(project_id=self.ids[project.name]).order_by("number")
        self.ids |= {d.name: row.id for d, row in zip(project.defects, found, strict=True)}

    # --- what is compared

    def settled(self, result: list[Settled]) -> set[tuple[str, ...]]:
        """What became of flags, to be compared with what the model told."""
        return {(c.entry_kind, c.flag.kind, str(c.flag.about_id), c.flag.severity) for c in result}

    def told(self, said: list[Told]) -> set[tuple[str, ...]]:
        return {(t.entry_kind, t.flag_kind, self._about(t.about), t.severity) for t in said}

    def foreseen(self, project: Modelled) -> dict[str, Any]:
        """Where a project stands, as the model says."""
        figures = figures_of(project)
        return {
            "project": [project.state, project.version, project.entries],
            "stages": [self._stands(stage) for stage in project.stages],
            "paid": {self._id(line.name): line.paid for line in lines_of(project) if line.paid},
            "figures": {key: figures[key] for key in OF_THE_VIEWS},
        }

    def _stands(self, stage: Stage) -> list[Any]:
        ends = stage.end.isoformat() if stage.end else None
        return [self._id(stage.name), stage.state, stage.version, stage.round, ends]

    def foreseen_money(self, book: Book, project: Modelled) -> dict[str, Any]:
        figures, disputed = figures_of(project), open_disputes(book, project)
        early = {self._id(p.name): early_of(project, p) for p in project.payments}
        return {
            "lines": [
                [self._id(line.name), line.state, line.full, line.open, line.payable, line.paid]
                for line in lines_of(project)
            ],
            "defects": [[self._id(d.name), d.state, d.fix_by] for d in project.defects],
            "disputed": {self._id(name): book.find(Payment, name).left for name in disputed},
            "linkage": self._linkage(project),
            "early": {payment: amount for payment, amount in early.items() if amount},
            "figures": {key: figures[key] for key in OF_THE_RULES},
        }

    def _linkage(self, project: Modelled) -> list[Any]:
        if project.draft or project.linkage is None:
            return []
        each = {self._id(payment.name): money_of(project, payment) for payment in project.payments}
        missing = sorted({month for _, month in each.values() if month})
        return [sum(sum_ for sum_, _ in each.values()), missing, {pk: [*its] for pk, its in each.items()}]

    def _about(self, name: Name) -> str:
        """The id of what a flag is about; a line that is no milestone's has one made of its project's."""
        whose, _, line = name.partition(" ")
        return str(
            UUID(md5(f"{self.ids[Name(whose)]}{line}".encode()).hexdigest()) if line else self.id_of(name)
        )

    def _id(self, name: str) -> str:
        return str(self.ids.get(Name(name), name))

    def said(self, refused: Refused, keys: Collection[str]) -> dict[str, Any]:
        """What a refusal says under these keys, as the model would say it."""
        return {key: _modelled(refused.data.get(key)) for key in keys}


def id_in(result: Any) -> Any:
    """The id of what an act answers; of a token, which comes with its secret, as well."""
    return getattr(result[0] if isinstance(result, tuple) else result, "id", None)


def _modelled(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((item["code"], item["about"]) for item in value)
    return agorot_of(value)
