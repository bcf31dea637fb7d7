"""The Hebrew catalogue: whole, well formed, and saying just what the code and the templates say."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("people", "projects", "milestones", "payments", "tracker")
PLURALS = "nplurals=3; plural=(n == 1 ? 0 : n == 2 ? 1 : 2);"
CALLS: dict[str, tuple[int | tuple[int, str], ...]] = {
    name + lazy: arguments
    for name, arguments in {
        "gettext": (1,),
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
} | {"_": (1,), "gettext_noop": (1,)}
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str, str]  # context, msgid


@pytest.fixture(scope="module")
def hebrew() -> Catalog:
    return read((ROOT / "locale/he/LC_MESSAGES/django.po").read_bytes())


def read(text: bytes) -> Catalog:
    return read_po(BytesIO(text), locale="he")


def entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def texts(message: Message) -> tuple[list[str], list[str]]:
    """The English and the Hebrew forms."""
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    hebrew = [message.string] if isinstance(message.string, str) else list(message.string)
    return english, hebrew


def key(message: Message) -> Key:
    return (message.context or "", texts(message)[0][0])


def unfinished(catalogue: Catalog) -> list[str]:
    """What is untranslated, doubtful, or has other holes to fill than the English."""
    problems = []
    for message in entries(catalogue):
        english, translated = texts(message)
        if message.fuzzy:
            problems.append(f"doubtful (fuzzy): {english[0]}")
        if not all(translated) or len(translated) != (1 if len(english) == 1 else 3):
            problems.append(f"not translated: {english[0]}")
        elif not has_same_holes(english[-1], translated):
            problems.append(f"other placeholders: {english[0]}")
    return problems


def has_same_holes(english: str, translated: list[str]) -> bool:
    """Hebrew's forms for one and two may say the number as a word; nothing else may be lost or added."""
    wanted = sorted(HOLES.findall(english))
    found = [sorted(HOLES.findall(text)) for text in translated]
    return found[-1] == wanted and all(set(holes) <= set(wanted) for holes in found)


def said() -> dict[Key, str]:
    """{(context, msgid): file} of every call in the code and every tag in the templates."""
    found: dict[Key, str] = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            found |= said_in(path, path.read_text())
    for folder in (ROOT / "templates", *(ROOT / app / "templates" for app in APPS)):
        for path in (*folder.rglob("*.html"), *folder.rglob("*.txt")):
            # Python that Babel can read, once the indentation of the markup is gone.
            code = "\n".join(line.lstrip() for line in templatize(path.read_text()).splitlines())
            found |= said_in(path, code)
    return found


def said_in(path: Path, code: str) -> dict[Key, str]:
    calls = extract("python", BytesIO(code.encode()), CALLS, options={"encoding": "utf-8"})
    return {
        (context or "", ids if isinstance(ids, str) else ids[0]): str(path.relative_to(ROOT))
        for _line, ids, _comments, context in calls
    }


def test_plural_forms_are_those_of_hebrew(hebrew: Catalog) -> None:
    assert dict(hebrew.mime_headers)["Plural-Forms"] == PLURALS


def test_every_entry_is_translated(hebrew: Catalog) -> None:
    assert list(entries(hebrew))
    assert unfinished(hebrew) == []


def test_everything_said_is_in_the_catalogue(hebrew: Catalog) -> None:
    known = {key(message) for message in entries(hebrew)}
    missing = {msgid: path for (context, msgid), path in said().items() if (context, msgid) not in known}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_nobody_says(hebrew: Catalog) -> None:
    assert {key(message) for message in entries(hebrew)} - said().keys() == set()
    assert not hebrew.obsolete


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Pay"\nmsgstr ""', "not translated: Pay"),
        ('#, fuzzy\nmsgid "Pay"\nmsgstr "לשלם"', "doubtful (fuzzy): Pay"),
        ('msgid "Pay %(sum)s"\nmsgstr "לשלם"', "other placeholders: Pay %(sum)s"),
        ('msgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "א"\nmsgstr[1] ""\nmsgstr[2] "%(n)s ב"',
         "not translated: %(n)s a"),
    ],
)  # fmt: skip
def test_the_check_sees(entry: str, problem: str) -> None:
    head = f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: {PLURALS}\\n"\n\n'
    assert unfinished(read((head + entry).encode())) == [problem]


def test_the_check_accepts_words_for_one_and_two() -> None:
    assert has_same_holes("%(n)s days", ["יום", "יומיים", "%(n)s ימים"])
    assert not has_same_holes("%(n)s days", ["יום", "יומיים", "ימים"])
