"""Who stands at a door: a request, from a browser or a program, made into an actor of the kernel."""

from django.http import HttpRequest

from people.web import is_freshly_proven
from projects.kernel import Actor, Terms
from projects.models import ApiToken


def actor_of(request: HttpRequest, terms: Terms | None = None) -> Actor:
    """The person of a signed-in request.

    In a browser they are proven when they gave a password or an e-mailed code in the last ten minutes
    (ACCOUNT_REAUTHENTICATION_TIMEOUT). A token was granted with such a proof, for its scopes: it counts as
    one for an action (`terms`) of these scopes, and for nothing else.
    """
    token = token_of(request)
    if token is None:
        return Actor(request.user.pk, proven=is_freshly_proven(request))
    return Actor(token.user_id, proven=terms is not None and terms.scope in token.scopes)


def token_of(request: HttpRequest) -> ApiToken | None:
    """The token that an API request came with; None for a browser session."""
    auth = getattr(request, "auth", None)
    return auth if isinstance(auth, ApiToken) else None
