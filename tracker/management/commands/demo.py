"""`manage.py demo`: fill an empty database with the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import User
from tracker.demo_story import tell_all


class Command(BaseCommand):
    help = "Load the three demonstration contracts, with dates relative to today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are people already"
        )
        parser.add_argument("--language", choices=["he", "en"], default=settings.DEMO_LANGUAGE)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demonstration is for the embedded database only.")
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are people here already; the demonstration wants an empty database.")
        for project in tell_all(options["language"]):
            self.stdout.write(f"{project.name}")
