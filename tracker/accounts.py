"""allauth's hooks: its mails go through the outbox like every other mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction

from projects.outbox import owe


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the reader's language, and owe the sending."""
        message = self.render_mail(template_prefix, email, context)
        with transaction.atomic():
            owe("letter", to=email, subject=message.subject, text=message.body)
