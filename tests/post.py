"""What is owed, done at once in the test's own process; and the letters that come of it."""

from django.test import override_settings

from projects import clock
from projects.models import Obligation
from projects.outbox import fulfil, reserve_due
from tracker.models import CaughtMail


def deliver() -> None:
    """Do everything that is owed, mail landing in the mailbox. Fails when a handler fails."""
    with override_settings(EMAIL_BACKEND="tracker.mailbox.Mailbox"):
        while ids := reserve_due():
            for obligation_id in ids:
                fulfil(obligation_id)  # or another has done it with its own
                owed = Obligation.objects.get(pk=obligation_id)
                assert owed.done_at, owed.last_error
    assert not Obligation.objects.filter(done_at=None, next_at__lte=clock.now()).exists()


def letters_about(words: str) -> dict[str, CaughtMail]:
    """{name before the @: letter} of the delivered letters with these words in their subject."""
    found = CaughtMail.objects.filter(subject__contains=words)
    by_name = {letter.to.partition("@")[0]: letter for letter in found}
    assert len(by_name) == len(found), "somebody got two letters"
    return by_name


def forget_letters() -> None:
    """Begin a chapter with an empty mailbox."""
    deliver()
    CaughtMail.objects.all().delete()
