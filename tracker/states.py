"""How the states look and read: one tone, icon and word each, since a state is never colour alone."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.charts import STRAIGHT_PERCENT, TONES


@dataclass(frozen=True)
class Look:
    """`tone` is one of ok, accent, warn, stop, plain: the ends of the CSS class names."""

    tone: str
    icon: str
    word: Promise


CHIPS = {
    "paid": Look("ok", "circle-check", _("Paid")),
    "part_paid": Look("accent", "circle-dashed", _("Partly paid")),
    "payable": Look("accent", "lock-open", _("Payable now")),
    "locked": Look("plain", "lock", _("Locked")),
    "signed_off": Look("ok", "circle-check", _("Signed off")),
    "engineer_signed": Look("ok", "shield-check", _("Engineer signed")),
    "waiting_for_you": Look("accent", "pen-line", _("Waiting for your signature")),
    "waiting": Look("plain", "hourglass", _("Waiting for sign-off")),
    "submitted": Look("accent", "send", _("Submitted for sign-off")),
    "in_progress": Look("accent", "hammer", _("In progress")),
    "planned": Look("plain", "circle-dashed", _("Not started")),
    "returned": Look("warn", "undo-2", _("Returned for fixing")),
    "defect_open": Look("warn", "hammer", _("Open")),
    "defect_fixed": Look("accent", "eye", _("Fixed, waiting to be verified")),
    "defect_verified": Look("ok", "circle-check", _("Fixed and verified")),
    "defect_settled": Look("plain", "handshake", _("Settled by a deduction")),
    "blocking": Look("stop", "lock", _("Before the sign-off")),
    "date_passed": Look("stop", "clock", _("Date passed")),
    "draft": Look("plain", "file-text", _("Draft")),
    "active": Look("ok", "circle-check", _("Active")),
    "completed": Look("ok", "circle-check", _("Completed")),
    "closed": Look("plain", "lock", _("Closed")),
    "suspended": Look("warn", "hourglass", _("Suspended")),
    "terminated": Look("stop", "triangle-alert", _("Contract ended")),
    "off_schedule": Look("warn", "triangle-alert", _("Paid outside the schedule")),
    "advance_asked": Look("warn", "hourglass", _("Advance asked for")),
    "advance_approved": Look("accent", "lock-open", _("Advance approved")),
    "advance_paid": Look("warn", "hand-coins", _("Paid in advance")),
    "advance_declined": Look("plain", "circle-x", _("Declined")),
    "advance_withdrawn": Look("plain", "undo-2", _("Withdrawn")),
    "advance_lapsed": Look("plain", "clock", _("Lapsed undecided")),
    "advance_ended": Look("plain", "circle-check", pgettext_lazy("advance", "Closed")),
    "promise_awaited": Look("plain", "calendar-clock", _("Promised")),
    "promise_kept": Look("ok", "circle-check", _("Promise kept")),
    "promise_late": Look("warn", "clock", _("Promise kept late")),
    "promise_broken": Look("stop", "clock", _("Date passed")),
    "disputed": Look("stop", "triangle-alert", _("Disputed")),
    "reversed": Look("plain", "undo-2", _("Taken back")),
    "receipt_confirmed": Look("ok", "badge-check", _("Receipt confirmed")),
    "expectation_open": Look("accent", "hourglass", _("Waits for the contractor's answer")),
    "expectation_promised": Look("warn", "hourglass", _("Promised, and not confirmed yet")),
    "expectation_countered": Look("warn", "message-square", _("Not realistic as stated")),
    "expectation_confirmed": Look("ok", "handshake", _("Confirmed")),
    "expectation_met": Look("ok", "badge-check", _("Met")),
    "expectation_not_met": Look("stop", "circle-x", _("Not met")),
    "proposed": Look("plain", "hourglass", _("Waiting for signatures")),
    "in_force": Look("ok", "circle-check", _("In force")),
    "declined": Look("plain", "undo-2", _("Declined")),
    "withdrawn": Look("plain", "undo-2", _("Withdrawn")),
    "notice": Look("accent", "info", _("Worth knowing")),
    "warning": Look("warn", "triangle-alert", _("Warning")),
    "critical": Look("stop", "triangle-alert", _("Critical")),
}

_STRAIGHT = Look("ok", "circle-check", _("The line hangs straight"))

_WORK_AHEAD = Look("accent", "clock", _("Work is ahead of the money"))

_EARLY_MONEY = Look("warn", "triangle-alert", _("Some money was paid early"))

_MONEY_AHEAD = {
    "agreed": Look("plain", "handshake", _("Money is ahead, as agreed")),
    "watch": Look("warn", "triangle-alert", _("Money is slightly ahead of the work")),
    "ahead": Look("warn", "triangle-alert", _("Money is ahead of the work")),
    "critical": Look("stop", "triangle-alert", _("Money is far ahead of the work")),
}


def lean_look(lean_percent: Decimal, level: str) -> Look:
    """The words beside the gauge for an exposure in percent of the contract and its level (docs/exposure.md).

    Without a lead of money the level is `plumb`, or it is about early money that more work outweighs.
    Raises KeyError for an unknown level.
    """
    TONES[level]
    if level == "plumb":
        return _WORK_AHEAD if lean_percent < -STRAIGHT_PERCENT else _STRAIGHT
    return _MONEY_AHEAD[level] if lean_percent > 0 else _EARLY_MONEY
