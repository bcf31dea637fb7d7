"""`manage.py up`: what `./run` does once the packages are installed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from tracker.up.__main__ import main


class Command(BaseCommand):
    help = "Bring up database, broker, web, worker, beat and relay under one supervisor."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(main())
