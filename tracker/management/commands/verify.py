"""`manage.py verify`: prove the live data, as the application's role (docs/journal.md). Exit 1 at a break."""

from argparse import BooleanOptionalAction
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.models import Project
from tracker.verifying import Report, verify


class Command(BaseCommand):
    help = "Prove that history, money and promises are as they must be; print the first break of each proof."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", type=UUID, metavar="ID", help="this project only")
        parser.add_argument(
            "--files", action=BooleanOptionalAction, default=True, help="read every stored file too"
        )

    def handle(self, *, project: UUID | None, files: bool, **options: Any) -> None:
        if project and not Project.objects.filter(pk=project).exists():
            raise CommandError(f"There is no project {project}.")
        report = verify(project, files=files)
        for name, count in report.counts.items():
            self.stdout.write(f"{count:>9,}  {name}")
        if report.breaks:
            raise CommandError(self._told(report))
        self.stdout.write("Everything holds.")

    def _told(self, report: Report) -> str:
        others = len(report.breaks) - len(report.firsts) + report.unlisted.total()
        lines = ["The first break of each proof:", *map(str, report.firsts)]
        return "\n  ".join(lines) + (f"\nand {others} more." if others else "")
