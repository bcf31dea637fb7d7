"""Doors: an address of the API, where one request reads a query or does one action, and nothing else."""

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from projects.kernel import Action, Actor, Terms, admitted, project_of
from projects.models import Project, Scope
from projects.once import Answer, OnceKey, kept_answer
from projects.queries import projects_visible_to
from projects.refusals import Refused, not_there
from projects.rest.fields import Nothing
from projects.rest.throttles import count_stranger
from projects.web import actor_of, token_of

Rows = Callable[[UUID], QuerySet[Any]]  # what a person may see of a table

Again = Callable[[UUID, Any], Any]  # (viewer, what an action returned) -> what is shown of it

Serializer = type[BaseSerializer[Any]]

Handler = Callable[..., HttpResponseBase]

LONGEST_KEY = 255


@dataclass(frozen=True)
class Spec:
    """What a handler takes and answers, for the schema and for the handler itself."""

    name: str
    answers: Serializer | None = None
    many: bool = False
    media_type: str = ""
    status: int = 200
    takes: Serializer | None = None
    asks: Serializer | None = None  # of the query string
    terms: Terms | None = None
    summary: str = ""
    description: str = ""


class Door(GenericAPIView[Any]):
    """An address of the API. Its handlers are made by `reads_one`, `reads_many` and `acts`.

    order: for lists, the fields of the order, unique together.
    """

    metadata_class = None
    order: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except (NotAuthenticated, Refused):  # a wrong token, a form from elsewhere, or nothing at all
            count_stranger(request)
            raise
        if request.method in SAFE_METHODS:
            self.require_scope(Scope.READ)

    def finalize_response(  # type: ignore[override]  # files are responses too
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Private, checked again each time, and not sent again when the reader has it (ETag)."""
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if request.method in SAFE_METHODS and isinstance(response, Response) and response.status_code == 200:
            response.add_post_render_callback(lambda rendered: _unless_known(request, rendered))
        if "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    @property
    def viewer(self) -> UUID:
        return self.request.user.pk  # type: ignore[return-value]  # the permission asks for a person

    def visible(self, rows: Rows) -> QuerySet[Any]:
        """What the person may see of a table, and the token, where it is bound to one project."""
        found, token = rows(self.viewer), token_of(self.request)
        if token is None or token.project_id is None:
            return found
        path = "id" if found.model is Project else "project_id"
        return found.filter(**{path: token.project_id})

    def one(self, rows: Rows, pk: UUID) -> Any:
        """The one row of what may be seen; Refused not_found."""
        found = self.visible(rows).filter(pk=pk).first()
        if found is None:
            raise not_there()
        return found

    def page(self, rows: QuerySet[Any], answers: Serializer) -> Response:
        """The asked page of a list."""
        found = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.shown(answers, found, many=True))

    def shown(self, answers: Serializer, found: Any, **options: Any) -> Any:
        return answers(found, context={"request": self.request}, **options).data

    def require_scope(self, scope: str) -> None:
        """Refuse a token that lacks the scope; a browser session has all of them."""
        token = token_of(self.request)
        if token is not None and scope not in token.scopes:
            raise Refused("missing_scope", scope=str(scope))

    def admit(self, terms: Terms, target_id: UUID | None) -> Actor:
        """Judge early what needs no look at the body: the token's scope and project, the person's part."""
        self.require_scope(terms.scope)
        actor, token = actor_of(self.request, terms), token_of(self.request)
        bound_to = token.project_id if token else None
        if terms.on is None:
            if bound_to:
                raise Refused("token_bound")
            return actor
        project_id = project_of(terms.on, target_id)
        if bound_to not in {None, project_id}:
            raise not_there()
        if terms.by:
            admitted(terms, actor, project_id)
        return actor

    def perform(
        self,
        action: Action[Any, Any],
        actor: Actor,
        target_id: UUID | None,
        inputs: Mapping[str, Any],
        render: Callable[[Any], Answer],
    ) -> Response:
        """Do the action; with an Idempotency-Key, once for all requests that carry it."""
        key = idempotency_key(self.request)
        if key is None:
            return _response(render(action(actor, target_id, **inputs)))
        once = OnceKey(key, fingerprint(self.request), render)
        return _response(action.once(once, actor, target_id, **inputs))

    def kept(self, actor: Actor) -> Response | None:
        """What this request was answered before, whatever has become of the thing since it was done."""
        key = idempotency_key(self.request)
        if key is None or actor.user_id is None:
            return None
        answer = kept_answer(actor.user_id, key, fingerprint(self.request))
        return _response(answer) if answer else None

    def kept_removal(self, terms: Terms, target_id: UUID | None) -> Response | None:
        """What this request was answered when it removed a draft's row: there is nothing to be admitted to
        any more, and the answer says nothing."""
        if terms.on is None or terms.on._default_manager.filter(pk=target_id).exists():
            return None
        answer = self.kept(Actor(self.viewer))
        return answer if answer and answer.status_code == HTTPStatus.NO_CONTENT else None


def reads_one(name: str, answers: Serializer, rows: Rows) -> Handler:
    """GET of one thing by its id."""

    def get(self: Door, request: Request, id: UUID) -> Response:
        return Response(self.shown(answers, self.one(rows, id)))

    return with_spec(get, Spec(name, answers))


def reads_many(name: str, answers: Serializer, rows: Rows, *, of_project: bool = False) -> Handler:
    """GET of a list, in the order of the door; `of_project`: of the project with the id in the address."""

    def get(self: Door, request: Request, id: UUID | None = None) -> Response:
        found = self.visible(rows)
        if of_project:
            found = found.filter(project=self.one(projects_visible_to, id))  # type: ignore[arg-type]
        return self.page(found, answers)

    return with_spec(get, Spec(name, answers, many=True))


def reads(
    name: str,
    answers: Serializer | None,
    *,
    many: bool = False,
    media_type: str = "",
    asks: Serializer | None = None,
) -> Callable[[Handler], Handler]:
    """Tell the schema what a GET that is written out answers: as `answers`, or bytes of a media type.

    `asks` describes its query string.
    """
    return lambda get: with_spec(get, Spec(name, answers, many=many, media_type=media_type, asks=asks))


def acts(
    name: str,
    action: Action[Any, Any],
    *,
    takes: Serializer = Nothing,
    answers: Serializer | None = None,
    again: Again | None = None,
    rows: Rows | None = None,
    fixed: Mapping[str, Any] = MappingProxyType({}),
    status: int = 200,
) -> Handler:
    """POST, PATCH or DELETE: do one action on the thing with the id in the address.

    `takes` reads the body, with the thing as it stands where `rows` is given; `fixed` adds what the address
    says. The answer is what the action returned, or what `again` makes of it, as `answers` shows it; nothing
    (204) without `answers`.
    """

    def handle(self: Door, request: Request, id: UUID | None = None) -> Response:
        try:
            actor = self.admit(action.terms, id)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND and (gone := self.kept_removal(action.terms, id)):
                return gone
            raise
        if kept := self.kept(actor):
            return kept
        standing = self.one(rows, id) if rows and id else None
        body = takes(standing, data=request.data)
        body.is_valid(raise_exception=True)

        def render(result: Any) -> Answer:
            if answers is None:
                return Answer(HTTPStatus.NO_CONTENT, None)
            return Answer(status, self.shown(answers, again(self.viewer, result) if again else result))

        return self.perform(action, actor, id, {**body.validated_data, **fixed}, render)

    return with_spec(handle, spec_of(name, action, takes, answers, status))


def spec_of(
    name: str, action: Action[Any, Any], takes: Serializer, answers: Serializer | None, status: int
) -> Spec:
    """The description of a handler that does an action: the action's own words."""
    first, _, more = (inspect.getdoc(action.body) or "").partition("\n\n")
    summary, refuses, codes = " ".join(first.split()).partition(" Refuses ")
    description = f"{more}\n{refuses}{codes}"
    return Spec(
        name,
        answers,
        status=status if answers else HTTPStatus.NO_CONTENT,
        takes=takes,
        terms=action.terms,
        summary=summary,
        description=description.strip(),
    )


def with_spec(handler: Handler, spec: Spec) -> Handler:
    """Tell the schema what a handler that is written out takes and answers."""
    handler.spec = spec  # type: ignore[attr-defined]
    return handler


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key of an acting request; None without one. Refused bad_key."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Refused("bad_key")
    return key


def fingerprint(request: Request) -> str:
    """One hash for everything that a request asks: method, address, and body by its content."""
    asked = [request.method, request.get_full_path(), request.data]
    text = json.dumps(asked, sort_keys=True, default=_by_content)
    return hashlib.sha256(text.encode()).hexdigest()


def _by_content(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    value.seek(0)
    return hashlib.file_digest(value, "sha256").hexdigest()


def _response(answer: Answer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else None
    return Response(answer.body, answer.status, headers=headers)


def _unless_known(request: Request, response: Any) -> Any:
    """The response with its ETag; 304 when the reader's If-None-Match names it."""
    set_response_etag(response)
    return get_conditional_response(request._request, etag=response.headers["ETag"], response=response)
