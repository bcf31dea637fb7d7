"""One readable log of all parts: the time, who speaks, and the line."""

import os
import sys
import threading
import time
from typing import IO, TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
WIDTH = 8  # of the longest usual name


class Log:
    """Writes lines of several threads to one stream; colours names on a terminal (unless NO_COLOR)."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self.stream = stream
        self.coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}

    def say(self, name: str, line: str) -> None:
        """One line of one part."""
        self._write(f"{time.strftime('%H:%M:%S')} {self._label(name)} {line}\n")

    def announce(self, text: str) -> None:
        """A paragraph of our own, without a name before it."""
        self._write(f"\n{text}\n\n")

    def follow(self, name: str, pipe: IO[bytes]) -> threading.Thread:
        """Say every line that comes out of `pipe`, in a thread that ends with it."""

        def read() -> None:
            with pipe:
                for line in pipe:
                    self.say(name, line.decode(errors="replace").rstrip())

        thread = threading.Thread(target=read, name=f"log of {name}", daemon=True)
        thread.start()
        return thread

    def _label(self, name: str) -> str:
        text = f"{name:<{WIDTH}} |"
        if not self.coloured:
            return text
        colour = COLOURS[self._seen.setdefault(name, len(self._seen)) % len(COLOURS)]
        return f"\033[{colour}m{text}\033[0m"

    def _write(self, text: str) -> None:
        """A reader that went away (`./run | head`) must not bring the house down."""
        with self._lock:
            try:
                self.stream.write(text)
                self.stream.flush()
            except OSError:
                return
