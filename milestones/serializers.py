"""What the API says and takes about milestones and the agreement."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from rest_framework import serializers

from milestones.models import Decision, Evidence, Milestone, ProgressEntry, Reschedule
from milestones.rounds import waiting_for
from milestones.rules import SIGNER_ROLES
from projects.files import PHOTO
from projects.models import Role
from projects.rest.fields import (
    EXAMPLE_ID,
    Body,
    DayField,
    MomentField,
    MoneyField,
    NameField,
    PercentField,
    ProseField,
    Shown,
    VersionField,
)

LONGEST_CRITERION, MOST_CRITERIA, MOST_FILES, MOST_DEFECTS = 500, 50, 50, 50

SIGNERS = [(role.value, role.label) for role in Role if role in SIGNER_ROLES]


class CriterionSerializer(Shown):
    id = serializers.UUIDField()
    text = serializers.CharField()


class EvidenceSerializer(Shown):
    attachment = serializers.UUIDField(source="attachment_id")
    kind = serializers.ChoiceField(["photo", "document"], source="attachment.kind")
    criterion = serializers.UUIDField(source="criterion_id", allow_null=True)
    sha256 = serializers.CharField(source="attachment.sha256")
    taken_at = MomentField(source="attachment.taken_at", allow_null=True)
    added_at = MomentField(source="entry.at")
    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    def get_url(self, evidence: Evidence) -> str:
        return self.address("api-attachment-file", evidence.attachment_id)

    def get_thumbnail_url(self, evidence: Evidence) -> str | None:
        if evidence.attachment.kind != PHOTO:
            return None
        return self.address("api-attachment-thumbnail", evidence.attachment_id)


class DecisionSerializer(Shown):
    round = serializers.IntegerField(source="submission.round")
    role = serializers.ChoiceField(Role.choices)
    party = serializers.UUIDField(source="party_id")
    name = serializers.SerializerMethodField()
    approves = serializers.BooleanField()
    version = serializers.IntegerField(help_text="The milestone's version that was decided on.")
    note = serializers.CharField()
    unmet = serializers.ListField(child=serializers.UUIDField(), help_text="Criteria named by a return.")
    at = MomentField(source="entry.at")

    def get_name(self, decision: Decision) -> str:
        return str(decision.party.user)


class MilestoneSerializer(Shown):
    """A stage of the work. `value` is what its work is worth, `amount` what its sign-off unlocks."""

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    position = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    value = MoneyField()
    amount = MoneyField()
    state = serializers.ChoiceField(Milestone.State.choices)
    version = serializers.IntegerField()
    reported_percent = PercentField(help_text="The contractor's word; never worth money.")
    verified_percent = serializers.SerializerMethodField(help_text="By inspections; 100.00 once signed off.")
    planned_start = DayField(allow_null=True)
    planned_end = DayField(allow_null=True)
    agreed_end = DayField(allow_null=True)
    signers = serializers.ListField(child=serializers.ChoiceField(SIGNERS))
    criteria = CriterionSerializer(many=True)
    round = serializers.IntegerField(help_text="How often it was submitted.")
    decisions = serializers.SerializerMethodField(help_text="Of all rounds, in their order.")
    awaits = serializers.SerializerMethodField(help_text="The roles whose approval is waited for.")
    evidence = EvidenceSerializer(many=True)
    defects_open = serializers.IntegerField(help_text="Defects whose repair is not verified.")

    def get_verified_percent(self, milestone: Milestone) -> str:
        is_signed = milestone.state == Milestone.State.SIGNED_OFF
        return "100.00" if is_signed else f"{milestone.worth.verified_percent:.2f}"

    def get_decisions(self, milestone: Milestone) -> list[dict[str, Any]]:
        found = [d for submission in milestone.submissions.all() for d in submission.decisions.all()]
        return list(DecisionSerializer(found, many=True).data)

    def get_awaits(self, milestone: Milestone) -> list[str]:
        return waiting_for(milestone, self.context["parties"][milestone.project_id])


class Dated(Body):
    """A body with the plan's two dates, judged together with those that stand."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = (self._date(attrs, name) for name in ("planned_start", "planned_end"))
        if start and end and end < start:
            raise serializers.ValidationError({"planned_end": ["before the start"]}, "ends_before_it_starts")
        return attrs

    def _date(self, attrs: Mapping[str, Any], name: str) -> date | None:
        return attrs.get(name, getattr(self.instance, name, None))


def criteria_field(**options: Any) -> serializers.ListField:
    text = serializers.CharField(max_length=LONGEST_CRITERION)
    return serializers.ListField(child=text, max_length=MOST_CRITERIA, required=False, **options)


def signers_field() -> serializers.ListField:
    role = serializers.ChoiceField(SIGNERS)
    return serializers.ListField(child=role, max_length=len(SIGNERS), required=False)


class SignersOnce:
    """Every role is named once, in the order given."""

    def validate_signers(self, signers: list[str]) -> list[str]:
        return list(dict.fromkeys(signers))


class MilestoneBody(SignersOnce, Dated):
    """A milestone of a draft. What is missing is said when the agreement is to be signed."""

    example: ClassVar = {
        "title": "Foundations",
        "value": "400000.00",
        "amount": "400000.00",
        "planned_start": "2026-11-01",
        "planned_end": "2026-12-15",
        "signers": ["homeowner", "engineer"],
        "criteria": ["The engineer saw every pile", "The concrete was tested"],
    }

    title = NameField(allow_blank=True)
    description = ProseField()
    value = MoneyField()
    amount = MoneyField()
    planned_start = DayField(required=False, allow_null=True)
    planned_end = DayField(required=False, allow_null=True)
    signers = signers_field()
    criteria = criteria_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"signers": [], "criteria": []} | super().validate(attrs)


class MilestoneEditBody(SignersOnce, Dated):
    """`version`, and at least one thing to change."""

    example: ClassVar = {"version": 1, "planned_end": "2026-12-31"}

    version = VersionField()
    title = NameField(required=False, allow_blank=True)
    description = ProseField()
    value = MoneyField(required=False)
    amount = MoneyField(required=False)
    planned_start = DayField(required=False, allow_null=True)
    planned_end = DayField(required=False, allow_null=True)
    signers = signers_field()
    criteria = criteria_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"version"}:
            raise serializers.ValidationError("nothing to change", "nothing_to_change")
        return super().validate(attrs)


class VersionBody(Body):
    example: ClassVar = {"version": 3}

    version = VersionField()


class ProgressBody(Body):
    example: ClassVar = {
        "percent": "60.00",
        "note": "All piles are in.",
        "evidence": [EXAMPLE_ID],
    }

    percent = PercentField()
    note = ProseField()
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_FILES, required=False)
    criterion = serializers.UUIDField(required=False, allow_null=True)


class ProgressSerializer(Shown):
    id = serializers.UUIDField()
    milestone = serializers.UUIDField(source="milestone_id")
    percent = PercentField()
    note = serializers.CharField()
    evidence = serializers.SerializerMethodField(help_text="The attachments shown with it.")
    at = MomentField(source="entry.at")

    def get_evidence(self, entry: ProgressEntry) -> list[str]:
        return [str(e.attachment_id) for e in entry.evidence.all()]


class SubmitBody(Body):
    example: ClassVar = {"criteria_met": [EXAMPLE_ID]}

    criteria_met = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_CRITERIA)
    note = ProseField()


class MinorDefectBody(Body):
    """A fault that does not hold up the sign-off, and what is kept back until its repair is verified."""

    title = NameField()
    place = NameField(required=False, allow_blank=True)
    withheld = MoneyField(required=False)
    fix_by = DayField(required=False, allow_null=True)


class SignOffBody(VersionBody):
    example: ClassVar = {
        "version": 3,
        "note": "We walked around it twice.",
        "minor_defects": [{"title": "A scratched tile", "withheld": "1500.00", "fix_by": "2026-12-15"}],
    }

    note = ProseField()
    minor_defects = serializers.ListField(child=MinorDefectBody(), max_length=MOST_DEFECTS, required=False)


class NamedDefectBody(Body):
    """A fault for which a submission is returned."""

    title = NameField()
    place = NameField(required=False, allow_blank=True)
    blocking = serializers.BooleanField(required=False)
    fix_by = DayField(required=False, allow_null=True)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_FILES, required=False)


class ReturnBody(VersionBody):
    """At least one of `unmet_criteria` and `defects`."""

    example: ClassVar = {
        "version": 3,
        "reason": "One sample is missing.",
        "unmet_criteria": [EXAMPLE_ID],
        "defects": [{"title": "A crack in the hall", "blocking": True, "fix_by": "2026-12-15"}],
    }

    reason = ProseField(required=True)
    unmet_criteria = serializers.ListField(
        child=serializers.UUIDField(), max_length=MOST_CRITERIA, required=False
    )
    defects = serializers.ListField(child=NamedDefectBody(), max_length=MOST_DEFECTS, required=False)


class RescheduleBody(Body):
    """A new date, and why: in words, or by a `cause` that needs none."""

    example: ClassVar = {"agreed_end": "2026-12-03", "reason": "The windows come a week later."}

    agreed_end = DayField()
    cause = serializers.ChoiceField(Reschedule.Cause.choices, required=False)
    reason = ProseField()


class ProposedAmountSerializer(Shown):
    milestone = serializers.UUIDField()
    amount = MoneyField()


class ProposalSerializer(Shown):
    """A split of the same total that would remove the gap."""

    deposit = MoneyField()
    amounts = ProposedAmountSerializer(many=True)


class StressTestSerializer(Shown):
    """Whether the contract, as planned, pays ahead of the work. Percents are of the contract total."""

    worst_gap_amount = MoneyField()
    worst_gap_percent = PercentField()
    at_payment = serializers.CharField(
        allow_null=True, help_text="`deposit` or the milestone's id; null when money never leads."
    )
    deposit = MoneyField()
    deposit_percent = PercentField()
    deposit_cap = MoneyField()
    is_front_loaded = serializers.BooleanField()
    proposed = ProposalSerializer()
