"""Sums and shares in plain sentences: flags, mails, attributes. Pages have their own tags for HTML.

Each is one left-to-right isolate, so that inside Hebrew its sign stays on its side.
"""

from decimal import Decimal

SIGNS = {"ILS": "₪", "USD": "$", "EUR": "€", "GBP": "£"}
MINUS = "\u2212"
ISOLATE, END_ISOLATE = "\u2066", "\u2069"


def plain_money(amount: Decimal | int, currency: str = "ILS", plus: bool = False) -> str:
    """The digits of a sum: sign leftmost, then the currency, cents only where there are any."""
    value = Decimal(amount)
    digits = f"{abs(value):,.2f}".removesuffix(".00")
    sign = MINUS if value < 0 else "+" if plus and value > 0 else ""
    return f"{sign}{SIGNS.get(currency, currency + ' ')}{digits}"


def plain_share(percent: Decimal | int) -> str:
    """A percentage with as many places as it needs, at most two: 5%, 12.5%."""
    return f"{Decimal(percent):.2f}".rstrip("0").rstrip(".") + "%"


def money_text(amount: Decimal | int, currency: str = "ILS") -> str:
    """A sum as an isolate."""
    return isolated(plain_money(amount, currency))


def share_text(percent: Decimal | int) -> str:
    """A percentage as an isolate."""
    return isolated(plain_share(percent))


def isolated(text: str) -> str:
    """Text that reads from left to right whatever stands around it."""
    return f"{ISOLATE}{text}{END_ISOLATE}"
