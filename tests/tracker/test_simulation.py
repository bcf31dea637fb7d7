"""Simulated projects: in every state, under every guard, and proven as any others."""

from collections import Counter

from milestones.models import Milestone
from payments.models import Payment, Reversal
from projects.flagging import sweep
from projects.models import JournalEntry, Project
from tracker.simulation import STORIES, simulate
from tracker.verifying import verify

FLAGS = {
    "advance_outstanding",
    "claim_variance",
    "defect_overdue",
    "gap_widening",
    "off_schedule_payment",
    "paid_ahead",
    "payment_disputed",
}


def test_many_projects_in_every_state_and_all_of_it_holds(database: str) -> None:
    counts = simulate(64, seed=7)
    assert set(counts) == set(STORIES)
    assert sum(counts.values()) == Project.objects.count() == 64
    assert min(counts.values()) == 2, "told, and told again"
    report = verify()
    assert not report.breaks, report.firsts
    assert report.counts["projects"] == 64
    states = Counter(Milestone.objects.values_list("state", flat=True))
    assert set(states) == {"planned", "in_progress", "submitted", "signed_off"}
    assert set(Project.objects.values_list("state", flat=True)) == set(Project.State.values)
    assert {payment.kind for payment in Payment.objects.all()} == {"release", "record", "advance"}
    assert Reversal.objects.exists()
    assert JournalEntry.objects.values("actor").distinct().count() > 10, "many people, not two"
    assert {settled.flag.kind for settled in sweep()} >= FLAGS
    assert not verify().breaks


def test_the_same_seed_tells_the_same_stories(database: str) -> None:
    simulate(4, seed=1)
    first = sorted(Project.objects.values_list("name", "contract_total", "state"))
    simulate(4, seed=1)
    assert sorted(Project.objects.values_list("name", "contract_total", "state")) == sorted(first * 2)
