"""Stages of the work: their terms, what is reported of them, and who signed them off."""

from .defects import Defect, DefectEvent, DefectNow, Estimate, Exhibit, FixDateMove
from .expectations import Concern, Expectation, Judgement
from .work import (
    Criterion,
    Decision,
    Evidence,
    Inspection,
    Milestone,
    ProgressEntry,
    Reschedule,
    SignOff,
    Submission,
    Withdrawal,
    Worth,
)

__all__ = [
    "Concern",
    "Criterion",
    "Decision",
    "Defect",
    "DefectEvent",
    "DefectNow",
    "Estimate",
    "Evidence",
    "Exhibit",
    "Expectation",
    "FixDateMove",
    "Inspection",
    "Judgement",
    "Milestone",
    "ProgressEntry",
    "Reschedule",
    "SignOff",
    "Submission",
    "Withdrawal",
    "Worth",
]
