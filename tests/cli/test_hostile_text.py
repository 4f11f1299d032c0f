"""Other people's words in every field of every command: shown by every answer, obeyed by no terminal."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from unicodedata import category

import pytest

from roadlog.cli import story
from roadlog.cli.frame import Verb, load
from tests.cli.line import Line

MARK = "Zq\u202e7"
LINE = (
    MARK
    + "\u2066a\u200bb\u200ec\ufeffd\u00ade\u2028f\u2029g\U000e0041h\u034fi\u3164j\U000e0100k\u115fl\ufff9m"
    "\u180en\ue000o[red]p[/red]%(q)s{r}\\x1b[31ms\\u202e"
)
"""All that may be recorded in one line, and must not reach a terminal as it is."""
TEXT = LINE + "\nt\tu\u202dv"
OBEYED = "Zq\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\x85\r\x08"
"""What is refused on the way in."""
IGNORED = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0100\ufe00")
X = sha256(b"x").hexdigest()
STEPS: tuple[tuple[str, str], ...] = (
    ("paula", "init --key SUP --name L --because T"),
    ("paula", "stakeholder add dan --role data-science --name L --because T"),
    ("paula", "stakeholder add erin --role engineering --email L"),
    ("paula", "stakeholder add carla --role compliance"),
    ("paula", "stakeholder add otto --role customer-ops"),
    ("paula", "stakeholder add bob --role product --kind agent"),
    ("paula", "stakeholder grant dan --role product --because T"),
    ("paula", "stakeholder revoke dan --role product --because T"),
    ("paula", "stakeholder leave bob --because T"),
    ("paula", "workflow adopt ours.toml --because T"),
    ("paula", "define L --problem T --metric L --unit L --baseline 9 --target -30% --segment L --approach T"),
    ("paula", "adopt L --in training --since 2026-01-01 --owner dan --because T"),
    ("paula", "define L --for SUP-2 --problem T"),
    ("paula", "reframe SUP-1 --title L --problem T --segment L --segment EU --approach T --because T"),
    ("paula", "owner SUP-1 paula --because T"),
    ("paula", "place SUP-1 now --rank 1 --because T"),
    ("paula", "depend SUP-2 --on SUP-1 --because T"),
    ("paula", "target SUP-1 L --unit L --baseline 10 --because T"),
    ("paula", "target SUP-1 other --unit L --target 5"),
    ("paula", "advance SUP-1 --because T"),
    ("paula", "classify SUP-1 --purpose T --affected T --class limited --basis T --because T"),
    ("paula", "expect SUP-1 --iterations 3-5 --told compliance --because T"),
    ("paula", "measure SUP-1 L 8 --because T"),
    ("paula", "evidence attach SUP-1 FILE --kind dataset --title L --because T"),
    ("paula", f"evidence attach SUP-1 URI --kind evaluation --sha256 {X}"),
    (
        "paula",
        "criterion set SUP-1 F1 --milestone training --metric L --operator >= --threshold 1 --segment L",
    ),
    ("paula", "criterion set SUP-1 F2 --milestone training --metric L --operator >= --threshold 1"),
    ("paula", "criterion retire SUP-1 F2 --because T"),
    ("paula", "result SUP-1 F1 2 --because T"),
    ("paula", "result SUP-1 --from results.csv --because T"),
    ("paula", "request SUP-1 --because T"),
    ("carla", "approve SUP-1 --condition T --statement T --because T"),
    ("carla", "withdraw SUP-1 --because T"),
    ("carla", "condition met SUP-1 C1 --because T"),
    ("carla", "reject SUP-1 --because T"),
    ("carla", "abstain SUP-1 --because T"),
    ("carla", "approve SUP-1 --role compliance --statement T"),
    ("paula", "reframe SUP-1 --problem T --because T"),
    ("carla", "checkin SUP-1 --role compliance T --because T"),
    ("carla", "waive SUP-1 approval:data-science --until 2999-01-01 --because T"),
    ("paula", "advance SUP-1 --break-glass --because T"),
    ("carla", "review SUP-1 LAST --upheld --because T"),
    ("paula", "return SUP-1 feasibility --loop learning --learned T --change T --because T"),
    ("paula", "block SUP-1 --by T --because T"),
    ("paula", "unblock SUP-1 --because T"),
    ("paula", "pause SUP-1 --because T"),
    ("paula", "resume SUP-1 --because T"),
    ("paula", "rollout SUP-1 12.5 --because T"),
    ("paula", "stop SUP-1 --because T"),
    ("paula", "reopen SUP-1 --because T"),
    ("paula", "risk log SUP-1 T --category hallucination --likelihood 4 --impact 4 --because T"),
    ("paula", "risk log SUP-1 T --category bias --likelihood 4 --impact 4 --because T"),
    ("paula", "risk assess SUP-1 R1 --likelihood 4 --impact 3 --because T"),
    ("paula", "risk mitigate SUP-1 R1 --treatment T --likelihood 2 --impact 3 --because T"),
    ("paula", "risk accept SUP-1 R2 --until 2999-01-01 --because T"),
    ("paula", "risk close SUP-1 R1 --because T"),
    ("paula", "risk reopen SUP-1 R1 --because T"),
    ("paula", "fallback define SUP-1 T --kind human-handoff --trigger T --owner otto --because T"),
    ("paula", "fallback test SUP-1 --passed --because T"),
    ("paula", "fallback activate SUP-1 --because T"),
    ("paula", "fallback deactivate SUP-1 --because T"),
    ("paula", "notice define SUP-1 T --where T --locale L --because T"),
    ("paula", "monitor define SUP-1 T --where T --owner dan --because T"),
    ("paula", "edge-case log SUP-1 T --severity 4 --source T --risk R1 --because T"),
    ("paula", "edge-case import SUP-1 cases.csv --because T"),
    ("paula", "edge-case triage SUP-1 E1 --outcome dataset --because T"),
    ("paula", "edge-case review SUP-1 --source T --sample 40 --found 2 --because T"),
    ("paula", "experiment start SUP-1 X1 --hypothesis T --metric L --variant L --variant b --because T"),
    ("paula", "experiment conclude SUP-1 X1 --decision iterate --summary T --variant b=2:9 --because T"),
    ("paula", "experiment start SUP-1 X2 --hypothesis T --metric L --variant L --variant b"),
    ("paula", "incident open SUP-1 T --aware 2026-02-01 --severity 4 --because T"),
    ("paula", "incident report SUP-1 I1 --to L --because T"),
    ("paula", "incident close SUP-1 I1 --because T"),
    ("paula", "note SUP-1 T --because T --command-id L"),
    ("paula", "undo --because T"),
    ("paula", "note SUP-1 T"),
    ("carla", "void LAST --because T"),
    ("dan", "consent LAST --because T"),
    ("paula", "note SUP-1 T"),
    ("carla", "void LAST --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "retire SUP-2 --because T"),
)
"""Every writing verb; T stands for hostile text, L for hostile text of one line."""
READING = (
    *("", "board", "show SUP-1", "show SUP-2", "gate SUP-1", "gate SUP-2", "log", "log SUP-1", "log SUP"),
    *("next", "next --for carla", "next --for dan", "metrics", "metrics SUP-1", "stakeholder list"),
    *("workflow show", "evidence list SUP-1", "risk list", "risk list SUP-1", "edge-case list"),
    *("incident list", "edge-case list SUP-1", "verify", "projections status", "projections check"),
    *("board --position 30", "show SUP-1 --position 40", "gate SUP-1 --position 40", "log --type NoteAdded"),
)


class Filled:
    """What a line's words stand for."""

    def __init__(self, folder: Path) -> None:
        self.values = {
            "T": TEXT,
            "L": LINE,
            "FILE": str(folder / f"{MARK}data.csv"),
            "URI": f"https://x.example/{LINE}",
            "LAST": "0",
        }
        question = '"' + LINE.replace("\\", "\\\\") + '"'
        ours = Line(folder / ".none")("workflow", "show", "ai-product", "--toml")
        ours = ours.replace('"Do we have the right data?"', question).replace("version = 1", "version = 2")
        (folder / "ours.toml").write_text(ours, encoding="utf-8")
        Path(self.values["FILE"]).write_text("question,answer\n", encoding="utf-8")
        (folder / "results.csv").write_text("criterion,value,sample\nF1,2,50\n", encoding="utf-8")
        cases = f'description,severity,source\n"{TEXT}",4,"{TEXT}"\n'
        (folder / "cases.csv").write_text(cases, encoding="utf-8")

    def words(self, words: str) -> list[str]:
        return [self.values.get(word, word) for word in words.split()]


def raw(said: str) -> list[str]:
    """The characters of what was printed that a terminal obeys, or that nobody sees."""
    found = {each for each in said if each not in "\n\t" and (category(each) in UNSHOWN or each in IGNORED)}
    return sorted(f"U+{ord(each):04X}" for each in found)


UNSHOWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """A store in which every field that takes text holds the hostile one, and what recording it printed."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        line, filled, said = Line(folder / ".roadlog"), Filled(folder), []
        for by, words in STEPS:
            said.append((words, line(*filled.words(words), by=by)))
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


def test_every_writing_verb_has_a_step() -> None:
    for row in story.STORY:
        command = load(row)
        if isinstance(command, Verb) and any(each.name == "command_id" for each in command.params):
            assert any(words.startswith(row.name) for _, words in STEPS), row.name


def test_what_was_recorded_is_told_and_not_obeyed(played: tuple[Path, list[tuple[str, str]]]) -> None:
    assert {words: raw(said) for words, said in played[1] if raw(said)} == {}


@pytest.mark.parametrize("words", READING)
def test_every_answer_shows_it_and_none_obeys(line: Line, words: str) -> None:
    for more in ((), ("--json",)):
        result = line.run(*words.split(), *more)
        assert result.exit_code in (0, 1), result.stderr
        assert (raw(result.stdout), raw(result.stderr)) == ([], [])
        if more:
            json.loads(result.stdout)


def test_nothing_of_it_is_lost(line: Line) -> None:
    page = line.json("show", "SUP-1")
    assert (page["problem"], page["title"], page["segments"]) == (TEXT, LINE, [LINE, "EU"])


@pytest.mark.parametrize("words", READING)
def test_what_was_put_into_the_store_by_hand_is_not_obeyed_either(line: Line, words: str) -> None:
    smuggle(line.folder)
    for more in ((), ("--json",)):
        result = line.run(*words.split(), *more)
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
