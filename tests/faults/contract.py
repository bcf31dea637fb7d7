"""The contract that the crew works on: many equal stages, so that the acts go on."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

NAME = "Proof house"
STAGES = 24
VALUE, DEPOSIT = 10_000, 4_000  # of every stage; of the whole


def terms(name: str) -> dict[str, Any]:
    """A contract of many equal stages."""
    stages = [
        {
            "title": f"Stage {position}",
            "value": f"{VALUE}.00",
            "amount": f"{VALUE - (DEPOSIT if position == 1 else 0)}.00",
            "signers": ["homeowner", "engineer"],
            "criteria": ["It is done as we agreed", "It was checked"],
        }
        for position in range(1, STAGES + 1)
    ]
    return {
        "my_role": "homeowner",
        "name": name,
        "kind": "house_build",
        "contract_total": f"{VALUE * STAGES}.00",
        "deposit": f"{DEPOSIT}.00",
        "retention_percent": "5",
        "starts_on": today(),
        "milestones": stages,
    }


def photo() -> bytes:
    """A small JPEG photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "sienna").save(out, "JPEG")
    return out.getvalue()


def today() -> str:
    """A day that is today, or was it a moment ago, wherever the project is."""
    return datetime.now(UTC).date().isoformat()
