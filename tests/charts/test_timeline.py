"""Visits over time as a picture: where bars begin and end, what is marked, with any number of initiatives."""

from __future__ import annotations

from datetime import UTC
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest

from roadlog.charts.registry import METRICS
from roadlog.charts.timeline import BACK, STAR, Lane, Sheet, draw
from tests.charts import answers
from tests.charts.pictures import SVG, parsed
from tests.charts.test_pictures import ELEMENTS, HOSTILE, LONG

MILESTONES = ("feasibility", "training", "live")


def visit(
    milestone: str, start: str, end: str | None, nth: int = 1, *, cycle: int = 1, back: bool = False
) -> dict[str, Any]:
    return {
        "milestone": milestone,
        "visit": nth,
        "cycle": cycle,
        "entered_at": f"{start}T00:00:00.000000Z",
        "left_at": end and f"{end}T00:00:00.000000Z",
        "began": "backward" if back else "forward",
        "loop": "learning" if back else None,
    }


def span(start: str, end: str | None) -> dict[str, Any]:
    return {
        "kind": "blocked",
        "from_at": f"{start}T00:00:00.000000Z",
        "to_at": end and f"{end}T00:00:00.000000Z",
    }


LOOPED = Lane(
    key="SUP-1",
    title="Reduce support load",
    status="live",
    visits=[
        visit("feasibility", "2026-01-01", "2026-02-01"),
        visit("training", "2026-02-01", "2026-03-01"),
        visit("feasibility", "2026-03-01", "2026-04-01", 2, back=True),
        visit("live", "2026-04-01", None),
    ],
    spans=[span("2026-02-10", "2026-02-20")],
)


def sheet(*lanes: Lane, wide: float = 1_240, until: str = "2026-05-01T00:00:00.000000Z") -> Sheet:
    return Sheet(lanes=lanes, milestones=MILESTONES, until=until, today="today", zone=UTC, wide=wide)


def bars(root: ET.Element) -> list[tuple[str, float, float]]:
    """What each bar is called, where it begins and ends."""
    found = []
    for each in root.iter(f"{SVG}rect"):
        title = each.find(f"{SVG}title")
        if title is not None and title.text:
            x, wide = (float(each.get(name) or 0) for name in ("x", "width"))
            found.append((title.text, x, x + wide))
    return found


def said(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_bars_follow_each_other_from_the_first_visit_to_today() -> None:
    found = bars(parsed(draw(sheet(LOOPED))))
    assert [name for name, _, _ in found] == [
        "feasibility, visit 1",
        "training, visit 1",
        "feasibility, visit 2",
        "live, visit 1",
        "blocked",
    ]
    visits = found[:4]
    assert visits[0][1] == 0
    gaps = [begin - end for (_, _, end), (_, begin, _) in pairwise(visits)]
    assert gaps == pytest.approx([0, 0, 0], abs=0.15)
    assert visits[3][2] == pytest.approx(1_240 - 340 - 30, abs=0.2)
    day = visits[3][2] / 120
    assert [round((end - begin) / day) for _, begin, end in visits] == [31, 28, 31, 30]
    assert found[4][1] == pytest.approx(visits[1][1] + 9 * day, abs=0.3)


def test_what_was_done_again_is_numbered_and_what_went_back_and_is_live_is_marked() -> None:
    picture = draw(sheet(LOOPED))
    assert said(parsed(picture)).count("2") == 1
    assert (picture.count(BACK), picture.count(STAR)) == (2, 2)  # one of each is in the legend
    waiting = Lane(key="SUP-2", title="Other", status="backlog", visits=[], spans=[])
    picture = draw(sheet(waiting))
    assert (picture.count(BACK), picture.count(STAR)) == (1, 1)


def test_visits_are_numbered_in_their_cycle_and_the_legend_says_so() -> None:
    visits = [
        visit("training", "2026-01-01", "2026-02-01"),
        visit("live", "2026-02-01", "2026-03-01"),
        visit("training", "2026-03-01", None, cycle=2, back=True),
    ]
    picture = parsed(draw(sheet(Lane(key="SUP-1", title="", status="active", visits=visits, spans=[]))))
    assert [name for name, _, _ in bars(picture)] == [
        "training, visit 1",
        "live, visit 1",
        "training, visit 1 of cycle 2",
    ]
    assert "2" not in said(picture)
    assert "again: later visits, numbered" in said(picture)


def test_milestones_of_an_older_workflow_are_in_the_legend() -> None:
    old = [visit("pilot", "2026-01-01", None)]
    lane = Lane(key="SUP-1", title="T", status="active", visits=old, spans=[])
    assert "pilot" in said(parsed(draw(sheet(lane))))


@pytest.mark.parametrize(
    ("until", "wanted", "absent"),
    [
        ("2026-02-01T00:00:00.000000Z", "5 Jan", "2027"),
        ("2026-05-01T00:00:00.000000Z", "Mar", "2027"),
        ("2046-05-01T00:00:00.000000Z", "2030", "Mar"),
    ],
)
def test_the_axis_tells_days_months_or_years(until: str, wanted: str, absent: str) -> None:
    words = said(parsed(draw(sheet(LOOPED, until=until))))
    assert wanted in words
    assert absent not in words


@pytest.mark.parametrize("count", [0, 1, 2, 40, 500])
@pytest.mark.parametrize("wide", [340, 1_240])
def test_it_is_drawn_of_any_number_and_is_the_same_each_time(count: int, wide: int) -> None:
    picture = draw(sheet(*[LOOPED] * count, wide=wide))
    assert picture == draw(sheet(*[LOOPED] * count, wide=wide))
    root = parsed(picture)
    assert len(bars(root)) == 5 * count
    _, _, across, high = map(float, (root.get("viewBox") or "").split())
    assert across == wide
    assert high < 150 + 44 * count


def test_hostile_titles_are_text_and_long_ones_are_cut() -> None:
    hostile = Lane(key="SUP-1", title=HOSTILE, status="active", visits=[], spans=[])
    root = parsed(draw(sheet(hostile, wide=4_000)))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= set(ELEMENTS.split())
    long = Lane(key="SUP-1", title=LONG, status="active", visits=[], spans=[])
    assert any(each.endswith("…") for each in said(parsed(draw(sheet(long)))))


def looks(root: ET.Element) -> dict[str, tuple[str, str]]:
    """By what stands in their titles: the colour and the texture of each area."""
    patterns = {f"url(#{each.get('id')})": each.findall(f"{SVG}path") for each in root.iter(f"{SVG}pattern")}
    found = {}
    for each in root.iter():
        title, fill = each.find(f"{SVG}title"), each.get("fill", "")
        if title is not None and title.text and fill not in ("none", "currentColor"):
            drawn = patterns.get(fill)
            found[title.text] = (drawn[0].get("fill", ""), drawn[1].get("d", "")) if drawn else (fill, "")
    return found


def test_a_milestone_looks_the_same_on_every_picture() -> None:
    answer = answers.made(30)
    flow = looks(parsed(METRICS["cumulative-flow"].svg(answer)))
    names = answer["workflow"]["milestones"]
    gone = [visit("given up", "2026-01-01", "2026-02-01"), visit(names[0], "2026-02-01", "2026-03-01")]
    lanes = [
        Lane(key="SUP-1", title="", status="active", visits=gone, spans=[]),
        Lane(
            key="SUP-2",
            title="",
            status="active",
            visits=[visit(name, "2026-01-01", "2026-02-01") for name in names],
            spans=[],
        ),
    ]
    shown = msgspec.structs.replace(sheet(*lanes), milestones=tuple(names))
    timeline = looks(parsed(draw(shown)))
    assert {name: timeline[f"{name}, visit 1"] for name in names} == {name: flow[name] for name in names}
    assert len({timeline[f"{name}, visit 1"] for name in names}) == len(names)
    assert timeline["given up, visit 1"][0] == flow["stopped or retired"][0]
