"""Mails about the agreement, about work that waits for a decision or was returned, and about defects."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from milestones.letters import date_message, fix_date_message
from milestones.models import (
    Criterion,
    Decision,
    Defect,
    Expectation,
    FixDateMove,
    Reschedule,
    Submission,
)
from milestones.rounds import current_round_of, waits_for
from milestones.rules import judges_repairs
from projects.letters import Fact, Mail, readers_among, readers_as
from projects.models import SIDES, Obligation, Project, Role
from projects.outbox import obligation
from projects.queries import parties_of


@obligation("agreement_active_mail")
def write_agreement_active(owed: Obligation) -> None:
    """To everybody in the project: the agreement is in force."""
    assert owed.project_id is not None
    project = Project.objects.get(pk=owed.project_id)
    facts = [
        Fact(_("Contract total"), project.contract_total),
        Fact(_("Milestones"), project.milestones.count()),
        Fact(_("Deposit, payable now"), project.deposit or None),
    ]
    mail = Mail("agreement_active", project, ("project", project.id), facts)
    mail.to(readers_among(parties_of(project)))


@obligation("review_reminder_mail")
def write_review_reminder(owed: Obligation) -> None:
    """To every signer who is still waited for, some business days after the submission."""
    submission = Submission.objects.select_related("milestone__project").get(pk=owed.payload["submission"])
    milestone = submission.milestone
    if current_round_of(milestone) != submission:
        return
    parties = parties_of(milestone.project)
    facts = [Fact(_("Project"), milestone.project.name)]
    said = {"milestone": milestone, "days": owed.payload["days"]}
    mail = Mail("review_reminder", milestone.project, ("milestone", milestone.id), facts, said)
    mail.to(readers_among(party for party in parties if waits_for(milestone, party, parties)))


@obligation("milestone_approved_mail")
def write_milestone_approved(owed: Obligation) -> None:
    """To both sides: one of those who sign approved; others are still waited for."""
    decision = Decision.objects.select_related("submission__milestone__project", "party__user").get(
        pk=owed.payload["decision"]
    )
    milestone = decision.submission.milestone
    facts = [Fact(_("Approved by"), str(decision.party.user)), Fact(_("Part"), decision.get_role_display)]
    said = {"milestone": milestone}
    mail = Mail("milestone_approved", milestone.project, ("milestone", milestone.id), facts, said)
    mail.to(readers_as(milestone.project, SIDES))


@obligation("date_moved_mail")
def write_date_moved(owed: Obligation) -> None:
    """To both sides: the contractor moved a date, what happened, and whether it was told in time."""
    moved = Reschedule.objects.select_related("milestone__project", "entry").get(
        pk=owed.payload["reschedule"]
    )
    milestone = moved.milestone
    facts = [
        Fact(_("Project"), milestone.project.name),
        Fact(_("Agreed before"), moved.previous_end),
        Fact(_("The new date"), moved.agreed_end),
        Fact(_("What happened"), moved.get_cause_display),
    ]
    for reader in readers_as(milestone.project, SIDES):
        with translation.override(reader.language):
            message = date_message(milestone, moved.previous_end, moved.agreed_end, moved.cause)
        said = {"milestone": milestone, "moved": moved, "message": message}
        Mail("date_moved", milestone.project, ("milestone", milestone.id), facts, said).to([reader])


@obligation("milestone_returned_mail")
def write_milestone_returned(owed: Obligation) -> None:
    """To both sides: what was seen, and which criteria are not met."""
    decision = (
        Decision.objects.filter(submission__milestone=owed.payload["milestone"], approves=False)
        .select_related("submission__milestone__project", "party__user")
        .latest("entry__seq")
    )
    milestone = decision.submission.milestone
    said = {
        "milestone": milestone,
        "decision": decision,
        "defects": decision.defects.all(),
        "unmet": Criterion.objects.filter(pk__in=decision.unmet),
    }
    facts = [Fact(_("Returned by"), str(decision.party.user)), Fact(_("Part"), decision.get_role_display)]
    mail = Mail("milestone_returned", milestone.project, ("milestone", milestone.id), facts, said)
    mail.to(readers_as(milestone.project, SIDES))


@obligation("expectation_countered_mail")
def write_expectation_countered(owed: Obligation) -> None:
    """To the homeowners: the contractor calls an expectation not realistic. None where that is over."""
    expectation = (
        Expectation.objects.filter(
            pk=owed.payload["expectation"],
            version=owed.payload["version"],
            state=Expectation.State.COUNTERED,
        )
        .select_related("project", "answered_by__user")
        .first()
    )
    if expectation is None or expectation.answered_by is None:
        return
    facts = [
        Fact(_("Answered by"), str(expectation.answered_by.user)),
        Fact(_("It would cost"), expectation.cost),
    ]
    page = ("expectations", expectation.project_id)
    mail = Mail("expectation_countered", expectation.project, page, facts, {"expectation": expectation})
    mail.to(readers_as(expectation.project, {Role.HOMEOWNER}))


@obligation("defect_mail")
def write_defect(owed: Obligation) -> None:
    """About a defect, by what became of it: once fixed, to those who may verify it; else to both sides."""
    defect = Defect.objects.select_related("milestone__project", "now").get(pk=owed.payload["defect"])
    milestone, what = defect.milestone, owed.payload["what"]
    parties = parties_of(milestone.project)
    asked = [party for party in parties if judges_repairs(party, milestone)]
    facts = [
        Fact(_("Milestone"), milestone.title),
        Fact(_("Place"), defect.place),
        Fact(_("To be fixed by"), defect.now.fix_by),
        Fact(_("Withheld until it is verified"), defect.withheld or None),
    ]
    said = {"milestone": milestone, "defect": defect, "what": what}
    mail = Mail("defect", milestone.project, ("milestone", milestone.id), facts, said)
    mail.to(readers_among(asked) if what == "fixed" else readers_as(milestone.project, SIDES))


@obligation("fix_date_moved_mail")
def write_fix_date_moved(owed: Obligation) -> None:
    """To the homeowners: the contractor moved the date of a repair, what happened, and whether in time."""
    moved = FixDateMove.objects.select_related("defect__milestone__project").get(pk=owed.payload["move"])
    defect, milestone = moved.defect, moved.defect.milestone
    facts = [
        Fact(_("Milestone"), milestone.title),
        Fact(_("Agreed before"), moved.previous_fix_by),
        Fact(_("The new date"), moved.fix_by),
        Fact(_("What happened"), moved.get_cause_display),
    ]
    for reader in readers_as(milestone.project, {Role.HOMEOWNER}):
        with translation.override(reader.language):
            message = fix_date_message(defect, moved.previous_fix_by, moved.fix_by, moved.cause)
        said = {"milestone": milestone, "defect": defect, "moved": moved, "message": message}
        Mail("fix_date_moved", milestone.project, ("milestone", milestone.id), facts, said).to([reader])
