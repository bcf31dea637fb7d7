"""Sessions as Django keeps them in the database, with one difference: an outage is not a session that ended.

Django takes every failure to save for a session that was ended meanwhile, and answers 400: never come again.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from tracker.outage import is_outage


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """As Django's. Raises the database's own error when it went away: that is a 503, to be sent again."""
        try:
            super().save(must_create)
        except UpdateError as error:
            reason = error.__context__
            if reason is not None and is_outage(reason):
                raise reason from None
            raise
