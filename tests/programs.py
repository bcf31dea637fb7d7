"""Programs: people who use the API with a token of their own."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from PIL import Image

from people.models import User
from projects.actions import create_token
from projects.kernel import Actor
from projects.models import Project, Scope

API = "/api/v1/"


@dataclass
class Program:
    """A person's program. Addresses are given without their common beginning."""

    user: User
    secret: str
    language: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def get(self, address: str, **headers: str) -> Any:
        return self._send("get", address, headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", address, headers, body)

    def patch(self, address: str, body: Any, **headers: str) -> Any:
        return self._send("patch", address, headers, body)

    def delete(self, address: str, **headers: str) -> Any:
        return self._send("delete", address, headers)

    def upload(self, project: str, content: bytes, name: str = "site.jpg", **headers: str) -> Any:
        """Send a photo or document to a project."""
        file = io.BytesIO(content)
        file.name = name
        return self.client.post(
            f"{API}attachments/", {"project": project, "file": file}, headers=self._headers(headers)
        )

    def _send(self, method: str, address: str, headers: dict[str, str], body: Any = None) -> Any:
        where = address if address.startswith(("/", "http")) else f"{API}{address}"
        options: dict[str, Any] = {"headers": self._headers(headers)}
        if method != "get":
            text = body if isinstance(body, bytes | str) else json.dumps(body or {}, default=str)
            options |= {"data": text, "content_type": "application/json"}
        return getattr(self.client, method)(where, **options)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language} | named


def program(
    user: User, *scopes: str, project: Project | None = None, language: str = "en", **options: Any
) -> Program:
    """A program with a token for these scopes; for all of them when none is named."""
    _token, secret = create_token(
        Actor(user.pk, proven=True),
        name="test",
        scopes=scopes or Scope.values,
        project=project.pk if project else None,
        **options,
    )
    return Program(user, secret, language)


def picture(colour: str = "sienna") -> bytes:
    """A small JPEG photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()
