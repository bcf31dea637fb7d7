"""What people do to milestones: write terms, sign, report, submit, decide, inspect, find faults."""

from .agreement import sign_agreement
from .decisions import approve_milestone, register_withholding_rule, return_milestone
from .defects import estimate_defect, fix_defect, reopen_defect, report_defect, verify_defect
from .inspections import inspect_milestone
from .terms import add_milestone, edit_milestone, remove_milestone
from .work import log_progress, submit_milestone, withdraw_submission

__all__ = [
    "add_milestone",
    "approve_milestone",
    "edit_milestone",
    "estimate_defect",
    "fix_defect",
    "inspect_milestone",
    "log_progress",
    "register_withholding_rule",
    "remove_milestone",
    "reopen_defect",
    "report_defect",
    "return_milestone",
    "sign_agreement",
    "submit_milestone",
    "verify_defect",
    "withdraw_submission",
]
