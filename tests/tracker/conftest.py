"""Parts of the house that only the roof's tests start."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import Broker


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A running valkey of this test's own, on a socket with a short path."""
    with tempfile.TemporaryDirectory(prefix="broker-") as folder:
        running = Broker(Path(folder))
        running.start()
        yield running
        running.kill()
