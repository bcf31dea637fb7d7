"""What people do to their own account."""

from uuid import UUID

from people.models import Language, User


def choose_language(user_id: UUID, language: str) -> None:
    """Keep the language a person reads; mails and background texts are written in it."""
    User.objects.filter(pk=user_id).update(language=Language(language))


def change_profile(user_id: UUID, *, full_name: str, language: str, phone: str) -> User:
    """Change how a person is called, reached and spoken to. `phone` is in E.164 form or empty."""
    user = User.objects.get(pk=user_id)
    user.full_name, user.language, user.phone = full_name, language, phone
    user.save(update_fields=["full_name", "language", "phone"])
    return user
