"""Worked examples as stories over the real acts; tests/test_worked_examples.py names and runs them all."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.teller")  # a wrong figure shows both rows
