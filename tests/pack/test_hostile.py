"""Other people's words in every field: no file of a pack obeys them, and no spreadsheet calculates them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from roadlog import markup
from roadlog.interop import cells as in_cells
from roadlog.visible import plain
from tests.cli.hostile import LINE, OBEYED, hostile_store, raw
from tests.cli.line import Line
from tests.pack.packs import checked, files, packed

ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "nav", "p", "h1", "h2"),
    *("h3", "ol", "ul", "li", "a", "dl", "dt", "dd", "div", "pre", "code", "span", "wbr", "table", "caption"),
    *("thead", "tbody", "tr", "th", "td", "figure"),
    *("svg", "desc", "defs", "pattern", "g", "rect", "circle", "path", "text"),
}
DRAWING = {
    *(
        "xmlns",
        "role",
        "viewbox",
        "width",
        "height",
        "x",
        "y",
        "cx",
        "cy",
        "r",
        "d",
        "transform",
        "patternunits",
    ),
    *(
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "stroke-linecap",
    ),
    *("color", "paint-order", "text-anchor", "font-family", "font-size", "font-weight"),
}
"""Attributes with which pictures are drawn; none of them loads or runs anything."""
ATTRIBUTES = DRAWING | {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "aria-labelledby"),
}
SAID = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "=cmd|' /C calc'!A0", "＝1+1", '=HYPERLINK("x")')
FORMULA = tuple("=+-@＝＋－＠\t\r")


class Seen(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.headings: list[int] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The pack of a store in which every field that takes text holds hostile text."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield packed(hostile_store(folder).folder, folder / "pack")


def test_nothing_invisible_is_in_any_file(hostile: Path) -> None:
    found = {name: raw(content.decode()) for name, content in files(hostile).items()}
    carriage = {name: each for name, each in found.items() if each and not name.endswith(".csv")}
    assert carriage == {}
    assert {name: each for name, each in found.items() if set(each) - {"U+000D"}} == {}


def test_a_browser_sees_text_and_nothing_else(hostile: Path) -> None:
    seen = Seen((hostile / "report.html").read_text())
    assert seen.elements <= ELEMENTS
    assert seen.attributes <= ATTRIBUTES
    assert all(each.startswith("#") for each in seen.links)
    assert seen.text.count(plain(LINE)) > 20


def test_a_page_that_holds_it_as_it_is_is_found(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a page whose text is not escaped."""
    monkeypatch.setattr(markup, "escape", lambda text: text)
    packed(hostile.parent / ".roadlog", hostile.parent / "unescaped")
    seen = Seen((hostile.parent / "unescaped" / "report.html").read_text())
    assert "img" in seen.elements
    assert "onerror" in seen.attributes


def test_the_page_loads_and_runs_nothing(hostile: Path) -> None:
    page = (hostile / "report.html").read_text()
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert "url(" not in page[: page.index("</style>")]
    assert "@import" not in page


def cells(pack: Path) -> list[str]:
    tables = [csv.reader(io.StringIO(each.read_text(), newline="")) for each in pack.glob("tables/*.csv")]
    return [cell for each in tables for row in each for cell in row]


def numeric(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.fixture
def calculating(line: Line) -> Line:
    """A roadmap of people who write formulas."""
    for each in SAID:
        line("note", "SUP-1", each, "--because", each)
        line("risk", "log", "SUP-1", each, "--category", "bias", "--likelihood", "1", "--impact", "1")
        line(
            "evidence",
            "attach",
            "SUP-1",
            "https://x.example",
            "--kind",
            "document",
            "--title",
            each.strip(),
            "--sha256",
            "0" * 64,
        )
    line("measure", "SUP-1", "tickets", "-5")
    return line


def test_a_spreadsheet_takes_nothing_for_a_formula(calculating: Line, tmp_path: Path) -> None:
    found = cells(packed(calculating.folder, tmp_path / "pack"))
    assert [each for each in found if each.lstrip().startswith(FORMULA) and not numeric(each)] == []
    assert {f"'{plain(each)}" for each in SAID} <= set(found)
    assert "-5" in found


def test_a_formula_that_is_left_as_it_is_is_found(
    calculating: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a table that looks for no formulas."""
    monkeypatch.setattr(in_cells, "FORMULA", "!")
    found = cells(packed(calculating.folder, tmp_path / "pack"))
    assert {"=1+1", "@SUM(A1)"} <= {each for each in found if each.startswith(FORMULA)}


def test_every_row_has_the_columns_of_its_table(hostile: Path) -> None:
    for each in hostile.glob("tables/*.csv"):
        rows = list(csv.reader(io.StringIO(each.read_text(), newline="")))
        assert len({len(row) for row in rows}) == 1, each.name
        assert each.read_bytes().count(b"\r\n") == len(rows)


def test_it_is_checked_like_any_other(hostile: Path, tmp_path: Path) -> None:
    found = checked(hostile, tmp_path / "empty")
    assert (found.code, raw(found.said)) == (1, [])


def test_the_words_are_whole_in_the_process_mining_file(hostile: Path) -> None:
    log = json.loads((hostile / "ocel.json").read_text())
    titles = [
        each["value"] for thing in log["objects"] for each in thing["attributes"] if each["name"] == "title"
    ]
    assert LINE in titles


@pytest.mark.parametrize(
    "text", [LINE, OBEYED, "<script>alert(1)</script>", "&lt;", "\u202e", "'\"><img src=x>"]
)
def test_text_is_text_as_content_and_as_attribute(text: str) -> None:
    made = markup.element("p", text, class_=text, id=text)
    seen = Seen(made)
    assert (seen.elements, seen.attributes) == ({"p"}, {"class", "id"})
    assert seen.text == plain(text, lines=True)


def test_markup_stays_markup_and_what_is_absent_is_left_out() -> None:
    assert markup.element("p", markup.element("b", "x"), None, ["<", 1], title=None) == "<p><b>x</b>&lt;1</p>"
