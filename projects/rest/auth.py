"""How a program or a browser says who it is."""

from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from people.models import User
from projects.actions import note_token_use
from projects.models import ApiToken
from projects.queries import live_token
from projects.refusals import Refused

CHALLENGE = 'Bearer realm="Plumbline"'


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`; the token itself is never kept, logged or put into an address."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = authentication.get_authorization_header(request).decode("latin-1")
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = live_token(secret.strip())
        if token is None:
            raise Refused("bad_token")
        note_token_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; whatever changes something needs the CSRF token as well."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise Refused("csrf_failed") from error
