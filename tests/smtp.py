"""A mail server for tests: takes letters on loopback, or misbehaves as told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Talk(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 at your service")
        for line in self.rfile:
            verb = line.split(b":")[0].strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                if not self._take():
                    return
            elif verb == b"RCPT TO" and self.server.refuses and self.server.refuses.encode() in line:
                self._say("550 nobody of that name")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> bool:
        content = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:  # the sender is gone in the middle: half a letter is none
                return False
            content += line
        self.server.letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        if self.server.hangs_up:  # the letter is taken, but the sender never hears of it
            self.server.hangs_up -= 1
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """`letters`: what was taken. `hangs_up`: so many times the answer is lost. `refuses`: an address."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.hangs_up = 0
        self.refuses = ""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
