"""Only the relay sends tasks: else work is lost with the broker, or done before its act has committed."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("people", "projects", "milestones", "payments", "tracker")
RELAY = ROOT / "tracker" / "relay.py"
SENDING = {"delay", "apply_async", "send_task", "delay_on_commit", "apply_async_on_commit", "send_event"}


def sendings(source: str) -> list[int]:
    """The lines that name a way to send a task, called or handed on."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in SENDING)
        or (isinstance(node, ast.Constant) and node.value in SENDING)
    ]


def test_only_the_relay_sends_tasks() -> None:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if path != RELAY]
    assert len(files) > 30
    found = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in sendings(path.read_text())]
    assert not found, "use projects.outbox.owe instead: " + ", ".join(found)


def test_the_relay_itself_does() -> None:
    assert sendings(RELAY.read_text())


def test_every_way_of_sending_is_found() -> None:
    for line in (
        "fulfil.delay(1)",
        "tasks.fulfil.apply_async(args=[1], countdown=5)",
        "app.send_task('tracker.fulfil')",
        "transaction.on_commit(fulfil.delay)",
        "getattr(fulfil, 'delay')(1)",
    ):
        assert sendings(line) == [1], line
