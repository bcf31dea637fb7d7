"""What people do to milestones: write their terms, sign the agreement, report, submit, decide."""

from .agreement import sign_agreement
from .decisions import approve_milestone, return_milestone
from .terms import add_milestone, edit_milestone, remove_milestone
from .work import log_progress, submit_milestone, withdraw_submission

__all__ = [
    "add_milestone",
    "approve_milestone",
    "edit_milestone",
    "log_progress",
    "remove_milestone",
    "return_milestone",
    "sign_agreement",
    "submit_milestone",
    "withdraw_submission",
]
