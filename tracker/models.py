"""What the roof keeps for itself: API tokens and the demonstration's mailbox."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import new_id
from projects.models import FREE, Project


class Scope(models.TextChoices):
    READ = "read", _("Read")
    PROGRESS = "progress", _("Log progress")
    SIGN = "sign", _("Sign")
    PAY = "pay", _("Release and record payments")
    MANAGE = "manage", _("Manage projects")


class ApiToken(models.Model):
    """A personal access token: kept as a hash, shown once. It can never do what its owner can't."""

    rights: ClassVar[str] = FREE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class CaughtMail(models.Model):
    """A mail that was sent while no SMTP server was set."""

    rights: ClassVar[str] = FREE

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(auto_now_add=True)
