"""Steps about people and the terms of a draft."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .beginnings import contract, linkage, milestone
from .book import Part, Project
from .choices import Choices, is_homeowner, is_side, signs_as
from .figures import DEPOSIT, lines_of
from .steps import DATA, Steps, is_draft, when
from .story import ADDRESSES, UNPROVED
from .terms import missing_of
from .words import CONTRACTOR, ENGINEER, HOMEOWNER, OBSERVER, ROLES, SIDES, SUPERVISOR, Who

MOST_VERSIONS = 14


def is_awaited(project: Project, part: Part) -> bool:
    """Invited, and not somebody who has a part already."""
    theirs = {a for p in project.those_present if p.person for a in ADDRESSES[p.person]}
    return part.stands and not part.joined and part.email not in theirs


class PeopleSteps(Steps):
    """Bringing people in and ending their parts."""

    @when(lambda project: len(project.parts) < 8)
    @rule(data=DATA)
    def invite(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project()
        absent = {"alon", "uri", "eran", "michal"} - {p.person for p in project.those_present} | {"dana"}
        addresses = [self.story.book.addresses[person][-1] for person in sorted(absent)]
        every = [a for theirs in self.story.book.addresses.values() for a in theirs]
        email = c.likely(addresses, [*every, *UNPROVED.values(), " Nobody@Example.com "])
        role = c.likely([ENGINEER, SUPERVISOR, OBSERVER, HOMEOWNER], ROLES)
        who = c.who(is_side, project)
        self.act(c, "invite_party", who, project.name, email=email, role=role, signs=not c.rarely())

    @when(lambda project: any(is_awaited(project, part) for part in project.parts))
    @rule(data=DATA)
    def answer_invitation(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, part = c.part(lambda part: part.stands and not part.joined)
        addresses = self.story.book.addresses
        invited = [who for who, theirs in addresses.items() if part and part.email in theirs]
        who = c.someone() if not invited or c.rarely() else Who(invited[0])
        act = "decline_invitation" if c.rarely() else "accept_invitation"
        self.act(c, act, who, name)

    @when(lambda project: any(not part.confirmed for part in project.parts))
    @rule(data=DATA)
    def confirm_part(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, part = c.part(lambda part: part.stands and not part.confirmed)
        self.act(c, "confirm_party", c.who(is_homeowner, self.project_of(part)), name)

    @when(lambda project: len(project.those_present) > 3)
    @rule(data=DATA)
    def end_part(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, part = c.part(lambda part: part.stands and (part.role not in SIDES or not part.joined))
        self.act(c, "end_part", c.who(is_homeowner, self.project_of(part)), name)

    @when(lambda project: len(project.files) < 4)
    @rule(data=DATA)
    def attach(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project()
        self.act(c, "add_attachment", c.who(lambda part: True, project), project.name)


def is_written(project: Project) -> bool:
    """A draft that is not edited for ever."""
    return project.draft and project.version < MOST_VERSIONS and len(project.stages) < 6


class TermSteps(Steps):
    """Writing the agreement and signing it."""

    @precondition(lambda self: self.contrary and len(self.story.book.projects) < 2)
    @rule(data=DATA)
    def create(self, data: st.DataObject) -> None:
        c = self.choices(data)
        role = c.one([HOMEOWNER, CONTRACTOR])
        self.story.act("create_project", c.someone(), my_role=role, **contract(c))

    @when(is_written)
    @rule(data=DATA)
    def edit_terms(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(is_draft)
        paid = next((line.paid for line in lines_of(project) if line.name == DEPOSIT), 0)
        deposits = [paid - 1, paid, 0] if paid else [0, project.total // 10, project.total]
        term = c.one(
            [
                {"deposit": Decimal(c.one(deposits)) / 100},
                {"contract_total": Decimal(sum(s.value for s in project.stages) or project.total) / 100},
                {"retention_percent": Decimal(c.one(["10", "0", "12.34"]))},
                {"policy": {"homeowner_signers": "all"}},
                linkage(c) if c.one([True, False]) else dict.fromkeys(linkage(c)),
            ]
        )
        if term.get("contract_total", project.total) * 100 < project.deposit:
            term = {"name": "Another name"}
        self.act(
            c,
            "edit_project",
            c.who(is_side, project),
            project.name,
            version=c.version(project.version),
            **term,
        )

    @when(is_written)
    @rule(data=DATA)
    def add_stage(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(is_draft)
        worth = project.total - sum(stage.value for stage in project.stages)
        priced = project.total - project.deposit - sum(stage.amount for stage in project.stages)
        terms = milestone(c, max(0, worth), max(0, priced))
        self.act(c, "add_milestone", c.who(is_side, project), project.name, **terms)

    @when(lambda project: project.draft and (is_written(project) or missing_of(project)))
    @rule(data=DATA)
    def edit_stage(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: self.project_of(stage).draft)
        version = c.version(stage.version if stage else 1)
        terms = self._new_terms_of(c, stage)
        self.act(c, "edit_milestone", c.who(is_side, self.project_of(stage)), name, version=version, **terms)

    def _new_terms_of(self, c: Choices, stage: Any) -> dict[str, Any]:
        """Mostly what brings the sums together."""
        project = self.project_of(stage)
        value = project.total - sum(s.value for s in project.stages if s is not stage)
        amount = project.total - project.deposit - sum(s.amount for s in project.stages if s is not stage)
        return c.one(
            [
                {"value": Decimal(max(0, value)) / 100, "amount": Decimal(max(0, amount)) / 100},
                {"criteria": ["It is dry"], "title": "Roof"},
                {"signers": c.one([[HOMEOWNER], [HOMEOWNER, ENGINEER], [HOMEOWNER, CONTRACTOR], []])},
                {"title": c.one(["Roof", " "]), "criteria": c.one([["It is dry", "It is straight"], []])},
                {"amount": c.sum_to_write()},
            ]
        )

    @when(lambda project: is_written(project) and len(project.stages) > 1)
    @rule(data=DATA)
    def remove_stage(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(lambda stage: self.project_of(stage).draft)
        version = c.version(stage.version if stage else 1)
        self.act(c, "remove_milestone", c.who(is_side, self.project_of(stage)), name, version=version)

    @when(is_draft)
    @rule(data=DATA)
    def sign(self, data: st.DataObject) -> None:
        c = self.choices(data)
        project = c.project(is_draft)
        signed = {name for name, version in project.signatures if version == project.version}
        who = c.who(lambda part: signs_as(SIDES)(part) and part.name not in signed, project)
        self.act(c, "sign_agreement", who, project.name, version=c.version(project.version))
