"""Lists in pages: a cursor that names the last row seen, so that nothing is shown twice or skipped."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

DEFAULT_SIZE, LARGEST_SIZE = 50, 200
NEXT, PREVIOUS = "n", "p"
_COUNT = re.compile(r"0*[1-9][0-9]{0,18}", re.ASCII)


class Pages(BasePagination):
    """`{"next", "previous", "results"}`, in the order that the door names (`order`, unique together).

    A cursor is signed and good for the list it was made for only: what comes back is what was given out.
    """

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        self.order: tuple[str, ...] = view.order  # type: ignore[union-attr]
        size, (direction, *values) = self._size(), self._cursor()
        backward = direction == PREVIOUS
        rows = queryset.order_by(*(_turned(self.order) if backward else self.order))
        if values:
            rows = rows.filter(_beyond(_turned(self.order) if backward else self.order, values))
        found = list(rows[: size + 1])
        more, page = len(found) > size, found[:size]
        self.page = page[::-1] if backward else page
        self.has_next, self.has_previous = (bool(values), more) if backward else (more, bool(values))
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._link(NEXT), "previous": self._link(PREVIOUS), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "default": DEFAULT_SIZE}
        return [
            _parameter(
                "cursor", "Where the page begins; taken from `next` or `previous`.", {"type": "string"}
            ),
            _parameter(
                "page_size", f"Rows on a page; {LARGEST_SIZE} at most, however many are asked for.", size
            ),
        ]

    def _size(self) -> int:
        asked = self.request.query_params.get("page_size", str(DEFAULT_SIZE))
        if not _COUNT.fullmatch(asked):
            raise ValidationError({"page_size": ["not a count"]}, code="invalid")
        return min(int(asked), LARGEST_SIZE)

    def _cursor(self) -> list[str]:
        given = self.request.query_params.get("cursor")
        if not given:
            return [NEXT]
        try:
            return signing.loads(given, salt=self._salt)
        except signing.BadSignature:
            raise ValidationError({"cursor": ["not from this list"]}, code="invalid") from None

    @property
    def _salt(self) -> str:
        return f"page {self.request.path} {self.order}"

    def _link(self, direction: str) -> str | None:
        if not self.page or not (self.has_next if direction == NEXT else self.has_previous):
            return None
        row = self.page[-1 if direction == NEXT else 0]
        values = [_plain(getattr(row, name.removeprefix("-"))) for name in self.order]
        cursor = signing.dumps([direction, *values], salt=self._salt)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _turned(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _beyond(order: Sequence[str], values: Sequence[str]) -> Q:
    """The rows after the one with these values, in this order."""
    beyond, same = Q(), dict[str, str]()
    for name, value in zip(order, values, strict=True):
        field, side = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        beyond |= Q(**same, **{f"{field}__{side}": value})
        same[field] = value
    return beyond


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
