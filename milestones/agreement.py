"""What is shown to those who sign, as one hash: the agreement's terms, or a submitted milestone."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from milestones.models import Criterion, Evidence, Expectation, Milestone
from projects.journal import canonical, text_hash
from projects.models import Party, Project


def terms_hash(
    project: Project,
    milestones: Sequence[Milestone],
    criteria: Iterable[Criterion],
    parties: Iterable[Party],
    expectations: Sequence[Expectation] = (),
) -> str:
    """The hash of all that the agreement says: money, linkage, dates, policy, stages, criteria, expectations
    (with the milestones that they concern loaded) and who signs."""
    by_milestone = _texts_by_milestone(criteria)
    return _hash(
        {
            "project": [project.id, project.version, project.name, project.kind, project.address],
            "money": [project.currency, project.contract_total, project.deposit],
            "percents": [project.retention_percent, project.vat_rate],
            "starts_on": project.starts_on,
            "policy": project.policy,
            "milestones": [[*_terms_of(m), by_milestone.get(m.id, [])] for m in milestones],
            "signers": sorted([p.role, str(p.user_id)] for p in parties if p.may_sign),
        }
        | ({"expectations": [_words_of(e) for e in expectations]} if expectations else {})
        | ({"linkage": astuple(project.linkage)} if project.linkage else {})
    )


def shown_hash(milestone: Milestone, criteria: Iterable[Criterion], evidence: Iterable[Evidence]) -> str:
    """The hash of what a signer is shown: the milestone's terms and version, its criteria, its evidence."""
    return _hash(
        {
            "milestone": [milestone.id, milestone.version, *_terms_of(milestone)],
            "criteria": [[c.id, c.text] for c in criteria],
            "evidence": sorted(e.attachment.sha256 for e in evidence),
        }
    )


def _terms_of(milestone: Milestone) -> list[Any]:
    dates = [milestone.planned_start, milestone.planned_end, milestone.agreed_end]
    text = [milestone.position, milestone.title, milestone.description]
    return [*text, milestone.value, milestone.amount, *dates, list(milestone.signers)]


def _words_of(expectation: Expectation) -> list[Any]:
    """The final wording, with what was answered to it and which milestones it concerns."""
    said = [expectation.position, expectation.by_role, expectation.goal, expectation.measure]
    answered = [expectation.state, expectation.counter, expectation.cost, expectation.doer]
    return [*said, *answered, sorted(str(c.milestone_id) for c in expectation.concerns.all())]


def _texts_by_milestone(criteria: Iterable[Criterion]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for criterion in criteria:
        found.setdefault(criterion.milestone_id, []).append(criterion.text)
    return found


def _hash(content: dict[str, Any]) -> str:
    return text_hash(canonical(content).decode())
