"""A page of every component, rendered by tests and looked at by people; no part of the product."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms

from tracker import charts, curve, states

WORDS = {
    "he": {
        "house": "בית משפחת ברקאי",
        "kitchen": "מטבח",
        "contractor": "דרור בנייה",
        "place": "שלב 6 מתוך 11",
        "lines": "האנך",
        "sentence": "הוגש לבדיקה אצל ABC-3x25, בלי שינוי.",
        "paid": "שילמתם",
        "over_time": "לאורך זמן",
        "milestones": "שלבים",
        "schedule": "לוח תשלומים",
        "journal": "יומן",
        "steps": "פרויקט חדש",
        "step_names": ["תבנית", "סכומים ותאריכים", "הזמנת הקבלן"],
        "waiting": "ממתין להחלטה שלכם",
        "chips": "מצבים",
        "decide": "לבדיקה ולאישור",
        "not_yet": "עדיין לא",
        "ask": "שאלה לקבלן",
        "decision": "ההחלטה שלכם",
        "if_approved": "אם תאשרו",
        "straight": "האנך חוזר לישר",
        "due": "ייפתח לתשלום",
    },
    "en": {
        "house": "The Barkai family house",
        "kitchen": "Kitchen",
        "contractor": "Dror Construction",
        "place": "Milestone 6 of 11",
        "lines": "The plumb line",
        "sentence": "Submitted for review, nothing changed.",
        "paid": "You have paid",
        "over_time": "Over time",
        "milestones": "Milestones",
        "schedule": "Payment schedule",
        "journal": "Journal",
        "steps": "A new project",
        "step_names": ["Template", "Amounts and dates", "Invite the contractor"],
        "waiting": "Waiting for your decision",
        "chips": "States",
        "decide": "Review and decide",
        "not_yet": "Not yet",
        "ask": "Ask the contractor",
        "decision": "Your decision",
        "if_approved": "If you approve",
        "straight": "The line hangs straight again",
        "due": "Unlocks for payment",
    },
}
TOTAL = Decimal(1_920_000)
VALUES = [Decimal(v) * 1000 for v in ("96", "211.2", "211.2", "230.4", "153.6", "192", "134.4", "691.2")]
PAID, VERIFIED = Decimal(950_400), Decimal(902_400)
TODAY = date(2026, 11, 22)


class GalleryForm(forms.Form):
    """One field of every kind; bound with mistakes."""

    total = forms.DecimalField(label="Total", help_text="With VAT, digits only", max_value=10)
    name = forms.CharField(label="Name", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "House"), ("b", "Kitchen")])
    reason = forms.ChoiceField(
        label="Reason", choices=[("a", "Weather"), ("b", "Delay")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, help_text="One fact, with a place")
    agree = forms.BooleanField(label="Before payment", help_text="You can undo this")
    code = forms.CharField(label="Code")
    photo = forms.FileField(label="Photo", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def _series(amounts: list[Decimal], every: int) -> list[tuple[date, Decimal]]:
    start, total, points = date(2025, 12, 1), Decimal(0), []
    for position, amount in enumerate(amounts, start=1):
        total += amount
        points.append((start + timedelta(days=every * position), total))
    return points


def _curve(width: int, height: int) -> curve.Curve:
    plan = [(date(2025, 12, 1), Decimal(0)), *_series(VALUES, 66)]
    paid = [*_series(VALUES[:5], 57), (date(2026, 11, 2), PAID)]
    return curve.curve(
        planned=plan,
        verified=_series(VALUES[:5], 55),
        paid=paid,
        today=TODAY,
        total=TOTAL,
        width=width,
        height=height,
    )


def _rows() -> list[dict[str, Any]]:
    steps = charts.rail(VALUES, [True] * 5 + [False] * 3, PAID)
    return [
        {
            "step": step,
            "number": number,
            "title": f"שלב Stage {number}",
            "note": "Signed off 23 Dec 2025" if number < 6 else "",
            "amount": value,
            "locked": step.work == "later",
            "part": Decimal(48_000) if step.work == "current" else None,
            "panel": "gallery/rail_panel.html" if step.work == "current" else None,
            "state": {"done": "paid", "current": "waiting_for_you"}.get(step.work, "locked"),
        }
        for number, (value, step) in enumerate(zip(VALUES, steps, strict=True), start=1)
    ]


def context(language: str, photo: str = "/photo.jpg") -> dict[str, Any]:
    """What gallery.html shows, in a language."""
    leans = [
        ("0", "plumb", 0),
        ("2.5", "ahead", 48_000),
        ("6", "critical", 115_200),
        ("-7.5", "plumb", 144_000),
    ]
    at = datetime(2026, 11, 22, 5, 52, tzinfo=UTC)
    form = GalleryForm({"total": "1881600", "name": "x"})
    words = WORDS[language]
    return {
        "words": words,
        "nav_items": [
            SimpleNamespace(url="/", label=words["house"].split()[0], icon="house", current=True, badge=0),
            SimpleNamespace(url="/m", label=words["milestones"], icon="milestone", current=False, badge=0),
            SimpleNamespace(
                url="/p", label=words["schedule"].split()[0], icon="banknote", current=False, badge=1
            ),
            SimpleNamespace(url="/j", label=words["journal"], icon="book-open", current=False, badge=0),
        ],
        "days": [date(2026, 11, 22), date(2025, 12, 23)],
        "moments": [at, at - timedelta(days=1, hours=3)],
        "leans": [
            {"lean_percent": Decimal(lean), "level": level, "amount": Decimal(amount)}
            for lean, level, amount in leans
        ],
        "sums": {
            "paid": PAID,
            "verified": VERIFIED,
            "total": TOTAL,
            "due": Decimal(144_000),
            "back": Decimal("-48000"),
            "cents": Decimal("1234.50"),
        },
        "sum_rows": [(words["place"], Decimal(192_000)), (words["paid"], Decimal(-48_000))],
        "wide": _curve(660, 290),
        "narrow": _curve(330, 250),
        "rows": _rows(),
        "photos": [{"url": photo, "thumb_url": photo, "alt": words["house"]}] * 3,
        "weights": VALUES,
        "states": list(states.CHIPS),
        "signers": [
            {"title": words["contractor"], "note": words["sentence"], "signed": True},
            {"title": words["house"], "note": words["sentence"], "signed": False},
        ],
        "form": form,
    }
