"""What `check --deploy` has to say beyond Django's own checks; the web says it too when it starts."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def front_door(app_configs: Any = None, **_: Any) -> list[Warning]:
    """Settings under which the house runs, but people stay outside or limits do not hold."""
    found = []
    if not settings.EMAIL_URL and not settings.DEMONSTRATION:
        found.append(
            Warning(
                "EMAIL_URL is not set: mails, and with them codes to sign in, reach nobody.",
                hint="They land in the table tracker_caughtmail, which no page shows here.",
                id="plumbline.W001",
            )
        )
    if settings.BEHIND_TLS and not settings.PROXIES:
        found.append(
            Warning(
                "A proxy ends TLS, but PLUMBLINE_PROXIES is 0: all visitors count as one address.",
                hint="Let the proxy append to X-Forwarded-For and set PLUMBLINE_PROXIES=1.",
                id="plumbline.W002",
            )
        )
    if not settings.LIMITED:
        found.append(
            Warning("PLUMBLINE_LIMITS=0: nothing limits how often somebody tries.", id="plumbline.W003")
        )
    return found
