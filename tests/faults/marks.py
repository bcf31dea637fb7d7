"""What an answer says of its act, and the act's entry must say too, as `judge.marks_of` spells it."""

from collections.abc import Mapping
from typing import Any


def of_project(project: Mapping[str, Any]) -> list[str]:
    return [f"project={project['id']}"]


def of_party(party: Mapping[str, Any]) -> list[str]:
    return [f"party={party['id']}"]


def of_payment(payment: Mapping[str, Any]) -> list[str]:
    return [f"payment={payment['id']}"]


def of_progress(entry: Mapping[str, Any]) -> list[str]:
    return [f"milestones_progressentry/{entry['id']}"]


def of_round(milestone: Mapping[str, Any]) -> list[str]:
    return [f"milestone={milestone['id']}", f"round={milestone['round']}"]


def of_reversal(payment: Mapping[str, Any]) -> list[str]:
    return [f"payment={payment['id']}", f"reversal={payment['reversals'][-1]['id']}"]
