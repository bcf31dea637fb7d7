"""`manage.py sweep`: look at the flags of all projects now, and say what was raised, changed or cleared."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.flagging import sweep


class Command(BaseCommand):
    help = "Bring the flags of all projects in line with the facts, and print what changed."

    def handle(self, **options: Any) -> None:
        settled = sweep()
        for change in settled:
            flag = change.flag
            verb = change.entry_kind.removeprefix("flag_")
            self.stdout.write(
                f"{verb}: {flag.kind}, {flag.severity}, project {flag.project_id},"
                f" about {flag.about_kind} {flag.about_id}"
            )
        self.stdout.write(f"{len(settled)} flags settled.")
