"""A form that is sent again: by a double click, a reload, Back, or after a lost answer (docs/pages.md).

Every form carries a key made when its page was rendered. What was answered to the form is kept under that
key, together with a hash of everything it said, and answered again without asking the page anew: the page
may have changed by what the form did.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Self
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from projects import clock
from projects.once import Answer, OnceKey, kept_answer
from projects.refusals import Refused
from projects.tidying import ANSWERS_KEPT_FOR

Page = Callable[..., HttpResponseBase]
SEE_OTHER = 303
# The thing is no longer what the form was made for: a page says what happened to it (tracker/stale.py).
OVERTAKEN = {
    "changed_since_read",
    "milestone_not_submitted",
    "milestone_is_submitted",
    "milestone_is_closed",
    "decided_already",
    "project_not_draft",
    "agreement_is_signed",
    "expectation_is_answered",
    "judged_already",
}
UNSAID = {"csrfmiddlewaretoken", "once", "writer"}  # what differs between sendings, or says who sends


@dataclass(frozen=True)
class SentForm:
    """A form that came with a request: who sent it, its key, and a hash of what it says."""

    user_id: UUID
    key: str
    fingerprint: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """None for a request without the key of a form. Refuses form_too_old."""
        try:
            once = UUID(request.POST.get("once", "").strip())
        except ValueError:
            return None
        if is_stale(once):
            raise Refused("form_too_old")
        assert request.user.pk is not None
        return cls(request.user.pk, f"page:{once}", _fingerprint(request))

    def kept(self) -> Answer | None:
        """What this form was answered before. Refuses sent_already where it said something else then."""
        try:
            return kept_answer(self.user_id, self.key, self.fingerprint)
        except Refused as refused:
            raise Refused("sent_already") from refused

    def once_key(self, render: Callable[[Any], Answer], part: str = "") -> OnceKey:
        """The key of what the form does, or of one `part` of it, for the kernel."""
        return OnceKey(f"{self.key}:{part}" if part else self.key, self.fingerprint, render)


def is_stale(once: UUID) -> bool:
    """Whether a form's key (version 7: it tells its time) is older than answers are kept.

    Such a form may have been answered, and the answer forgotten: taken now, it could be done a second time.
    """
    age = timedelta(milliseconds=clock.now().timestamp() * 1000 - (once.int >> 80))
    return once.version == 7 and age >= ANSWERS_KEPT_FOR


def goes_on_to(address: str, said: object = "") -> Answer:
    """The answer to a form that did what it says: another address, and a sentence to show there."""
    return Answer(SEE_OTHER, {"to": address, "said": str(said)})


def go_on(request: HttpRequest, answer: Answer) -> HttpResponseRedirect:
    """Follow an answer. Who sent a form again is told that it was taken once."""
    if answer.body["said"]:
        messages.success(request, answer.body["said"])
    if answer.replayed:
        messages.info(request, _("This form came more than once and was taken once."))
    response = HttpResponseRedirect(answer.body["to"])
    response.status_code = SEE_OTHER
    return response


def answered_once(view: Page) -> Page:
    """A page that answers a form which it has answered before in the same way, before it looks at it.

    It looks again where the page refuses: a twin of the request may have been faster.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sent = SentForm.of(request)
        if sent is None:
            return view(request, *args, **kwargs)
        if kept := sent.kept():
            return go_on(request, kept)
        request.sent_form = sent  # type: ignore[attr-defined]
        try:
            response = view(request, *args, **kwargs)
        except Refused:
            if kept := sent.kept():
                return go_on(request, kept)
            raise
        if response.status_code not in {200, SEE_OTHER} and (kept := sent.kept()):
            return go_on(request, kept)
        return response

    return answer


def _fingerprint(request: HttpRequest) -> str:
    """One hash of the address and of everything the form says, files by their content."""
    said = {name: request.POST.getlist(name) for name in request.POST if name not in UNSAID}
    files = {name: [_digest(file) for file in request.FILES.getlist(name)] for name in request.FILES}
    return hashlib.sha256(json.dumps([request.path, said, files], sort_keys=True).encode()).hexdigest()


def _digest(upload: Any) -> str:
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()
