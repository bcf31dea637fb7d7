"""What people do to milestones: write terms, sign, report, submit, decide, inspect, find faults."""

from .agreement import sign_agreement
from .dates import reschedule_defect, reschedule_milestone
from .decisions import approve_milestone, register_withholding_rule, return_milestone
from .defects import estimate_defect, fix_defect, reopen_defect, report_defect, verify_defect
from .expectations import (
    accept_counter,
    add_expectation,
    confirm_expectation,
    counter_expectation,
    edit_expectation,
    judge_expectation,
    remove_expectation,
)
from .inspections import inspect_milestone
from .terms import add_milestone, edit_milestone, remove_milestone
from .work import log_progress, submit_milestone, withdraw_submission

__all__ = [
    "accept_counter",
    "add_expectation",
    "add_milestone",
    "approve_milestone",
    "confirm_expectation",
    "counter_expectation",
    "edit_expectation",
    "edit_milestone",
    "estimate_defect",
    "fix_defect",
    "inspect_milestone",
    "judge_expectation",
    "log_progress",
    "register_withholding_rule",
    "remove_expectation",
    "remove_milestone",
    "reopen_defect",
    "report_defect",
    "reschedule_defect",
    "reschedule_milestone",
    "return_milestone",
    "sign_agreement",
    "submit_milestone",
    "verify_defect",
    "withdraw_submission",
]
