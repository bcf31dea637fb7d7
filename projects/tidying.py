"""Forgetting book-keeping that has had its day. Facts and the journal are never touched."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from people.actions import forget_ended_sessions
from projects import clock
from projects.models import JobRun, Obligation, Once

ANSWERS_KEPT_FOR = timedelta(days=7)
DONE_KEPT_FOR = timedelta(days=30)


def tidy(now: datetime | None = None) -> None:
    """Delete answers to repeated requests after 7 days, finished work after 30, and expired sessions."""
    now = now or clock.now()
    Once.objects.filter(created_at__lt=now - ANSWERS_KEPT_FOR).delete()
    Obligation.objects.filter(done_at__lt=now - DONE_KEPT_FOR).delete()
    JobRun.objects.filter(started_at__lt=now - DONE_KEPT_FOR).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_ended_sessions()
