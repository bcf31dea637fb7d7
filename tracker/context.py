"""What every template may use. An error page may be rendered before any middleware ran."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {"demonstration": settings.DEMONSTRATION}
