"""Each proof of `verify` finds what only it looks for, whatever hashes and guards say of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from projects.files import receive, store
from projects.models import Attachment, Project
from tests.tampering.tamper import Tamperer
from tests.tracker.world import counted
from tracker.drawings import draw
from tracker.verifying import verify

ENGINEER = "(SELECT id FROM projects_party WHERE role = 'engineer' AND project_id = {0} LIMIT 1)"

# The newest; the other active one is that of the advances.
ACTIVE = "(SELECT id FROM projects_project WHERE state = 'active' ORDER BY created_at DESC LIMIT 1)"

OF_ACTIVE = ENGINEER.format(ACTIVE)

A_SECOND_HOMEOWNER = f"UPDATE projects_party SET role = 'homeowner' WHERE id = {OF_ACTIVE}"

STAGE = f"(SELECT id FROM milestones_milestone WHERE position = {{0}} AND project_id = {ACTIVE})"

RELEASE = "(SELECT id FROM payments_payment WHERE kind = 'release')"

SIGNATURES = [
    ("active_unsigned", f"DELETE FROM projects_agreementsignature WHERE project_id = {ACTIVE}"),
    ("active_unsigned", "UPDATE projects_agreementsignature SET terms_hash = id::text"),
    ("active_unsigned_by", A_SECOND_HOMEOWNER),
    (
        "signed_by_another",
        f"UPDATE projects_agreementsignature s SET party_id = {OF_ACTIVE} FROM projects_party p"
        f" WHERE p.id = s.party_id AND p.role = 'contractor' AND s.project_id = {ACTIVE}",
    ),
    ("signed_by_another", "UPDATE projects_party SET left_at = joined_at WHERE role = 'contractor'"),
    ("decided_by_another", "UPDATE milestones_decision SET role = 'supervisor' WHERE role = 'engineer'"),
    ("decided_by_another", "UPDATE milestones_decision SET version = version - 1"),
    ("decided_by_another", "UPDATE milestones_decision SET shown_hash = id::text"),
    ("decided_by_another", "UPDATE projects_party SET left_at = joined_at WHERE role = 'engineer'"),
    ("decided_by_another", "UPDATE projects_party SET confirmed = false WHERE role = 'engineer'"),
    ("decided_by_another", "UPDATE projects_party SET user_id = NULL WHERE role = 'engineer'"),
    (
        "decided_by_another",
        "UPDATE projects_journalentry e SET kind = 'party_confirmed',"
        " body = convert_to('projects_party/' || p.id, 'UTF8') FROM projects_party p"
        f" WHERE p.id = {OF_ACTIVE} AND e.id = (SELECT id FROM projects_journalentry"
        f" WHERE project_id = {ACTIVE} ORDER BY seq DESC LIMIT 1)",
    ),
    ("advance_asked_by_another", "UPDATE projects_party SET role = 'supervisor' WHERE role = 'contractor'"),
    ("advance_answered_by_another", "UPDATE projects_party SET signs = false WHERE role = 'homeowner'"),
    (
        "advance_approved_in_haste",
        'UPDATE projects_project SET policy = \'{"cooling_off_hours": "168"}\'',
    ),
    ("advance_approved_in_haste", "UPDATE payments_advance SET amount = 1"),
    ("advance_unapproved", "UPDATE payments_advanceapproval SET amount = 1"),
    ("advance_unapproved", "UPDATE payments_advanceapproval SET completes = false"),
    ("advance_beside_another", "DELETE FROM payments_advancewithdrawal"),
    ("signed_off_unapproved", "DELETE FROM milestones_decision WHERE role = 'engineer'"),
    ("signed_off_unapproved", "UPDATE milestones_decision SET approves = false WHERE role = 'homeowner'"),
    (
        "signed_off_unapproved",
        f"UPDATE milestones_milestone SET state = 'signed_off' WHERE id = {STAGE.format(3)}",
    ),
    ("signed_off_unapproved", "UPDATE milestones_milestone SET signers = '{}' WHERE state = 'signed_off'"),
    (
        "signed_off_unapproved",
        "UPDATE milestones_withdrawal w SET submission_id = s.id FROM milestones_submission s"
        f" WHERE s.milestone_id = {STAGE.format(1)}",
    ),
    (
        "signed_off_unapproved",
        "UPDATE projects_party p SET user_id = h.user_id, left_at = 'infinity' FROM projects_party h"
        f" WHERE p.id = {OF_ACTIVE} AND h.role = 'homeowner' AND h.project_id = p.project_id",
    ),
    ("paid_by_another", "UPDATE payments_payment SET by_role = 'engineer'"),
    ("paid_by_another", "UPDATE projects_party SET signs = false WHERE role = 'homeowner'"),
    ("taken_back_by_another", "UPDATE payments_reversal SET needs_consent = NOT needs_consent"),
    ("consented_by_another", "UPDATE projects_party SET signs = false WHERE role = 'contractor'"),
]

MONEY = [
    (
        "values_differ_from_total",
        f"UPDATE milestones_milestone SET value = value + 1 WHERE id = {STAGE.format(4)}",
    ),
    ("amounts_differ_from_total", f"UPDATE milestones_milestone SET amount = 0 WHERE id = {STAGE.format(4)}"),
    ("amounts_differ_from_total", f"UPDATE projects_project SET deposit = 1 WHERE id = {ACTIVE}"),
    ("payment_does_not_add_up", f"UPDATE payments_payment SET amount = amount + 1 WHERE id = {RELEASE}"),
    ("payment_does_not_add_up", "UPDATE payments_reversal SET amount = 60001"),
    ("does_not_add_up", "UPDATE payments_allocation SET amount = -amount"),
    ("beyond_the_line", "UPDATE payments_allocation SET line = 'deposit', milestone_id = NULL"),
    (
        "released_while_locked",
        f"UPDATE payments_allocation SET line = 'milestone', milestone_id = {STAGE.format(4)}"
        f" WHERE payment_id = {RELEASE}",
    ),
    (
        "released_while_locked",
        "UPDATE projects_agreementsignature s SET entry_id = e.id FROM projects_journalentry e"
        " WHERE e.project_id = s.project_id AND e.kind = 'payment_reversed'",
    ),
    ("cannot_be_read", 'UPDATE projects_project SET policy = \'{"watch_percent": "many"}\''),
]

CHANGES = [
    ("settled_otherwise", "UPDATE milestones_defectevent SET kind = 'settled' WHERE kind = 'verified'"),
    ("settled_otherwise", "DELETE FROM milestones_defectevent WHERE kind = 'settled'"),
    (
        "settled_otherwise",
        "UPDATE milestones_defect d SET blocking = true FROM payments_changeorder c WHERE c.defect_id = d.id",
    ),
]

SALES = "UPDATE milestones_expectation SET {} WHERE by_role = 'contractor'"

EXPECTATIONS = [
    ("active_unconfirmed", SALES.format("state = 'countered'")),
    ("active_unconfirmed", "UPDATE milestones_expectation SET state = 'open' WHERE by_role = 'homeowner'"),
    ("stated_by_another", SALES.format("by_role = 'homeowner'")),
    ("stated_by_another", SALES.format("stated_by_id = id")),
    ("answered_by_another", SALES.format("answered_by_id = stated_by_id")),
    ("answered_by_another", SALES.format("counter = '', cost = NULL")),
    ("answered_by_another", SALES.format("doer = ''")),
    ("answered_by_another", SALES.format("entry_id = id")),
    ("judged_by_another", f"UPDATE milestones_judgement SET party_id = {OF_ACTIVE}"),
    ("judged_by_another", "UPDATE projects_party SET signs = false WHERE role = 'homeowner'"),
    ("judged_too_soon", f"UPDATE milestones_concern SET milestone_id = {STAGE.format(2)}"),
    ("judged_too_soon", "DELETE FROM milestones_concern"),
    (
        "judged_too_soon",
        "UPDATE milestones_judgement j SET entry_id = e.id FROM projects_journalentry e"
        " WHERE e.project_id = j.project_id AND e.seq = 1",
    ),
]

LINKAGE = [
    ("index_told_by_another", "UPDATE payments_indexvalue SET by_role = 'contractor'"),
    ("index_told_by_another", "UPDATE projects_party SET signs = false WHERE role = 'homeowner'"),
    ("index_of_no_linkage", "UPDATE projects_project SET linkage_base_month = '2025-02-01'"),
    ("index_of_no_linkage", "UPDATE projects_project SET linkage_index = NULL"),
    (
        "index_of_no_linkage",
        "UPDATE payments_indexvalue v SET entry_id = e.id FROM projects_journalentry e"
        " WHERE e.project_id = v.project_id AND e.seq = 1",
    ),
    ("index_told_too_soon", "UPDATE payments_indexvalue SET published_on = month"),
    ("index_told_too_soon", "UPDATE payments_indexvalue SET published_on = '2090-01-01'"),
]

# As if of the release no more had been paid than the 10,000 that were taken back of it before.
ALL_TAKEN_BACK = (
    "UPDATE payments_payment SET amount = 10000 WHERE kind = 'release';"
    f" UPDATE payments_dispute SET payment_id = {RELEASE}"
)

DISPUTES = [
    ("disputed_by_another", "UPDATE payments_dispute SET by_role = 'engineer'"),
    ("disputed_by_another", "UPDATE projects_party SET left_at = joined_at WHERE role = 'contractor'"),
    ("dispute_withdrawn_by_another", "UPDATE payments_dispute SET by_role = 'homeowner'"),
    (
        "dispute_beside_another",
        "DELETE FROM payments_disputewithdrawal w USING projects_journalentry e WHERE e.id = w.entry_id"
        " AND e.seq = (SELECT min(x.seq) FROM payments_disputewithdrawal v"
        " JOIN projects_journalentry x ON x.id = v.entry_id)",
    ),
    ("disputed_when_taken_back", ALL_TAKEN_BACK),
    ("dispute_withdrawn_too_late", ALL_TAKEN_BACK),
    (
        "dispute_withdrawn_too_late",
        "UPDATE payments_disputewithdrawal w SET entry_id = d.entry_id FROM payments_dispute d"
        " WHERE d.id = w.dispute_id",
    ),
]

PROMISES = [
    ("overdue", "UPDATE projects_obligation SET done_at = NULL, created_at = now() - interval '25 hours'"),
    ("done_before_owed", "UPDATE projects_obligation SET done_at = created_at - interval '1 hour'"),
    ("done_with_error", "UPDATE projects_obligation SET last_error = 'It did not work'"),
    (
        "kept_without_answer",
        "INSERT INTO projects_once (user_id, key, fingerprint, status, created_at)"
        " SELECT id, 'k', '', 0, now() FROM people_user LIMIT 1",
    ),
]

FLAGS = [
    ("raised_by_hand", "UPDATE projects_journalentry SET actor_id = id WHERE kind = 'flag_raised'"),
    ("cleared_before_raised", "UPDATE projects_flag SET cleared_at = opened_at - interval '1 second'"),
    ("without_figures", "DELETE FROM projects_flagreading"),
]

CASES = [
    (proof, *case)
    for proof, cases in {
        "signatures": SIGNATURES,
        "expectations": EXPECTATIONS,
        "money": MONEY,
        "linkage": LINKAGE,
        "changes": CHANGES,
        "disputes": DISPUTES,
        "promises": PROMISES,
        "flags": FLAGS,
    }.items()
    for case in cases
]


def found() -> set[tuple[str, str]]:
    report = verify()
    return {(known.proof, known.problem) for known in report.breaks} - {("guards", "missing")}


@pytest.mark.parametrize(("proof", "problem", "statement"), CASES, ids=lambda text: text[:60])
def test_what_is_wrong_is_found(tamperer: Tamperer, proof: str, problem: str, statement: str) -> None:
    with tamperer.typed(statement):
        assert (proof, problem) in found()


def test_all_homeowners_sign_where_the_policy_says_so(tamperer: Tamperer) -> None:
    policy = 'UPDATE projects_project SET policy = \'{"homeowner_signers": "all"}\''
    another = "UPDATE projects_party SET role = 'homeowner' WHERE role = 'contractor'"
    with tamperer.typed(policy, another):
        assert ("signatures", "signed_off_not_by_all") in found()


@pytest.mark.parametrize(
    ("view", "part", "otherwise", "proof", "problems"),
    [
        ("payments_left", "amount -", "amount - 1 -", "money", {"figure_differs", "early_part_differs"}),
        ("milestones_worth", "m.value - since.amount", "m.value", "work", {"worth_differs"}),
    ],
)
def test_a_view_that_figures_otherwise_is_found(
    tamperer: Tamperer, view: str, part: str, otherwise: str, proof: str, problems: set[str]
) -> None:
    ((whole,),) = tamperer.rows(f"SELECT pg_get_viewdef('{view}')")
    assert part in whole
    tamperer.run(f"CREATE OR REPLACE VIEW {view} AS {whole.replace(part, otherwise, 1)}")
    found = {known.problem for known in verify().breaks if known.proof == proof}
    tamperer.run(f"CREATE OR REPLACE VIEW {view} AS {whole}")
    assert found == problems


def test_a_view_that_takes_an_open_dispute_for_settled_is_found(tamperer: Tamperer) -> None:
    ((name, whole),) = tamperer.rows("SELECT 'payments_opendispute', pg_get_viewdef('payments_opendispute')")
    hidden = whole.rstrip("; \n") + " AND false"
    tamperer.run(f"CREATE OR REPLACE VIEW {name} AS {hidden}")
    problems = {known.problem for known in verify().breaks if known.proof == "disputes"}
    tamperer.run(f"CREATE OR REPLACE VIEW {name} AS {whole}")
    assert problems == {"open_dispute_differs"}


def test_two_open_flags_of_a_kind_are_found(tamperer: Tamperer) -> None:
    index = "one_open_flag_per_kind_and_thing"
    ((definition,),) = tamperer.rows(f"SELECT pg_get_indexdef('{index}'::regclass)")
    tamperer.run(f"DROP INDEX {index}")
    again = "SELECT gen_random_uuid() AS id, kind, about_kind, about_id, severity, asks, opened_at,"
    with tamperer.typed(
        "INSERT INTO projects_flag (id, kind, about_kind, about_id, severity, asks, opened_at, cleared_at,"
        f" entry_id, project_id) {again} cleared_at, entry_id, project_id FROM projects_flag"
    ):
        assert ("flags", "open_twice") in found()
    tamperer.run(definition)


def test_the_whole_data_hold_again(tamperer: Tamperer) -> None:
    """What the cases above changed they put back: nothing is found that nobody did."""
    assert found() == set()
    report = verify()
    assert report.counts["projects"] == Project.objects.count()
    assert report.counts["entries"] > 30
    assert report.counts["facts"] > 60


def test_one_project_is_looked_at_alone(tamperer: Tamperer) -> None:
    draft = Project.objects.get(state="draft").id
    with tamperer.typed("UPDATE payments_payment SET reference = 'x'"):
        assert {known.proof for known in verify(draft).breaks} <= {"guards"}
        assert verify(draft).counts["projects"] == 1
        active = Project.objects.filter(state="active").latest("created_at").id
        assert {known.proof for known in verify(active).breaks} == {"facts", "guards"}


def test_a_taken_guard_is_found(tamperer: Tamperer) -> None:
    """The tamperer took the checks away to begin with."""
    report = verify()
    assert {known.proof for known in report.breaks} == {"guards"}
    assert "guards: missing at constraint " in str(report.firsts[0])


def test_a_lost_file_is_found(tamperer: Tamperer) -> None:
    received = receive(SimpleUploadedFile("tiles.jpg", draw("tiles", 1), "image/jpeg"))
    store(received)
    lost = Attachment.objects.values("sha256").distinct().count()
    with tamperer.typed(f"UPDATE projects_attachment SET sha256 = '{received.sha256}'"):
        assert not [known for known in verify(files=True).breaks if known.proof == "files"]
    broken = [known for known in verify(files=True).breaks if known.proof == "files"]
    assert len(broken) == lost
    assert {known.problem for known in broken} == {"lost_or_changed"}


def test_a_change_does_not_make_it_longer(tamperer: Tamperer) -> None:
    """The number of statements is that of the proofs, whatever they find."""
    whole = counted(verify)
    with tamperer.typed("UPDATE payments_allocation SET amount = 1"):
        assert counted(verify) == whole


def test_the_command_says_what_it_looked_at(tamperer: Tamperer, capsys: pytest.CaptureFixture[str]) -> None:
    tamperer.restore_checks()
    call_command("verify", files=False)
    told = capsys.readouterr().out
    assert f"{Project.objects.count()}  projects\n" in told
    assert told.endswith("Everything holds.\n")
