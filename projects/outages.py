"""How the database says that it is away, or went away in the middle."""

import psycopg2
from django.db import DatabaseError, InterfaceError, OperationalError

# Everything that a lost connection may raise; also what a living database refuses, so ask `is_absence` too.
DATABASE_ERRORS = (DatabaseError, InterfaceError, psycopg2.DatabaseError, psycopg2.InterfaceError)

# A connection that breaks in the middle of an answer raises the bare DatabaseError.
BARE = {DatabaseError, psycopg2.DatabaseError}
OF_THE_CONNECTION = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)


def is_absence(error: BaseException | None) -> bool:
    """Whether an error says that there is no connection, or that it was lost or is being ended.

    What a living database refuses (a lock that is not given, a broken guard) has another code of its own.
    """
    if error is None or not (isinstance(error, OF_THE_CONNECTION) or type(error) in BARE):
        return False
    if type(error) is DatabaseError and error.__cause__ is None:
        return False  # Django's own, of a row that is not there
    code = getattr(error.__cause__ or error, "pgcode", None)
    return code is None or code.startswith(("57P", "08"))
