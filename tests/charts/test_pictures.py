"""Every chart, of no initiative to 500: valid, described, self-contained, small, the same bytes each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from roadlog.charts import svg
from roadlog.charts.registry import METRICS
from roadlog.cli.charts import NAMES, ON_A_TERMINAL
from tests.charts import answers, golden
from tests.charts.pictures import CHARTS, SIZES, SVG, answer_for, parsed

ELEMENTS = "svg title desc style defs pattern rect g text path circle"
HOSTILE = "</svg><script>alert(1)</script>\"'&\u202e\u200b\x00\x1b[31m\ud800\ufffe\u2028<![CDATA[ ]]>&amp;"
LONG = "Everybody waits too long for an answer " * 12

every_chart = pytest.mark.parametrize("name", CHARTS)


@every_chart
@pytest.mark.parametrize("count", SIZES)
def test_it_is_a_picture_that_says_what_it_is(name: str, count: int) -> None:
    picture = CHARTS[name].svg(answer_for(name, count))
    root = parsed(picture)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    by_id = {each.get("id"): each for each in root.iter() if each.get("id")}
    assert [by_id[each].tag for each in named] == [f"{SVG}title", f"{SVG}desc"]
    assert all(by_id[each].text for each in named)
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    assert wide == 480
    assert 100 < high < 1_200
    assert "metrics/1" in picture or "forecast/1" in picture
    assert "position 165 · head eddb1954 · n " in picture.replace("</text>", "")
    assert len(picture.encode()) < 300_000


@every_chart
@pytest.mark.parametrize("count", SIZES)
def test_it_loads_nothing_and_runs_nothing(name: str, count: int) -> None:
    picture = CHARTS[name].svg(answer_for(name, count))
    root = parsed(picture)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= set(ELEMENTS.split())
    ids = {each.get("id") for each in root.iter()}
    for each in root.iter():
        for attribute, value in each.items():
            assert not attribute.startswith("on")
            assert "href" not in attribute
            for inside in re.findall(r"url\((.*?)\)", value):
                assert inside[0] == "#"
                assert inside[1:] in ids
    assert picture.count("http") == 1  # the namespace


@every_chart
def test_the_same_answer_gives_the_same_bytes_in_another_process(name: str) -> None:
    answer = answer_for(name, 50)
    before = json.dumps(answer)
    once = CHARTS[name].svg(answer)
    assert CHARTS[name].svg(json.loads(before)) == once
    assert json.dumps(answer) == before
    code = (
        "import sys, json; from tests.charts.pictures import CHARTS;"
        f"sys.stdout.buffer.write(CHARTS[{name!r}].svg(json.load(sys.stdin)).encode())"
    )
    again = subprocess.run(
        [sys.executable, "-c", code], input=before.encode(), capture_output=True, check=True
    )
    assert again.stdout.decode() == once


def hostile(text: str) -> dict[str, Any]:
    """The answer with other people's text wherever there is some."""
    names = {name: f"{text}{place}" for place, name in enumerate(answers.MILESTONES)}
    roles = {role: f"{text}{place}" for place, role in enumerate(answers.ROLES)}
    made = answers.made(3)
    for each in made["initiatives"]:
        each["title"], each["milestone"] = text, names.get(each["milestone"])
        for visit in (visit for cycle in each["cycles"] for visit in cycle["visits"]):
            visit["milestone"] = names[visit["milestone"]]
    made["workflow"] = {
        "milestones": list(names.values()),
        "start": names["feasibility"],
        "finish": [names["live"]],
    }
    made["filter"] = {**made["filter"], "key": "SUP-1", "segment": text, "role": text, "milestone": text}
    made["time_in_milestone"] = {names[name]: each for name, each in made["time_in_milestone"].items()}
    made["gate_latency"] = {roles[role]: each for role, each in made["gate_latency"].items()}
    return made


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    "text", [HOSTILE, LONG, "日本語の題名" * 30, "عنوان المبادرة " * 20, "👩‍💻" * 90, "", " "]
)
def test_other_peoples_text_is_text_and_fits(name: str, text: str) -> None:
    picture = METRICS[name].svg(hostile(text))
    root = parsed(picture)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= set(ELEMENTS.split())
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u200b\u2028\ufffe]", picture)
    for each in root.iter(f"{SVG}text"):
        size = float(each.get("font-size") or 12)
        assert svg.width(each.text or "", size) <= 480


def test_a_long_title_is_cut_in_the_picture_and_whole_in_its_title() -> None:
    root = parsed(METRICS["cycle-time"].svg(hostile(LONG)))
    assert LONG.strip() in (root.findtext(f"{SVG}title") or "")
    shown = [each.text or "" for each in root.iter(f"{SVG}text")]
    assert any(each.startswith("SUP-1 Everybody") and each.endswith("…") for each in shown)


def test_a_text_that_is_not_escaped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the one place that escapes, the script is an element."""
    monkeypatch.setattr("roadlog.markup.escape", lambda text: text)
    assert "<script>" in METRICS["cycle-time"].svg(hostile(HOSTILE))


def test_pictures_of_two_initiatives_share_no_id() -> None:
    def ids(key: str) -> set[str]:
        answer = answers.made(3, key=key)
        return {
            found
            for chart in METRICS.values()
            for each in parsed(chart.svg(answer)).iter()
            if (found := each.get("id"))
        }

    assert ids("SUP-1").isdisjoint(ids("SUP-2"))


@every_chart
def test_an_empty_roadmap_says_what_is_missing(name: str) -> None:
    table = CHARTS[name].table(answer_for(name, 0))
    assert table.missing.endswith(".")
    shown = " ".join(each.text or "" for each in parsed(CHARTS[name].draw(table)).iter(f"{SVG}text"))
    assert table.missing in shown


@every_chart
@pytest.mark.parametrize("count", SIZES)
def test_its_data_is_a_table(name: str, count: int) -> None:
    answer = CHARTS[name].table(answer_for(name, count)).answer()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["chart"] == name
    assert len({each["name"] for each in answer["columns"]}) == len(answer["columns"])
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])
    assert answer["missing"] if count == 0 else answer["rows"] or answer["missing"]
    assert answer["missing"] is None or count < 5
    assert (answer["position"], answer["head"][:8]) == (165, "eddb1954")


def test_the_command_names_every_chart() -> None:
    assert (*METRICS, "forecast") == NAMES
    assert set(ON_A_TERMINAL) < set(NAMES)


@pytest.mark.parametrize("name", golden.NAMES)
def test_a_picture_is_what_was_looked_at(name: str) -> None:
    assert golden.drawn(name) == (golden.FOLDER / f"{name}.svg").read_bytes()


def test_the_page_about_charts_lists_every_chart() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/draw-the-flow.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == NAMES
