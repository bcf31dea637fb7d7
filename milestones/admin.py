"""The facts of the work, to read."""

from milestones.models import Criterion, Decision, Evidence, Milestone, ProgressEntry, Submission, Withdrawal
from people.admin import show

show(Milestone, "project", "position", "title", "value", "amount", "version", "agreed_end", search=("title",))
for model in (Criterion, ProgressEntry, Evidence, Submission, Withdrawal, Decision):
    show(model, "id", "project", "entry")
