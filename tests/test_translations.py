"""The Hebrew catalogue: whole, well formed, in its voice, and saying just what code and templates say."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
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
TAGS = re.compile(r"</?b>")
LATIN = re.compile(r"[A-Za-z][\w/-]*")
# Names that stay as they are: file formats, and what programs send.
FOREIGN = {"CSV", "WCAG", "AA", "HEIC", "JPEG", "PNG", "WebP", "PDF", "JSON", "UTF-8", "ASCII", "null"}
FOREIGN |= {"Idempotency-Key", "Authorization", "Bearer", "application/json"}
VOICE = {
    r"[א-ת]/[א-ת]|[א-ת]\.ות\b": "a slash or dot between genders",
    r"[א-ת][\"']([א-ת]|\b)": "an abbreviation without U+05F4 or U+05F3",
    r"(^|[^א-ת])ו?[בהכלמש]־?%": "a letter glued to a name or sum",
    r"התנתקות|חקירה|שימור|משגיח|אגרופים|פתיחת נעילה|\bבעל הבית": "a word that means something else",
    r"\b(הזן|בחר|אנא|הקלד|שלח|הנך|עליך|שלך)\b": "a word to one man only",
    r"^\s|\s$| {2}": "a stray space",
}

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


def faults(hebrew: str) -> list[str]:
    """Against the voice: foreign words, glued letters, slashes, words to one man."""
    words = TAGS.sub("", HOLES.sub("%", hebrew))
    foreign = [f"foreign: {word}" for word in LATIN.findall(words) if word not in FOREIGN]
    return foreign + [fault for pattern, fault in VOICE.items() if re.search(pattern, words)]


def compiled(catalogue: Catalog) -> GNUTranslations:
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)


@pytest.fixture(scope="module")
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


def test_hebrew_is_hebrew_in_its_own_voice(hebrew: Catalog) -> None:
    found = {text: faults(text) for message in entries(hebrew) for text in texts(message)[1]}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("number", [1, 2, 3, 11, 100])
def test_every_number_reads_in_hebrew(hebrew: Catalog, number: int) -> None:
    catalogue = compiled(hebrew)
    plurals = [message.id for message in entries(hebrew) if not isinstance(message.id, str)]
    assert plurals
    for one, many in plurals:
        text = catalogue.ngettext(one, many, number)
        assert text not in (one, many)
        assert number < 3 or "%(n)s" in text


def test_everything_said_is_in_the_catalogue(hebrew: Catalog, said: dict[Key, str]) -> None:
    known = {key(message) for message in entries(hebrew)}
    missing = {msgid: path for (context, msgid), path in said.items() if (context, msgid) not in known}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_nobody_says(hebrew: Catalog, said: dict[Key, str]) -> None:
    assert {key(message) for message in entries(hebrew)} - said.keys() == set()
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


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("שמירת Save", "foreign: Save"),
        ("למשתמש/ת", "a slash or dot between genders"),
        ('כולל מע"מ', "an abbreviation without U+05F4 or U+05F3"),
        ("תשלום ל%(name)s", "a letter glued to a name or sum"),
        ("תשלום ל־%(name)s", "a letter glued to a name or sum"),
        ("שימור של 5%", "a word that means something else"),
        ("אנא המתינו", "a word to one man only"),
        ("שמירה ", "a stray space"),
    ],
)
def test_the_voice_is_heard(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_the_voice_allows_what_is_right() -> None:
    assert faults("מע״מ על <b>%(sum)s</b> מתוך %(total)s, בקובץ PDF") == []
