"""Value added tax: the country's dated rates (vat.json), and what of a sum that includes it is tax."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from projects.money import ZERO, rounded

_RATES = Path(__file__).with_name("vat.json")


class VatSplit(NamedTuple):
    """A sum of one document in its parts: `net` and `vat` add up to it. Percent and money."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@cache
def _vat_rates() -> list[tuple[date, Decimal]]:
    rows = json.loads(_RATES.read_text(encoding="utf-8"))
    return sorted((date.fromisoformat(row["from"]), Decimal(row["rate"])) for row in rows)


def vat_rate_on(day: date) -> Decimal:
    """The VAT rate in percent that is in force on a day; before the table begins, its first rate."""
    rates = _vat_rates()
    return next((rate for (_, rate), (after, _) in pairwise(rates) if day < after), rates[-1][1])


def vat_split(amount: Decimal, paid_on: date, contract_rate: Decimal) -> VatSplit:
    """What of an amount that includes VAT is tax, rounded half-up once for this document.

    The rate is the one in force on the day of the payment, whatever it was when the contract was signed. A
    contract at 0 percent has no VAT at all.
    """
    rate = vat_rate_on(paid_on) if contract_rate else ZERO
    vat = rounded(amount * rate / (100 + rate))
    return VatSplit(rate, amount - vat, vat)
