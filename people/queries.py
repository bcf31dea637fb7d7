"""Who a person is known as."""

from uuid import UUID

from allauth.account.models import EmailAddress


def verified_addresses(user_id: UUID | None) -> set[str]:
    """The addresses a person has proved to be theirs, in lower case."""
    found = EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
    return {address.lower() for address in found}
