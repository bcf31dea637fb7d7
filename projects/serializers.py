"""What the API says and takes about the ground: parties, invitations, files, the journal, flags, tokens."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, ClassVar

from rest_framework import serializers

from projects import clock
from projects.files import PHOTO
from projects.flagging import BOTH_SIDES, flag_sentence, flag_title
from projects.linkage import Linkage, month_after
from projects.models import (
    Attachment,
    Deed,
    DeedSignature,
    Flag,
    Index,
    JournalEntry,
    Party,
    Role,
    Scope,
)
from projects.money import MAX_AMOUNT
from projects.rest.fields import (
    Body,
    DayField,
    IndexField,
    MomentField,
    MoneyField,
    MonthField,
    NameField,
    PercentField,
    ProseField,
    Shown,
    VersionField,
)


class PartySerializer(Shown):
    id = serializers.UUIDField()
    name = serializers.SerializerMethodField(help_text="The person's name; until they join, their address.")
    role = serializers.ChoiceField(Role.choices)
    signs = serializers.BooleanField()
    confirmed = serializers.BooleanField(help_text="Whether the homeowners let the part count.")
    joined_at = MomentField(allow_null=True)
    declined_at = MomentField(allow_null=True)
    left_at = MomentField(allow_null=True)

    def get_name(self, party: Party) -> str:
        return str(party.user) if party.user else party.invited_email


class LinkageTermsSerializer(Shown):
    """The agreed linkage to an index (docs/linkage.md)."""

    index = serializers.ChoiceField(Index.choices)
    share_percent = PercentField(source="share", help_text="Of every payment, what follows the index.")
    base_month = MonthField()
    base_value = IndexField(help_text="The index of the base month.")


class LinkageTermsBody(Body):
    """Which index, which share of every payment follows it, and the base against which it is measured."""

    index = serializers.ChoiceField(Index.choices)
    share_percent = PercentField(source="share")
    base_month = MonthField()
    base_value = IndexField()

    def validate_base_month(self, month: date) -> date:
        if month_after(month) > clock.now().date():
            raise serializers.ValidationError("not over", "month_not_over")
        return month


def linkage_columns(linkage: Mapping[str, Any] | None) -> dict[str, Any]:
    """A linkage as the terms of a project hold it; none of it for None."""
    named = (field.name for field in fields(Linkage))
    return {f"linkage_{name}": linkage[name] if linkage else None for name in named}


class InviteBody(Body):
    example: ClassVar = {"email": "michal@example.com", "role": "engineer"}

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(Role.choices)
    signs = serializers.BooleanField(default=True)


class InvitationSerializer(Shown):
    id = serializers.UUIDField()
    project_name = serializers.CharField(source="project.name")
    role = serializers.ChoiceField(Role.choices)
    invited_by = serializers.SerializerMethodField()

    def get_invited_by(self, party: Party) -> str:
        return str(party.invited_by.user) if party.invited_by else ""


class AttachmentSerializer(Shown):
    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    kind = serializers.ChoiceField(["photo", "document"])
    name = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the stored file.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(allow_null=True, help_text="Pixels.")
    height = serializers.IntegerField(allow_null=True, help_text="Pixels.")
    taken_at = MomentField(allow_null=True, help_text="What the camera says; nobody vouches for it.")
    url = serializers.SerializerMethodField(help_text="The file, for parties only.")
    thumbnail_url = serializers.SerializerMethodField()

    def get_url(self, attachment: Attachment) -> str:
        return self.address("api-attachment-file", attachment.id)

    def get_thumbnail_url(self, attachment: Attachment) -> str | None:
        return self.address("api-attachment-thumbnail", attachment.id) if attachment.kind == PHOTO else None


class AttachmentBody(Body):
    project = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=True)


class JournalEntrySerializer(Shown):
    seq = serializers.IntegerField()
    kind = serializers.CharField()
    actor = serializers.UUIDField(source="actor_id", allow_null=True, help_text="Null: the system.")
    actor_name = serializers.SerializerMethodField()
    at = MomentField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]
    body = serializers.SerializerMethodField(
        help_text="The canonical text: hash = sha256(bytes of previous_hash, then this text in UTF-8)."
    )
    hash = serializers.CharField()
    previous_hash = serializers.CharField()

    def get_actor_name(self, entry: JournalEntry) -> str:
        return str(entry.actor) if entry.actor else ""

    def get_data(self, entry: JournalEntry) -> dict[str, Any]:
        return json.loads(bytes(entry.body))["data"]

    def get_body(self, entry: JournalEntry) -> str:
        return bytes(entry.body).decode()


class BreakSerializer(Shown):
    seq = serializers.IntegerField(allow_null=True, help_text="Null: no entry is known.")
    problem = serializers.CharField(help_text="A code; the documentation of the journal lists them.")
    about = serializers.CharField(help_text='A column of the entry, or the row, "table/id".')


class LinkSerializer(Shown):
    seq = serializers.IntegerField()
    previous_hash = serializers.CharField()
    hash = serializers.CharField()
    body = serializers.CharField()


class JournalFileSerializer(Shown):
    format = serializers.CharField()
    project = serializers.UUIDField()
    entries = LinkSerializer(many=True)


class ChainSerializer(Shown):
    ok = serializers.BooleanField()
    entries = serializers.IntegerField()
    facts = serializers.IntegerField(help_text="Rows compared with the hashes in their entries.")
    head = serializers.CharField(allow_null=True, help_text="The last entry's hash.")
    first_break = BreakSerializer(allow_null=True)


class AboutSerializer(Shown):
    kind = serializers.CharField(source="about_kind")
    id = serializers.UUIDField(source="about_id")


class SeenSerializer(Shown):
    user = serializers.UUIDField(source="user_id")
    name = serializers.CharField(source="user.full_name")
    at = MomentField()


class FlagSerializer(Shown):
    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()
    severity = serializers.ChoiceField(Flag.Severity.choices)
    about = AboutSerializer(source="*")
    figures = serializers.SerializerMethodField(help_text="Money and percentages as strings.")
    opened_at = MomentField()
    cleared_at = MomentField(allow_null=True)
    asks = serializers.ChoiceField(
        [*Role.values, BOTH_SIDES], help_text="Who is asked to act: a role, or `both` sides."
    )
    seen_by = SeenSerializer(many=True, source="seen.all")

    def get_title(self, flag: Flag) -> str:
        return flag_title(flag.kind)

    def get_sentence(self, flag: Flag) -> str:
        return flag_sentence(flag.kind, flag.reading.figures)

    def get_figures(self, flag: Flag) -> dict[str, Any]:
        return flag.reading.figures


class TokenSerializer(Shown):
    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    project = serializers.UUIDField(source="project_id", allow_null=True)
    created_at = MomentField()
    expires_at = MomentField(allow_null=True)
    last_used_at = MomentField(allow_null=True, help_text="To the hour.")


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(
        allow_null=True, help_text="The secret. Shown this once, and null when the answer is a repetition."
    )


class TokenBody(Body):
    example: ClassVar = {"name": "Nightly export", "scopes": ["read"]}

    name = NameField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), allow_empty=False, max_length=len(Scope)
    )
    project = serializers.UUIDField(required=False, allow_null=True)
    expires_at = MomentField(required=False, allow_null=True)

    def validate_scopes(self, scopes: list[str]) -> list[str]:
        return sorted(set(scopes))

    def validate_expires_at(self, moment: Any) -> Any:
        if moment is not None and moment <= clock.now():
            raise serializers.ValidationError("not in the future", "not_in_future")
        return moment


class DeedSignatureSerializer(Shown):
    party = serializers.UUIDField(source="party_id")
    name = serializers.SerializerMethodField()
    role = serializers.ChoiceField(Role.choices, source="party.role")
    at = MomentField(source="entry.at")
    concludes = serializers.BooleanField(help_text="Whether nobody's signature was missing after it.")

    def get_name(self, signature: DeedSignature) -> str:
        return str(signature.party.user or "")


class DeedSerializer(Shown):
    """A version of what both sides sign at the end of a project."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Deed.Kind.choices)
    version = serializers.IntegerField()
    text = serializers.CharField()
    day = DayField(allow_null=True, help_text="Handover: when the place was handed over.")
    amount = MoneyField(
        allow_null=True, help_text="Closing sum: due to the contractor; negative: due back to the homeowner."
    )
    proposed_at = MomentField(source="entry.at")
    signatures = DeedSignatureSerializer(many=True, source="signatures.all")
    concluded = serializers.SerializerMethodField(help_text="Whether both sides have signed this version.")

    def get_concluded(self, deed: Deed) -> bool:
        return any(signature.concludes for signature in deed.signatures.all())


class ReasonBody(Body):
    example: ClassVar = {"reason": "The site is flooded."}

    reason = ProseField(required=True)


class SignBody(Body):
    example: ClassVar = {"version": 1}

    version = VersionField()


class HandoverBody(Body):
    example: ClassVar = {"day": "2027-06-01", "text": "Two keys. The boiler's manual. A scratch on a door."}

    day = DayField()
    text = ProseField(required=True)


class ClosingSumBody(Body):
    example: ClassVar = {"amount": "120000.00", "text": "Half of the finishes are done."}

    amount = MoneyField(min_value=-MAX_AMOUNT, help_text="Negative: due back to the homeowner.")
    text = ProseField(required=True)
