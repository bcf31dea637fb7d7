"""manage.py relay: hints the workers about what is due (docs/outbox.md)."""

import signal
import sys
from types import FrameType
from typing import Any, ClassVar

from django.core.management.base import BaseCommand

from tracker import relay


class Command(BaseCommand):
    help = "Send due obligations to the workers, until stopped."
    requires_system_checks: ClassVar[list[str]] = []  # it needs no pages

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        relay.run()


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave from wherever the relay is; rows without a hint are given back on the way out."""
    sys.exit(0)
