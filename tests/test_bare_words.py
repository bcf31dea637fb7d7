"""Nothing that a person reads stands outside the catalogue: no bare words in templates, forms or pages."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("people", "projects", "milestones", "payments", "tracker")
WORD = re.compile(r"[A-Za-z\u0590-\u05ff]{2,}")
HIDDEN = re.compile(
    r"{#.*?#}"
    r"|{%\s*comment.*?endcomment\s*%}"
    r"|{%\s*block\s+page_class\s*%}.*?endblock\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}"
    r"|{{.*?}}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
GIVEN = re.compile(
    r"\b(?:title|text|label|head|caption|hint|parent|here|action|alt|button|words)=(\"[^\"]*\")"
)
READ_ALOUD = {"aria-label", "aria-description", "title", "alt", "placeholder", "data-label", "label"}
SILENT = {"script", "style"}
ALONE = {"input", "br", "img", "meta", "link", "hr", "wbr"}
SHOWN = {"label", "help_text", "title", "said", "text", "note", "verbose_name"}


class Words(HTMLParser):
    """Collects the words of a page: its text, and the attributes that are shown or read aloud.

    What says its language (`lang="en"`) is meant to be in that language for every reader.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # the elements around, and whether each is passed over

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        passed = self.is_passed or tag in SILENT or (told.get("lang") or "").strip() != ""
        if not passed:
            self.found += [
                told[name] or "" for name in READ_ALOUD & told.keys() if WORD.search(told[name] or "")
            ]
        if tag not in ALONE:
            self.open.append((tag, passed))

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _passed in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.is_passed and WORD.search(data):
            self.found.append(data.strip())

    @property
    def is_passed(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def bare_words(source: str) -> list[str]:
    """What a template says without asking the catalogue."""
    visible = HIDDEN.sub(" ", source)
    given = [words for tag in TAG.findall(visible) for words in GIVEN.findall(tag) if WORD.search(words)]
    page = Words()
    page.feed(TAG.sub("", visible))
    page.close()
    return given + page.found


def bare_strings(code: str) -> Iterator[str]:
    """Words for people that a module gives as a plain string: a label, a hint, a message."""
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        given = [keyword.value for keyword in call.keywords if keyword.arg in SHOWN]
        if isinstance(call.func, ast.Attribute | ast.Name) and ast.unparse(call.func).endswith(
            ("ValidationError", "add_error", "messages.success", "messages.error")
        ):
            given += call.args[-1:]
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and WORD.search(value.value):
                yield value.value


def templates() -> list[Path]:
    """All but the description of the API, which is in English for every reader."""
    folders = (ROOT / "templates", *(ROOT / app / "templates" for app in APPS))
    found = [path for folder in folders for kind in ("*.html", "*.txt") for path in folder.rglob(kind)]
    return [path for path in found if path.parent != ROOT / "templates/api"]


def modules() -> list[Path]:
    """Those that speak to people; what serializers and the API's description say is documentation."""
    spoken = re.compile(r"form|page|waiting|showing|mail|account|flag|demonstration")
    every = [path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [path for path in every if spoken.search(str(path)) and not {"api", "rest"} & {*path.parts}]


def test_templates_ask_the_catalogue() -> None:
    found = {str(path.relative_to(ROOT)): bare_words(path.read_text()) for path in templates()}
    assert len(found) > 100
    assert {path: words for path, words in found.items() if words} == {}


def test_the_description_of_the_api_says_that_it_is_in_english() -> None:
    assert (
        '<div class="stack stack--loose" lang="en" dir="ltr">'
        in (ROOT / "templates/api/docs.html").read_text()
    )


def test_modules_ask_the_catalogue() -> None:
    found = {str(path): list(bare_strings((ROOT / path).read_text())) for path in modules()}
    assert "milestones/forms.py" in found
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Pay now</p>", ["Pay now"]),
        ("<p>{% translate 'Pay' %} לשלם</p>", ["לשלם"]),
        ('<a aria-label="Close" class="btn">×</a>', ["Close"]),
        ('<img alt="{{ name }}" title="Photo">', ["Photo"]),
        ('{% include "a.html" with title="Body" names=names %}', ['"Body"']),
        ("<svg><title>The line</title></svg>", ["The line"]),
    ],
)
def test_the_check_sees_bare_words(source: str, found: list[str]) -> None:
    assert bare_words(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "{# A note. #}<p>{% translate 'Pay' %}: {{ sum }}</p>",
        "{% blocktranslate count n=n %}One{% plural %}{{ n }} more{% endblocktranslate %}",
        '<li{% if on %} class="is-on"{% endif %} aria-label="{% translate "Close" %}">1.</li>',
        '<button lang="he" aria-label="עברית">עב</button>',
        '{% include "a.html" with title=head url=back %}<script>let word = "x < y";</script>',
    ],
)
def test_the_check_leaves_the_rest_alone(source: str) -> None:
    assert bare_words(source) == []


def test_the_check_sees_bare_strings() -> None:
    assert list(bare_strings('forms.CharField(label="Pay", help_text=_("How"))')) == ["Pay"]
    assert list(bare_strings('messages.success(request, "Paid.")')) == ["Paid."]
