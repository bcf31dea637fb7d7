"""The words of the milestones: refusal codes and journal kinds."""

from django.utils.translation import gettext_lazy as _

from projects.journal import register_kinds
from projects.refusals import register_refusals

register_refusals(
    {
        "agreement_incomplete": (
            409,
            _("The agreement is not complete yet. See what is missing, fill it in, then sign."),
        ),
        "agreement_is_signed": (409, _("The agreement is signed by both sides.")),
        "milestone_is_submitted": (
            409,
            _("This milestone waits for signatures. To change it, withdraw the submission."),
        ),
        "milestone_is_closed": (409, _("This milestone is signed off and closed for good.")),
        "milestone_not_submitted": (
            409,
            _("There is nothing to sign here yet: the contractor has not submitted this milestone."),
        ),
        "criteria_unmet": (409, _("Mark every criterion as met before you submit.")),
        "unknown_criterion": (400, _("This is not a criterion of this milestone.")),
        "evidence_missing": (409, _("Add at least one photo or document before you submit.")),
        "unknown_evidence": (400, _("This file is not in this project, or is shown already.")),
        "decided_already": (409, _("You have decided in this round already.")),
        "progress_out_of_range": (400, _("Progress is between 0 and 100 percent.")),
        "nothing_unmet": (400, _("Name at least one criterion that is not met, or a defect.")),
        "date_is_past": (400, _("This date has passed already. Choose today or a later day.")),
        "date_unchanged": (400, _("This is the date that stands already. Choose another day.")),
        "ends_before_start": (400, _("This is before the planned start of the milestone.")),
        "reason_for_date": (400, _("Write in a few words what happened, so that it can be understood.")),
        "reason_missing": (400, _("Write in a few words what you saw, so that it can be fixed.")),
        "blocking_defects": (
            409,
            _("A blocking defect is in the way. It has to be fixed, and its repair verified, first."),
        ),
        "withheld_above_payment": (
            409,
            _("Only %(room)s is still to be paid for this milestone. Withhold up to that amount in all."),
        ),
        "title_missing": (400, _("Write in a few words what is wrong, and where.")),
        "defect_not_open": (409, _("This defect was marked as fixed already.")),
        "defect_is_open": (409, _("This defect is open already.")),
        "defect_is_verified": (409, _("The repair of this defect was verified already.")),
        "defect_is_settled": (409, _("Both sides settled this defect by a deduction. It is closed.")),
        "defect_is_blocking": (
            409,
            _("A blocking defect has to be fixed. Only a minor one can be settled by a deduction."),
        ),
        "milestone_unsigned": (
            409,
            _("This milestone is not signed off yet. Until then the price of all of it can be changed."),
        ),
        "reopened_already": (409, _("This defect was reopened already, as a new one.")),
        "not_yours_to_verify": (
            403,
            _("Only those who sign for this milestone can say whether it is repaired."),
        ),
    }
)

register_kinds(
    {
        "milestone_added": (
            _("%(actor)s added the milestone %(milestone)s"),
            "milestone version value amount",
        ),
        "milestone_changed": (
            _("%(actor)s changed the terms of %(milestone)s"),
            "milestone version fields value amount",
        ),
        "milestone_removed": (
            _("%(actor)s removed milestone %(position)s from the draft"),
            "position version",
        ),
        "agreement_signed": (
            _("%(actor)s signed the agreement, version %(version)s"),
            "party role version terms state contract_total",
        ),
        "progress_logged": (
            _("%(actor)s reported %(percent)s%% on %(milestone)s"),
            "milestone percent note evidence version",
        ),
        "milestone_submitted": (
            _("%(actor)s submitted %(milestone)s for sign-off, round %(round)s"),
            "milestone round version shown note",
        ),
        "submission_withdrawn": (
            _("%(actor)s withdrew the submission of %(milestone)s, round %(round)s"),
            "milestone round version",
        ),
        "milestone_approved": (
            _("%(actor)s approved %(milestone)s, role: %(role)s"),
            "milestone round version shown party role note state defects withheld evidence",
        ),
        "date_announced": (
            _("%(actor)s announced in time a new date for %(milestone)s: %(agreed_end)s"),
            "milestone previous_end agreed_end cause reason version",
        ),
        "date_missed": (
            _("%(actor)s moved the missed date of %(milestone)s: %(previous_end)s became %(agreed_end)s"),
            "milestone previous_end agreed_end cause reason version",
        ),
        "milestone_returned": (
            _("%(actor)s returned %(milestone)s for correction"),
            "milestone round version shown party role reason unmet state defects evidence",
        ),
        "milestone_inspected": (
            _("%(actor)s inspected %(milestone)s and found %(percent)s%%"),
            "milestone percent role note evidence",
        ),
        "defect_reported": (
            _("%(actor)s reported defect %(number)s in %(milestone)s"),
            "milestone defect number blocking fix_by estimated_cost title note evidence",
        ),
        "defect_fixed": (
            _("%(actor)s marked defect %(number)s in %(milestone)s as fixed"),
            "milestone defect number note evidence",
        ),
        "fix_date_announced": (
            _("%(actor)s announced in time a new date for defect %(number)s in %(milestone)s: %(fix_by)s"),
            "milestone defect number previous_fix_by fix_by cause reason",
        ),
        "fix_date_missed": (
            _(
                "%(actor)s moved the missed date of defect %(number)s in %(milestone)s:"
                " %(previous_fix_by)s became %(fix_by)s"
            ),
            "milestone defect number previous_fix_by fix_by cause reason",
        ),
        "defect_verified": (
            _("%(actor)s verified the repair of defect %(number)s in %(milestone)s"),
            "milestone defect number note evidence withheld",
        ),
        "defect_reopened": (
            _("%(actor)s found defect %(number)s in %(milestone)s not fixed"),
            "milestone defect number note evidence reopens",
        ),
        "defect_estimated": (
            _("%(actor)s estimated the repair of defect %(number)s in %(milestone)s at %(amount)s"),
            "milestone defect number amount",
        ),
    }
)

# What the client expects (milestones.actions.expectations).
register_refusals(
    {
        "unknown_milestone": (400, _("This is not a milestone of this project.")),
        "milestone_is_expected": (
            409,
            _("An expectation of the homeowners names this milestone. Change the expectation first."),
        ),
        "expectation_is_answered": (
            409,
            _("This expectation is answered already. It can be answered anew when its wording changes."),
        ),
        "doer_missing": (
            400,
            _("This was promised to win the job. Name the person who will do the work and stands behind it."),
        ),
        "nothing_countered": (409, _("There is no counter-proposal to accept: nothing is proposed instead.")),
        "judged_already": (409, _("It is judged already. A judgement is given once.")),
        "expectation_not_ripe": (
            409,
            _("It can be judged when every milestone that it concerns is signed off."),
        ),
    }
)

register_kinds(
    {
        "expectation_added": (
            _("%(actor)s wrote down an expectation: %(expectation)s"),
            "expectation version role goal measure milestones",
        ),
        "expectation_changed": (
            _("%(actor)s changed an expectation: %(expectation)s"),
            "expectation version role goal measure milestones",
        ),
        "expectation_removed": (
            _("%(actor)s removed expectation %(position)s from the draft"),
            "position version",
        ),
        "expectation_confirmed": (
            _("%(actor)s confirmed an expectation: %(expectation)s"),
            "expectation version state counter cost doer",
        ),
        "expectation_countered": (
            _("%(actor)s called an expectation not realistic: %(expectation)s"),
            "expectation version state counter cost doer",
        ),
        "counter_accepted": (
            _("%(actor)s accepted what the contractor proposed instead of: %(expectation)s"),
            "expectation version state counter cost doer",
        ),
        "expectation_judged": (
            _("%(actor)s judged an expectation: %(expectation)s. %(verdict)s"),
            "expectation party verdict note",
        ),
    }
)
