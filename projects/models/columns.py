"""The rights to tables, and columns that many of them have."""

from typing import Any

from django.db import models

APPEND = "SELECT, INSERT"
AMEND = "SELECT, INSERT, UPDATE"
DRAFT = "SELECT, INSERT, UPDATE, DELETE"  # rows may go while the project is a draft; a guard sees to it
FREE = "SELECT, INSERT, UPDATE, DELETE"
LASTING = "SELECT, INSERT, UPDATE"  # book-keeping of which nothing goes
READ = "SELECT"  # views: derived, never stored
MOST_INDEX = 999_999  # a numeric column takes NaN too, which is above every number


def money_field(**options: Any) -> "models.DecimalField":
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def percent_field(**options: Any) -> "models.DecimalField":
    return models.DecimalField(max_digits=5, decimal_places=2, **options)


def index_field(**options: Any) -> "models.DecimalField":
    """The value of a published index."""
    return models.DecimalField(max_digits=10, decimal_places=4, **options)
