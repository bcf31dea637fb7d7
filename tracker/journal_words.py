"""What the ids and codes of journal entries are called: the names that their sentences are filled with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.models import Defect, Expectation, Milestone
from payments.models import ChangeOrder, Payment
from payments.rules import DEPOSIT
from payments.showing import LINE_NAMES
from projects.files import DOCUMENT, PHOTO
from projects.flagging import flag_title
from projects.models import Deed, Flag, FlagReading, Party, Project, Role
from projects.wording import day_text, isolated, money_digits

GOAL_SHOWN = 90  # letters of an expectation in a sentence

VERDICTS = {"met": gettext_lazy("Met"), "not_met": gettext_lazy("Not met")}

FILES = {PHOTO: gettext_lazy("a photo"), DOCUMENT: gettext_lazy("a document")}

Name = TypeVar("Name")

# The flag about a line of the schedule: what it is about is told by its figures.
OF_A_LINE = "payment_overdue"


@dataclass(frozen=True)
class Words:
    """What the ids and codes of a project's entries are called.

    `deeds`: the sum that each settles, none for a handover protocol. `payments`: the day on which each moved.
    `defects`: number and milestone. `lines`: the line of the schedule that a flag is about.
    """

    currency: str
    parties: Mapping[str, Party]
    milestones: Mapping[str, str]
    expectations: Mapping[str, str]
    changes: Mapping[str, str]
    deeds: Mapping[str, Decimal | None]
    payments: Mapping[str, date]
    defects: Mapping[str, tuple[int, str]]
    lines: Mapping[str, str]

    def said_of(self, data: Mapping[str, Any]) -> dict[str, SafeString]:
        """All that an entry's sentence may name, by its data."""
        said = {name: self._text(name, value) for name, value in data.items()}
        if "about" in data:
            said["about"] = self._about(data["flag_kind"], data["about"])
        if "moves" in data:
            said["moves"] = self._moves(data["moves"], Decimal(data.get("unheld", 0)))
        return said

    def _text(self, name: str, value: Any) -> SafeString:
        """A value of an entry's data as it reads in a sentence; one that nothing names stays as it is."""
        if value is None:
            return mark_safe("")
        if name in PEOPLES_WORDS:
            return _name(PEOPLES_WORDS[name](self, str(value)))
        read = CODES.get(name)
        return conditional_escape(read(self, str(value)) if read else value)

    def _about(self, flag_kind: str, about: Mapping[str, str]) -> SafeString:
        """What a flag is about."""
        kind, key = about["kind"], about["id"]
        if flag_kind == OF_A_LINE and kind != "milestone":
            return _name(self.line(self.lines.get(key, DEPOSIT)))
        if kind == "milestone":
            return _name(self.milestone(key))
        if kind == "defect":
            return self._defect(key)
        if kind == "payment":
            return conditional_escape(_("the payment made on %(day)s") % {"day": self.payment(key)})
        return conditional_escape(_("the whole project"))

    def _defect(self, value: str) -> SafeString:
        number, milestone = self.defects.get(value, ("", ""))
        said = conditional_escape(_("defect %(number)s in %(milestone)s"))
        return mark_safe(said % {"number": number, "milestone": _name(self.milestone(milestone))})

    def _moves(self, moves: Iterable[tuple[str, str]], unheld: Decimal) -> SafeString:
        """The lines that money was counted against."""
        lines = [self.line(line) for line, _amount in moves] + ([_("no line")] if unheld else [])
        return format_html_join(", ", "<bdi>{}</bdi>", ((line,) for line in lines))

    def party(self, value: str) -> str:
        party = self.parties.get(value)
        return "" if party is None else (party.user.full_name if party.user else party.invited_email)

    def milestone(self, value: str) -> str:
        return self.milestones.get(value) or _("a milestone that was removed")

    def expectation(self, value: str) -> str:
        goal = self.expectations.get(value)
        return Truncator(goal).chars(GOAL_SHOWN) if goal else _("an expectation that was removed")

    def change(self, value: str) -> str:
        return self.changes.get(value, "")

    def line(self, value: str) -> str:
        return str(LINE_NAMES[value]) if value in LINE_NAMES else self.milestone(value)

    def deed(self, value: str) -> str:
        """What both sides sign at the end of a contract."""
        amount = self.deeds.get(value)
        if amount is None:
            return _("the handover protocol")
        return _("the closing sum of %(amount)s") % {"amount": self.money(amount)}

    def payment(self, value: str) -> str:
        """The day on which it was paid."""
        day = self.payments.get(value)
        return isolated(day_text(day)) if day else ""

    def money(self, amount: Decimal) -> str:
        return isolated(money_digits(amount, self.currency))


# Names that people gave, isolated in a sentence; and codes and figures, which are ours.
PEOPLES_WORDS: Mapping[str, Callable[[Words, str], str]] = {
    "party": Words.party,
    "milestone": Words.milestone,
    "expectation": Words.expectation,
    "change": Words.change,
    "line": Words.line,
}

CODES: Mapping[str, Callable[[Words, str], object]] = {
    "role": lambda _words, value: Role(value).label,
    "severity": lambda _words, value: Flag.Severity(value).label,
    "verdict": lambda _words, value: VERDICTS[value],
    "kind": lambda _words, value: FILES[value],
    "flag_kind": lambda _words, value: flag_title(value),
    "amount": lambda words, value: words.money(Decimal(value)),
    "deed": Words.deed,
    "payment": Words.payment,
    "agreed_end": lambda _words, value: _day(value),
    "previous_end": lambda _words, value: _day(value),
    "fix_by": lambda _words, value: _day(value),
    "previous_fix_by": lambda _words, value: _day(value),
    "percent": lambda _words, value: f"{Decimal(value).normalize():f}",
    "month": lambda _words, value: day_text(date.fromisoformat(value), "month_of_year"),
}


def words_of(project: Project, parties: Iterable[Party]) -> Words:
    """The names in a project: a query each for whatever entries name."""
    titles = Milestone.objects.filter(project=project).values_list("id", "title")
    goals = Expectation.objects.filter(project=project).values_list("id", "goal")
    changes = ChangeOrder.objects.filter(project=project).values_list("id", "title")
    deeds = Deed.objects.filter(project=project).values_list("id", "amount")
    payments = Payment.objects.filter(project=project).values_list("id", "paid_on")
    defects = Defect.objects.filter(project=project).values_list("id", "number", "milestone_id")
    lines = FlagReading.objects.filter(flag__project=project, flag__kind=OF_A_LINE)
    return Words(
        currency=project.currency,
        parties={str(party.id): party for party in parties},
        milestones=_by_id(titles),
        expectations=_by_id(goals),
        changes=_by_id(changes),
        deeds=_by_id(deeds),
        payments=_by_id(payments),
        defects={str(pk): (number, str(milestone)) for pk, number, milestone in defects},
        lines=_by_id(lines.values_list("flag__about_id", "figures__line")),
    )


def _by_id(named: Iterable[tuple[UUID, Name]]) -> dict[str, Name]:
    return {str(pk): name for pk, name in named}


def _name(words: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", words)


def _day(value: str) -> str:
    return isolated(day_text(date.fromisoformat(value)))
