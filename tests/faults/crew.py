"""What the people of the faults do: one house after the other, stage by stage, at the site and in the office.

They work through programs of their own (an API token each), as fast as people never would.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from tests.faults import marks
from tests.faults.client import Browser, GaveUp, Link, Person, RefusedError
from tests.faults.contract import NAME, STAGES, photo, terms, today
from tests.faults.ledger import Ledger

PEOPLE = {"noa": "homeowner", "alon": "contractor", "michal": "engineer"}
LONGEST_THOUGHT = 0.15  # seconds between two acts


class Crew:
    """Two threads for each house: one builds and pays by the gate, one records what moved beside it."""

    def __init__(self, address: str, tokens: Mapping[str, str], ledger: Ledger, seed: int) -> None:
        self.address, self.tokens, self.ledger, self.seed = address, tokens, ledger, seed
        self.stop = threading.Event()
        self.photo = photo()
        self.threads: list[threading.Thread] = []
        self.links: list[Link] = []
        self.mistakes: list[BaseException] = []

    def start(self, houses: int) -> None:
        for number in range(houses):
            self._start(f"site {number}", lambda number=number: self._build_for_ever(number))

    def finish(self) -> None:
        """Let everybody end the act they are at."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        for link in self.links:
            link.close()

    def _start(self, name: str, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except GaveUp:
                return  # the ledger knows
            except BaseException as error:
                self.mistakes.append(error)
                raise

        thread = threading.Thread(target=run, name=name)
        self.threads.append(thread)
        thread.start()

    def _build_for_ever(self, number: int) -> None:
        for house in range(1_000_000):
            if self.stop.is_set():
                return
            chance = random.Random(f"{self.seed} {number} {house}")
            site = Site(self, self._people(chance), chance)
            site.agree(f"{NAME} {number}-{house}")
            office = Office(self, self._people(chance), random.Random(f"office {chance.random()}"), site)
            self._start(f"office {number}-{house}", office.work)
            self._start(f"armchair {number}-{house}", Armchair(self, chance.random(), site).work)
            site.build()

    def _people(self, chance: random.Random) -> dict[str, Person]:
        people = {
            name: Person(name, token, self.address, self.ledger, random.Random(chance.random()))
            for name, token in self.tokens.items()
        }
        self.links += [person.link for person in people.values()]
        return people

    def browser(self, name: str) -> Browser:
        browser = Browser(name, self.address, self.ledger)
        self.links.append(browser.link)
        return browser


class Work:
    """Somebody's work on one project."""

    def __init__(self, crew: Crew, people: Mapping[str, Person], chance: random.Random) -> None:
        self.crew, self.chance = crew, chance
        self.noa, self.alon, self.michal = (people[name] for name in PEOPLE)

    @property
    def goes_on(self) -> bool:
        time.sleep(self.chance.uniform(0, LONGEST_THOUGHT))
        return not self.crew.stop.is_set()

    def _move(self, person: Person, verb: str, kind: str, project: str, amount: str, line: str) -> Any:
        """Release or record; the reference makes its mail known again."""
        paid = {
            "amount": amount,
            "line": line,
            "paid_on": today(),
            "method": "bank_transfer",
            "reference": uuid4().hex[:16],
        }
        return person.act(kind, f"projects/{project}/{verb}/", paid, marks=marks.of_payment)

    def _confirm(self, payment: str) -> None:
        receipt = {"receipt_number": uuid4().hex[:8]}
        self.alon.act("payment_confirmed", f"payments/{payment}/confirm/", receipt, marks=marks.of_payment)


class Site(Work):
    """The work by the contract: report, submit, sign, release, confirm; now and then a step back."""

    project = ""
    milestones: tuple[str, ...] = ()

    def agree(self, name: str) -> None:
        """Create the project, bring everybody in, and sign."""
        begun = self.noa.act("project_created", "projects/", terms(name), marks=marks.of_project)
        self.project = begun["id"]
        for person in (self.alon, self.michal):
            self._bring(person)
        version = self.noa.get(f"projects/{self.project}/")["version"]
        for signer in (self.noa, self.alon):
            signer.act(
                "agreement_signed",
                f"projects/{self.project}/agree/",
                {"version": version},
                marks=lambda p, signer=signer: [*marks.of_project(p), f"role={PEOPLE[signer.name]}"],
            )
        found = self.noa.get(f"projects/{self.project}/milestones/?limit=100")["results"]
        self.milestones = tuple(milestone["id"] for milestone in found)

    def _bring(self, person: Person) -> None:
        invitation = {"email": f"{person.name}@example.com", "role": PEOPLE[person.name]}
        party = self.noa.act(
            "party_invited", f"projects/{self.project}/parties/", invitation, marks=marks.of_party
        )
        person.act("party_joined", f"invitations/{party['id']}/accept/", marks=marks.of_party)

    def build(self) -> None:
        for milestone in self.milestones:
            for step in (self._report, self._submit, self._sign, self._pay):
                if not self.goes_on:
                    return
                step(milestone)

    def _report(self, milestone: str) -> None:
        there = f"milestones/{milestone}/progress/"
        self.alon.act(
            "progress_logged", there, {"percent": "50.00", "note": "Half way."}, marks=marks.of_progress
        )
        photo = self.alon.upload(self.project, self.crew.photo)
        self.alon.act(
            "progress_logged", there, {"percent": "100.00", "evidence": [photo]}, marks=marks.of_progress
        )

    def _submit(self, milestone: str) -> None:
        """Submit; sometimes take it back, or have it returned, and submit again."""
        self._send(milestone)
        if self.chance.random() < 0.15:
            there = f"milestones/{milestone}/"
            self.alon.act("submission_withdrawn", there + "withdraw/", marks=marks.of_round)
            self._send(milestone)
        if self.chance.random() < 0.15:
            self._return(milestone)
            self._send(milestone)

    def _send(self, milestone: str) -> None:
        criteria = [c["id"] for c in self.alon.get(f"milestones/{milestone}/")["criteria"]]
        there = f"milestones/{milestone}/submit/"
        self.alon.act("milestone_submitted", there, {"criteria_met": criteria}, marks=marks.of_round)

    def _return(self, milestone: str) -> None:
        found = self.michal.get(f"milestones/{milestone}/")
        unmet = {
            "version": found["version"],
            "reason": "One sample is missing.",
            "unmet_criteria": [found["criteria"][0]["id"]],
        }
        self.michal.act("milestone_returned", f"milestones/{milestone}/return/", unmet, marks=marks.of_round)

    def _sign(self, milestone: str) -> None:
        version = {"version": self.noa.get(f"milestones/{milestone}/")["version"]}
        for signer in self.chance.sample([self.noa, self.michal], 2):
            signer.act(
                "milestone_approved",
                f"milestones/{milestone}/sign-off/",
                version,
                marks=lambda m, by=signer: [*marks.of_round(m), f"role={PEOPLE[by.name]}"],
            )

    def _pay(self, milestone: str) -> None:
        """Release what is payable and have it confirmed. The office may have been there before us."""
        while self.goes_on and (payable := self._payable(milestone)) != "0.00":
            try:
                payment = self._move(
                    self.noa, "release", "payment_released", self.project, payable, milestone
                )
            except RefusedError as refused:
                if refused.code not in {"more_than_payable", "payment_locked"}:
                    raise
            else:
                self._confirm(payment["id"])

    def _payable(self, milestone: str) -> str:
        lines = self.noa.get(f"projects/{self.project}/schedule/")["results"]
        return next(line["payable"] for line in lines if line["line"] == milestone)


class Office(Work):
    """Small sums that moved beside the gate: recorded, confirmed, reversed, consented to, declined."""

    def __init__(self, crew: Crew, people: Mapping[str, Person], chance: random.Random, site: Site) -> None:
        super().__init__(crew, people, chance)
        self.site = site

    def work(self) -> None:
        """On the last stage, which the site reaches late: until that is paid, or the day is over."""
        for _ in range(STAGES * 2):
            if not self.goes_on:
                return
            person = self.chance.choice([self.noa, self.alon])
            amount, line = f"{self.chance.randint(100, 999) / 100:.2f}", self.site.milestones[-1]
            payment = self._move(person, "payments", "payment_recorded", self.site.project, amount, line)
            self._look_again(person, payment["id"])

    def _look_again(self, person: Person, payment: str) -> None:
        mood = self.chance.random()
        if person is self.noa and mood < 0.6:
            self._confirm(payment)
        if mood < 0.4:
            self._reverse(person, payment)

    def _reverse(self, person: Person, payment: str) -> None:
        """Take it back: at once, or with the other side's consent where its receipt is known."""
        waits = self.noa.get(f"payments/{payment}/")["confirmed"]
        kind = "reversal_asked" if waits else "payment_reversed"
        answer = person.act(
            kind,
            f"payments/{payment}/reverse/",
            {"amount": "1.00", "why": "wrong_record"},
            marks=marks.of_reversal,
        )
        if waits:
            other = self.alon if person is self.noa else self.noa
            verb, kind = self.chance.choice(
                [("consent", "payment_reversed"), ("decline", "reversal_declined")]
            )
            other.act(kind, f"reversals/{answer['reversals'][-1]['id']}/{verb}/", marks=marks.of_reversal)


class Armchair:
    """Noa at home, in her browser: she looks at the house, and records what she paid, with a form."""

    def __init__(self, crew: Crew, seed: float, site: Site) -> None:
        self.crew, self.chance, self.site = crew, random.Random(f"armchair {seed}"), site

    def work(self) -> None:
        """Until the day is over, or the house is finished."""
        noa = self.crew.browser("noa")
        noa.enter()
        for _ in range(STAGES):
            time.sleep(self.chance.uniform(0.2, 1.0))
            if self.crew.stop.is_set():
                return
            noa.read(f"/projects/{self.site.project}/payments/")
            self._record(noa)

    def _record(self, noa: Browser) -> None:
        reference = uuid4().hex[:16]
        paid = {
            "amount": f"{self.chance.randint(1, 99)}.00",
            "paid_on": today(),
            "line": self.site.milestones[-1],
            "method": "cash",
            "reference": reference,
        }
        there = f"/projects/{self.site.project}/record/"
        noa.fill_in("payment_recorded", there, paid, [f"reference={reference}"])
