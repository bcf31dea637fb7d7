"""Programs and browsers over real HTTP: each request is repeated under its key until it is answered."""

import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.faults.ledger import Ledger

API = "/api/v1/"
SECONDS_FOR_AN_ANSWER = 30.0
SECONDS_OF_PATIENCE = 180.0
PAUSE = 0.2  # seconds before asking again
TWINS = 0.08  # the share of acts that are sent twice at once: a double click
COME_AGAIN = {429, 502, 503, 504}

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')

Answer = dict[str, Any]
Marks = Callable[[Answer], Iterable[str]]


class GaveUp(Exception):
    """The house did not answer in all the time that a client has."""


class RefusedError(Exception):
    """A definite refusal, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Request:
    """What is asked, word for word the same at every try."""

    method: str
    address: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """The first answer that is one; when the try began that brought it, and how many there were."""

    status: int
    body: bytes
    headers: Message
    began: float
    tries: int

    @property
    def is_yes(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        """Of the problem that a refusal states."""
        return _code(self.body)


class Link:
    """One connection that is made anew whenever it is lost."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        self.host, self.ledger = urlsplit(address).netloc, ledger
        self.http: http.client.HTTPConnection | None = None

    def ask(self, request: Request) -> Reply:
        """Ask until there is an answer. Raises GaveUp."""
        deadline, tries = time.monotonic() + SECONDS_OF_PATIENCE, 0
        while time.monotonic() < deadline:
            began, tries = time.time(), tries + 1
            try:
                status, body, headers = self._once(request)
            except (OSError, http.client.HTTPException) as error:
                self.ledger.stumble(type(error).__name__)
                self.close()
            else:
                if status < 500 and status not in COME_AGAIN:
                    return Reply(status, body, headers, began, tries)
                self.ledger.stumble(_trouble(status, body))
            time.sleep(PAUSE)
        raise GaveUp(request.address)

    def _once(self, request: Request) -> tuple[int, bytes, Message]:
        if self.http is None:
            self.http = http.client.HTTPConnection(self.host, timeout=SECONDS_FOR_AN_ANSWER)
        self.http.request(request.method, request.address, request.body, dict(request.headers))
        answer = self.http.getresponse()
        return answer.status, answer.read(), answer.headers

    def close(self) -> None:
        if self.http is not None:
            self.http.close()
            self.http = None


class Person:
    """Somebody's program, for one thread."""

    def __init__(self, name: str, token: str, address: str, ledger: Ledger, chance: random.Random) -> None:
        self.name, self.token, self.address = name, token, address
        self.ledger, self.chance = ledger, chance
        self.link = Link(address, ledger)

    def get(self, address: str) -> Any:
        reply = self.link.ask(Request("GET", API + address, b"", self._headers()))
        if not reply.is_yes:
            raise RefusedError(reply.code)
        return json.loads(reply.body)

    def act(self, kind: str, address: str, body: Any = None, *, marks: Marks) -> Answer:
        """Do an act once, however often it has to be asked for. Raises RefusedError, GaveUp.

        kind: that of its journal entry. marks: what of the answer its entry must carry.
        """
        headers = self._headers() | {"Content-Type": "application/json"}
        return self._do(kind, address, json.dumps(body or {}).encode(), headers, marks)

    def upload(self, project: str, content: bytes) -> str:
        """Add a photo to a project; its id."""
        mark = uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="project"\r\n\r\n{project}\r\n--{mark}\r\n'
        head += 'Content-Disposition: form-data; name="file"; filename="site.jpg"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = self._headers() | {"Content-Type": f"multipart/form-data; boundary={mark}"}
        answer = self._do(
            "file_added", "attachments/", body, headers, lambda file: [f"attachment={file['id']}"]
        )
        return str(answer["id"])

    def _do(self, kind: str, address: str, body: bytes, headers: dict[str, str], marks: Marks) -> Answer:
        key = f"fault-{uuid4().hex}"
        request = Request("POST", API + address, body, headers | {"Idempotency-Key": key})
        twin = self._twin(request) if self.chance.random() < TWINS else None
        try:
            reply = self.link.ask(request)
        except GaveUp:
            self.ledger.give_up(key, kind)
            raise
        other = twin() if twin else None
        if other and other.is_yes and not reply.is_yes:  # judged before its twin had made way
            reply = other
        if not reply.is_yes:
            self.ledger.refuse(kind, reply.code)
            raise RefusedError(reply.code)
        answer: Answer = json.loads(reply.body)
        if other and other.is_yes and json.loads(other.body) != answer:
            self.ledger.differ(key, kind)
        self.ledger.acknowledge(key, kind, marks(answer), reply.began, reply.tries)
        return answer

    def _twin(self, request: Request) -> Callable[[], Reply | None]:
        """Send the same at the same time over another connection; call the result for its answer."""
        replies: list[Reply] = []

        def send() -> None:
            link = Link(self.address, self.ledger)
            with suppress(GaveUp):
                replies.append(link.ask(request))
            link.close()

        thread = threading.Thread(target=send)
        thread.start()

        def result() -> Reply | None:
            thread.join()
            return replies[0] if replies else None

        return result

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}


class Browser:
    """Somebody in a browser, for one thread: cookies, and forms with what is hidden in them."""

    def __init__(self, name: str, address: str, ledger: Ledger) -> None:
        self.name, self.ledger = name, ledger
        self.link = Link(address, ledger)
        self.origin = address
        self.cookies: dict[str, str] = {}

    def enter(self) -> None:
        """Enter the demonstration as this person."""
        reply = self._send("/demo/", {"email": f"{self.name}@example.com"})
        assert reply.status == 302, reply.status

    def read(self, address: str) -> str:
        """A page that is read. Raises RefusedError, GaveUp."""
        reply = self._ask("GET", address, b"")
        if reply.status != 200:
            raise RefusedError(f"page {reply.status} {reply.headers['Location'] or ''}")
        return reply.body.decode()

    def fill_in(self, kind: str, address: str, fields: Mapping[str, str], marks: Iterable[str]) -> None:
        """Fill in a form and send it until it is answered. Raises RefusedError, GaveUp."""
        key = f"form {uuid4().hex}"
        try:
            reply = self._send(address, fields)
        except GaveUp:
            self.ledger.give_up(key, kind)
            raise
        if reply.status != 303:
            self.ledger.refuse(kind, f"page {reply.status}")
            raise RefusedError(f"page {reply.status}")
        self.ledger.acknowledge(key, kind, marks, reply.began, reply.tries)

    def _send(self, address: str, fields: Mapping[str, str]) -> Reply:
        hidden = dict(HIDDEN.findall(self.read(address)))
        return self._ask("POST", address, urlencode(hidden | dict(fields)).encode())

    def _ask(self, method: str, address: str, body: bytes) -> Reply:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
        }
        reply = self.link.ask(Request(method, address, body, headers))
        for cookie in reply.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code", "?"))
    except ValueError:
        return "a page"


def _trouble(status: int, body: bytes) -> str:
    return f"{status} {_code(body)}" if status in COME_AGAIN else f"{status}"
