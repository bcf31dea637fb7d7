"""Signing the agreement."""

from milestones.agreement import terms_hash
from milestones.queries import agreement_gaps, criteria_of, expectations_of
from milestones.rules import those_who_sign_the_agreement
from projects.kernel import Act, action
from projects.models import SIDES, AgreementSignature, Project
from projects.queries import parties_of
from projects.refusals import Refused


@action("agreement_signed", by=SIDES, signing=True, proof=True, scope="sign")
def sign_agreement(act: Act, *, version: int) -> Project:
    """Sign this version of the agreement; the last signature makes the project active.

    Signing again changes nothing. Refuses agreement_is_signed, changed_since_read, agreement_incomplete (with
    what is missing).
    """
    project, party = act.project, act.party
    assert party is not None
    if project.state != Project.State.DRAFT:
        raise Refused("agreement_is_signed")
    if version != project.version:
        raise Refused("changed_since_read")
    if gaps := agreement_gaps(project):
        raise Refused("agreement_incomplete", missing=[{"code": g.code, "about": g.about} for g in gaps])
    signed = set(
        AgreementSignature.objects.filter(project=project, version=version).values_list("party_id", flat=True)
    )
    if party.id in signed:
        return project
    parties = parties_of(project)
    stages, expectations = list(project.milestones.all()), expectations_of(project)
    terms = terms_hash(project, stages, criteria_of(project), parties, expectations)
    act.add(AgreementSignature(party=party, version=version, terms_hash=terms))
    if {p.id for p in those_who_sign_the_agreement(parties)} <= signed | {party.id}:
        act.change(project, state=Project.State.ACTIVE)
        act.later("agreement_active_mail")
    act.record(
        party=party.id,
        role=party.role,
        version=version,
        terms=terms,
        state=project.state,
        contract_total=project.contract_total,
    )
    return project
