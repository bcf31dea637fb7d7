"""What the API says and takes about inspections and defects."""

from typing import ClassVar

from rest_framework import serializers

from milestones.findings import counted_cost
from milestones.models import Defect, DefectEvent, DefectNow, Exhibit, Inspection, Reschedule
from milestones.queries import estimates_of
from milestones.serializers import MOST_FILES, NamedDefectBody
from projects.models import Role
from projects.rest.fields import Body, DayField, MomentField, MoneyField, PercentField, ProseField, Shown


class ExhibitSerializer(Shown):
    attachment = serializers.UUIDField(source="attachment_id")
    sha256 = serializers.CharField(source="attachment.sha256")
    url = serializers.SerializerMethodField()

    def get_url(self, exhibit: Exhibit) -> str:
        return self.address("api-attachment-file", exhibit.attachment_id)


class InspectionBody(Body):
    example: ClassVar = {"percent": "60.00", "note": "The upper floor is not begun."}

    percent = PercentField()
    note = ProseField()
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_FILES, required=False)


class InspectionSerializer(Shown):
    id = serializers.UUIDField()
    milestone = serializers.UUIDField(source="milestone_id")
    role = serializers.ChoiceField(Role.choices)
    percent = PercentField()
    note = serializers.CharField()
    evidence = serializers.SerializerMethodField(help_text="The attachments shown with it.")
    at = MomentField(source="entry.at")

    def get_evidence(self, inspection: Inspection) -> list[str]:
        return [str(e.attachment_id) for e in inspection.exhibits.all()]


class DefectEventSerializer(Shown):
    kind = serializers.ChoiceField(DefectEvent.Kind.choices)
    note = serializers.CharField()
    photos = ExhibitSerializer(many=True, source="exhibits")
    at = MomentField(source="entry.at")


class FixDateMoveSerializer(Shown):
    previous_fix_by = DayField(allow_null=True)
    fix_by = DayField()
    in_time = serializers.BooleanField(help_text="Announced up to the day that it moved from.")
    cause = serializers.ChoiceField(Reschedule.Cause.choices)
    reason = serializers.CharField()
    at = MomentField(source="entry.at")


class DefectSerializer(Shown):
    """A fault of a milestone's work, by its number in the project."""

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    milestone = serializers.UUIDField(source="milestone_id")
    number = serializers.IntegerField()
    title = serializers.CharField()
    place = serializers.CharField()
    note = serializers.CharField()
    blocking = serializers.BooleanField()
    state = serializers.ChoiceField(DefectNow.State.choices, source="now.state")
    withheld = MoneyField(help_text="By the approval that named it, until its repair is verified.")
    estimated_cost = serializers.SerializerMethodField(help_text="What its repair counts as, on its own.")
    fix_by = DayField(source="now.fix_by", allow_null=True, help_text="As it stands, wherever it moved.")
    moves = FixDateMoveSerializer(many=True, help_text="How its fix date was moved, in order.")
    after_sign_off = serializers.BooleanField(help_text="Found when the milestone was signed off already.")
    reopens = serializers.UUIDField(
        source="reopens_id", allow_null=True, help_text="The verified defect that came back."
    )
    photos = ExhibitSerializer(many=True, source="exhibits")
    events = DefectEventSerializer(many=True, help_text="What became of it, in order.")
    reported_at = MomentField(source="entry.at")

    def get_estimated_cost(self, defect: Defect) -> str | None:
        cost = counted_cost(defect.milestone.value, estimates_of(defect.now))
        return None if cost is None else f"{cost:.2f}"


class DefectBody(NamedDefectBody):
    example: ClassVar = {
        "title": "A damp patch",
        "place": "Bathroom, north wall",
        "blocking": True,
        "fix_by": "2026-12-15",
        "estimated_cost": "4000.00",
    }

    note = ProseField()
    estimated_cost = MoneyField(required=False, allow_null=True)


class DefectEventBody(Body):
    example: ClassVar = {"note": "Repaired and painted over."}

    note = ProseField()
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_FILES, required=False)


class ReopenBody(DefectEventBody):
    example: ClassVar = {"note": "It is damp again.", "fix_by": "2026-12-30"}

    fix_by = DayField(required=False, allow_null=True)


class FixDateBody(Body):
    """A new fix date, and why: in words, or by a `cause` that needs none."""

    example: ClassVar = {"fix_by": "2026-12-20", "reason": "The tiles come a week later."}

    fix_by = DayField()
    cause = serializers.ChoiceField(Reschedule.Cause.choices, required=False)
    reason = ProseField()


class EstimateBody(Body):
    example: ClassVar = {"amount": "4000.00"}

    amount = MoneyField()
