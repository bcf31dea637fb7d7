"""Certificates: what a contract's journal had told by the close of any day, in a fixed number of queries.

A day is that of the entries, where the project is. So the certificate of a past day never changes: money that
is told of later counts from the day it was told.
"""

from datetime import date

from payments.history import dated_of
from payments.rules import Certificate, certificate_of
from projects.models import Project


def certificate_for(project: Project, begins: date, ends: date) -> Certificate:
    """The certificate of a period, both days included, whatever the project's size."""
    return certificate_of(dated_of(project), begins, ends)
