"""manage.py staff EMAIL: let a person read the admin; --end takes it back; alone it lists who may."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.models import User


class Command(BaseCommand):
    help = "Let a person read the admin, or end that. Nobody can change anything there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "email", nargs="?", help="the address the person signs in with; none lists who may"
        )
        parser.add_argument("--end", action="store_true", help="take it back, at once")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["email"]:
            for user in User.objects.filter(is_staff=True).order_by("email"):
                self.stdout.write(user.email)
            return
        person = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        person.is_staff = not options["end"]
        person.save(update_fields=["is_staff"])
        self.stdout.write(f"{person.email} {'reads' if person.is_staff else 'no longer reads'} the admin.")
