"""The OpenAPI description of the doors, made from what they are made of (projects.rest.views)."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

from drf_spectacular.authentication import SessionScheme as SessionSchemeOfDRF
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from projects.kernel import Terms
from projects.policy import KEYS
from projects.refusals import known_refusals
from projects.rest.fields import INDEX_NUMBER, MONTH, PLAIN_NUMBER, Nothing
from projects.rest.problems import MEDIA_TYPE
from projects.rest.views import LONGEST_KEY, Spec

CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "projects.rest.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "A personal token with scopes (read, progress, sign, pay, manage), made in the browser or"
                " with `manage.py token`. It can never do what its owner can't."
            ),
        }


class SessionScheme(SessionSchemeOfDRF):
    target_class = "projects.rest.auth.SessionAuthentication"
    name = "session"


class ExactNumber(OpenApiSerializerFieldExtension):
    """Money and percentages: strings, in requests as in answers."""

    target_class = "projects.rest.fields.MoneyField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        pattern = f"^{PLAIN_NUMBER}$" if direction == "request" else r"^-?[0-9]+\.[0-9]{2}$"
        return {"type": "string", "format": "decimal", "pattern": pattern}


class IndexNumber(OpenApiSerializerFieldExtension):
    """The value of an index: a string, with no more decimals than it has."""

    target_class = "projects.rest.fields.IndexField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "string", "format": "decimal", "pattern": f"^{INDEX_NUMBER}$"}


class Month(OpenApiSerializerFieldExtension):
    """A calendar month: a string."""

    target_class = "projects.rest.fields.MonthField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{MONTH}$"}


class PolicyKeys(OpenApiSerializerFieldExtension):
    """The policy by its keys: strings of numbers, words, and switches."""

    target_class = "projects.rest.fields.PolicyField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        value = {"type": ["string", "boolean"]}
        return {"type": "object", "properties": dict.fromkeys(KEYS, value), "additionalProperties": False}


class NoMoreThanNamed(OpenApiSerializerExtension):
    """A body takes the fields it names and no others."""

    target_class = "projects.rest.fields.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        named = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return named | {"additionalProperties": False}


class FieldErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem document (RFC 9457). `code` is stable; the data of a refusal are further members."""

    type = serializers.URLField(help_text="Where a person can read what the code means.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence in the language asked for, with what to do next.")
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=FieldErrorSerializer(many=True), required=False, help_text="By field, for 400."
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description=(
        "The same key with the same body has one effect and gets the first answer again, with the header"
        " `Idempotency-Replayed: true`. Only answers of 2xx are kept, for at least 24 hours."
    ),
)


class DoorSchema(AutoSchema):
    """One operation, from the `Spec` of its handler; addresses without one are not part of the contract."""

    @property
    def spec(self) -> Spec:
        return self._handler.spec

    @property
    def _handler(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def is_excluded(self) -> bool:
        return not hasattr(self._handler, "spec")

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.spec.many if serializer is None else super()._is_list_view(serializer)

    def get_operation_id(self) -> str:
        return self.spec.name

    def get_summary(self) -> str:
        return self.spec.summary or _first_line(self.view)

    def get_description(self) -> str:  # type: ignore[override]
        parts = [self.spec.description or ("" if self.spec.terms else _after_first_line(self.view))]
        if self.spec.terms:
            parts.append(_who(self.spec.terms))
        return "\n\n".join(part for part in parts if part)

    def get_extensions(self) -> dict[str, Any]:
        """`x-codes`: the codes of the problems that an act itself knows, by status."""
        return {"x-codes": {str(status): codes for status, codes in self._codes().items()}}

    def _codes(self) -> dict[int, list[str]]:
        return by_status(codes_of(self.spec)) if self.spec.terms else {}

    def get_override_parameters(self) -> list[Any]:
        asked = [self.spec.asks] if self.spec.asks else []
        return [IDEMPOTENCY_KEY] if self.spec.terms else asked

    def get_examples(self) -> list[OpenApiExample]:
        example = getattr(self.spec.takes, "example", None)
        return [OpenApiExample(self.spec.name, value=dict(example), request_only=True)] if example else []

    def get_request_serializer(self) -> Any:
        return None if self.spec.takes is Nothing else self.spec.takes

    def get_response_serializers(self) -> Any:
        return {self._success(): self._answer()} | {
            (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=meaning)
            for status, meaning in self._problems().items()
        }

    def _success(self) -> int | tuple[int, str]:
        return (self.spec.status, self.spec.media_type) if self.spec.media_type else self.spec.status

    def _answer(self) -> Any:
        answers = self.spec.answers
        if answers is None:
            return OpenApiResponse(description="Done; nothing to show.")
        return answers(many=True) if self.spec.many else answers

    def _problems(self) -> dict[str, str]:
        found = {"401": "No or bad token.", "403": "Seen, but not allowed; `code` says why."}
        if "{id}" in self.path:
            found["404"] = "Not there for you."
        if self.method != "GET" or self.spec.many or self.spec.asks:
            found["400"] = "Not understood; `errors` names the fields."
        if self.spec.terms:
            found["409"] = "The state forbids it; `code` says why."
        if self.spec.terms:
            found["422"] = "The Idempotency-Key belongs to another request."
        for status, codes in self._codes().items():
            found[str(status)] = f"{found.get(str(status), 'Refused.')} Codes: {', '.join(codes)}."
        return found | {"default": "Another problem, of the same shape."}


def _first_line(view: Any) -> str:
    return (inspect.getdoc(type(view)) or "").partition("\n")[0]


def _after_first_line(view: Any) -> str:
    return (inspect.getdoc(type(view)) or "").partition("\n")[2].strip()


def codes_of(spec: Spec) -> list[str]:
    """What an act refuses, by its own words and by its terms."""
    assert spec.terms is not None
    terms, told = spec.terms, spec.description.partition("Refuses")[2]
    own = [word for word in CODE.findall(told) if word in known_refusals()]
    part = ["not_found", "not_your_role"] if terms.by else []
    signing = ["not_a_signer", "part_not_confirmed"] * terms.signing
    return list(dict.fromkeys([*own, *part, *signing, *["proof_needed"] * terms.proof, "missing_scope"]))


def by_status(codes: Iterable[str]) -> dict[int, list[str]]:
    """Codes under the status that each is answered with."""
    found: dict[int, list[str]] = {}
    for code in codes:
        found.setdefault(known_refusals()[code][0], []).append(code)
    return dict(sorted(found.items()))


def _who(terms: Terms) -> str:
    scope = f"Token scope: `{terms.scope}`."
    if not terms.by:
        return scope
    needs = [", with a signing part"] * terms.signing + [", freshly proven"] * terms.proof
    return f"Who: {', '.join(sorted(terms.by))}{''.join(needs)}. {scope}"
