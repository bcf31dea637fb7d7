"""The API described: its OpenAPI document, and a page of our own that people read (docs/api.md)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.models import Scope
from projects.refusals import known_refusals
from projects.rest.pagination import LARGEST_SIZE


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, in English."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(public=True)


class Schema(APIView):
    """The OpenAPI document; anyone may read it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response(document())


@dataclass(frozen=True)
class Name:
    """A field or parameter: its name, type, whether it must be given, and what it means."""

    name: str
    type: str
    required: bool
    meaning: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Name]
    takes: list[Name]
    example: str
    answers: str
    codes: dict[str, list[str]]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation and every problem on one page without a script, in English as the document is."""
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(document()):
        groups.setdefault(tag, []).append(operation)
    facts = {
        "groups": groups,
        "shapes": _shapes(document()),
        "problems": [(code, *known) for code, known in sorted(known_refusals().items())],
        "scopes": Scope.values,
        "largest_page": LARGEST_SIZE,
    }
    with translation.override("en"):
        return render(request, "api/docs.html", facts)


def _operations(api: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield (
                operation["tags"][0],
                Operation(
                    id=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    description=_plain(operation.get("description", "")),
                    parameters=[_parameter(p) for p in operation.get("parameters", []) if p["in"] == "query"],
                    takes=_takes(api, operation),
                    example=_example(operation),
                    answers=_answers(operation),
                    codes=operation.get("x-codes", {}),
                ),
            )


def _parameter(parameter: dict[str, Any]) -> Name:
    meaning = _plain(parameter.get("description", ""))
    return Name(parameter["name"], _type(parameter["schema"]), parameter.get("required", False), meaning)


def _shapes(api: dict[str, Any]) -> dict[str, list[Name]]:
    """What bodies and answers are made of, by the name that operations call them."""
    found = sorted(api["components"]["schemas"].items())
    return {name: _fields(schema) for name, schema in found if schema.get("properties")}


def _fields(schema: dict[str, Any]) -> list[Name]:
    required = schema.get("required", [])
    return [
        Name(name, _type(field), name in required, _plain(field.get("description", "")))
        for name, field in schema.get("properties", {}).items()
    ]


def _takes(api: dict[str, Any], operation: dict[str, Any]) -> list[Name]:
    """The fields of the body, of the first kind of content."""
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        return _fields(_resolved(api, media["schema"]))
    return []


def _example(operation: dict[str, Any]) -> str:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        for example in media.get("examples", {}).values():
            return json.dumps(example["value"], indent=2, ensure_ascii=False)
    return ""


def _answers(operation: dict[str, Any]) -> str:
    """What comes back when it went well: a status and the name of what is shown."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            shown = [_type(media["schema"]) for media in response.get("content", {}).values()]
            return " ".join([status, *shown[:1]])
    return ""


def _resolved(api: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return api["components"]["schemas"][_name(schema)] if "$ref" in schema else schema


def _type(schema: dict[str, Any]) -> str:
    """A short name for a schema: a component's name, or its JSON type and format."""
    if "$ref" in schema:
        return _name(schema)
    if parts := [part for key in ("oneOf", "anyOf", "allOf") for part in schema.get(key, [])]:
        return " | ".join(_type(part) for part in parts)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "any")
    kinds = " | ".join(kind) if isinstance(kind, list) else kind
    if kinds == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return f"{kinds} ({schema['format']})" if "format" in schema else kinds


def _plain(text: str) -> str:
    """A description without its marks, and without the choices, which stand in the type."""
    lines = [line for line in text.splitlines() if not line.startswith("* `")]
    return "\n".join(lines).replace("`", "").strip()


def _name(schema: dict[str, Any]) -> str:
    return schema["$ref"].rsplit("/", 1)[-1]
