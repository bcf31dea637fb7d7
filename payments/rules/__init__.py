"""The judgements over money: what is unlocked, where a payment counts, and how far money leads the work.

Pure: facts come in, answers go out; no database, no clock. Lines of the schedule are named by a string:
`deposit`, `retention`, or the id of a milestone. *Unheld* money is held against no line.
"""

from .advances import (
    OPEN,
    UNPAID,
    AdvanceState,
    Approval,
    Offer,
    Room,
    advance_cap,
    answer_refusal,
    approval_of,
    approval_refusal,
    cooling_off,
    payment_refusal,
)
from .certificate import Certificate, Closing, Columns, Dated, Finding, Moved, certificate_of, stand_at
from .changes import Change, change_refusal, changed, percent_that_stays
from .disputes import DisputeState, dispute_refusal, dispute_state, withdrawal_refusal
from .exposure import Exposure, Level, Step, exposure_of, history_of, lean_degrees, level_of
from .gate import Refusal, plan_allocate, plan_record, plan_reverse, record_refusal, release_refusal
from .linkage import (
    LinkageSum,
    Linked,
    Published,
    counting,
    linkage_money,
    linkage_sum,
    linked,
    value_refusal,
)
from .lots import Lot, early_lots, early_parts, lots_of
from .plan import days_late, planned_at
from .retention import Retention
from .reversals import consent_refusal, reversal_refusal
from .schedule import (
    DEPOSIT,
    FINAL,
    RETENTION,
    WITHOUT_MILESTONE,
    Contract,
    Line,
    Lock,
    State,
    Term,
    early_of,
    schedule_of,
)
from .termination import Settlement, moves_of_termination, settlement_of

__all__ = [
    "DEPOSIT",
    "FINAL",
    "OPEN",
    "RETENTION",
    "UNPAID",
    "WITHOUT_MILESTONE",
    "AdvanceState",
    "Approval",
    "Certificate",
    "Change",
    "Closing",
    "Columns",
    "Contract",
    "Dated",
    "DisputeState",
    "Exposure",
    "Finding",
    "Level",
    "Line",
    "LinkageSum",
    "Linked",
    "Lock",
    "Lot",
    "Moved",
    "Offer",
    "Published",
    "Refusal",
    "Retention",
    "Room",
    "Settlement",
    "State",
    "Step",
    "Term",
    "advance_cap",
    "answer_refusal",
    "approval_of",
    "approval_refusal",
    "certificate_of",
    "change_refusal",
    "changed",
    "consent_refusal",
    "cooling_off",
    "counting",
    "days_late",
    "dispute_refusal",
    "dispute_state",
    "early_lots",
    "early_of",
    "early_parts",
    "exposure_of",
    "history_of",
    "lean_degrees",
    "level_of",
    "linkage_money",
    "linkage_sum",
    "linked",
    "lots_of",
    "moves_of_termination",
    "payment_refusal",
    "percent_that_stays",
    "plan_allocate",
    "plan_record",
    "plan_reverse",
    "planned_at",
    "record_refusal",
    "release_refusal",
    "reversal_refusal",
    "schedule_of",
    "settlement_of",
    "stand_at",
    "value_refusal",
    "withdrawal_refusal",
]
