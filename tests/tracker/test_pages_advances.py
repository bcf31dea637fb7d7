"""The request to pay early on the pages: what it would do, the time to think, the decision."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.urls import reverse

from milestones.actions import approve_milestone, fix_defect, report_defect, verify_defect
from payments.actions import record_payment
from payments.models import Advance, Payment
from projects.kernel import Actor
from projects.wording import money_text
from tests.asking import advanced, approved, asked, at, on, opened
from tests.cast import TODAY, Cast, acting, active, signed_in, signed_off, stage, submitted

TEN, FORTY, SIXTY = (money_text(sum) for sum in (10_000, 40_000, 60_000))


def shown(who: object, advance: Advance) -> str:
    return signed_in(who).get(reverse("advance", args=[advance.id])).content.decode()  # type: ignore[arg-type]


def test_approving_is_locked_with_its_reason_and_declining_is_open(cast: Cast) -> None:
    project = active(cast)
    advance = asked(cast, stage(project, 3))
    before = shown(cast.noa, advance)
    assert "when everybody who signs has opened it" in before
    client = signed_in(cast.noa)
    assert client.get(reverse("advance_approve", args=[advance.id])).status_code == 302
    client.post(reverse("advance_open", args=[advance.id]), {"once": uuid4()})
    page = shown(cast.noa, advance)
    assert 'aria-disabled="true" aria-describedby="why-locked"' in page
    assert "It can be approved from this moment on" in page
    assert reverse("advance_decline", args=[advance.id]) in page
    assert reverse("advance_approve", args=[advance.id]) not in page
    refused = client.post(
        reverse("advance_approve", args=[advance.id]), {"once": uuid4(), "version": 1, "amount": "50,000"}
    )
    assert refused.status_code == 409, "the server holds the timer, not the button"
    assert "until then is time to think" in refused.content.decode()
    client.post(reverse("advance_decline", args=[advance.id]), {"once": uuid4(), "reason": "Not now"})
    assert "Not now" in shown(cast.alon, advance)
    assert "Declined" in shown(cast.alon, advance)


def test_the_project_says_what_it_would_do_and_how_long_there_is_to_think(cast: Cast) -> None:
    """On the card that asks for a decision, and where all that waits stands together."""
    with at(20):
        project = active(cast)
        signed_off(cast, stage(project, 1))
        advance = asked(cast, stage(project, 3))

    def shown_on(day: float) -> list[str]:
        pages = (reverse("project", args=[project.id]), reverse("waiting"))
        with at(day):
            return [signed_in(cast.noa).get(page).content.decode() for page in pages]

    def paid(amount: int, day: float) -> None:
        with at(day):
            money = {"amount": Decimal(amount), "paid_on": on(day), "method": "bank_transfer"}
            record_payment(acting(cast.noa), project.id, **money)

    assert all("verified work would still cover all that was paid" in page for page in shown_on(20))
    paid(390_000, day=21)
    assert all(f"money would be {FORTY} ahead of the work." in page for page in shown_on(21))
    paid(20_000, day=22)
    said = f"money would be {SIXTY} ahead of the work, instead of {TEN} today."
    assert all(said in page for page in shown_on(22))
    assert "ime to think" not in shown_on(22)[0], "who signs has not opened it"
    with at(22):
        opened(advance, cast.noa)
    assert "Time to think until" in shown_on(23)[0]
    assert "The time to think is over" in shown_on(24.1)[0]


def test_what_is_open_in_its_milestone_is_shown_before_the_decision(cast: Cast) -> None:
    project = active(cast)
    third = stage(project, 3)
    advance = asked(cast, third)
    assert "Open defects</dt><dd>0" in shown(cast.noa, advance)
    soon = TODAY() + timedelta(days=3)
    found = {"fix_by": soon, "blocking": True, "estimated_cost": Decimal(4_000)}
    report_defect(acting(cast.noa), third.id, title="A crack in the wall", **found)
    fixed = report_defect(acting(cast.noa), third.id, title="A loose tile")
    done = report_defect(acting(cast.noa), third.id, title="A stain")
    report_defect(acting(cast.noa), stage(project, 1).id, title="Somewhere else")
    fix_defect(acting(cast.alon), fixed.id)
    verify_defect(acting(cast.noa), done.id)
    page = shown(cast.noa, advance)
    assert "Open defects</dt><dd>2" in page
    for words in ("A crack in the wall", "A loose tile", "₪4,000", "#defect-1"):
        assert words in page, words
    for words in ("A stain", "Somewhere else"):
        assert words not in page, words


def test_the_decision_repeats_what_it_would_do(cast: Cast) -> None:
    with at(25):
        project = active(cast)
        first = submitted(cast, stage(project, 1))
        advance = asked(cast, stage(project, 3))
        opened(advance, cast.noa)
    with at(28):
        approve_milestone(Actor(cast.michal.id, proven=True), first.id, version=first.version)
    client = signed_in(cast.noa)
    for name in ("advance", "advance_approve"):
        page = client.get(reverse(name, args=[advance.id])).content.decode()
        assert "If the work stopped after this payment" in page, name
        assert "₪50,000" in page, name
    page = shown(cast.noa, advance)
    assert "Milestone 1 is decided and paid first" in page
    assert "₪430,000" in page, "380,000 for the first milestone, and then the 50,000"
    sent = {"once": uuid4(), "version": 1, "amount": "50,000"}
    assert client.post(reverse("advance_approve", args=[advance.id]), sent).status_code == 303
    money = {"amount": "50,000", "paid_on": TODAY().strftime("%d/%m/%Y"), "method": "cash"}
    pay = reverse("advance_pay", args=[advance.id])
    assert client.post(pay, {"once": uuid4()} | money).status_code == 303
    assert Payment.objects.get().kind == "advance"
    payments = client.get(reverse("payments", args=[project.id])).content.decode()
    assert "Paid in advance" in payments
    assert "Paid outside the schedule" not in payments


def test_earlier_ones_are_told_with_how_their_day_went(cast: Cast) -> None:
    with at(0):
        project = active(cast)
    advanced(cast, project, stage(project, 3), day=1)
    with at(20):
        submitted(cast, stage(project, 3))
        third = stage(project, 3)
        approve_milestone(Actor(cast.noa.id, proven=True), third.id, version=third.version)
        advance = asked(cast, stage(project, 2))
    page = shown(cast.noa, advance)
    assert "This is request number 2 in this project" in page
    assert "5 days later" in page


def test_its_promise_stands_wherever_it_is_shown(cast: Cast) -> None:
    with at(0):
        project = active(cast)
    payment = advanced(cast, project, stage(project, 3), day=1)
    milestone, advance = stage(project, 3), payment.advance
    assert advance is not None
    pages = [
        reverse("milestone", args=[milestone.id]),
        reverse("advance", args=[advance.id]),
        reverse("payments", args=[project.id]),
    ]
    noa = signed_in(cast.noa)
    for page in pages:
        with at(10):
            assert "Promised" in noa.get(page).content.decode(), page
        assert "Date passed" in noa.get(page).content.decode(), page
    with at(18):
        signed_off(cast, milestone)
    for page in pages:
        said = noa.get(page).content.decode()
        assert "Promise kept late" in said, page
        assert "3 days later" in said, page
    assert "ההבטחה קוימה באיחור" in signed_in(cast.noa, "he").get(pages[0]).content.decode()


def test_what_waits_leads_to_the_request(cast: Cast) -> None:
    with at(25):
        project = active(cast)
        advance = asked(cast, stage(project, 3))
        opened(advance, cast.noa)
    address, overview = reverse("advance", args=[advance.id]), reverse("project", args=[project.id])
    assert address in signed_in(cast.noa).get(overview).content.decode()
    assert address not in signed_in(cast.michal).get(overview).content.decode()
    with at(28):
        approved(advance, cast.noa)
    assert "was approved" in signed_in(cast.noa).get(overview).content.decode()
    ask = reverse("advance_ask", args=[project.id])
    assert signed_in(cast.alon).get(ask).headers["Location"] == address
