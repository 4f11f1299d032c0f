"""Other people's words in every field of every command: shown by every answer, obeyed by no terminal."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from roadlog.cli import errors, output, story
from roadlog.cli.views import digest_page as page_of_digest
from roadlog.cli.views import screen
from roadlog.visible import plain
from tests.cli.hostile import LINE, MARK, OBEYED, READING, STEPS, TEXT, Filled, raw
from tests.cli.line import Line


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """A store in which every field that takes text holds the hostile one, and what recording it printed."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        line, filled, said = Line(folder / ".roadlog"), Filled(folder), []
        for number, (by, words) in enumerate(STEPS):
            typed = (*filled.words(words), "--command-id", f"{LINE}{number}")
            said.append((words, line(*typed, by=by)))
            filled.values["LAST"] = str(line.records())
        yield folder, said


@pytest.fixture
def line(played: tuple[Path, list[tuple[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(played[0])
    shutil.copytree(played[0] / ".roadlog", tmp_path / ".roadlog")
    return Line(tmp_path / ".roadlog")


def smuggle(folder: Path) -> None:
    """Puts into every record what no command would take."""
    with closing(sqlite3.connect(folder / "events.db", isolation_level=None)) as store:
        for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        escaped = json.dumps(f"{OBEYED}\0")[1:-1].encode()
        for position, state in store.execute("SELECT position, state FROM stored_events").fetchall():
            edited = state.replace(MARK.encode(), escaped)
            store.execute("UPDATE stored_events SET state = ? WHERE position = ?", (edited, position))
    for path in folder.glob("projections.db*"):
        path.unlink()


def test_what_was_recorded_is_told_and_not_obeyed(played: tuple[Path, list[tuple[str, str]]]) -> None:
    assert {words: raw(said) for words, said in played[1] if raw(said)} == {}


@pytest.mark.parametrize("words", READING)
def test_every_answer_shows_it_and_none_obeys(line: Line, words: str) -> None:
    for more in ((), ("--json",)):
        result = line.run(*Filled(Path.cwd()).words(words), *more)
        assert result.exit_code in (0, 1), result.stderr
        assert (raw(result.stdout), raw(result.stderr)) == ([], [])
        if more:  # one object, or one a line
            streamed = words.startswith(("replay", "watch", "export jsonl", "export cloudevents"))
            for each in result.stdout.splitlines() if streamed else (result.stdout,):
                json.loads(each)


@pytest.mark.parametrize(
    ("place", "words"),
    [(screen, "show SUP-1"), (output, "note SUP-1 T"), (errors, "log L")],
)
def test_who_prints_it_as_it_is_is_found(line: Line, place: ModuleType, words: str) -> None:
    """The controls: tables, lines and errors that do not make visible what is not."""
    with patch.object(place, "plain", lambda text, **_: text):
        result = line.run(*Filled(Path.cwd()).words(words))
    assert raw(result.output) != []


def test_nothing_of_it_is_lost(line: Line) -> None:
    page = line.json("show", "SUP-1")
    assert (page["problem"], page["title"], page["segments"]) == (TEXT, LINE, [LINE, "EU"])


@pytest.mark.parametrize("words", READING)
def test_what_was_put_into_the_store_by_hand_is_not_obeyed_either(line: Line, words: str) -> None:
    smuggle(line.folder)
    for more in ((), ("--json",)):
        result = line.run(*Filled(Path.cwd()).words(words), *more)
        assert result.exit_code in (0, 1, 4), result.stderr
        assert (raw(result.stdout), raw(result.stderr)) == ([], [])


@pytest.mark.parametrize(("by", "words"), STEPS, ids=[words.split(" --")[0] for _, words in STEPS])
def test_a_hostile_word_in_any_place_is_refused_or_shown(line: Line, by: str, words: str) -> None:
    """Each word in turn is replaced: by what is refused, by half a character, by what turns text around."""
    filled = Filled(Path.cwd()).words(words)
    begin = 2 if filled[0] in story.NOUNS else 1
    for place in range(begin, len(filled)):
        for said, more in ((OBEYED, ()), ("\udc9b\udcff", ("--json",)), (LINE, ("--json",)), (LINE, ())):
            typed = [*filled[:place], said, *filled[place + 1 :], "--dry-run"]
            result = line.run(*typed, *more, by=by)
            assert result.exit_code in (0, 2, 3, 5, 6), (typed, result.stderr)
            assert (raw(result.stdout), raw(result.stderr)) == ([], []), typed
            if result.exit_code and more:
                assert list(json.loads(result.stderr)) == ["error"]
                assert result.stdout == ""
    assert line.records() == Line(Path.cwd() / ".roadlog").records()


ELEMENTS = "html head meta title body h1 h2 h3 p table tr td span code br"
ATTRIBUTES = "lang charset name content style cellspacing cellpadding colspan"


class Seen(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, set[str | None]] = {}
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def digest_page(line: Line) -> Seen:
    page = line("digest", "--for", "carla", "--after", "0", "--html")
    assert line.json("digest", "--for", "carla", "--after", "0", "--html") == {"html": page}
    return Seen(page)


def test_a_page_holds_it_as_text_and_loads_and_runs_nothing(line: Line) -> None:
    seen = digest_page(line)
    assert seen.elements <= set(ELEMENTS.split())
    assert set(seen.attributes) <= set(ATTRIBUTES.split())
    styles = " ".join(filter(None, seen.attributes["style"]))
    assert not any(each in styles for each in ("url", "import", "expression", "\\"))
    answer = line.json("digest", "--for", "carla", "--after", "0")
    for each in (each for group in answer["happened"] for each in group["records"]):
        assert plain(each["sentence"]) in seen.text


def test_a_page_that_holds_it_as_it_is_is_found(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a page whose text is not escaped."""
    monkeypatch.setattr(page_of_digest, "escape", lambda text, **_: text)
    seen = digest_page(line)
    assert "img" in seen.elements
    assert "onerror" in seen.attributes


def test_an_import_of_hostile_names_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    rows = [
        f"{LINE}{case},{LINE}{step},2024-0{step}-01,{case}{LINE}" for case in (1, 2) for step in (1, 2, 3)
    ]
    file = tmp_path / f"{MARK}.csv"
    file.write_text("\n".join([f"{LINE}case,{LINE}act,when,who", *rows, "x,,2024-01-01,y"]), encoding="utf-8")
    line = Line(tmp_path / ".roadlog")
    line("init", "--key", "IM")
    columns = ("--case", f"{LINE}case", "--activity", f"{LINE}act", "--time", "when", "--actor", "who")
    words = ("import", "csv", str(file), *columns, "--infer-workflow")
    assert raw(line.fails(2, *words)) == []
    for more in (("--dry-run",), ("--json", "--dry-run"), ()):
        result = line.run(*words, "--skip-bad", *more)
        assert (result.exit_code, raw(result.stdout), raw(result.stderr)) == (1, [], []), result.stderr
    for answer in (
        "board",
        "show IM-1",
        "gate IM-1",
        "log",
        "metrics",
        "workflow show",
        "stakeholder list",
        "",
    ):
        said = line(*answer.split())
        assert "Zq\\u202e7" in said or answer == "stakeholder list"
        assert raw(said) == []
