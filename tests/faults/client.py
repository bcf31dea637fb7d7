"""Programs over real HTTP: each request is repeated under its key until it is acknowledged or refused."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.faults.ledger import Ledger

API = "/api/v1/"
SECONDS_FOR_AN_ANSWER = 30.0
SECONDS_OF_PATIENCE = 180.0
PAUSE = 0.2  # seconds before asking again
TWINS = 0.08  # the share of acts that are sent twice at once: a double click
COME_AGAIN = {429, 502, 503, 504}

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
    headers: dict[str, str]


class Link:
    """One connection that is made anew whenever it is lost."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        self.host, self.ledger = urlsplit(address).netloc, ledger
        self.http: http.client.HTTPConnection | None = None

    def ask(self, request: Request) -> tuple[int, bytes, float, int]:
        """(status, body, when the last try began, number of tries) of the first answer that is one."""
        deadline, tries = time.monotonic() + SECONDS_OF_PATIENCE, 0
        while time.monotonic() < deadline:
            began, tries = time.time(), tries + 1
            try:
                status, body = self._once(request)
            except (OSError, http.client.HTTPException) as error:
                self.ledger.stumble(type(error).__name__)
                self.close()
            else:
                if status < 500 and status not in COME_AGAIN:
                    return status, body, began, tries
                self.ledger.stumble(_trouble(status, body))
            time.sleep(PAUSE)
        raise GaveUp(request.address)

    def _once(self, request: Request) -> tuple[int, bytes]:
        if self.http is None:
            self.http = http.client.HTTPConnection(self.host, timeout=SECONDS_FOR_AN_ANSWER)
        self.http.request(request.method, request.address, request.body, request.headers)
        answer = self.http.getresponse()
        return answer.status, answer.read()

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
        status, body, *_ = self.link.ask(Request("GET", API + address, b"", self._headers()))
        if status != 200:
            raise RefusedError(_code(body))
        return json.loads(body)

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
            status, text, began, tries = self.link.ask(request)
        except GaveUp:
            self.ledger.give_up(key, kind)
            raise
        other = twin() if twin else None
        if status >= 300 and other and other[0] < 300:  # the twin was heard first, or the first was not
            status, text = other
        if status >= 300:
            self.ledger.refuse(kind, _code(text))
            raise RefusedError(_code(text))
        answer: Answer = json.loads(text)
        if other and other[0] < 300 and json.loads(other[1]) != answer:
            self.ledger.differ(key, kind)
        self.ledger.acknowledge(key, kind, marks(answer), began, tries)
        return answer

    def _twin(self, request: Request) -> Callable[[], tuple[int, bytes]]:
        """Send the same at the same time over another connection; call the result for its answer."""
        answers: list[tuple[int, bytes]] = []

        def send() -> None:
            link = Link(self.address, self.ledger)
            status, body, *_ = link.ask(request)
            link.close()
            answers.append((status, body))

        thread = threading.Thread(target=send)
        thread.start()

        def result() -> tuple[int, bytes]:
            thread.join()
            return answers[0] if answers else (599, b"{}")

        return result

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code", "?"))
    except ValueError:
        return body[:60].decode(errors="replace")


def _trouble(status: int, body: bytes) -> str:
    return f"{status} {_code(body)}" if status in COME_AGAIN else f"{status}"
