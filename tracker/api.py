"""The doors where the floors come together: projects whole, the agreement, templates, the reader."""

from typing import Any, NoReturn
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.actions import sign_agreement
from milestones.serializers import VersionBody
from payments.actions import complete_project, terminate_project
from payments.figures import with_figures
from projects.actions import edit_project
from projects.endings import resume_project, suspend_project
from projects.models import AgreementSignature, Flag, Project
from projects.queries import parts_of, projects_visible_to
from projects.refusals import not_there
from projects.rest.views import Door, acts, reads, reads_many, reads_one
from projects.serializers import ReasonBody
from projects.web import token_of
from tracker.actions import create_project
from tracker.catalogue import templates
from tracker.serializers import (
    MeSerializer,
    ProjectBody,
    ProjectEditBody,
    ProjectSerializer,
    TemplateSerializer,
    WaitSerializer,
)
from tracker.waits import waits_of


def projects(user_id: UUID) -> QuerySet[Any]:
    """The person's projects with their figures, open flags, signatures and the person's role."""
    open_flags = Flag.objects.filter(project=OuterRef("pk"), cleared_at=None).order_by().values("project")
    signatures = AgreementSignature.objects.filter(project=OuterRef("pk"), version=OuterRef("version"))
    mine = parts_of(user_id).filter(project=OuterRef("pk"))
    return with_figures(projects_visible_to(user_id)).annotate(
        flags_open=Coalesce(Subquery(open_flags.annotate(count=Count("pk")).values("count")), 0),
        signed_by=ArraySubquery(signatures.order_by("entry__seq").values("party_id")),
        my_role=Subquery(mine.values("role")[:1]),
    )


def project_again(user_id: UUID, project: Project) -> Any:
    return projects(user_id).get(pk=project.pk)


class Projects(Door):
    """Your projects, the newest first.

    Only those in which you have a part, each with its terms, its figures today and its open flags.
    """

    order = ("-created_at", "-id")
    get = reads_many("list_projects", ProjectSerializer, projects)
    post = acts(
        "create_project",
        create_project,
        takes=ProjectBody,
        answers=ProjectSerializer,
        again=project_again,
        status=201,
    )


class ProjectDoor(Door):
    """A project: its terms, and where its money and its work stand.

    `version` is of the terms: it is what a PATCH or a signature of the agreement sends back. Figures are read
    anew each time.
    """

    get = reads_one("read_project", ProjectSerializer, projects)
    patch = acts(
        "edit_project",
        edit_project,
        takes=ProjectEditBody,
        answers=ProjectSerializer,
        again=project_again,
        rows=projects,
    )


class Agree(Door):
    post = acts(
        "sign_agreement",
        sign_agreement,
        takes=VersionBody,
        answers=ProjectSerializer,
        again=project_again,
    )


class Complete(Door):
    post = acts("complete_project", complete_project, answers=ProjectSerializer, again=project_again)


class Suspend(Door):
    post = acts(
        "suspend_project",
        suspend_project,
        takes=ReasonBody,
        answers=ProjectSerializer,
        again=project_again,
    )


class Resume(Door):
    post = acts(
        "resume_project",
        resume_project,
        takes=ReasonBody,
        answers=ProjectSerializer,
        again=project_again,
    )


class Terminate(Door):
    post = acts(
        "terminate_project",
        terminate_project,
        takes=ReasonBody,
        answers=ProjectSerializer,
        again=project_again,
    )


class Templates(Door):
    """Contracts to begin from, in the language asked for.

    Send the `key` of one as `template` when creating a project; percents are of the contract total.
    """

    @reads("list_templates", TemplateSerializer, many=True)
    def get(self, request: Request) -> Response:
        found = templates((get_language() or "he")[:2])
        results = self.shown(TemplateSerializer, found, many=True)
        return Response({"next": None, "previous": None, "results": results})


class Me(Door):
    """Who you are here, and your parts in projects.

    With a token that is bound to one project, only the part in that one.
    """

    @reads("read_me", MeSerializer)
    def get(self, request: Request) -> Response:
        parts, token = parts_of(self.viewer).select_related("project"), token_of(request)
        if token and token.project_id:
            parts = parts.filter(project=token.project_id)
        user: Any = request.user
        found = {
            "user": user,
            "language": user.language,
            "projects": parts.order_by("-project__created_at", "-project_id"),
        }
        return Response(self.shown(MeSerializer, found))


class WaitingDoor(Door):
    """What waits for you in all your projects, and what you wait for, the longest waits first.

    `mine`: you can act on it; otherwise those with `roles` can, and you wait. `about` is the id of the thing,
    `since` when the wait began. Signatures, decisions on advances and changes, payments due, receipts,
    repairs, handover and closing sum, corrections and invitations. All in one answer, without pages.
    """

    @reads("list_waiting", WaitSerializer, many=True)
    def get(self, request: Request) -> Response:
        token = token_of(request)
        found = waits_of(self.viewer, token.project_id if token else None)
        results = self.shown(WaitSerializer, found, many=True)
        return Response({"next": None, "previous": None, "results": results})


class UnknownAddress(Door):
    """Everything else under /api/: not there, whoever asks."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise not_there()
