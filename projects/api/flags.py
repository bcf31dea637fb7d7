"""Warnings, and who has seen them."""

from typing import ClassVar
from uuid import UUID

import django_filters  # type: ignore[import-untyped]
from django_filters.rest_framework import DjangoFilterBackend  # type: ignore[import-untyped]

from projects import actions
from projects.models import Flag
from projects.queries import flags_visible_to
from projects.rest.views import Door, acts, reads_many
from projects.serializers import FlagSerializer


class FlagFilter(django_filters.FilterSet):
    open = django_filters.BooleanFilter("cleared_at", "isnull", label="Still open.")
    kind = django_filters.CharFilter()
    severity = django_filters.ChoiceFilter(choices=Flag.Severity.choices)

    class Meta:
        model = Flag
        fields: ClassVar = ["open", "kind", "severity"]


class FlagList(Door):
    """The warnings of all your projects, the newest first.

    Raised and cleared by the facts alone; to have seen one clears nothing. `figures` are those of the latest
    look.
    """

    queryset = Flag.objects.none()
    order = ("-opened_at", "-id")
    filter_backends = (DjangoFilterBackend,)
    filterset_class = FlagFilter
    get = reads_many("list_flags", FlagSerializer, flags_visible_to)


class ProjectFlags(FlagList):
    """The warnings of a project, the newest first.

    Raised and cleared by the facts alone; to have seen one clears nothing.
    """

    get = reads_many("list_project_flags", FlagSerializer, flags_visible_to, of_project=True)


def flag_again(user_id: UUID, flag: Flag) -> Flag:
    return flags_visible_to(user_id).get(pk=flag.pk)


class FlagSeen(Door):
    post = acts("see_flag", actions.see_flag, answers=FlagSerializer, again=flag_again)
