"""What every page shares: who may look, the rows they may see, and one effect per rendered form.

A page is a function: GET reads queries; POST calls one action through `perform` and goes on to another page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from people.web import is_freshly_proven
from projects.actions import add_attachment
from projects.drafts import draft_of, drop_draft, keep_draft, refill
from projects.files import store
from projects.form_kit import OnceForm, Upload
from projects.kernel import Action
from projects.models import Party
from projects.once import Answer, claim, keep
from projects.queries import parts_of
from projects.refusals import Refused, not_there
from projects.sent_forms import OVERTAKEN, Page, SentForm, answered_once, go_on, goes_on_to
from projects.web import actor_of

Row = TypeVar("Row", bound=Model)
# Where a page goes on to: an address, or what makes one of the action's result.
Location = str | Callable[[Any], str]

# Refusals that are about more than the form: they get a page of their own, or a proof of identity.
BIGGER_THAN_THE_FORM = {403, 404, 503}
ABOUT_ANOTHER_PAGE = {"sent_already", *OVERTAKEN}


def page(*methods: str) -> Callable[[Page], Page]:
    """A page for people who are signed in; by default it is only read. Its forms are answered once, and what
    was written on one is kept while its writer signs in again."""

    def decorate(view: Page) -> Page:
        guarded = login_required(require_http_methods(methods or ("GET", "HEAD"))(answered_once(view)))

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                (drop_draft if request.user.is_authenticated else keep_draft)(request)
            response: HttpResponseBase = guarded(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        return answer

    return decorate


def reader_of(request: HttpRequest) -> UUID:
    """The id of the person who reads; pages are for people who are signed in."""
    assert request.user.pk is not None
    return request.user.pk


def part_in(request: HttpRequest, project_id: UUID) -> Party:
    """The reader's present part in a project, with the project; for others the project does not exist."""
    parts = parts_of(reader_of(request)).select_related("project", "user")
    part = parts.filter(project_id=project_id).first()
    if part is None:
        raise not_there()
    return part


def row_or_not_there(rows: QuerySet[Row], row_id: UUID) -> Row:
    """A row among those that the reader may see; any other does not exist."""
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise not_there()
    return row


def may_do(part: Party, action: Action) -> bool:
    """Whether a part includes an action, so that no page offers what would be refused."""
    terms = action.terms
    return part.role in terms.by and (part.may_sign or not terms.signing)


def require_part(part: Party, action: Action) -> None:
    """Refuse a page whose only purpose is an action that the reader's part does not include."""
    if not may_do(part, action):
        raise Refused("not_your_role")


def require_proof(request: HttpRequest) -> HttpResponse | None:
    """Before a page that signs is shown: the way to a fresh proof of identity, and back to what was written.

    None when proven.
    """
    if is_freshly_proven(request):
        return None
    keep_draft(request)
    return HttpResponseRedirect(proof_address(request.get_full_path()))


def safe_next(request: HttpRequest) -> str:
    """Where a form asks to go on to, if that is an address of this house; the projects otherwise."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours else reverse("home")


def proof_address(next_path: str) -> str:
    return f"{reverse('account_reauthenticate')}?next={quote(next_path)}"


def perform(
    request: HttpRequest,
    form: OnceForm,
    action: Action,
    target_id: UUID | None,
    location: Location,
    *,
    said: object = "",
    **inputs: Any,
) -> HttpResponse | None:
    """Call an action once per rendered form, say that it is done, and go on to `location`.

    The same form sent again has no further effect and goes to the same place. A refusal that concerns the
    form is shown on it, beside its field where it names one, and nothing is returned.
    """
    try:
        answer = once(request, action, target_id, _leads_to(location, said), inputs)
    except Refused as refused:
        if refused.status in BIGGER_THAN_THE_FORM or refused.code in ABOUT_ANOTHER_PAGE:
            request.refused_form = form  # type: ignore[attr-defined]
            raise
        show_refusal(form, refused)
        return None
    return go_on(request, answer)


def press(
    request: HttpRequest,
    action: Action,
    target_id: UUID | None,
    location: Location,
    *,
    said: object = "",
    form_class: type[OnceForm] = OnceForm,
    **inputs: Any,
) -> HttpResponse:
    """A button that calls an action, once: as `perform`, but a refusal gets a page of its own.

    What the form carries besides its key goes to the action.
    """
    form = form_class(request.POST)
    if not form.is_valid():
        raise Refused("invalid")
    answer = once(request, action, target_id, _leads_to(location, said), form.inputs() | inputs)
    return go_on(request, answer)


def _leads_to(location: Location, said: object) -> Callable[[Any], Answer]:
    return lambda result: goes_on_to(location(result) if callable(location) else location, said)


def once(
    request: HttpRequest,
    action: Action,
    target_id: UUID | None,
    render_result: Callable[[Any], Answer],
    inputs: Mapping[str, Any],
    part: str = "",
) -> Answer:
    """The action's answer, kept under the key of the form that was sent: sent again, it gets it again.

    A form that does several things names each `part`; each is done once, also when a later one was refused.
    Refuses sent_already where the same form said something else when it was done.
    """
    try:
        key = _sent(request).once_key(render_result, part)
        return action.once(key, actor_of(request, action.terms), target_id, **inputs)
    except Refused as refused:
        if refused.code == "idempotency_key_reused":
            raise Refused("sent_already") from refused
        raise


def _sent(request: HttpRequest) -> SentForm:
    """The form that the page was sent; a page asks only for one whose key it found valid."""
    return request.sent_form  # type: ignore[attr-defined]


def do_once(request: HttpRequest, work: Callable[[], None], location: str, said: object = "") -> HttpResponse:
    """As `press`, for what is no act on a project: the work and its once-row are one transaction."""
    if not OnceForm(request.POST).is_valid():
        raise Refused("invalid")
    sent, answer = _sent(request), goes_on_to(location, said)
    with transaction.atomic(durable=True):
        row, kept = claim(sent.once_key(lambda _: answer), sent.user_id)
        if kept is None:
            work()
            keep(row, answer)
    return go_on(request, kept or answer)


def keep_file(request: HttpRequest, project_id: UUID, upload: Upload) -> UUID:
    """Store an uploaded file and add it to the project, once per rendered form; its attachment's id.

    What else the form says does not matter: sent again with other words, it does not add its files again.
    """
    store(upload.received)
    digest = upload.received.sha256
    sent = replace(_sent(request), fingerprint=digest)
    key = sent.once_key(lambda added: Answer(201, str(added.id)), part=digest)
    actor = actor_of(request, add_attachment.terms)
    answer = add_attachment.once(key, actor, project_id, received=upload.received, name=upload.name)
    return UUID(answer.body)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the request's data when it was sent, else nothing."""
    return request.POST if request.method == "POST" else None


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Put a refusal on the form, keeping what was typed."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refused.sentence)
    form.refused_status = refused.status  # type: ignore[attr-defined]


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], form: forms.Form | None = None
) -> HttpResponse:
    """Render a page; with a form that was not taken, under the status that says so.

    A form that is begun holds what its writer had written before the session was lost.
    """
    status, restored = 200, None
    if form is not None and not form.is_bound and (restored := draft_of(request)):
        refill(form, restored)
    if form is not None and form.is_bound and form.errors:
        status = getattr(form, "refused_status", 422)
    return render(request, template, {"is_restored": bool(restored), **context}, status=status)


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation (templates/components/nav.html)."""

    url: str
    label: object
    icon: str
    current: bool
    badge: int = 0


PROJECT_NAV = [
    ("project", _("Overview"), "house"),
    ("payments", _("Payments"), "banknote"),
    ("people", _("People"), "users"),
    ("journal", _("Journal"), "book-open"),
]


def project_nav(project_id: UUID, current: str = "") -> list[NavItem]:
    """The navigation of a project's pages."""
    return [
        NavItem(reverse(name, args=[project_id]), label, icon, name == current)
        for name, label, icon in PROJECT_NAV
    ]


READER_NAV = [("home", _("My projects"), "building-2"), ("waiting", _("Waiting"), "hourglass")]


def reader_nav(current: str, waiting: int = 0) -> list[NavItem]:
    """The navigation of the pages over all projects; `waiting`: how much waits for the reader, if known."""
    return [
        NavItem(reverse(name), label, icon, name == current, waiting if name == "waiting" else 0)
        for name, label, icon in READER_NAV
    ]


def project_context(part: Party, current: str = "") -> dict[str, Any]:
    """What every page of a project needs: the project, the reader's part, the navigation."""
    project = part.project
    return {
        "project": project,
        "part": part,
        "currency": project.currency,
        "nav_items": project_nav(project.id, current),
        "avatar_role": part.role,
    }
