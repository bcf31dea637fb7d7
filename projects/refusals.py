"""Refusals: a stable code for programs, a sentence for people, data for both.

Every app registers its codes when it is loaded; an unregistered code is a mistake found at once.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.wording import clock_text, day_text, isolated, money_text

_KNOWN: dict[str, tuple[int, Any]] = {}


def register_refusals(refusals: Mapping[str, tuple[int, Any]]) -> None:
    """Add codes: {code: (HTTP status, lazy sentence with %(name)s for its data)}."""
    _KNOWN.update(refusals)


def known_refusals() -> dict[str, tuple[int, Any]]:
    return dict(_KNOWN)


class Refused(Exception):
    """An act that was not done, and why. Nothing was written.

    `field` names the input at fault where there is one.
    """

    def __init__(self, code: str, *, field: str | None = None, **data: Any) -> None:
        self.status, self._sentence = _KNOWN[code]
        self.code, self.field, self.data = code, field, data
        super().__init__(code)

    @property
    def sentence(self) -> str:
        """The refusal in the reader's language, with what to do next."""
        words = {name: _word(value) for name, value in self.data.items()}
        return gettext(str(self._sentence)) % words if words else str(self._sentence)


def _word(value: Any) -> Any:
    """How a sum or a moment reads in a sentence; other data as it is."""
    match value:
        case Decimal():
            return money_text(value)
        case datetime():
            return isolated(f"{day_text(value)}, {clock_text(value)}")
    return value


def not_there() -> Refused:
    """The thing does not exist for this person: the same answer whether it exists or not."""
    return Refused("not_found")


register_refusals(
    {
        "not_found": (404, _("There is nothing here for you. Check the address, or ask to be invited.")),
        "not_your_role": (403, _("Your part in this project does not include this.")),
        "part_not_confirmed": (
            403,
            _("Your part must first be confirmed by the homeowners. Ask them to confirm it."),
        ),
        "not_a_signer": (403, _("Your part in this project has no right to sign.")),
        "proof_needed": (403, _("Confirm that it is you, then try again.")),
        "missing_scope": (403, _("This token lacks the permission “%(scope)s”. Create one that has it.")),
        "busy": (503, _("Someone else is changing this project right now. Try again in a few seconds.")),
        "clock_is_ahead": (
            503,
            _("The clock of this server is wrong; nothing was written. Tell whoever runs it, and try later."),
        ),
        "idempotency_key_reused": (
            422,
            _("This Idempotency-Key was used for a different request. Send a new key."),
        ),
        "invalid": (400, _("Something in the request is not valid. See the marked fields.")),
        "changed_since_read": (
            409,
            _("This has changed since you opened it. Look at it again before you decide."),
        ),
        "project_not_draft": (
            409,
            _("The agreement is signed, so its terms are closed. They change only by an agreed change."),
        ),
        "project_not_active": (409, _("The agreement is not signed by both sides yet.")),
    }
)
