"""Mails about the agreement and about work: who reads them, and what they say."""

from decimal import Decimal

import pytest

from milestones.actions import return_milestone, sign_agreement
from projects.actions import invite_party
from projects.models import Project
from tests.cast import Cast, acting, active, draft, stage, submitted
from tests.post import deliver, forget_letters, letters_about


@pytest.fixture
def project(cast: Cast) -> Project:
    project = active(cast)
    forget_letters()
    return project


def test_everybody_learns_that_the_agreement_is_signed(cast: Cast) -> None:
    project = active(cast)
    deliver()
    letters = letters_about("The agreement is signed: \u2068Almog family house\u2069")
    assert set(letters) == {"noa", "alon", "michal"}
    assert "Deposit, payable now: \u2066₪100,000\u2069" in letters["noa"].text
    assert f"/projects/{project.id}/" in letters["noa"].text


def test_an_agreement_without_a_deposit_speaks_of_none(cast: Cast) -> None:
    terms = {"value": "1000.00", "amount": "1000.00", "signers": ["homeowner"], "title": "All"}
    active(cast, [terms], contract_total=Decimal(1000), deposit=Decimal(0))
    deliver()
    assert "Deposit" not in letters_about("The agreement is signed")["noa"].text


def test_who_is_only_invited_reads_nothing_of_it(cast: Cast) -> None:
    project = draft(cast)
    invite_party(acting(cast.noa), project.id, email=cast.dana.email, role="observer")
    for signer in (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    deliver()
    assert set(letters_about("The agreement is signed")) == {"noa", "alon", "michal"}


def test_both_sides_read_why_work_came_back(cast: Cast, project: Project) -> None:
    milestone = submitted(cast, stage(project, 1))
    unmet = milestone.criteria.all()[1]
    forget_letters()
    return_milestone(
        acting(cast.michal),
        milestone.id,
        version=milestone.version,
        reason="Steel shows <here>",
        unmet_criteria=[unmet.id],
    )
    deliver()
    letters = letters_about("Milestone 1 was returned for correction")
    assert set(letters) == {"alon", "noa"}
    text, html = letters["alon"].text, letters["alon"].html
    assert "Steel shows <here>" in text
    assert "Steel shows &lt;here&gt;" in html
    assert "- \u2068It was checked\u2069" in text
    assert "It is done as we agreed" not in text
    assert "Returned by: \u2068Michal Example\u2069" in text
    assert "Part: \u2068Engineer\u2069" in text
    assert f"/milestones/{milestone.id}/" in text
