"""The story, told over HTTP: a family builds a house, and money is released only for work that is signed.

Noa and Uri build; Alon is their contractor, Michal their engineer; Dana, a neighbour, is party to nothing.
Every chapter begins where the one before it ended.
"""

from dataclasses import dataclass
from typing import Any

from projects import outbox
from projects.models import JournalEntry
from tests.cast import TODAY, Cast
from tests.programs import Program, picture, program

STAGES = [
    {
        "title": "Foundations",
        "value": "400000.00",
        "amount": "400000.00",
        "signers": ["homeowner", "engineer"],
        "criteria": ["The engineer saw every pile", "The concrete was tested"],
    },
    {
        "title": "Frame and roof",
        "value": "600000.00",
        "amount": "500000.00",
        "signers": ["homeowner", "engineer"],
        "criteria": ["The roof slab is cast"],
    },
]


@dataclass
class Story:
    """The people with their programs, and the house once there is one."""

    noa: Program
    uri: Program
    alon: Program
    michal: Program
    dana: Program
    house: str = ""

    def milestone(self, position: int) -> dict[str, Any]:
        return self.noa.get(f"projects/{self.house}/milestones/").json()["results"][position - 1]

    def line(self, name: str) -> dict[str, Any]:
        lines = self.noa.get(f"projects/{self.house}/schedule/").json()["results"]
        return next(line for line in lines if line["line"] == name)

    def exposure(self) -> dict[str, Any]:
        return self.noa.get(f"projects/{self.house}/exposure/").json()

    def flags(self) -> dict[str, str]:
        """The open warnings, by kind, with their severity."""
        found = self.noa.get(f"projects/{self.house}/flags/?open=true").json()["results"]
        return {flag["kind"]: flag["severity"] for flag in found}

    def entries(self) -> int:
        return JournalEntry.objects.filter(project_id=self.house).count()

    def release(self, line: str, amount: str, **headers: str) -> Any:
        paid = {"line": line, "amount": amount, "paid_on": TODAY(), "method": "bank_transfer"}
        return self.noa.post(f"projects/{self.house}/release/", paid, **headers)


def a_minute_passes() -> None:
    """What the acts promised to be done later is done."""
    for due in outbox.reserve_due():
        outbox.fulfil(due)


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def refused(answer: Any, status: int, code: str) -> Any:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["detail"]
    return problem


def test_the_story(cast: Cast) -> None:
    people = (cast.noa, cast.uri, cast.alon, cast.michal, cast.dana)
    story = Story(*(program(person) for person in people))
    they_agree_on_a_contract(story)
    nothing_is_paid_for_foundations_that_are_not_there(story)
    the_foundations_are_built_and_submitted(story)
    both_must_sign(story)
    the_payment_unlocks_and_is_released_once(story)
    he_asks_for_money_early_and_they_pay(story)
    the_work_catches_up(story)
    nobody_else_sees_any_of_it(story)
    the_journal_tells_it_all(story)


def they_agree_on_a_contract(story: Story) -> None:
    terms = {
        "my_role": "homeowner",
        "name": "Almog family house",
        "kind": "house_build",
        "contract_total": "1000000.00",
        "deposit": "100000.00",
        "retention_percent": "5",
        "starts_on": TODAY(),
        "milestones": STAGES,
    }
    draft = done(story.noa.post("projects/", terms), 201)
    story.house, agree = draft["id"], f"projects/{draft['id']}/agree/"
    assert draft["state"] == "draft"

    missing = refused(story.noa.post(agree, {"version": 1}), 409, "agreement_incomplete")["missing"]
    assert {(gap["code"], gap["about"]) for gap in missing} == {
        ("nobody_signs_as", "contractor"),
        ("nobody_signs_as", "engineer"),
    }

    someone_joins(story, story.noa, story.alon, "contractor")
    engineer = someone_joins(story, story.alon, story.michal, "engineer")
    assert not engineer["confirmed"], "an engineer whom the contractor brings does not count yet"
    refused(story.alon.post(f"parties/{engineer['id']}/confirm/"), 403, "not_your_role")
    done(story.noa.post(f"parties/{engineer['id']}/confirm/"))

    invitation = {"email": story.uri.user.email, "role": "homeowner"}
    invite = f"projects/{story.house}/parties/"
    refused(story.alon.post(invite, invitation), 403, "homeowners_invite_homeowners")

    version = done(story.noa.get(f"projects/{story.house}/"))["version"]
    refused(story.noa.post(agree, {"version": version - 1}), 409, "changed_since_read")
    assert done(story.noa.post(agree, {"version": version}))["state"] == "draft", "one signature is not two"
    assert done(story.alon.post(agree, {"version": version}))["state"] == "active"

    done(story.noa.post(invite, invitation), 201)  # from here on Uri shares the house
    accept_the_only_invitation(story.uri)


def someone_joins(story: Story, inviter: Program, invited: Program, role: str) -> dict[str, Any]:
    body = {"email": invited.user.email, "role": role}
    done(inviter.post(f"projects/{story.house}/parties/", body), 201)
    return accept_the_only_invitation(invited)


def accept_the_only_invitation(invited: Program) -> dict[str, Any]:
    (invitation,) = done(invited.get("invitations/"))["results"]
    assert invitation["project_name"] == "Almog family house"
    return done(invited.post(f"invitations/{invitation['id']}/accept/"))


def nothing_is_paid_for_foundations_that_are_not_there(story: Story) -> None:
    done(story.release("deposit", "100000.00"), 201)
    foundations, entries = story.milestone(1), story.entries()
    problem = refused(story.release(foundations["id"], "380000.00"), 409, "payment_locked")
    assert problem["locked_because"] == "milestone_unsigned"
    assert story.entries() == entries, "nothing was written"
    assert len(done(story.noa.get(f"projects/{story.house}/payments/"))["results"]) == 1
    assert story.line(foundations["id"])["state"] == "locked"


def the_foundations_are_built_and_submitted(story: Story) -> None:
    foundations = story.milestone(1)
    there = f"milestones/{foundations['id']}/"
    refused(story.noa.post(there + "progress/", {"percent": "100"}), 403, "not_your_role")
    done(story.alon.post(there + "progress/", {"percent": "60.00", "note": "All piles are in."}), 201)
    assert story.exposure()["reported"] == "240000.00"
    assert story.exposure()["earned"] == "0.00", "a report is never worth money"

    met = {"criteria_met": [criterion["id"] for criterion in foundations["criteria"]]}
    refused(
        story.alon.post(there + "submit/", {"criteria_met": met["criteria_met"][:1]}), 409, "criteria_unmet"
    )
    refused(story.alon.post(there + "submit/", met), 409, "evidence_missing")
    photo = done(story.alon.upload(story.house, picture()), 201)
    progress = {"percent": "100.00", "evidence": [photo["id"]]}
    done(story.alon.post(there + "progress/", progress), 201)
    refused(story.noa.post(there + "sign-off/", {"version": 1}), 409, "milestone_not_submitted")
    submitted = done(story.alon.post(there + "submit/", met))
    assert (submitted["state"], submitted["awaits"]) == ("submitted", ["homeowner", "engineer"])


def both_must_sign(story: Story) -> None:
    foundations = story.milestone(1)
    there, now = f"milestones/{foundations['id']}/", {"version": foundations["version"]}
    refused(story.alon.post(there + "sign-off/", now), 403, "not_your_role")
    stale = {"version": foundations["version"] - 1}
    refused(story.noa.post(there + "sign-off/", stale), 409, "changed_since_read")

    unmet = {"reason": "One sample is missing.", "unmet_criteria": [foundations["criteria"][1]["id"]]}
    returned = done(story.michal.post(there + "return/", now | unmet))
    assert returned["state"] == "in_progress"
    met = {"criteria_met": [criterion["id"] for criterion in foundations["criteria"]]}
    again = done(story.alon.post(there + "submit/", met))
    refused(story.noa.post(there + "sign-off/", now), 409, "changed_since_read")

    now = {"version": again["version"]}
    signed = done(story.noa.post(there + "sign-off/", now | {"note": "We walked around it twice."}))
    assert (signed["state"], signed["awaits"]) == ("submitted", ["engineer"]), "the engineer is missing"
    refused(story.release(foundations["id"], "380000.00"), 409, "payment_locked")
    assert done(story.michal.post(there + "sign-off/", now))["state"] == "signed_off"


def the_payment_unlocks_and_is_released_once(story: Story) -> None:
    foundations = story.milestone(1)
    assert story.line(foundations["id"])["payable"] == "380000.00", "5 % is kept back"
    too_much = refused(story.release(foundations["id"], "380000.01"), 409, "more_than_payable")
    assert too_much["payable"] == "380000.00"
    refused(story.release(foundations["id"], "0.00"), 400, "bad_amount")

    key = {"Idempotency_Key": "foundations-paid"}
    first = story.release(foundations["id"], "380000.00", **key)
    second = story.release(foundations["id"], "380000.00", **key)
    assert done(first, 201) == done(second, 201)
    assert second.headers["Idempotency-Replayed"] == "true"
    refused(story.release(foundations["id"], "379999.00", **key), 422, "idempotency_key_reused")
    assert story.line(foundations["id"])["state"] == "paid"
    assert story.exposure()["paid"] == "480000.00"
    payment = done(first, 201)["id"]
    received = {"received_on": TODAY(), "receipt_number": "2026-118"}
    assert done(story.alon.post(f"payments/{payment}/confirm/", received))["confirmed"]


def he_asks_for_money_early_and_they_pay(story: Story) -> None:
    """It moved outside the gate. That is never refused: it is written down, and it is flagged."""
    a_minute_passes()
    assert story.flags() == {}
    frame = story.milestone(2)
    told = {
        "amount": "120000.00",
        "paid_on": TODAY(),
        "method": "bank_transfer",
        "line": frame["id"],
        "reason": "He asked for it early.",
    }
    payment = done(story.noa.post(f"projects/{story.house}/payments/", told), 201)
    assert (payment["early"], payment["kind"]) == ("120000.00", "record")
    a_minute_passes()
    assert story.flags() == {"off_schedule_payment": "critical", "paid_ahead": "critical"}
    figures = story.exposure()
    assert (figures["exposure"], figures["excess"]) == ("200000.00", "120000.00")
    assert (figures["agreed_lead"], figures["level"]) == ("80000.00", "critical")
    (flag, _) = done(story.uri.get("flags/?severity=critical"))["results"]
    assert [seen["name"] for seen in done(story.uri.post(f"flags/{flag['id']}/seen/"))["seen_by"]]
    assert len(story.flags()) == 2, "seeing does not clear; the facts do"


def the_work_catches_up(story: Story) -> None:
    frame = story.milestone(2)
    there = f"milestones/{frame['id']}/"
    photo = done(story.alon.upload(story.house, picture("slategray")), 201)
    done(story.alon.post(there + "progress/", {"percent": "100", "evidence": [photo["id"]]}), 201)
    met = {"criteria_met": [criterion["id"] for criterion in frame["criteria"]]}
    now = {"version": done(story.alon.post(there + "submit/", met))["version"]}
    done(story.michal.post(there + "sign-off/", now))
    assert done(story.uri.post(there + "sign-off/", now))["state"] == "signed_off", "one homeowner is enough"

    a_minute_passes()
    assert story.flags() == {}, "the sign-off covers what was paid early"
    assert story.line(frame["id"])["state"] == "part_paid"
    done(story.release(frame["id"], "355000.00"), 201)
    assert story.exposure()["level"] == "plumb"


def nobody_else_sees_any_of_it(story: Story) -> None:
    milestone = story.milestone(1)["id"]
    for address in (
        "",
        "milestones/",
        "schedule/",
        "payments/",
        "exposure/",
        "journal/",
        "flags/",
        "parties/",
    ):
        refused(story.dana.get(f"projects/{story.house}/{address}"), 404, "not_found")
    refused(story.dana.get(f"milestones/{milestone}/"), 404, "not_found")
    refused(story.dana.post(f"milestones/{milestone}/sign-off/", {"version": 1}), 404, "not_found")
    refused(story.dana.post(f"projects/{story.house}/release/", {}), 404, "not_found")
    assert done(story.dana.get("projects/"))["results"] == []


def the_journal_tells_it_all(story: Story) -> None:
    journal = f"projects/{story.house}/journal/"
    verdict = done(story.alon.get(journal + "verify/"))
    assert verdict["ok"]
    assert verdict["entries"] == story.entries()
    kinds = [entry["kind"] for entry in done(story.alon.get(journal + "?page_size=200"))["results"]]
    assert kinds[0] == "project_created"
    assert kinds.count("milestone_approved") == 4
    assert kinds.count("payment_released") == 3
    assert kinds.count("flag_raised") == kinds.count("flag_cleared") == 2
