"""Every attack: importing these modules registers theirs."""

from tests.attacks import on_every_table, on_expectations, on_journal, on_money, on_people, on_schema, on_terms, on_walls, on_work, on_defects
from tests.attacks.attack import ATTACKS

__all__ = ["ATTACKS"]
