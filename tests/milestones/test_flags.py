"""The flag about a draft that pays ahead of the work: as the front-loading test of the agreement says."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones.actions import edit_milestone, sign_agreement
from milestones.flags import front_loaded
from milestones.queries import front_loading
from payments.rules import Contract, Term
from projects.actions import edit_project
from projects.flagging import Reach, flag_sentence, settle_flags
from projects.models import Flag, Project
from projects.money import CENT
from tests.cast import Cast, acting, draft, stage
from tests.facts import write_project
from tests.payments.stories import policies

amounts = st.integers(0, 30_000).map(lambda cents: cents * CENT)


@st.composite
def drafts(draw: st.DrawFn) -> Contract:
    """Terms as they stand in a draft: their sums need not agree, and there may be no milestones yet."""
    total = draw(st.integers(1, 100_000)) * CENT
    values = draw(st.lists(st.tuples(amounts, amounts), max_size=6))
    terms = [Term(milestone=f"M{i}", position=i, value=v, amount=a) for i, (v, a) in enumerate(values, 1)]
    return Contract(
        total=total,
        deposit=min(total, draw(amounts)),
        retention_percent=D(draw(st.sampled_from(["0", "5", "7.5", "20"]))),
        terms=tuple(terms),
        active=False,
    )


@pytest.mark.usefixtures("unguarded")
@given(contract=drafts(), policy=policies())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_found_is_what_the_rule_says(contract: Contract, policy: dict[str, str]) -> None:
    project = write_project(contract, policy)
    expected = front_loading(project)
    found = list(front_loaded(Reach([project.id])))
    assert bool(found) == expected.is_front_loaded
    for flag in found:
        assert flag.about_id == flag.project_id == project.id
        assert flag.figures["worst_gap"] == str(expected.worst_gap_amount)
        assert flag.figures["worst_gap_percent"] == str(expected.worst_gap_percent)
        assert flag.figures["deposit_cap"] == str(expected.deposit_cap)
    assert [f for f in front_loaded(Reach(None)) if f.project_id == project.id] == found


def open_flags(project: Project) -> dict[str, str]:
    return dict(Flag.objects.filter(project=project, cleared_at=None).values_list("kind", "severity"))


def test_it_is_raised_in_a_draft_and_cleared_when_the_terms_are_mended(cast: Cast) -> None:
    project = draft(cast, deposit=D("150000.00"))
    settle_flags(project.id)
    assert open_flags(project) == {"front_loaded": "warning"}
    edit_project(acting(cast.noa), project.id, version=project.version, deposit=D("100000.00"))
    settle_flags(project.id)
    assert open_flags(project) == {}


def test_once_signed_it_is_a_sentence_of_the_agreement_and_no_flag(cast: Cast) -> None:
    project = draft(cast)
    first, second = stage(project, 1), stage(project, 2)
    edit_milestone(acting(cast.alon), first.id, version=first.version, amount=D("600000.00"))
    edit_milestone(acting(cast.alon), second.id, version=second.version, amount=D("100000.00"))
    settle_flags(project.id)
    assert open_flags(project) == {"front_loaded": "warning"}
    project.refresh_from_db()
    for signer in (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    settle_flags(project.id)
    assert open_flags(project) == {}


def test_what_the_flag_says() -> None:
    figures = {
        "worst_gap": "57000.00",
        "worst_gap_percent": "60.00",
        "gap_limit": "9500.00",
        "deposit": "10000.00",
        "deposit_cap": "9500.00",
        "currency": "ILS",
    }
    with translation.override("en"):
        said = [
            flag_sentence("front_loaded", figures),
            flag_sentence("front_loaded", figures | {"gap_limit": "57000.00"}),
        ]
    assert [sentence.replace("\u2066", "").replace("\u2069", "") for sentence in said] == [
        "As planned, money would run ahead of the work by up to ₪57,000, 60% of the contract.",
        "The deposit of ₪10,000 is above the cap of ₪9,500.",
    ]
