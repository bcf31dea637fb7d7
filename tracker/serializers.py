"""What the API says and takes where the floors come together: a project whole, templates, the reader."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import get_language
from rest_framework import serializers

from milestones.serializers import MilestoneBody
from payments.rules import Level
from projects.models import Kind, Project, Role
from projects.money import ZERO
from projects.policy import policy_of, problems_of
from projects.rest.fields import (
    Body,
    DayField,
    MomentField,
    MoneyField,
    NameField,
    PercentField,
    PolicyField,
    Shown,
    VersionField,
)
from projects.serializers import LinkageTermsBody, LinkageTermsSerializer, linkage_columns
from projects.vat import vat_rate_on
from tracker.catalogue import KEYS, milestones_from_template, template_of

MOST_MILESTONES = 100
MOST_RETENTION = Decimal(20)
SIDES = [(role.value, role.label) for role in (Role.HOMEOWNER, Role.CONTRACTOR)]
LEAST_TOTAL = Decimal("0.01")


class ProjectSerializer(Shown):
    """A contract, and where its money and its work stand."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    address = serializers.CharField()
    currency = serializers.CharField()
    contract_total = MoneyField(help_text="VAT included.")
    deposit = MoneyField()
    vat_rate = PercentField()
    retention_percent = PercentField()
    linkage = LinkageTermsSerializer(allow_null=True)
    starts_on = DayField()
    time_zone = serializers.CharField()
    policy = serializers.SerializerMethodField(help_text="The policy in force, every key.")
    state = serializers.ChoiceField(Project.State.choices)
    version = serializers.IntegerField()
    signed_by = serializers.ListField(
        child=serializers.UUIDField(), help_text="The parties that signed this version of the agreement."
    )
    my_role = serializers.ChoiceField(Role.choices)
    exposure = MoneyField(help_text="Paid less verified work: what would be lost if the work stopped today.")
    level = serializers.ChoiceField([level.value for level in Level])
    flags_open = serializers.IntegerField()
    created_at = MomentField()

    def get_policy(self, project: Project) -> dict[str, Any]:
        return policy_shown(project)


def policy_shown(project: Project) -> dict[str, Any]:
    """The policy in force as JSON says it: numbers as strings."""
    values = asdict(policy_of(project.policy)).items()
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in values}


class TermsBody(Body):
    """The terms that creating and editing share."""

    address = NameField(required=False, allow_blank=True)
    deposit = MoneyField(required=False)
    retention_percent = PercentField(required=False, max_value=MOST_RETENTION)
    vat_rate = PercentField(required=False)
    linkage = LinkageTermsBody(required=False, allow_null=True)
    policy = PolicyField(required=False)

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        deposit, total = (self._term(attrs, name) for name in ("deposit", "contract_total"))
        if deposit > total:
            raise serializers.ValidationError({"deposit": ["above the total"]}, "above_the_total")
        terms = dict(attrs)
        return terms | linkage_columns(terms.pop("linkage")) if "linkage" in terms else terms

    def _term(self, attrs: Mapping[str, Any], name: str) -> Decimal:
        return attrs.get(name, getattr(self.instance, name, ZERO))


class ProjectBody(TermsBody):
    """A project to begin, from a template or from milestones of one's own.

    Its sums may still be wrong: that is said when it is to be signed.
    """

    example: ClassVar = {
        "my_role": "homeowner",
        "name": "Almog family house",
        "template": "house",
        "contract_total": "1900000.00",
        "starts_on": "2026-11-01",
    }

    my_role = serializers.ChoiceField(SIDES)
    name = NameField()
    kind = serializers.ChoiceField(Kind.choices, required=False, help_text="The template's unless given.")
    currency = serializers.RegexField(r"^[A-Z]{3}\Z", default="ILS")
    contract_total = MoneyField(min_value=LEAST_TOTAL)
    starts_on = DayField()
    template = serializers.ChoiceField(KEYS, required=False)
    milestones = MilestoneBody(many=True, required=False, max_length=MOST_MILESTONES)

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        given = {"deposit": ZERO, "vat_rate": vat_rate_on(attrs["starts_on"])} | super().validate(attrs)
        if "template" in given:
            return _from_template(given)
        if "kind" not in given:
            raise serializers.ValidationError({"kind": ["required"]}, "required")
        return given


def _from_template(given: dict[str, Any]) -> dict[str, Any]:
    """The project with what its template says, in the reader's language, under what was given."""
    if "milestones" in given:
        raise serializers.ValidationError({"template": ["not both"]}, "template_or_milestones")
    language = (get_language() or "he")[:2]
    template = template_of(given["template"], language)
    stages = milestones_from_template(
        template.key, given["contract_total"], given["starts_on"], language, deposit=given["deposit"]
    )
    return {
        "kind": template.kind,
        "retention_percent": template.retention_percent,
        "milestones": stages,
    } | given


class ProjectEditBody(TermsBody):
    """`version`, and at least one term to change. Keys of the policy that are not named stay."""

    example: ClassVar = {"version": 1, "contract_total": "1850000.00"}

    version = VersionField()
    name = NameField(required=False)
    contract_total = MoneyField(required=False, min_value=LEAST_TOTAL)
    starts_on = DayField(required=False)

    def validate(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"version"}:
            raise serializers.ValidationError("nothing to change", "nothing_to_change")
        return super().validate(attrs)

    def validate_policy(self, given: dict[str, Any]) -> dict[str, Any]:
        project: Any = self.instance
        merged = project.policy | given
        if problems := problems_of(merged):
            raise serializers.ValidationError(
                {key: [serializers.ErrorDetail(code, code)] for key, code in problems}
            )
        return merged


class StageSerializer(Shown):
    title = serializers.CharField()
    value_percent = PercentField()
    amount_percent = PercentField()
    work_days = serializers.IntegerField(help_text="Business days.")
    signers = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    criteria = serializers.ListField(child=serializers.CharField())


class TemplateSerializer(Shown):
    """A contract to begin from. Percents are of the contract total."""

    key = serializers.ChoiceField(KEYS)
    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    retention_percent = PercentField()
    milestones = StageSerializer(many=True)


class UserSerializer(Shown):
    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")
    email = serializers.EmailField()


class MyPartSerializer(Shown):
    id = serializers.UUIDField(source="project_id", help_text="The project's.")
    name = serializers.CharField(source="project.name")
    state = serializers.ChoiceField(Project.State.choices, source="project.state")
    role = serializers.ChoiceField(Role.choices)
    may_sign = serializers.BooleanField()


class MeSerializer(Shown):
    user = UserSerializer()
    language = serializers.CharField()
    projects = MyPartSerializer(many=True)


class WaitSerializer(Shown):
    """Something that waits: for you (`mine`), or for those with `roles` while you wait."""

    kind = serializers.CharField()
    project = serializers.UUIDField(source="project_id")
    project_name = serializers.CharField()
    about = serializers.UUIDField(help_text="The id of the thing.")
    mine = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    since = MomentField()
    title = serializers.CharField(help_text="In the language asked for.")
    text = serializers.CharField()
    amount = MoneyField(allow_null=True)
