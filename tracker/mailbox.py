"""Where mail lands without an SMTP server: a table that the demonstration shows as a page."""

from collections.abc import Sequence
from email.mime.image import MIMEImage
from email.utils import make_msgid

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from tracker.models import CaughtMail


class Mailbox(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message once, by its Message-ID."""
        rows = [
            CaughtMail(
                to=to,
                subject=str(message.subject)[:300],
                text=str(message.body),
                html=_html(message),
                message_id=str(message.extra_headers.get("Message-ID") or make_msgid())[:100] + f" {n}",
            )
            for message in email_messages
            for n, to in enumerate(message.to)
        ]
        CaughtMail.objects.bulk_create(rows, ignore_conflicts=True)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    """The HTML form, complete in itself: photos that came along stand in it as data."""
    parts = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = next((str(part[0]) for part in parts if part[1] == "text/html"), "")
    for photo in (part for part in message.attachments if isinstance(part, MIMEImage)):
        content = str(photo.get_payload()).replace("\n", "")
        html = html.replace(f"cid:{photo['Content-ID'][1:-1]}", f"data:image/jpeg;base64,{content}")
    return html
