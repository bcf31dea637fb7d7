"""The embedded broker for tests: to be killed, wiped and started again."""

import shutil
import subprocess
import time

import redis

from tracker.up import broker

SECONDS_TO_START = 10


class Broker(broker.Broker):
    """The product's own broker, held by a test."""

    _server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.prepare()
        self._server = self.spawn(subprocess.DEVNULL)
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            assert time.monotonic() < deadline, "valkey does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """As a crash: at once."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def wipe(self) -> None:
        """Everything it held is gone, in memory and on disk."""
        with self._client() as client:
            client.flushall()
        self.kill()
        shutil.rmtree(self.folder)
        self.start()

    def hints(self) -> int:
        """How many hints wait in the queue."""
        with self._client() as client:
            return int(client.llen("celery"))

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))
