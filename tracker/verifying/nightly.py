"""The pass that beat has done every night: a break is logged with its place, and /readyz tells of it."""

import logging

from .proofs import verify

log = logging.getLogger("verify")


class NotWhole(Exception):
    """The data do not hold: the night's run does not count as finished."""


def verify_nightly() -> None:
    """Prove everything but the stored files, which take as long as they are many. Raises NotWhole."""
    report = verify()
    for found in report.firsts:
        log.error("%s", found)
    if report.breaks:
        raise NotWhole(str(report.breaks[0]))
    log.info("Everything holds: %s", ", ".join(f"{count} {name}" for name, count in report.counts.items()))
