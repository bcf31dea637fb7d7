"""What people do to their own account, and what is noted of their sessions."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from people.addresses import coarse
from people.models import Language, User
from people.queries import sessions_of


def choose_language(user_id: UUID, language: str) -> None:
    """Keep the language a person reads; mails and background texts are written in it."""
    User.objects.filter(pk=user_id).update(language=Language(language))


def change_profile(user_id: UUID, *, full_name: str, language: str, phone: str) -> User:
    """Change how a person is called, reached and spoken to. `phone` is in E.164 form or empty."""
    user = User.objects.get(pk=user_id)
    user.full_name, user.language, user.phone = full_name, language, phone
    user.save(update_fields=["full_name", "language", "phone"])
    return user


def see_session(user_id: UUID | str, session_key: str, address: str, user_agent: str) -> None:
    """Note that a browser session is in use: when, with which browser, and roughly from where."""
    longest = UserSession._meta.get_field("user_agent").max_length
    seen = {
        "user_id": user_id,
        "ip": coarse(address),
        "user_agent": user_agent[:longest],
        "last_seen_at": timezone.now(),
    }
    UserSession.objects.update_or_create(session_key=session_key, defaults=seen)


def end_session(user_id: UUID, row_id: int) -> None:
    """Sign one of a person's sessions out, at once; nothing happens where it is over or another's."""
    for session in sessions_of(user_id).filter(pk=row_id):
        session.end()


def end_sessions(user_id: UUID, *, but: str | None = None) -> None:
    """Sign all of a person's sessions out, at once; `but` is the key of the one that stays."""
    for session in UserSession.objects.filter(user_id=user_id).exclude(session_key=but or ""):
        session.end()


def forget_ended_sessions() -> None:
    """Delete what was noted of sessions that are over."""
    going_on = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=going_on).delete()
