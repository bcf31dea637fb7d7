"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {"demonstration": settings.DEMONSTRATION, "is_rtl": request.LANGUAGE_CODE == "he"}  # type: ignore[attr-defined]
