"""The message catalogues, compiled with Babel: msgfmt is not on every machine."""

import os
from pathlib import Path


def compile_messages(locale: Path) -> None:
    """Compile every .po under `locale` whose .mo is missing or older."""
    for source in locale.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # slow to import, and seldom needed
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    new = target.with_suffix(f".{os.getpid()}")
    with new.open("wb") as binary:
        write_mo(binary, catalogue)
    new.replace(target)
