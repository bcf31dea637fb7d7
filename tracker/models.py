"""What the roof keeps for itself: the demonstration's mailbox."""

from typing import ClassVar

from django.db import models

from projects.models import FREE


class CaughtMail(models.Model):
    """A mail that was sent while no SMTP server was set."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ()

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(auto_now_add=True)
