"""Forecasts typed at a terminal: what they say, the same bytes each time, and what is no question."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from freezegun import freeze_time
from msgspec.structs import replace

from roadlog.domain.moments import rfc3339
from tests.cli.line import Line
from tests.projections.forecast.synthetic import BEGIN, House, Life, lives

HOUSE = House(arrivals=0.3, stays=(("feasibility", 6.0, 0.6), ("prototype", 8.0, 0.6)), stop=0.0)
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
BY = date(2026, 9, 20)
MADE = lives(HOUSE, Random(11), 400)
MAP = "\n".join(["[activity]", *(f'"{each}" = "{each}"' for each in ("feasibility", "prototype", "live"))])


RUN = [sys.executable, "-c", "from roadlog.cli.main import main; main()"]


def written(path: Path, made: list[Life], until: datetime) -> str:
    """The moves until then, as an event log in CSV."""
    moves = [(stay.entered, each.key, stay.milestone) for each in made for stay in each.stays]
    moves += [(each.ended, each.key, "live") for each in made if each.finished]
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case", "activity", "time"])
        table.writerows(
            (key.replace("SUP", "T"), milestone, rfc3339(at))
            for at, key, milestone in sorted(moves)
            if at < until
        )
    return str(path)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with eight months of imported work."""
    folder = tmp_path_factory.mktemp("busy")
    (folder / "map.toml").write_text(MAP)
    line = Line(folder / ".roadlog")
    with freeze_time(BEGIN):
        line("init", "--key", "SUP", "--name", "Support AI", "--workflow", "lite")
    with freeze_time(NOW):
        columns = ("--case", "case", "--activity", "activity", "--time", "time")
        moves = written(folder / "moves.csv", MADE, NOW)
        line("import", "csv", moves, *columns, "--map", str(folder / "map.toml"))
        line("projections", "rebuild")
    return folder / ".roadlog"


@pytest.fixture
def at_work(busy: Path, tmp_path: Path) -> Line:
    import shutil

    folder = tmp_path / ".roadlog"
    shutil.copytree(busy, folder)
    return Line(folder)


def under_way(line: Line) -> str:
    return next(str(each["key"]) for each in line.json("board")["initiatives"] if each["status"] == "active")


@freeze_time(NOW)
def test_the_text_says_in_plain_words_what_is_likely_and_what_it_was_drawn_from(at_work: Line) -> None:
    answer, said = at_work.json("forecast", "--by", "2026-10-01"), at_work("forecast", "--by", "2026-10-01")
    sure = answer["percentiles"]["p85"]
    assert f"With 85 % probability at least {sure} more finish by 2026-10-01.\n" in said
    assert f"forecast/1 · seed {answer['seed']} · 10,000 trials · drawn from {answer['n']} finished" in said
    assert f"position {answer['position']}, head {answer['head'][:8]}" in said
    assert "█" in said


@freeze_time(NOW)
def test_that_at_least_none_finish_is_told_once_for_all_lines(at_work: Line) -> None:
    none, nearly = at_work("forecast", "--by", "2026-09-01"), at_work("forecast", "--by", "2026-09-06")
    assert none.startswith("No finish by 2026-09-01 is sure with 50 % probability or more.\n\n")
    lines = at_work.json("forecast", "--by", "2026-09-06")["percentiles"]
    assert (lines["p50"] > 0, lines["p95"]) == (True, 0)
    first = next(line for line, count in lines.items() if not count)
    more = "" if first == "p95" else " or more"
    assert f"No finish by 2026-09-06 is sure with {first[1:]} % probability{more}.\n" in nearly
    assert "at least 0" not in none + nearly


@freeze_time(NOW)
def test_what_makes_its_history_doubtful_is_told_as_metrics_tell_it(at_work: Line) -> None:
    answer, said = at_work.json("forecast"), at_work("forecast")
    imported = next(each for each in at_work.json("metrics")["quality"] if each["finding"] == "imported")
    own = {
        "finding": "work-in-progress",
        "text": "4 are under way now, where 9.3 were on average",
        "keys": [],
    }
    assert answer["quality"] == [own, imported]
    told = " ".join(said.split())
    assert f"it {own['text']} {imported['text']}: {', '.join(imported['keys'][:7])}, " in told
    assert at_work.json("forecast", "SUP-1")["quality"] == []
    assert "Before you believe it" not in at_work("forecast", "SUP-1")


@freeze_time(NOW)
def test_each_question_has_its_text_and_fits_sixty_columns(
    at_work: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roadlog.cli.views import screen

    monkeypatch.setattr(screen, "width", lambda: 60)
    key = under_way(at_work)
    for words, said in (
        ((), "at least"),
        (("--count", "3"), "With 85 % probability 3 more have finished by 2026-"),
        ((key,), f"With 85 % probability {key} finishes by 2026-"),
        (("SUP-1",), "SUP-1 is not under way: it finished at 2026-"),
    ):
        told = at_work("forecast", *words)
        assert said in " ".join(told.split())
        assert max(map(len, told.splitlines())) <= 60


@freeze_time(NOW)
def test_the_window_is_told_in_the_days_of_its_zone(at_work: Line) -> None:
    said = at_work("forecast", "--from", "2026-05-01", "--zone", "Europe/Berlin")
    assert "history from 2026-05-02 to 2026-09-01 · days counted in Europe/Berlin" in said


@freeze_time(NOW)
def test_its_fan_is_put_into_a_new_file(at_work: Line, tmp_path: Path) -> None:
    picture = tmp_path / "fan.svg"
    said = at_work("forecast", "--by", BY.isoformat(), "--out", str(picture))
    assert said.split()[-1] == f"{picture}."
    assert "<svg" in picture.read_text()
    assert f"By {BY}: at least" in picture.read_text()
    at_work("forecast", "--count", "3", "--out", str(tmp_path / "three.svg"))
    assert "3 more: by 2026-" in (tmp_path / "three.svg").read_text()
    error = at_work.error("forecast", "--out", str(picture))
    assert (error["exit"], error["rule"]) == (5, "file-exists")
    assert "has no fan to draw" in at_work.fails(2, "forecast", "SUP-1", "--out", str(tmp_path / "one.svg"))


@freeze_time(NOW)
def test_the_shape_is_the_contract(at_work: Line) -> None:
    promised = {
        "definition",
        "seed",
        "trials",
        "position",
        "head",
        "n",
        "percentiles",
        "insufficient",
        "quality",
    }
    for words in ((), ("--by", "2026-10-01"), ("--count", "3"), ("SUP-1",), (under_way(at_work),)):
        assert promised <= set(at_work.json("forecast", *words))


def test_every_process_gives_the_same_bytes(busy: Path) -> None:
    said = set()
    for words in (["--by", "2026-12-01"], [under_way(Line(busy))]):
        for seed in ("0", "1", "4711"):
            environ = {
                **os.environ,
                "PYTHONHASHSEED": seed,
                "ROADLOG_STORE": str(busy),
                "ROADLOG_ACTOR": "paula",
            }
            command = [*RUN, "forecast", *words, "--json", "--known-at", rfc3339(NOW)]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            said.add((*words, done.stdout))
    assert len(said) == 2


@freeze_time(NOW)
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--by", "2026-08-31"), 2, "--by 2026-08-31 is past: it is 2026-09-01."),
        (("--by", "2036-09-02"), 2, "more than ten years ahead: 2036-08-31"),
        (("--count", "0"), 2, "0 is not in the range"),
        (("--count", "10001"), 2, "10001 is not in the range"),
        (("--count", "3", "--by", "2026-10-01"), 2, "--count and --by are questions of their own"),
        (("SUP-1", "--by", "2026-10-01"), 2, "KEY and --by are questions of their own"),
        (("SUP-999",), 2, "There is no initiative 'SUP-999'"),
        (("--seed", "-1"), 2, "-1 is not in the range"),
        (("--from", "2026-06-01", "--to", "2026-05-01"), 2, "--to 2026-05-01T00:00:00.000000Z is not after"),
        (("--zone", "Nowhere"), 2, "There is no zone 'Nowhere'"),
        (("--as-of", "2026-10-01"), 2, "is after now"),
    ],
)
def test_what_is_no_question(at_work: Line, words: tuple[str, ...], code: int, says: str) -> None:
    assert says in at_work.fails(code, "forecast", *words)


@freeze_time("2026-03-18T15:30:00Z")
def test_a_young_roadmap_says_that_its_history_is_insufficient(line: Line) -> None:
    assert "Insufficient history: no cycle has finished" in line("forecast")
    assert "SUP-1 is not under way" in line("forecast", "SUP-1")
    line("advance", "SUP-1")
    said = line("forecast", "SUP-1")
    assert "SUP-1 has been under way for 0.0 d: longer than 0 of the 0 finished cycles took" in said


def test_a_roadmap_that_began_today_has_no_history_from_tomorrow_to_tomorrow(
    line: Line, tmp_path: Path
) -> None:
    answer = line.json("forecast")
    assert answer["window"][0] == answer["window"][1]
    assert "no history yet" in line("forecast")
    line("forecast", "--out", str(tmp_path / "fan.svg"))
    day = answer["window"][0][:10]
    assert f"{day} to {day}" not in (tmp_path / "fan.svg").read_text()


@freeze_time(NOW + timedelta(hours=1))
def test_a_forecast_of_a_past_moment_does_not_change(at_work: Line) -> None:
    words = ("forecast", "--count", "4", "--known-at", rfc3339(NOW))
    before = at_work(*words, "--json")
    at_work("define", "Wrong answers", "--problem", "Customers get wrong answers")
    assert at_work(*words, "--json") == before


def later(line: Line, folder: Path, until: datetime) -> None:
    """What happened until then, imported on top."""
    columns = ("--case", "case", "--activity", "activity", "--time", "time")
    moves = written(folder / "later.csv", MADE, until)
    line("import", "csv", moves, *columns, "--map", str(mapped(folder)))


def mapped(folder: Path) -> Path:
    path = folder / "map.toml"
    path.write_text(MAP)
    return path


def test_a_forecast_is_kept_computed_again_and_scored(at_work: Line, tmp_path: Path) -> None:
    key = under_way(at_work)
    with freeze_time(NOW):
        kept = at_work.json("forecast", "keep", "--by", "2026-09-20", "--because", "planning")
        at_work("forecast", "keep", "--count", "2")
        at_work("forecast", "keep", key)
        at_work("forecast", "keep")
        assert "4 forecasts kept, 0 scored." in at_work("forecast", "score")
    data = kept["records"][0]["data"]
    assert (data["by"], data["position"], data["trials"]) == (
        "2026-09-20",
        kept["records"][0]["position"] - 1,
        10_000,
    )
    with freeze_time(NOW + timedelta(days=100)):
        later(at_work, tmp_path, NOW + timedelta(days=100))
        answer = at_work.json("forecast", "score")
        said = at_work("forecast", "score")
        assert json.loads(at_work.run("verify", "--json").stdout)["problems"] == []
    came = sum(NOW < each.ended < datetime(2026, 9, 21, tzinfo=UTC) for each in MADE if each.finished)
    first, *others = answer["forecasts"]
    assert (first["state"], first["happened"]) == ("scored", came)
    assert first["held"] == {line: came >= count for line, count in first["percentiles"].items()}
    assert [each["state"] for each in others] == ["scored"] * 3
    assert {each["again"]["result"] for each in answer["forecasts"]} == {"same"}
    assert "Fewer than 5 are scored: no rate is told." in said
    assert f"{came} finished" in said


def test_what_is_scored_is_measured_once_for_all_that_saw_the_same_records(
    at_work: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answers as measured one by one, in the store's zone and in another."""
    from roadlog import forecasts
    from roadlog.reading import Reading

    keys = [str(each["key"]) for each in at_work.json("board")["initiatives"] if each["status"] == "active"]
    with freeze_time(NOW):
        at_work("forecast", "keep", "--by", "2026-09-20")
        at_work("forecast", "keep", "--count", "2", "--zone", "Pacific/Auckland")
    with freeze_time(NOW + timedelta(days=2)):
        at_work("forecast", "keep", keys[0])
        at_work("forecast", "keep", keys[1], "--as-of", "2026-08-30", "--at", "2026-08-30")
        at_work("stop", keys[1], "--because", "No use")
        at_work("forecast", "keep", "--by", "2026-09-20")
    calls = []
    metrics = Reading.metrics

    def counted(*given: Any, **options: Any) -> Any:
        calls.append(given)
        return metrics(*given, **options)

    monkeypatch.setattr(Reading, "metrics", counted)
    with freeze_time(NOW + timedelta(days=3)):
        once = at_work("forecast", "score", "--json")
        told = len(calls)
        monkeypatch.setattr(
            forecasts.Measured, "at", lambda self, moment, zone=UTC: self._reading.metrics(moment, zone=zone)
        )
        assert once == at_work("forecast", "score", "--json")
    assert [each["again"]["result"] for each in json.loads(once)["forecasts"]] == ["same"] * 5
    assert (told, len(calls) - told) == (3, 6), "before the stop, as of August, and since the stop"


def test_five_scored_have_rates(at_work: Line, tmp_path: Path) -> None:
    with freeze_time(NOW):
        for days in range(5):
            at_work("forecast", "keep", "--by", f"2026-09-{10 + days}")
    with freeze_time(NOW + timedelta(days=40)):
        later(at_work, tmp_path, NOW + timedelta(days=40))
        said = at_work("forecast", "score")
        assert at_work.json("forecast", "score")["calibration"]["p85"]["n"] == 5
    assert "Said" in said
    assert "Came true" in said


def test_a_kept_forecast_that_does_not_come_out_again_is_named(at_work: Line) -> None:
    """The control of `same`: what was never computed so is kept through the command itself."""
    from roadlog.application import Application, Wish
    from roadlog.domain.commands import KeepForecast
    from roadlog.domain.events import Lines

    with freeze_time(NOW):
        told = at_work.json("forecast", "--by", "2026-09-20")
        command = KeepForecast(
            computed_as="forecast/1",
            by=BY,
            zone="UTC",
            seed=told["seed"],
            trials=10_000,
            as_of=NOW,
            position=told["position"],
            head=told["head"],
            n=told["n"],
            lines=Lines(**told["percentiles"]),
        )
        bold = {line: count + 1 for line, count in told["percentiles"].items()}
        with Application.open(str(at_work.folder)) as application:
            for each in (
                command,
                replace(command, lines=Lines(**bold)),
                replace(command, n=99),
                replace(command, head="ab" * 32),
                replace(command, seed=1, lines=Lines(p50=99, p70=98, p85=97, p95=96)),
                replace(command, computed_as="forecast/2"),
                replace(command, zone="Moon/Base"),
                replace(
                    command,
                    key="SUP-999",
                    by=None,
                    lines=Lines(p50=BY, p70=None, p85=None, p95=None),
                ),
            ):
                application.execute(Wish(actor="paula"), each)
        results = [each["again"]["result"] for each in at_work.json("forecast", "score")["forecasts"]]
        said = at_work("forecast", "score")
    assert results == ["same", *["differs"] * 4, "another definition", *["differs"] * 2]
    assert "! computed again it is another: its percentiles come out as" in said
    assert "it was computed as forecast/2, and this is forecast/1" in " ".join(said.split())


def test_what_was_kept_already_is_not_kept_again_before_something_else_is_recorded(at_work: Line) -> None:
    """Keeping moves the head, and with it the draws; that alone makes no other forecast."""
    key = under_way(at_work)
    questions: tuple[tuple[str, ...], ...] = ((), ("--by", "2026-09-20"), ("--count", "2"), (key,))
    with freeze_time(NOW):
        for each in questions:
            assert at_work.json("forecast", "keep", *each)["records"]
    first = at_work.records() - 3
    with freeze_time(NOW + timedelta(minutes=1)):
        for place, each in enumerate(questions, start=first):
            assert at_work("forecast", "keep", *each) == (
                "Already so; nothing was recorded.\n"
                f"It is kept already: record {place} says the same, and only forecasts were recorded since.\n"
            )
            assert at_work.json("forecast", "keep", *each, "--dry-run")["records"] == []
        assert at_work.records() == first + 3
        assert at_work.json("forecast", "score")["n"] == 0
        for other in (
            ("--by", "2026-09-21"),
            ("--by", "2026-09-20", "--seed", "7"),
            ("--by", "2026-09-20", "--zone", "Europe/Berlin"),
            ("--by", "2026-09-20", "--from", "2026-03-01"),
        ):
            assert at_work.json("forecast", "keep", *other)["records"], other
            assert at_work.json("forecast", "keep", *other)["records"] == [], other
        before = at_work.records()
        at_work("note", key, "Asked legal")
        assert at_work.json("forecast", "keep", "--by", "2026-09-20")["records"][0]["position"] == before + 2
    with freeze_time(NOW + timedelta(days=9)):
        assert at_work.json("forecast", "keep", "--by", "2026-09-20")["records"], "it says less by now"


@freeze_time(NOW)
def test_typed_again_with_its_id_a_forecast_is_kept_once(at_work: Line) -> None:
    kept, again = (
        at_work.json("forecast", "keep", "--by", "2026-09-20", "--command-id", "plan") for _ in range(2)
    )
    assert (again["records"], again["replayed"]) == (kept["records"], True)


@freeze_time(NOW)
def test_3_somebody_recorded_first_or_the_id_has_other_content(at_work: Line) -> None:
    at_work("forecast", "keep", "--by", "2026-09-20", "--command-id", "plan")
    before = at_work.records()
    other = ("forecast", "keep", "--by", "2026-09-21")
    assert at_work.error(*other, "--command-id", "plan")["exit"] == 3
    assert at_work.error(*other, "--expect-version", "1")["exit"] == 3
    assert at_work.records() == before


@freeze_time(NOW)
def test_what_cannot_be_kept(at_work: Line) -> None:
    before = at_work.records()
    assert "SUP-1 is not under way" in at_work.fails(5, "forecast", "keep", "SUP-1")
    assert "is past" in at_work.fails(2, "forecast", "keep", "--by", "2026-08-01")
    assert "cannot be kept before it" in at_work.fails(5, "forecast", "keep", "--at", "2026-08-31")
    assert at_work("forecast", "keep", "--dry-run").startswith("Dry run")
    assert at_work.records() == before
    at_work("forecast", "keep", "--as-of", "2026-08-31", "--at", "2026-08-31")
    assert at_work.records() == before + 1


@freeze_time(NOW)
def test_the_verbs_below_stand_anywhere_on_the_line(at_work: Line) -> None:
    assert at_work.json("forecast", "--count", "2", "keep", "--dry-run")["dry_run"] is True
    assert at_work("forecast", "--json", "score").startswith('{"as_of"')
    assert "Usage: roadlog forecast keep " in at_work("forecast", "keep", "--help")
    assert "Usage: roadlog forecast [" in at_work("forecast", "--help")


@freeze_time(NOW)
def test_without_any_it_says_how_to_keep_one(at_work: Line) -> None:
    assert "No forecast was kept yet." in at_work("forecast", "score")
    assert at_work.json("forecast", "score")["forecasts"] == []
