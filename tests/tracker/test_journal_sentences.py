"""The sentences of the journal say what each act was about: which paper, which payment, which milestone."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from milestones.actions import remove_milestone, report_defect
from payments.actions import (
    complete_project,
    confirm_payment,
    dispute_payment,
    record_payment,
    reverse_payment,
    terminate_project,
)
from payments.models import Payment
from projects import clock
from projects.endings import propose_closing_sum, propose_handover, sign_closing_sum, sign_handover
from projects.flagging import settle_flags
from projects.journal import known_kinds
from projects.models import JournalEntry, Project
from projects.queries import parties_of
from projects.wording import day_text
from tests.cast import TODAY, Cast, acting, active, draft, photo, signed_off, stage
from tests.tampering.lived import live
from tracker.journal_reading import told
from tracker.journal_words import words_of

# What a sentence may name as the thing that it is about.
THINGS = {"milestone", "expectation", "change", "deed", "line", "payment", "moves", "party", "about", "role"}
PLACES = {"position", "kind", "month"}
# Kinds about something of which a project has but one: their sentence names it in its own words.
ONE_OF_A_KIND = {
    "project_created",
    "terms_changed",
    "agreement_signed",
    "project_suspended",
    "project_resumed",
    "project_completed",
    "project_terminated",
    "project_closed",
    "retention_opened",
    "handover_proposed",
    "handed_over",
    "closing_sum_proposed",
    "closing_sum_agreed",
}


def sentences(project: Project, language: str = "en") -> list[str]:
    """The sentences of a project, the oldest first, as plain text, people by their first names."""
    entries = JournalEntry.objects.filter(project=project).select_related("actor").order_by("seq")
    with translation.override(language):
        said = told(list(entries), words_of(project, parties_of(project)))
        return [re.sub("[\u2066-\u2069]| Example", "", strip_tags(each.sentence)) for each in said]


@pytest.mark.parametrize("kind", sorted(known_kinds()))
def test_a_sentence_names_what_it_is_about(kind: str) -> None:
    names = set(re.findall(r"%\((\w+)\)s", str(known_kinds()[kind].sentence)))
    assert (kind in ONE_OF_A_KIND) != bool(names & (THINGS | PLACES)), sorted(names)


def test_nothing_is_left_unnamed_in_a_project_that_has_lived(cast: Cast) -> None:
    live(cast)
    for project in Project.objects.all():
        for language in ("en", "he"):
            for sentence in sentences(project, language):
                assert not re.search(r"%\(|[0-9a-f]{8}-|None|\{|, ,|: *$|  ", sentence), sentence


def test_the_papers_that_end_a_contract_are_named(cast: Cast) -> None:
    done, left = active(cast), active(cast, name="Left early")
    for position in (1, 2, 3):
        signed_off(cast, stage(done, position))
    complete_project(acting(cast.alon), done.id)
    propose_handover(acting(cast.alon), done.id, day=TODAY(), text="Two keys")
    sign_handover(acting(cast.noa), done.id, version=1)
    assert sentences(done)[-1] == "Noa signed the handover protocol, version 1"
    assert sentences(done, "he")[-1] == "Noa: חתימה על פרוטוקול המסירה, גרסה 1"

    terminate_project(acting(cast.noa), left.id, reason="He stays away")
    propose_closing_sum(acting(cast.noa), left.id, amount=D("-5000.00"), text="Back to us")
    propose_closing_sum(acting(cast.noa), left.id, amount=D("-6000.00"), text="Back to us")
    sign_closing_sum(acting(cast.noa), left.id, version=2)
    assert sentences(left)[-1] == "Noa signed the closing sum of \u2212₪6,000, version 2"
    assert sentences(left, "he")[-1] == "Noa: חתימה על סכום סופי של \u2212₪6,000, גרסה 2"


def recorded(cast: Cast, project: Project, line: str | None = "deposit", **more: str) -> Payment:
    day = TODAY() - timedelta(days=3)
    money = {"amount": D(more.get("amount", "5000.00")), "paid_on": day, "method": "cash", "line": line}
    return record_payment(acting(cast.noa), project.id, **money)


Act = Callable[[Cast, Payment], object]

ABOUT_A_PAYMENT: dict[str, Act] = {
    "Alon confirmed receipt of ₪5,000, paid on {day}": lambda cast, payment: confirm_payment(
        acting(cast.alon), payment.id, received_on=TODAY()
    ),
    "Alon disputed the payment of {day}, ₪5,000": lambda cast, payment: dispute_payment(
        acting(cast.alon), payment.id, reason="It never came"
    ),
    "Noa took back ₪2,000 of the payment of {day}": lambda cast, payment: reverse_payment(
        acting(cast.noa), payment.id, amount=D(2000), why="wrong_record"
    ),
}


@pytest.mark.parametrize("sentence", ABOUT_A_PAYMENT)
def test_a_payment_is_named_by_its_day(cast: Cast, sentence: str) -> None:
    project = active(cast)
    payment = recorded(cast, project)
    ABOUT_A_PAYMENT[sentence](cast, payment)
    with translation.override("en"):
        day = day_text(payment.paid_on)
    assert sentences(project)[-1] == sentence.format(day=day)


def test_a_record_names_what_its_money_counts_against(cast: Cast) -> None:
    project = active(cast)
    recorded(cast, project, amount="120000.00")
    assert sentences(project)[-1] == "Noa recorded a payment of ₪120,000 for: Deposit, no line"
    recorded(cast, project, str(stage(project, 2).id))
    assert sentences(project)[-1] == "Noa recorded a payment of ₪5,000 for: Frame"


def test_a_flag_names_what_it_is_about(cast: Cast) -> None:
    with clock.set_to(clock.now() - timedelta(days=30)):
        project = active(cast)
        due = TODAY() - timedelta(days=20)
        report_defect(acting(cast.noa), stage(project, 2).id, title="Crack", fix_by=due, blocking=True)
    payment = recorded(cast, project, str(stage(project, 3).id))
    settle_flags(project.id)
    raised = [sentence for sentence in sentences(project) if sentence.startswith("Flag raised")]
    about = {sentence.split(", about ")[1] for sentence in raised}
    with translation.override("en"):
        day = day_text(payment.paid_on)
    assert {"the whole project", "defect 1 in Frame", f"the payment made on {day}", "Deposit"} <= about


def test_what_was_removed_from_a_draft_is_named_by_its_place(cast: Cast) -> None:
    project = draft(cast)
    remove_milestone(acting(cast.noa), stage(project, 2).id, version=stage(project, 2).version)
    assert sentences(project)[-1] == "Noa removed milestone 2 from the draft"


def test_a_file_is_shown_by_its_own_entry(cast: Cast) -> None:
    project = active(cast)
    added = photo(cast, project)
    entries = JournalEntry.objects.filter(project=project, kind="file_added").select_related("actor")
    [said] = told(list(entries), words_of(project, []))
    assert said.shown == [added]
