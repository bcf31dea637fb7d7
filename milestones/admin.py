"""The facts of the work, to read."""

from milestones.models import (
    Concern,
    Criterion,
    Decision,
    Evidence,
    Expectation,
    Judgement,
    Milestone,
    ProgressEntry,
    Reschedule,
    Submission,
    Withdrawal,
)
from people.admin import show

show(Milestone, "project", "position", "title", "value", "amount", "version", "agreed_end", search=("title",))

for model in (
    Concern,
    Criterion,
    ProgressEntry,
    Evidence,
    Submission,
    Withdrawal,
    Decision,
    Judgement,
    Reschedule,
):
    show(model, "id", "project", "entry")

show(Expectation, "project", "position", "goal", "by_role", "state", "version", search=("goal",))
