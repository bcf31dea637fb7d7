"""Every attack: importing these modules registers theirs."""

from tests.attacks.attack import ATTACKS

__all__ = ["ATTACKS"]
