"""Who a person is known as."""

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from people.models import User


def verified_addresses(user_id: UUID | None) -> set[str]:
    """The addresses a person has proved to be theirs, in lower case."""
    found = EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
    return {address.lower() for address in found}


def person_at(address: str) -> User | None:
    """Whoever proved that this address is theirs."""
    found = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    return found.user if found else None


def sessions_of(user_id: UUID) -> QuerySet[UserSession]:
    """A person's sessions that go on, the one used last first."""
    going_on = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found = UserSession.objects.filter(user_id=user_id, session_key__in=going_on)
    return found.order_by("-last_seen_at", "-pk")
