"""Photos and documents: taken in, described, and served to parties only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.files import MAX_BYTES, PHOTO, open_file, open_thumbnail, receive, store
from projects.models import Attachment
from projects.once import Answer
from projects.queries import projects_visible_to, visible_to
from projects.refusals import Refused, not_there
from projects.rest.views import Door, reads, reads_one, spec_of, with_spec
from projects.serializers import AttachmentBody, AttachmentSerializer


def attachments_visible_to(user_id: UUID) -> QuerySet[Attachment]:
    return visible_to(user_id, Attachment.objects.all())


class UploadParser(MultiPartParser):
    """A form with one file; what is far too long is not even read."""

    LONGEST = MAX_BYTES + 64 * 1024

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.LONGEST:
            raise Refused("too_large", field="file")
        return super().parse(stream, media_type, parser_context)


class Attachments(Door):
    parser_classes = (UploadParser,)

    def post(self, request: Request) -> Response:
        """Photos are encoded anew without their metadata; the bytes are kept by their hash."""
        self.require_scope(actions.add_attachment.terms.scope)
        body = AttachmentBody(data=request.data)
        body.is_valid(raise_exception=True)
        project_id, upload = body.validated_data["project"], body.validated_data["file"]
        actor = self.admit(actions.add_attachment.terms, project_id)
        if kept := self.kept(actor):
            return kept
        project = self.one(projects_visible_to, project_id)
        received = receive(upload, zone=ZoneInfo(project.time_zone))
        store(received)
        inputs = {"received": received, "name": upload.name or ""}
        return self.perform(actions.add_attachment, actor, project_id, inputs, self._render)

    def _render(self, attachment: Attachment) -> Answer:
        return Answer(201, self.shown(AttachmentSerializer, attachment))

    with_spec(
        post, spec_of("add_attachment", actions.add_attachment, AttachmentBody, AttachmentSerializer, 201)
    )


class AttachmentDoor(Door):
    """A photo or document: what is known of it, and where its bytes are.

    `sha256` is of the bytes that are kept; photos are encoded anew, without their place.
    """

    get = reads_one("read_attachment", AttachmentSerializer, attachments_visible_to)


A_YEAR = 365 * 24 * 3600


class FileDoor(Door):
    """Bytes that never change: kept by the reader for good, but asked for with the reader's rights."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever the reader accepts, a file is what it is."""
        return super().perform_content_negotiation(request, force=True)

    def send(
        self, request: HttpRequest, attachment: Attachment, opened: Callable[[str], Any], media_type: str
    ) -> HttpResponseBase:
        """The bytes, or 304 when the reader has them; a file that was lost is not there."""
        tag = f'"{attachment.sha256}"'
        if known := get_conditional_response(request, etag=tag):
            return known
        try:
            content = opened(attachment.sha256)
        except FileNotFoundError:
            raise not_there() from None
        response = FileResponse(
            content,
            content_type=media_type,
            filename=attachment.name or attachment.kind,
            as_attachment=attachment.kind != PHOTO,
        )
        patch_cache_control(response, private=True, max_age=A_YEAR, immutable=True)
        response.headers["ETag"] = tag
        return response


class AttachmentFile(FileDoor):
    """The file's bytes.

    They never change.
    """

    @reads("read_file", None, media_type="application/octet-stream")
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        attachment = self.one(attachments_visible_to, id)
        return self.send(request._request, attachment, open_file, attachment.media_type)


class AttachmentThumbnail(FileDoor):
    """A small JPEG of a photo; documents have none.

    404 for a document.
    """

    @reads("read_thumbnail", None, media_type="image/jpeg")
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        attachment = self.one(attachments_visible_to, id)
        return self.send(request._request, attachment, open_thumbnail, "image/jpeg")
