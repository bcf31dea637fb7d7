"""manage.py token EMAIL --scopes read,pay: print a new API token."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from people.models import User
from projects import clock
from projects.actions import create_token
from projects.kernel import Actor
from projects.models import Scope
from projects.refusals import Refused


class Command(BaseCommand):
    help = "Make an API token for a person and print it, this once. It can never do what its owner can't."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")
        parser.add_argument("--scopes", default="read", help=f"of {', '.join(Scope.values)}; with commas")
        parser.add_argument("--project", type=UUID, help="bind the token to this project")
        parser.add_argument("--days", type=int, help="let it expire after so many days")
        parser.add_argument("--name", default="manage.py token", help="what the person will know it by")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if owner is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        try:
            _token, secret = create_token(
                Actor(owner.pk, proven=True),  # whoever runs commands here holds the database anyway
                name=options["name"],
                scopes=self._scopes(options["scopes"]),
                project=options["project"],
                expires_at=self._expiry(options["days"]),
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(secret)

    def _scopes(self, text: str) -> list[str]:
        scopes = [scope.strip() for scope in text.split(",") if scope.strip()]
        if not scopes or set(scopes) - set(Scope.values):
            raise CommandError(f"Choose scopes of {', '.join(Scope.values)}.")
        return sorted(set(scopes))

    def _expiry(self, days: int | None) -> Any:
        if days is None:
            return None
        if not 0 < days <= 3650:
            raise CommandError("Choose from 1 to 3650 days.")
        return clock.now() + timedelta(days=days)
