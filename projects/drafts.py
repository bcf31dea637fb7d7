"""What a person wrote on a form that could not be taken: kept an hour for them, and put back (docs/pages.md).

Kept where the session had ended, the page's CSRF token had changed, or a proof of identity was asked for.
It lies in this browser's session, under the address of the form, and is shown to nobody but its writer.
Files are not kept: a browser does not give them twice.
"""

import json
import time
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

from people.ids import new_id

KEPT_FOR_SECONDS = 3600
MOST_DRAFTS = 3
MOST_CHARACTERS = 50_000
KEY = "drafts"
WRITER = "writer"  # a hidden field that names, signed, the person for whom a form was rendered
NOT_TYPED = {"csrfmiddlewaretoken", "once", WRITER}
_signer = Signer(salt="projects.drafts")


def signed_writer(request: HttpRequest) -> str:
    """Who reads the page, as a form that is worth keeping says it; it cannot be made up elsewhere."""
    return _signer.sign(str(request.user.pk))


def keep_draft(request: HttpRequest, *, with_version: bool = True) -> bool:
    """Keep what a form says for its writer; False where it does not name one, or says too much.

    `with_version`: it stays a form about the version that was read, so that what others changed since is
    noticed when it is sent.
    """
    writer = _writer_of(request)
    left_out = NOT_TYPED if with_version else NOT_TYPED | {"version"}
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in left_out}
    if writer is None or len(json.dumps(typed)) > MOST_CHARACTERS:
        return False
    others = {place: draft for place, draft in _drafts(request).items() if place != _place(request)}
    latest = dict(list(others.items())[1 - MOST_DRAFTS :])
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR_SECONDS)  # until somebody signs in: tracker.lost.stay
    request.session[KEY] = latest | {_place(request): {"writer": writer, "at": time.time(), "typed": typed}}
    return True


def draft_of(request: HttpRequest) -> QueryDict | None:
    """What the reader had written here, with a new key to be sent under; None when there is nothing."""
    draft = _drafts(request).get(_place(request))
    if draft is None:
        return None
    is_over = draft["writer"] != str(request.user.pk) or time.time() - draft["at"] > KEPT_FOR_SECONDS
    if is_over or "afresh" in request.GET:
        drop_draft(request)
        return None
    written = QueryDict(mutable=True)
    for name, values in draft["typed"].items():
        written.setlist(name, values)
    written["once"] = str(new_id())
    return written


def drop_draft(request: HttpRequest) -> None:
    """The form was sent, or is begun afresh, or belongs to somebody else."""
    drafts = _drafts(request)
    if drafts.pop(_place(request), None):
        request.session[KEY] = drafts


def refill(form: forms.Form, draft: QueryDict) -> None:
    """Begin an unsent form with what had been written on it."""
    for bound in form:
        if bound.name in draft or not bound.is_hidden:
            said = bound.field.widget.value_from_datadict(draft, {}, bound.html_name)
            form.initial[bound.name] = said


def _writer_of(request: HttpRequest) -> str | None:
    """The person that a form was rendered for. Somebody else who is signed in by now is not."""
    try:
        writer = _signer.unsign(request.POST.get(WRITER, ""))
    except BadSignature:
        return None
    is_other = request.user.is_authenticated and str(request.user.pk) != writer
    return None if is_other else writer


def _drafts(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(KEY, {}))


def _place(request: HttpRequest) -> str:
    """The address of a form, without what only says that it is begun afresh."""
    query = request.GET.copy()
    query.pop("afresh", None)
    return f"{request.path}?{query.urlencode()}"
