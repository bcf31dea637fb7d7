"""The house's order: between apps only downward, inside an app only downward (README, "placing law")."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

APPS = ["people", "projects", "milestones", "payments", "tracker"]

# Things that have doors of their own.
THINGS = ("advance_", "certificate_", "change_", "defect_", "expectation_", "linkage_")

# What is called from outside, by people and by programs.
DOORS = {f"{thing}{door}" for thing in ("", *THINGS) for door in ("api", "pages")}

# Rooms of an app, from the ground up. A room may use its own floor and those below it.
FLOORS = [
    # pure ground: no database, no clock
    {
        "ids",
        "addresses",
        "devices",
        "passwords",
        "money",
        "vat",
        "policy",
        "linkage",
        "formats",
        "decode",
        "files",
        "refusals",
        "outages",
        "wording",
        "journal",
        "clock",
        "business_days",
        "guards",
    },
    {"models", "migrations"},
    {"rules", "findings", "front_loading", "agreement"},
    {"vocabulary"},
    {
        "queries",
        "figures",
        "rounds",
        "history",
        "effect",
        "integrity",
        "advances",
        "changing",
        "certificates",
        "linking",
    },
    {"outbox", "jobs", "tidying", "once"},
    {"kernel"},
    {"endings"},
    {"actions"},
    {"flagging"},
    {"letters"},
    {"flags", "defect_flags", "widening_flags", "mails"},
    {"web", "rest", "templatetags", "form_kit", "drafts", "sent_forms", "page_kit"},
    {"showing", "advance_showing", "expecting"},
    {"forms", "defect_forms", "expectation_forms", "change_forms", "linkage_forms"}
    | {
        f"{name}serializers"
        for name in ("", "defect_", "expectation_", "change_", "certificate_", "linkage_")
    },
    {"tasks", "management", "admin", "apps"} | DOORS,
]

# The roof has rooms of its own above its floors: settings, addresses and what starts the house.
ROOF = "tracker"

ADDRESSES = {"page_urls.py", "api_urls.py"}  # the only files that name the doors of all apps


def modules() -> list[Path]:
    return sorted(p for app in APPS for p in (ROOT / app).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too, as dotted names."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def place(dotted: str) -> tuple[str, str] | None:
    """(app, room) of one of our modules; None for anybody else's, and for an app as such."""
    parts = dotted.split(".")
    return (parts[0], parts[1]) if parts[0] in APPS and len(parts) > 1 else None


def floor(room: str) -> int | None:
    return next((n for n, rooms in enumerate(FLOORS) if room in rooms), None)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_lead_downward(path: Path) -> None:
    app, room = path.relative_to(ROOT).with_suffix("").parts[:2]
    for target in filter(None, map(place, imports(path))):
        their_app, their_room = target
        assert APPS.index(their_app) <= APPS.index(app), f"{app} imports upward: {target}"
        if their_app == app and app != ROOF:
            here, there = floor(room), floor(their_room)
            if here is not None and there is not None:
                assert there <= here, f"{room} imports upward: {target}"
        elif their_app != app and path.name not in ADDRESSES:
            assert their_room not in DOORS, f"{app} uses another app's doors: {target}"


@pytest.mark.parametrize("app", [app for app in APPS if app != ROOF])
def test_every_room_has_a_floor(app: str) -> None:
    rooms = {p.stem for p in (ROOT / app).iterdir() if p.suffix == ".py" or (p.is_dir() and p.name[0] != "_")}
    unplaced = {room for room in rooms if floor(room) is None} - {"__init__"}
    assert not unplaced


def test_the_rules_know_no_database_and_no_clock() -> None:
    pure = [p for p in modules() if p.parts[len(ROOT.parts) + 1].removesuffix(".py") == "rules"]
    for path in pure:
        used = set(imports(path))
        assert not {name for name in used if "queries" in name or "timezone" in name or "clock" in name}
        assert ".objects" not in path.read_text()
