"""Book-keeping: answers to repeated requests, what is owed to the future, jobs, tokens."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.ids import new_id
from projects.models.columns import FREE, LASTING
from projects.models.project import Project


class Once(models.Model):
    """The answer to a request that carried an idempotency key: given again to the same request."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("status", "answer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]


class Obligation(models.Model):
    """Something promised to be done later (the outbox): written with the act, done at least once."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("payload", "next_at", "attempts", "last_error", "done_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at=None), name="obligations_due")]


class JobRun(models.Model):
    """A periodic job ran for a period; the row makes a second beat's tick a no-op."""

    rights: ClassVar[str] = FREE
    changes: ClassVar[tuple[str, ...]] = ("started_at", "finished_at")

    job = models.CharField(max_length=30)
    period = models.CharField(max_length=30)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="a_job_runs_once_a_period")]


class Scope(models.TextChoices):
    READ = "read", _("Read")
    PROGRESS = "progress", _("Log progress")
    SIGN = "sign", _("Sign")
    PAY = "pay", _("Release and record payments")
    MANAGE = "manage", _("Manage projects")


class ApiToken(models.Model):
    """A personal access token: kept as a hash, shown once. It can never do what its owner can't."""

    rights: ClassVar[str] = LASTING
    changes: ClassVar[tuple[str, ...]] = ("revoked_at", "last_used_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour

    def __str__(self) -> str:
        return self.name
