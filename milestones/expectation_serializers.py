"""What the API says and takes about expectations."""

from typing import Any, ClassVar

from rest_framework import serializers

from milestones.models import Expectation, Judgement
from milestones.queries import concerned_by
from milestones.rules import is_ripe
from milestones.serializers import VersionBody
from projects.models import Role
from projects.money import CENT
from projects.rest.fields import EXAMPLE_ID, Body, MomentField, MoneyField, ProseField, Shown, VersionField

LONGEST_GOAL, MOST_MILESTONES = 500, 100


class JudgementSerializer(Shown):
    met = serializers.BooleanField()
    note = serializers.CharField()
    party = serializers.UUIDField(source="party_id")
    name = serializers.CharField(source="party.user.full_name")
    at = MomentField(source="entry.at")


class ExpectationSerializer(Shown):
    """A goal and how it is measured, in the client's words. It is part of what both sides sign."""

    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    position = serializers.IntegerField()
    goal = serializers.CharField()
    measure = serializers.CharField(help_text="How it will be seen whether it was met.")
    milestones = serializers.SerializerMethodField(help_text="Those it concerns; none: the whole project.")
    by_role = serializers.ChoiceField(
        [Role.HOMEOWNER.value, Role.CONTRACTOR.value],
        help_text="Whose words they are. `contractor`: a promise of the sales side.",
    )
    stated_by = serializers.UUIDField(source="stated_by_id")
    state = serializers.ChoiceField(Expectation.State.choices)
    version = serializers.IntegerField(help_text="Of its wording.")
    counter = serializers.CharField(
        help_text="What meeting it would take; of a confirmed one, the final wording."
    )
    cost = MoneyField(allow_null=True, help_text="What meeting it would cost.")
    doer = serializers.CharField(help_text="Who will do the work.")
    answered_by = serializers.UUIDField(source="answered_by_id", allow_null=True)
    ready_to_judge = serializers.SerializerMethodField(help_text="All its work is signed off.")
    judgement = serializers.SerializerMethodField()

    def get_milestones(self, expectation: Expectation) -> list[str]:
        return [str(concern.milestone_id) for concern in expectation.concerns.all()]

    def get_ready_to_judge(self, expectation: Expectation) -> bool:
        return judgement_of(expectation) is None and is_ripe(concerned_by(expectation))

    def get_judgement(self, expectation: Expectation) -> dict[str, Any] | None:
        found = judgement_of(expectation)
        return dict(JudgementSerializer(found).data) if found else None


def judgement_of(expectation: Expectation) -> Judgement | None:
    """How it was judged; None while it is not."""
    return getattr(expectation, "judgement", None)


def milestones_field() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.UUIDField(), max_length=MOST_MILESTONES, required=False, help_text="None: all."
    )


class ExpectationBody(Body):
    """An expectation in a draft, in the client's words."""

    example: ClassVar = {
        "goal": "The basement stays dry",
        "measure": "No stain after the first winter",
        "milestones": [EXAMPLE_ID],
    }

    goal = serializers.CharField(max_length=LONGEST_GOAL)
    measure = serializers.CharField(max_length=LONGEST_GOAL)
    milestones = milestones_field()


class ExpectationEditBody(Body):
    """`version`, and at least one thing to change."""

    example: ClassVar = {"version": 1, "measure": "No stain after two winters"}

    version = VersionField()
    goal = serializers.CharField(max_length=LONGEST_GOAL, required=False)
    measure = serializers.CharField(max_length=LONGEST_GOAL, required=False)
    milestones = milestones_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"version"}:
            raise serializers.ValidationError("nothing to change", "nothing_to_change")
        return attrs


class ConfirmExpectationBody(VersionBody):
    """`doer` is needed for a promise of the sales side."""

    example: ClassVar = {"version": 1, "doer": "Moshe, site manager"}

    doer = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CounterExpectationBody(ConfirmExpectationBody):
    """Not realistic as stated: what meeting it would take, in words, and in money where it can be said."""

    example: ClassVar = {"version": 1, "counter": "Only with a drain outside.", "cost": "40000.00"}

    counter = ProseField(required=True, allow_blank=False)
    cost = MoneyField(required=False, allow_null=True, min_value=CENT)


class JudgeExpectationBody(Body):
    """`note` is needed where it was not met."""

    example: ClassVar = {"met": False, "note": "A stain behind the boiler."}

    met = serializers.BooleanField()
    note = ProseField()
