"""`manage.py simulate --projects N --seed S`: many plausible projects, for measuring."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.simulation import simulate


class Command(BaseCommand):
    help = "Add N plausible projects in every state; their people are made up and cannot sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--projects", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same stories")
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="processes that write at once"
        )
        parser.add_argument(
            "--beside-real-ones", action="store_true", help="also where the database is not the embedded one"
        )

    def handle(self, *args: Any, projects: int, seed: int, workers: int, **options: Any) -> None:
        if not settings.EMBEDDED and not options["beside_real_ones"]:
            raise CommandError("Simulated projects never go away. To add them here, say --beside-real-ones.")
        began = time.perf_counter()
        for state, count in simulate(projects, seed, workers).items():
            self.stdout.write(f"{count:>7,}  {state}")
        self.stdout.write(f"{projects:,} projects in {time.perf_counter() - began:.1f} s")
