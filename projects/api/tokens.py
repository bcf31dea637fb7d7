"""Tokens: managed by their owner in the browser; no token makes another."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.once import Answer
from projects.queries import tokens_of
from projects.refusals import Refused
from projects.rest.fields import Nothing
from projects.rest.views import Door, reads_many, spec_of, with_spec
from projects.serializers import NewTokenSerializer, TokenBody, TokenSerializer
from projects.web import token_of


class TokenDoorBase(Door):
    """Tokens are managed by their owner in the browser; no token makes another."""

    order = ("-created_at", "-id")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if token_of(request):
            raise Refused("session_only")


class Tokens(TokenDoorBase):
    """Your tokens, without their secrets.

    In a browser's session only. A secret is shown once, when its token is made.
    """

    get = reads_many("list_tokens", TokenSerializer, tokens_of)

    def post(self, request: Request) -> Response:
        """The secret is in the first answer only; a repeated request gets the rest of it again."""
        actor = self.admit(actions.create_token.terms, None)
        if kept := self.kept(actor):
            return kept
        body = TokenBody(data=request.data)
        body.is_valid(raise_exception=True)
        secrets: list[str] = []

        def render(made: Any) -> Answer:
            token, secret = made
            secrets.append(secret)
            return Answer(201, self.shown(TokenSerializer, token) | {"token": None})

        response = self.perform(actions.create_token, actor, None, body.validated_data, render)
        if secrets:
            response.data = response.data | {"token": secrets[0]}
        return response

    with_spec(post, spec_of("create_token", actions.create_token, TokenBody, NewTokenSerializer, 201))


class TokenDoor(TokenDoorBase):
    def delete(self, request: Request, id: UUID) -> Response:
        actor = self.admit(actions.revoke_token.terms, None)
        return self.perform(actions.revoke_token, actor, None, {"token": id}, lambda _: Answer(204, None))

    with_spec(delete, spec_of("revoke_token", actions.revoke_token, Nothing, None, 204))
