"""What the API answers when it does not do what was asked: a problem (RFC 9457), never a page."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from projects.kernel import OutcomeUnknown
from projects.outages import is_absence
from projects.refusals import Refused
from projects.rest.auth import CHALLENGE

MEDIA_TYPE = "application/problem+json"
WHOLE = "non_field_errors"  # DRF's name for what is wrong with a body as such
SECONDS_TO_WAIT = 5

# What Django, DRF and the database raise, as refusals of ours; the first that fits counts.
KNOWN: list[tuple[type[Exception], str]] = [
    (exceptions.NotAuthenticated, "not_authenticated"),
    (exceptions.AuthenticationFailed, "bad_token"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.ParseError, "malformed"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.Throttled, "throttled"),
    (Http404, "not_found"),
    (RequestDataTooBig, "body_too_large"),
    (SuspiciousOperation, "malformed"),
    (DataError, "invalid"),
    (OutcomeUnknown, "outcome_unknown"),
    (OperationalError, "unavailable"),
    (InterfaceError, "unavailable"),
]

# The field errors of the serializers, by code.
SENTENCES = {
    "required": _("This is needed."),
    "null": _("This cannot be null."),
    "blank": _("This cannot be empty."),
    "empty": _("This cannot be empty."),
    "invalid": _("This is not a valid value."),
    "invalid_choice": _("This is not one of the choices."),
    "unknown_field": _("There is no such field here."),
    "not_a_list": _("This must be a list."),
    "not_a_dict": _("This must be an object."),
    "max_length": _("This is too long."),
    "min_length": _("This is too short."),
    "max_value": _("This is too large."),
    "min_value": _("This is too small."),
    "null_characters_not_allowed": _("This holds a character that cannot be stored."),
    "not_money": _('Write money as a string with at most two decimals, such as "95000.00".'),
    "not_a_percent": _('Write a percentage from 0 to 100 as a string, such as "65.00".'),
    "not_an_index": _('Write the index as a string above 0 with at most four decimals, such as "139.3".'),
    "not_a_month": _('Write a month of this century as year and month, such as "2026-10".'),
    "month_not_over": _("Choose a month that is over."),
    "date_out_of_range": _("Choose a date from the year 2000 to the year 2100."),
    "in_future": _("Choose today or an earlier day."),
    "not_in_future": _("Choose a moment in the future."),
    "ends_before_it_starts": _("The end cannot be before the start."),
    "above_the_total": _("The deposit cannot be more than the contract total."),
    "template_or_milestones": _("Give either a template or milestones, not both."),
    "nothing_to_change": _("Name at least one field to change."),
    "unknown": _("There is no such key."),
    "too_low": _("This is below the lowest value allowed."),
    "too_high": _("This is above the highest value allowed."),
    "out_of_order": _("A lower level cannot reach above a higher one."),
}


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None for what is nobody's doing but ours: that is a 500 and is reported."""
    if isinstance(error, exceptions.ValidationError):
        return problem(Refused("invalid"), dict(_field_errors(error.get_full_details())))
    if isinstance(error, Refused):
        return problem(error, _errors_of(error))
    code = next((code for kind, code in KNOWN if isinstance(error, kind)), None)
    if code is None and is_absence(error):
        code = "unavailable"
    if code is None:
        return None
    return problem(Refused(code), wait=getattr(error, "wait", None))


def problem(refused: Refused, errors: Mapping[str, Any] | None = None, wait: float | None = None) -> Response:
    """The problem document of a refusal; its data become further members, as RFC 9457 has it."""
    status = refused.status
    body = {
        "type": type_of(refused.code),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refused.sentence,
        "code": refused.code,
    }
    if errors:
        body["errors"] = errors
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = CHALLENGE
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        headers["Retry-After"] = str(max(1, round(wait or SECONDS_TO_WAIT)))
    return Response({**refused.data, **body}, status, headers=headers, content_type=MEDIA_TYPE)


def type_of(code: str) -> str:
    """Where a person can read what a code means."""
    return f"{settings.PUBLIC_URL}/api/v1/docs/#problem-{code}"


def _errors_of(refused: Refused) -> dict[str, Any] | None:
    if refused.field is None:
        return None
    return {refused.field: [{"code": refused.code, "detail": refused.sentence}]}


def _field_errors(details: Any, path: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """DRF's nested errors as {"milestones.0.title": [{"code", "detail"}]}."""
    if isinstance(details, list) and details and all("message" in d for d in details):
        yield path or WHOLE, [_field_error(d) for d in details]
    elif isinstance(details, dict):
        for name, below in details.items():
            inner = "" if name == WHOLE else str(name)  # what is wrong with a whole is said of the whole
            yield from _field_errors(below, ".".join(part for part in (path, inner) if part))
    else:
        for place, below in enumerate(details):
            yield from _field_errors(below, f"{path}.{place}")


def _field_error(error: Mapping[str, str]) -> dict[str, str]:
    sentence = SENTENCES.get(error["code"])
    return {"code": error["code"], "detail": gettext(str(sentence)) if sentence else error["message"]}
