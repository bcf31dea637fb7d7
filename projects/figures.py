"""Parts of expressions that figures are made of: percentages of money, and numbers of the policy."""

from decimal import Decimal

from django.db.models import DecimalField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Round

from projects.money import ZERO
from projects.policy import Policy

MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(ZERO, output_field=MONEY)
HUNDREDTH = Value(Decimal("0.01"), output_field=MONEY)  # a product is exact where a quotient is cut off
BY_DEFAULT = Policy()


def percent_of(amount: str, percent: Combinable) -> Round:
    """`percent` per cent of a money column, rounded half-up to whole cents: projects.money's, as SQL."""
    return Round(F(amount) * percent * HUNDREDTH, precision=2, output_field=MONEY)


def in_policy(key: str) -> Coalesce:
    """A number of the policy in force: as the project has it, else the default."""
    written = Cast(KeyTextTransform(key, "policy"), MONEY)
    return Coalesce(written, Value(getattr(BY_DEFAULT, key), output_field=MONEY))
