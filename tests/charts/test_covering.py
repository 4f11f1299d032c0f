"""Nothing in a picture hides what else is there: equal points stand apart, no line runs through a name."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from typing import Any

import pytest

from roadlog.charts import ageing, gate_latency
from roadlog.charts.registry import METRICS
from roadlog.charts.table import DAY
from tests.charts import answers
from tests.charts.pictures import SVG, Drawing

APART = 8.0
"""Points of 3.5 with their strokes touch, nearer than this."""


def few(*latencies: float) -> dict[str, Any]:
    """What is told of so many rounds of one role, in days."""
    told = answers.summary([("SUP-1", each * DAY) for each in latencies])
    return {name: told[name] for name in told if name != "p95"}


def latency(*latencies: float) -> Drawing:
    """Gate latency of one role that approved after so many days, and of one that took up to 40."""
    answer = answers.made(1)
    none = {"open": 0, "rejected": few()}
    answer["gate_latency"] = {
        "engineering": {**few(*latencies), **none},
        "compliance": {**few(1, 40), **none},
    }
    return Drawing.of(METRICS["gate-latency"].svg(answer))


def nearest(drawing: Drawing) -> float:
    """How far the two circles are apart that are nearest to each other."""
    return min(hypot(a - c, b - d) for (a, b, _), (c, d, _) in combinations(drawing.circles(), 2))


@pytest.mark.parametrize(
    "latencies", [(1, 1, 1, 1), (9, 1, 1.01, 1.02), (2, 2), (3, 3, 3, 3, 3), (3, 3, 3, 3.05, 3.05, 20)]
)
def test_rounds_that_took_equally_long_are_all_seen(latencies: tuple[float, ...]) -> None:
    drawing = latency(*latencies)
    shown = sorted(latencies) if len(latencies) < 5 else [few(*latencies)[p] / DAY for p in ("p50", "p85")]
    length = drawing.lengths()
    assert sorted(length(x) for x, *_ in drawing.circles()) == pytest.approx(
        sorted([*shown, 1, 40]), abs=0.05 + abs(length(0.1) - length(0))
    )
    assert nearest(drawing) >= APART


def test_without_stacks_equal_rounds_hide_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_latency, "APART", 0.0)
    assert nearest(latency(1, 1, 1, 1)) == 0


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("count", [5, 50])
def test_points_are_as_dark_as_their_colour(name: str, count: int) -> None:
    groups = Drawing.of(METRICS[name].svg(answers.made(count))).plot.iter()
    pale = {"fill-opacity", "stroke-opacity", "opacity"}
    marked = [each for each in groups if each.tag == f"{SVG}circle" or each.find(f"{SVG}circle") is not None]
    assert [each.attrib for each in marked if pale & set(each.attrib)] == []


def crossed(count: int, seed: int) -> list[tuple[str, str]]:
    """Each name with the percentile whose line runs through it."""
    answer = answers.made(count, seed=seed)
    table = METRICS["ageing"].table(answer)
    drawing = Drawing.of(METRICS["ageing"].draw(table))
    value = drawing.heights()
    lines = {each.label: (each.value / DAY - value(0)) / (value(1) - value(0)) for each in table.lines}
    return [
        (said, label)
        for _, y, said in drawing.texts()
        for label, at in lines.items()
        if said.startswith("SUP-") and abs(y - 3.5 - at) < ageing.CLEAR - 0.2
    ]


@pytest.mark.parametrize("count", [5, 30, 50, 500])
@pytest.mark.parametrize("seed", [6, 7, 8])
def test_no_line_runs_through_the_name_of_ageing_work(count: int, seed: int) -> None:
    assert crossed(count, seed) == []


def test_names_that_do_not_make_way_are_crossed(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = ageing.CLEAR
    monkeypatch.setattr(ageing, "CLEAR", 0.0)
    drawing = METRICS["ageing"].svg(answers.made(50))
    monkeypatch.setattr(ageing, "CLEAR", bound)
    monkeypatch.setattr(METRICS["ageing"].__class__, "draw", lambda *_: drawing)
    assert [label for _, label in crossed(50, 6)] == ["p50", "p50"]
