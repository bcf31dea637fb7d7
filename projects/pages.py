"""Pages of the ground: the people and terms of a project, invitations, files."""

from collections.abc import Callable
from datetime import timedelta
from io import BufferedReader
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects import clock
from projects.actions import (
    accept_invitation,
    confirm_party,
    create_token,
    decline_invitation,
    edit_project,
    end_part,
    invite_party,
    revoke_token,
)
from projects.files import PHOTO, open_file, open_thumbnail
from projects.forms import InviteForm, ProjectForm, TokenForm, roles_to_invite
from projects.models import ApiToken, Attachment, Party, Project
from projects.once import Answer
from projects.page_kit import (
    may_do,
    once,
    page,
    part_in,
    perform,
    posted,
    press,
    project_context,
    reader_of,
    require_part,
    require_proof,
    row_or_not_there,
    show,
)
from projects.queries import invitations_of, parties_of, tokens_of, visible_to
from projects.refusals import not_there
from projects.rules import ending_refusal
from projects.sent_forms import go_on, goes_on_to

CACHED_FOR = "private, max-age=3600"
TOKEN_SHOWN_ONCE = _("The token is made; its secret was shown then. If you did not see it, revoke the token.")


@page("GET", "HEAD", "POST")
def people(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Who is in the project, and the form that invites."""
    part = part_in(request, project_id)
    parties = parties_of(part.project)
    roles = roles_to_invite(part, parties)
    form = InviteForm(posted(request), roles=roles)
    if request.method == "POST":
        require_part(part, invite_party)
        if form.is_valid() and (done := _invite(request, form, project_id)):
            return done
    context = project_context(part, "people") | {
        "rows": [_row(party, part, parties) for party in parties],
        "roles": roles,
        "form": form,
    }
    return show(request, "projects/people.html", context, form)


def _invite(request: HttpRequest, form: InviteForm, project_id: UUID) -> HttpResponse | None:
    back = reverse("people", args=[project_id])
    return perform(
        request, form, invite_party, project_id, back, said=_("The invitation is sent."), **form.inputs()
    )


def _row(party: Party, part: Party, parties: list[Party]) -> dict[str, object]:
    """A line of the list: the person, and what the reader may do about their part."""
    is_over = bool(party.left_at or party.declined_at)
    draft = part.project.state == Project.State.DRAFT
    return {
        "party": party,
        "is_over": is_over,
        "is_me": party.id == part.id,
        "may_confirm": not is_over and not party.confirmed and may_do(part, confirm_party),
        "may_end": not is_over and ending_refusal(part, party, parties, draft) is None,
    }


@page("GET", "HEAD", "POST")
def edit(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The terms of a draft that are about the whole project."""
    part = part_in(request, project_id)
    require_part(part, edit_project)
    form = ProjectForm(posted(request), project=part.project)
    back = reverse("project", args=[project_id])
    if form.is_valid() and (
        done := perform(
            request, form, edit_project, project_id, back, said=_("The terms are saved."), **form.inputs()
        )
    ):
        return done
    return show(request, "projects/edit.html", project_context(part, "project") | {"form": form}, form)


@page("POST")
def confirm(request: HttpRequest, party_id: UUID) -> HttpResponse:
    return press(request, confirm_party, party_id, _people_of, said=_("The part is confirmed."))


@page("POST")
def end(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """End a part. Whoever ended their own sees the project no more, so they go to their projects."""

    def location(party: Party) -> str:
        return reverse("home") if party.user_id == request.user.pk else _people_of(party)

    return press(request, end_part, party_id, location, said=_("The part has ended."))


def _people_of(party: Party) -> str:
    return reverse("people", args=[party.project_id])


@page()
def invitations(request: HttpRequest) -> HttpResponse:
    """Invitations to the reader's addresses that wait for an answer."""
    waiting = invitations_of(reader_of(request)).order_by("entry__at", "id")
    return render(request, "projects/invitations.html", {"invitations": waiting})


@page("POST")
def accept(request: HttpRequest, party_id: UUID) -> HttpResponse:
    return press(request, accept_invitation, party_id, _project_of, said=_("You have joined the project."))


def _project_of(party: Party) -> str:
    return reverse("project", args=[party.project_id])


@page("POST")
def decline(request: HttpRequest, party_id: UUID) -> HttpResponse:
    location = reverse("invitations")
    return press(request, decline_invitation, party_id, location, said=_("The invitation is declined."))


@page()
def attachment(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The bytes of a photo or document, to parties only; a document is saved, never shown in place."""
    found = _attachment(request, attachment_id)
    return _file(open_file, found, found.media_type)


@page()
def thumbnail(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """The small picture of a photo. A document has none."""
    found = _attachment(request, attachment_id)
    if found.kind != PHOTO:
        raise not_there()
    return _file(open_thumbnail, found, "image/jpeg")


def _attachment(request: HttpRequest, attachment_id: UUID) -> Attachment:
    return row_or_not_there(visible_to(reader_of(request), Attachment.objects.all()), attachment_id)


def _file(opener: Callable[[str], BufferedReader], found: Attachment, media_type: str) -> FileResponse:
    try:
        stored = opener(found.sha256)
    except FileNotFoundError:
        raise not_there() from None
    response = FileResponse(
        stored,
        content_type=media_type,
        as_attachment=found.kind != PHOTO,
        filename=found.name or f"{found.sha256[:12]}",
    )
    response["Cache-Control"] = CACHED_FOR
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page("GET", "HEAD", "POST")
def tokens(request: HttpRequest) -> HttpResponse:
    """The reader's tokens, and a new one, whose secret is on the answer to the form and nowhere else."""
    if proof := require_proof(request):
        return proof
    form, secret = TokenForm(posted(request)), None
    if form.is_valid():
        secret, answer = _make_token(request, form)
        if secret is None:
            return go_on(request, answer)
    context = {
        "form": TokenForm() if secret else form,
        "secret": secret,
        "tokens": tokens_of(reader_of(request)).select_related("project").order_by("-created_at", "-id"),
    }
    return show(request, "projects/tokens.html", context, form)


def _make_token(request: HttpRequest, form: TokenForm) -> tuple[str | None, Answer]:
    """The new token's secret, and where to go without it when a twin of the form made the token."""
    secrets: list[str] = []
    given = form.inputs()
    days = given.pop("days")
    given["expires_at"] = clock.now().replace(microsecond=0) + timedelta(days=days) if days else None

    def kept(made: tuple[ApiToken, str]) -> Answer:
        secrets.append(made[1])
        return goes_on_to(reverse("tokens"), TOKEN_SHOWN_ONCE)

    answer = once(request, create_token, None, kept, given)
    return (secrets[0] if secrets else None), answer


@page("POST")
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    location = reverse("tokens")
    return press(request, revoke_token, None, location, said=_("The token is revoked."), token=token_id)
