"""A request for every door that writes, in the order in which they can follow each other. See test_once.py.

Read as: {(door, method): who sends, about what, saying what, how many entries it makes}.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import TODAY
from tests.programs import picture
from tests.tracker.once_place import Place, criteria_of, newest_deed, version_of

Says = dict[str, Any]


@dataclass(frozen=True)
class Sending:
    """`on`: the name of the id (or the word) in the address. `again`: a repetition's status, if another."""

    who: str
    on: str = ""
    says: Callable[[Place], Says] = lambda _: {}
    entries: int = 1
    again: int = 0


def day(when: date) -> str:
    return when.strftime("%d/%m/%Y")


def money(amount: str, **more: Any) -> Says:
    """Money that moved, as a form says it."""
    return {"amount": amount, "paid_on": day(TODAY()), "method": "cash"} | more


def moved(amount: str, **more: Any) -> Says:
    """Money that moved, as a program says it."""
    return {"amount": amount, "paid_on": TODAY(), "method": "cash"} | more


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("site.jpg", picture(), "image/jpeg")


MILESTONE = {
    "title": "Paving",
    "value": "10",
    "amount": "10",
    "signers": ["homeowner"],
    "criteria": "It is flat",
}

SOON = TODAY() + timedelta(days=9)

PERGOLA = {"title": "Pergola", "amount": "10", "signers": ["homeowner"], "criteria": "It stands"}

CONTRACT = {
    "my_role": "homeowner",
    "name": "Garden",
    "kind": "renovation",
    "contract_total": "10,000",
    "starts_on": "03/01/2027",
    "email": "tamar@example.com",
    "do": "create",
}

TERMS = {
    "name": "Almog family house",
    "contract_total": "1,000,000",
    "deposit": "90,000",
    "retention_percent": "5",
    "vat_rate": "18",
    "starts_on": day(TODAY()),
    "homeowner_signers": "one",
    "evidence_required": "on",
}

HOPE = {"goal": "The attic stays warm", "measure": "18 degrees in January"}

PAGES: dict[tuple[str, str], Sending] = {
    ("tokens", "post"): Sending(
        "noa", "", lambda _: {"name": "Export", "scopes": ["read"], "days": "30"}, entries=0, again=303
    ),
    ("token_revoke", "post"): Sending("noa", "token", entries=0),
    ("proof", "post"): Sending("noa", "", lambda _: {"do": "send"}, entries=0),
    ("new_project_terms", "post"): Sending("dana", "blank", lambda _: CONTRACT, entries=2),
    ("accept", "post"): Sending("uri", "invited"),
    ("decline", "post"): Sending("uri", "invited_too"),
    ("project_edit", "post"): Sending("noa", "draft", lambda p: TERMS | {"version": version_of(p.draft)}),
    ("agree", "post"): Sending("noa", "ready", lambda p: {"version": version_of(p.ready)}),
    ("people", "post"): Sending(
        "noa", "project", lambda _: {"email": "tamar@example.com", "role": "observer"}
    ),
    ("party_confirm", "post"): Sending("noa", "unconfirmed"),
    ("party_end", "post"): Sending("eran", "observer"),
    ("milestone_add", "post"): Sending("noa", "draft", lambda _: MILESTONE),
    ("milestone_edit", "post"): Sending("noa", "draft_first", lambda _: MILESTONE | {"version": 1}),
    ("milestone_remove", "post"): Sending("noa", "draft_last", lambda _: {"version": 1}),
    ("expectation_add", "post"): Sending("noa", "draft", lambda _: HOPE),
    ("expectation_edit", "post"): Sending("noa", "hope_changed", lambda _: HOPE | {"version": 1}),
    ("expectation_remove", "post"): Sending("noa", "hope_gone"),
    ("expectation_confirm", "post"): Sending("alon", "hope_kept", lambda _: {"version": 1}),
    ("expectation_counter", "post"): Sending(
        "alon", "hope_hard", lambda _: {"version": 1, "counter": "Only with a second layer", "cost": "9,000"}
    ),
    ("expectation_accept", "post"): Sending("noa", "hope_countered", lambda _: {"version": 1}),
    ("expectation_judge", "post"): Sending("noa", "hope_ripe", lambda _: {"met": "no", "note": "A stain"}),
    ("change_propose", "post"): Sending(
        "noa",
        "project",
        lambda p: {
            "title": "Cheaper",
            "milestone": p.open,
            "way": "deduct",
            "amount": "50,000",
        },
    ),
    ("change_add", "post"): Sending("alon", "project", lambda _: PERGOLA),
    ("change_sign", "post"): Sending("noa", "proposed", lambda _: {"version": 1}),
    ("change_decline", "post"): Sending("alon", "proposed_too", lambda _: {"reason": "Too much"}),
    ("reschedule", "post"): Sending(
        "alon", "open", lambda _: {"cause": "weather", "agreed_end": day(SOON), "do": "send"}
    ),
    ("linkage_tell", "post"): Sending("noa", "project", lambda _: {"month": "2/2025", "value": "126.1"}),
    ("linkage_import", "post"): Sending("alon", "project", lambda _: {"rows": "2025-03,127.5"}),
    ("record", "post"): Sending("noa", "project", lambda _: money("1,000")),
    ("defect_settle", "post"): Sending("noa", "scratch", lambda _: {"amount": "100"}),
    ("release", "post"): Sending("noa", "rich", lambda p: money("189,980", line=p.due)),
    ("log", "post"): Sending("alon", "open", lambda _: {"percent": "95", "evidence": photo()}, entries=2),
    ("submit", "post"): Sending("alon", "open", lambda p: {"criteria_met": criteria_of(p.open)}),
    ("withdraw", "post"): Sending("alon", "submitted_last"),
    ("approve", "post"): Sending("noa", "submitted", lambda p: {"version": version_of(p.submitted)}),
    ("return", "post"): Sending(
        "noa",
        "submitted_too",
        lambda p: {
            "version": version_of(p.submitted_too),
            "reason": "A crack",
            "unmet_criteria": criteria_of(p.submitted_too)[0],
        },
    ),
    ("inspect", "post"): Sending("noa", "open", lambda _: {"percent": "40"}),
    ("defect_add", "post"): Sending("noa", "open", lambda _: {"title": "A damp patch"}),
    ("defect_reschedule", "post"): Sending(
        "alon", "fault", lambda _: {"cause": "weather", "fix_by": day(SOON)}
    ),
    ("defect_fixed", "post"): Sending("alon", "fault", lambda _: {"evidence": photo()}, entries=2),
    ("defect_verify", "post"): Sending("noa", "repaired"),
    ("defect_reopen", "post"): Sending("noa", "repaired_too", lambda _: {"note": "It is damp again"}),
    ("defect_estimate", "post"): Sending("noa", "fault", lambda _: {"amount": "1,000"}),
    ("confirm", "post"): Sending("alon", "deposit", lambda _: {"received_on": day(TODAY())}),
    ("reverse", "post"): Sending("noa", "early", lambda _: {"amount": "400", "why": "wrong_record"}),
    ("allocate", "post"): Sending("noa", "early_too", lambda p: {"amount": "400", "line": p.room}),
    ("dispute", "post"): Sending("alon", "doubtful", lambda _: {"reason": "It never arrived"}),
    ("dispute_withdraw", "post"): Sending("alon", "dispute"),
    ("answer_reversal", "post"): Sending("alon", "reversal", lambda _: {"consents": "no"}),
    ("advance_ask", "post"): Sending(
        "alon",
        "project",
        lambda p: {
            "milestone": p.open,
            "amount": "1,000",
            "reason": "Tiles",
            "catch_up_on": day(TODAY() + timedelta(days=9)),
        },
    ),
    ("advance_open", "post"): Sending("noa", "asked"),
    ("advance_approve", "post"): Sending("noa", "pondered", lambda _: {"version": 1, "amount": "40,000"}),
    ("advance_decline", "post"): Sending("noa", "asked"),
    ("advance_withdraw", "post"): Sending("alon", "regretted"),
    ("advance_pay", "post"): Sending("noa", "granted", lambda _: money("50,000")),
    ("complete", "post"): Sending("noa", "done"),
    ("suspend", "post"): Sending("alon", "idle", lambda _: {"reason": "Rain"}),
    ("resume", "post"): Sending("noa", "paused", lambda _: {"reason": "It is dry"}),
    ("terminate", "post"): Sending("noa", "idle", lambda _: {"reason": "Nobody comes"}),
    ("handover_write", "post"): Sending(
        "noa", "completed", lambda _: {"day": day(TODAY()), "text": "Three keys"}
    ),
    ("handover_sign", "post"): Sending("noa", "completed", lambda p: {"version": newest_deed(p.completed)}),
    ("closing_sum_write", "post"): Sending(
        "noa", "ended", lambda _: {"amount": "400", "direction": "due", "text": "Half of it"}
    ),
    ("closing_sum_sign", "post"): Sending("noa", "ended", lambda p: {"version": newest_deed(p.ended)}),
}

API: dict[tuple[str, str], Sending] = {
    ("api-tokens", "post"): Sending("noa", "", lambda _: {"name": "Export", "scopes": ["read"]}, entries=0),
    ("api-token", "delete"): Sending("noa", "token", entries=0),
    ("api-projects", "post"): Sending(
        "dana",
        "",
        lambda _: {
            "my_role": "homeowner",
            "name": "Garden",
            "template": "house",
            "contract_total": "100000.00",
            "starts_on": "2027-01-03",
        },
    ),
    ("api-project", "patch"): Sending(
        "noa", "draft", lambda p: {"version": version_of(p.draft), "name": "Our house"}
    ),
    ("api-agree", "post"): Sending("noa", "ready", lambda p: {"version": version_of(p.ready)}),
    ("api-parties", "post"): Sending(
        "noa", "project", lambda _: {"email": "tamar@example.com", "role": "observer"}
    ),
    ("api-party", "delete"): Sending("noa", "observer"),
    ("api-party-confirm", "post"): Sending("noa", "unconfirmed"),
    ("api-accept", "post"): Sending("uri", "invited"),
    ("api-decline", "post"): Sending("uri", "invited_too"),
    ("api-milestones", "post"): Sending(
        "noa", "draft", lambda _: {"title": "Paving", "value": "10.00", "amount": "10.00"}
    ),
    ("api-milestone", "patch"): Sending("noa", "draft_first", lambda _: {"version": 1, "criteria": ["Flat"]}),
    ("api-progress", "post"): Sending(
        "alon", "open", lambda p: {"percent": "95.00", "evidence": [p.spare_photo]}
    ),
    ("api-submit", "post"): Sending("alon", "open", lambda p: {"criteria_met": criteria_of(p.open)}),
    ("api-withdraw", "post"): Sending("alon", "submitted_last"),
    ("api-sign-off", "post"): Sending("noa", "submitted", lambda p: {"version": version_of(p.submitted)}),
    ("api-return", "post"): Sending(
        "noa",
        "submitted_too",
        lambda p: {
            "version": version_of(p.submitted_too),
            "reason": "A crack",
            "unmet_criteria": criteria_of(p.submitted_too)[:1],
        },
    ),
    ("api-expectations", "post"): Sending("noa", "draft", lambda _: HOPE),
    ("api-expectation", "patch"): Sending("noa", "hope_changed", lambda _: {"version": 1, "goal": "Dry"}),
    ("api-expectation", "delete"): Sending("noa", "hope_gone"),
    ("api-expectation-confirm", "post"): Sending("alon", "hope_kept", lambda _: {"version": 1}),
    ("api-expectation-counter", "post"): Sending(
        "alon", "hope_hard", lambda _: {"version": 1, "counter": "Only with a second layer"}
    ),
    ("api-expectation-accept", "post"): Sending("noa", "hope_countered", lambda _: {"version": 1}),
    ("api-expectation-judge", "post"): Sending("noa", "hope_ripe", lambda _: {"met": True}),
    ("api-inspections", "post"): Sending("noa", "open", lambda _: {"percent": "40.00"}),
    ("api-defects", "post"): Sending("noa", "open", lambda _: {"title": "A damp patch"}),
    ("api-defect-reschedule", "post"): Sending(
        "alon", "fault", lambda _: {"fix_by": SOON, "reason": "The tiles come later"}
    ),
    ("api-defect-fixed", "post"): Sending("alon", "fault"),
    ("api-defect-verify", "post"): Sending("noa", "repaired"),
    ("api-defect-reopen", "post"): Sending("noa", "repaired_too"),
    ("api-defect-estimate", "post"): Sending("noa", "fault", lambda _: {"amount": "1000.00"}),
    ("api-attachments", "post"): Sending("alon", "", lambda p: {"project": p.project, "file": photo()}),
    ("api-release", "post"): Sending("noa", "rich", lambda p: moved("189980.00", line=p.due)),
    ("api-index-values", "post"): Sending(
        "alon", "project", lambda _: {"values": [{"month": "2025-02", "value": "126.1"}]}
    ),
    ("api-payments", "post"): Sending("noa", "project", lambda _: moved("1000.00")),
    ("api-payment-confirm", "post"): Sending("alon", "deposit"),
    ("api-payment-reverse", "post"): Sending("noa", "early"),
    ("api-payment-allocate", "post"): Sending(
        "noa", "early_too", lambda p: {"amount": "400.00", "line": p.room}
    ),
    ("api-payment-dispute", "post"): Sending("alon", "doubtful", lambda _: {"reason": "It never arrived"}),
    ("api-dispute-withdraw", "post"): Sending("alon", "dispute"),
    ("api-reversal-consent", "post"): Sending("noa", "reversal"),
    ("api-reversal-decline", "post"): Sending("alon", "reversal_too"),
    ("api-changes", "post"): Sending(
        "noa", "project", lambda p: {"title": "Cheaper", "milestone": p.third, "amount": "-50000.00"}
    ),
    ("api-change-sign", "post"): Sending("noa", "proposed", lambda _: {"version": 1}),
    ("api-change-decline", "post"): Sending("alon", "proposed_too"),
    ("api-reschedule", "post"): Sending(
        "alon", "third", lambda _: {"agreed_end": SOON, "reason": "The windows come later"}
    ),
    ("api-advances", "post"): Sending(
        "alon",
        "project",
        lambda p: {
            "milestone": p.open,
            "amount": "1000.00",
            "catch_up_on": (TODAY() + timedelta(days=9)).isoformat(),
        },
    ),
    ("api-advance-open", "post"): Sending("noa", "asked"),
    ("api-advance-approve", "post"): Sending("noa", "pondered", lambda _: {"version": 1}),
    ("api-advance-decline", "post"): Sending("noa", "asked"),
    ("api-advance-withdraw", "post"): Sending("alon", "regretted"),
    ("api-advance-pay", "post"): Sending("noa", "granted", lambda _: moved("50000.00")),
    ("api-complete", "post"): Sending("noa", "done"),
    ("api-suspend", "post"): Sending("alon", "idle", lambda _: {"reason": "Rain"}),
    ("api-resume", "post"): Sending("noa", "paused", lambda _: {"reason": "It is dry"}),
    ("api-terminate", "post"): Sending("noa", "idle", lambda _: {"reason": "Nobody comes"}),
    ("api-handover", "post"): Sending("noa", "completed", lambda _: {"day": TODAY(), "text": "Three keys"}),
    ("api-handover-sign", "post"): Sending(
        "noa", "completed", lambda p: {"version": newest_deed(p.completed)}
    ),
    ("api-closing-sum", "post"): Sending(
        "noa", "ended", lambda _: {"amount": "400.00", "text": "Half of it"}
    ),
    ("api-closing-sum-sign", "post"): Sending("noa", "ended", lambda p: {"version": newest_deed(p.ended)}),
    ("api-flag-seen", "post"): Sending("noa", "flag", entries=0),
}

# Doors that carry no key: what they do, done again, is the same state. test_once_accounts.py knocks at them.
PLAIN = {
    ("profile", "post"),
    ("language", "post"),
    ("sessions", "post"),
    ("session_end", "post"),
    ("demo", "post"),
}
