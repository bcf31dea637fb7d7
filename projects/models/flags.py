"""Warnings, and who has seen them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.columns import AMEND, APPEND, LASTING
from projects.models.project import Fact


class Flag(Fact):
    """An open or cleared warning. Its figures are refreshed in FlagReading without an entry."""

    class Severity(models.TextChoices):
        NOTICE = "notice", _("Notice")
        WARNING = "warning", _("Warning")
        CRITICAL = "critical", _("Critical")

    rights: ClassVar[str] = AMEND
    changes: ClassVar[tuple[str, ...]] = ("severity", "asks", "cleared_at")

    kind = models.CharField(max_length=30)
    about_kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    severity = models.CharField(max_length=8, choices=Severity.choices)
    asks = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "about_id"],
                condition=Q(cleared_at=None),
                name="one_open_flag_per_kind_and_thing",
            )
        ]


class FlagReading(models.Model):
    """The latest figures of a flag."""

    rights: ClassVar[str] = LASTING
    changes: ClassVar[tuple[str, ...]] = ("figures", "read_at")

    flag = models.OneToOneField(Flag, models.CASCADE, primary_key=True, related_name="reading")
    figures = models.JSONField()
    read_at = models.DateTimeField()


class FlagSeen(models.Model):
    rights: ClassVar[str] = APPEND

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag", "user"], name="a_flag_is_seen_once")]
