"""Mails about money: to whom, when they are no longer true, and the sums they state."""

import re
from base64 import b64decode
from decimal import Decimal
from typing import Any

import pytest

from milestones.actions import (
    approve_milestone,
    log_progress,
    return_milestone,
    submit_milestone,
    withdraw_submission,
)
from milestones.models import Milestone
from payments.actions import (
    answer_reversal,
    confirm_payment,
    record_payment,
    release_payment,
    reverse_payment,
)
from payments.models import Payment
from projects.files import PHOTO, Received, Thumbnail, store
from projects.flagging import settle_flags
from projects.models import Project
from projects.queries import journal_of
from tests.cast import TODAY, Cast, acting, active, join, photo, signed_off, stage, submitted
from tests.post import deliver, forget_letters, letters_about


@pytest.fixture
def project(cast: Cast) -> Project:
    project = active(cast)
    forget_letters()
    return project


@pytest.fixture
def frame(cast: Cast, project: Project) -> Milestone:
    """The second stage, submitted; 300,000 less 5 % retention, signed by a homeowner and the engineer."""
    return submitted(cast, stage(project, 2))


def told(amount: str, **more: Any) -> dict[str, Any]:
    return {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"} | more


def approve(cast: Cast, who: str, milestone: Milestone) -> None:
    approve_milestone(acting(getattr(cast, who)), milestone.id, version=milestone.version)


# --- A submission waits


def test_every_signer_is_asked_to_decide(cast: Cast, project: Project, frame: Milestone) -> None:
    deliver()
    letters = letters_about("Milestone 2 is ready for your review")
    assert set(letters) == {"noa", "michal"}
    text = letters["noa"].text
    assert "\u2068Frame\u2069" in text
    assert "When everybody has signed, this opens for payment: \u2066₪285,000\u2069" in text
    assert "Criteria marked as met: \u20662\u2069" in text
    assert "Photos and documents: \u20661\u2069" in text
    assert f"/milestones/{frame.id}/" in text


def test_the_latest_photos_are_shown(cast: Cast, project: Project) -> None:
    milestone, digests = stage(project, 3), [f"{n}f" * 32 for n in range(5)]
    for digest in digests[:4]:
        thumbnail = Thumbnail(1, 1, digest.encode())
        store(Received(digest, PHOTO, "image/jpeg", 3, 1, 1, None, thumbnail, b"big"))
    shown = [photo(cast, project, digest).id for digest in digests]
    for one in shown:
        log_progress(acting(cast.alon), milestone.id, percent=Decimal(50), evidence=[one])
    criteria = [c.id for c in milestone.criteria.all()]
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=criteria)
    deliver()
    html = letters_about("Milestone 3 is ready for your review")["noa"].html
    pictures = re.findall(r'src="data:image/jpeg;base64,([^"]*)"', html)
    # The newest three; of the newest no picture is stored, so it is left out.
    assert [b64decode(picture).decode() for picture in pictures] == [digests[3], digests[2]]


def test_who_has_decided_is_not_asked(cast: Cast, frame: Milestone) -> None:
    approve(cast, "michal", frame)
    deliver()
    assert set(letters_about("ready for your review")) == {"noa"}


def test_one_homeowner_is_enough_unless_all_must_sign(cast: Cast, project: Project) -> None:
    join(cast.noa, project, cast.uri, "homeowner")
    milestone = submitted(cast, stage(project, 3))
    deliver()
    assert set(letters_about("Milestone 3 is ready for your review")) == {"noa", "uri"}
    forget_letters()
    withdraw_submission(acting(cast.alon), milestone.id)
    frame = submitted(cast, stage(project, 2))
    approve(cast, "uri", frame)
    deliver()
    assert set(letters_about("Milestone 2 is ready for your review")) == {"michal"}


def test_a_round_that_ended_asks_nobody(cast: Cast, frame: Milestone) -> None:
    withdraw_submission(acting(cast.alon), frame.id)
    deliver()
    assert not letters_about("ready for your review")


def test_an_engineer_who_does_not_count_yet_is_not_asked(cast: Cast, project: Project) -> None:
    join(cast.alon, project, cast.eran, "engineer")
    submitted(cast, stage(project, 2))
    deliver()
    assert set(letters_about("ready for your review")) == {"noa", "michal"}


# --- Signed off


def test_both_sides_learn_what_a_sign_off_unlocked(cast: Cast, project: Project) -> None:
    signed_off(cast, stage(project, 2))
    deliver()
    letters = letters_about("Milestone 2 is signed off")
    assert set(letters) == {"noa", "alon"}
    text = letters["alon"].text
    assert "Payable now: \u2066₪285,000\u2069" in text
    assert "Kept as retention: \u2066₪15,000\u2069" in text
    assert "Paid already" not in text
    assert "Its payment is unlocked." in text
    assert f"/projects/{project.id}/payments/" in text


def test_a_stage_that_was_paid_early_unlocks_nothing_more(cast: Cast, project: Project) -> None:
    record_payment(acting(cast.noa), project.id, **told("285000.00", line=str(stage(project, 2).id)))
    signed_off(cast, stage(project, 2))
    deliver()
    text = letters_about("Milestone 2 is signed off")["noa"].text
    assert "Payable now: \u2066₪0\u2069" in text
    assert "Paid already: \u2066₪285,000\u2069" in text
    assert "There is nothing more to pay for it now." in text


# --- Money moves


def test_both_sides_learn_of_a_release(cast: Cast, project: Project) -> None:
    release_payment(acting(cast.noa), project.id, line="deposit", **told("60000.00", reference="T-77"))
    deliver()
    letters = letters_about("Payment released: \u2066₪60,000\u2069")
    assert set(letters) == {"alon", "noa"}
    assert "Confirm receipt:" in letters["alon"].text
    assert "See the payments:" in letters["noa"].text
    text = letters["alon"].text
    assert "Deposit: \u2066₪60,000\u2069" in text
    assert "Reference: \u2068T-77\u2069" in text
    assert "Method: \u2068Bank transfer\u2069" in text
    assert f"Paid on: \u2066{TODAY():%d/%m/%Y}\u2069" in text
    assert "Early" not in text


def test_money_recorded_by_one_side_is_told_to_both(cast: Cast, project: Project) -> None:
    join(cast.noa, project, cast.uri, "homeowner")
    record_payment(acting(cast.alon), project.id, **told("150000.00"))
    deliver()
    letters = letters_about("Payment recorded: \u2066₪150,000\u2069")
    assert set(letters) == {"noa", "uri", "alon"}
    assert "Confirm receipt" not in letters["alon"].text
    text = letters["uri"].text
    assert "Deposit: \u2066₪100,000\u2069" in text
    assert "Against no line: \u2066₪50,000\u2069" in text
    assert "Early, for work not signed off: \u2066₪50,000\u2069" in text
    assert "fingerprint" in text


def confirmed(cast: Cast, project: Project) -> Payment:
    payment = release_payment(acting(cast.noa), project.id, line="deposit", **told("60000.00"))
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())
    forget_letters()
    return payment


def test_the_other_side_is_asked_to_consent(cast: Cast, project: Project) -> None:
    payment = confirmed(cast, project)
    reverse_payment(
        acting(cast.noa), payment.id, amount=Decimal("10000.00"), why="money_back", reason="Mixed up"
    )
    deliver()
    letters = letters_about("Your consent is asked: taking back \u2066₪10,000\u2069")
    assert set(letters) == {"alon"}
    assert "Why: \u2068The money came back\u2069" in letters["alon"].text
    assert "Reason: \u2068Mixed up\u2069" in letters["alon"].text


def test_a_reversal_that_was_answered_asks_nobody(cast: Cast, project: Project) -> None:
    payment = confirmed(cast, project)
    asked = reverse_payment(acting(cast.noa), payment.id, amount=Decimal("10000.00"), why="wrong_record")
    answer_reversal(acting(cast.alon), asked.id, consents=True)
    deliver()
    assert not letters_about("Your consent is asked")


# --- The head of the journal, held by both


def test_every_approval_and_movement_of_money_gives_both_sides_the_head(cast: Cast, project: Project) -> None:
    frame = submitted(cast, stage(project, 2))
    approve(cast, "michal", frame)
    both_hold_the_head(project, "Milestone 2: one more approval")
    return_milestone(
        acting(cast.noa),
        frame.id,
        version=frame.version,
        reason="It is damp",
        unmet_criteria=[frame.criteria.all()[0].id],
    )
    both_hold_the_head(project, "Milestone 2 was returned for correction")
    signed_off(cast, stage(project, 3))
    both_hold_the_head(project, "Milestone 3 is signed off")
    payment = release_payment(acting(cast.noa), project.id, line="deposit", **told("60000.00"))
    both_hold_the_head(project, "Payment released")
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY(), receipt_number="R-5")
    both_hold_the_head(project, "Receipt confirmed: \u2066₪60,000\u2069")
    asked = reverse_payment(acting(cast.noa), payment.id, amount=Decimal("10.00"), why="wrong_record")
    answer_reversal(acting(cast.alon), asked.id, consents=True)
    both_hold_the_head(project, "Payment taken back: \u2066₪10\u2069")
    wrong = record_payment(acting(cast.noa), project.id, **told("70.00"))
    both_hold_the_head(project, "Payment recorded")
    reverse_payment(acting(cast.noa), wrong.id, amount=wrong.amount, why="wrong_record")
    both_hold_the_head(project, "Payment taken back: \u2066₪70\u2069")


def both_hold_the_head(project: Project, subject: str) -> None:
    deliver()
    letters = letters_about(subject)
    assert set(letters) == {"noa", "alon"}
    heads = [(f"entry {e.seq}.", f"\u2066{e.hash}\u2069") for e in journal_of(project.id)]
    for letter in letters.values():
        assert sum(seq in letter.text and fingerprint in letter.text for seq, fingerprint in heads) == 1
    forget_letters()


# --- Flags


def pay_early(cast: Cast, project: Project) -> Payment:
    return record_payment(acting(cast.noa), project.id, **told("30000.00", line=str(stage(project, 3).id)))


def test_a_warning_is_mailed_to_those_whom_it_asks(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    deliver()
    letters = letters_about("Money is ahead of the work: \u2068Almog family house\u2069")
    assert set(letters) == {"noa"}
    assert "\u2066₪30,000\u2069" in letters["noa"].text
    assert f"/projects/{project.id}/" in letters["noa"].text


def test_a_warning_that_is_over_is_not_mailed(cast: Cast, project: Project) -> None:
    payment = pay_early(cast, project)
    settle_flags(project.id)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
    settle_flags(project.id)
    deliver()
    assert not letters_about("Money is ahead of the work")
