"""What is drawn is what the table says: places, read back through the picture's own axes, are its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from roadlog.charts.colours import SERIES
from roadlog.charts.registry import FORECAST, METRICS
from roadlog.charts.scales import seconds
from roadlog.charts.table import DAY, Table
from tests.charts import answers
from tests.charts.pictures import SVG, Drawing, parsed

few_and_many = pytest.mark.parametrize("count", [5, 50, 500])


def drawn(name: str, answer: dict[str, Any]) -> tuple[Table, Drawing]:
    chart = METRICS.get(name, FORECAST)
    table = chart.table(answer)
    return table, Drawing.of(chart.draw(table))


def tolerance(of: Callable[[float], float]) -> float:
    """What a tenth of a unit is worth: places are written to a tenth."""
    return abs(of(0.1) - of(0.0)) * 1.5


@few_and_many
def test_cycle_times_lie_at_their_days(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("cycle-time", answer)
    value = drawing.heights()
    done = sorted(each["seconds"] / DAY for each in table.named() if each["finished_at"])
    still = sorted(each["seconds"] / DAY for each in table.named() if not each["finished_at"])
    shown = sorted(value(y) for _, y, _ in drawing.circles(fill=SERIES[0]))
    hollow = sorted(value(y) for _, y, _ in drawing.circles(fill="none", stroke=SERIES[1]))
    assert shown == pytest.approx(done, abs=tolerance(value))
    assert hollow == pytest.approx(still, abs=tolerance(value))
    assert len(done) == answer["n"]
    assert len(still) == answer["unfinished"]


@few_and_many
def test_percentile_lines_are_nearest_rank_and_at_their_heights(count: int) -> None:
    table, drawing = drawn("cycle-time", answers.made(count))
    done = [each["seconds"] for each in table.named() if each["finished_at"]]
    wanted = (
        {name: answers.nearest_rank(done, p) for name, p in (("p50", 0.5), ("p85", 0.85), ("p95", 0.95))}
        if len(done) >= 5
        else {}
    )
    assert {each.label: each.value for each in table.lines} == wanted
    value = drawing.heights()
    shown = [
        value(points[0][1])
        for look, points in drawing.paths()
        if look.get("stroke-width") == "1.3" and points[0][1] == points[-1][1]
    ]
    assert sorted(shown) == pytest.approx(sorted(x / DAY for x in wanted.values()), abs=tolerance(value))
    assert bool(wanted) or any(each.startswith("Too few for percentiles: 3 ") for each in table.says)


@few_and_many
def test_ageing_work_lies_as_high_as_it_is_old_in_its_milestone(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("ageing", answer)
    value = drawing.heights()
    wanted = sorted(x["age"] / DAY for x in answer["initiatives"] if x["age"] is not None)
    assert sorted(x / DAY for x in table.column("seconds")) == wanted
    active = sorted(each["seconds"] / DAY for each in table.named() if each["status"] == "active")
    assert sorted(value(y) for _, y, _ in drawing.circles()) == pytest.approx(active, abs=tolerance(value))
    assert len(wanted) == answer["unfinished"]
    wide = max(points[-1][0] for look, points in drawing.paths() if look.get("stroke-opacity") == "0.6")
    column = wide / (len(answers.MILESTONES) - 1)
    for x, _, title in drawing.circles():
        assert f" in {answers.MILESTONES[int(x / column)]}: " in title


@pytest.mark.parametrize("count", [2, 5, 50, 500])
def test_bars_of_a_milestone_are_as_long_as_its_visits(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("time-in-milestone", answer)
    length = drawing.lengths()
    parts = [
        each[name] / DAY for each in table.named() for name in ("first", "second", "later") if each[name] > 0
    ]
    shown = [length(each["width"]) - length(0) for each in drawing.rects()]
    assert shown == pytest.approx(parts, abs=2 * tolerance(length))
    total = sum(
        answers.stood(cycle, visit)
        for each in answer["initiatives"]
        for cycle in each["cycles"]
        for visit in cycle["visits"]
    )
    assert sum(parts) == pytest.approx(total / DAY)


@few_and_many
def test_bars_of_throughput_stand_on_zero_and_count_finishes(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("throughput", answer)
    value = drawing.heights()
    bars = drawing.rects()
    assert [value(each["y"] + each["height"]) for each in bars] == pytest.approx(
        [0.0] * len(bars), abs=tolerance(value)
    )
    counts = [each[name] for each in table.named() for name in ("initiatives", "cycles") if each[name]]
    assert [round(value(each["y"])) for each in bars] == counts
    assert sum(table.column("cycles")) == answer["n"]


@pytest.mark.parametrize("count", [1, 5, 50, 500])
def test_areas_of_the_flow_are_the_counts_stacked(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("cumulative-flow", answer)
    value = drawing.heights()
    areas = [points for look, points in drawing.paths() if look.get("class") == "edge"]
    names = [each.name for each in table.columns[1:] if any(table.column(each.name))]
    start, end = (seconds(each) for each in answer["window"])
    wide = max(x for points in areas for x, _ in points)
    looked_at = 0
    for row, following in pairwise(table.named()):
        begin, until = ((seconds(each["at"]) - start) / (end - start) * wide for each in (row, following))
        if until - begin > 0.5:
            below = 0
            for name, points in zip(names, areas, strict=True):
                edges = [value(y) for y in heights_at((begin + until) / 2, points)]
                assert sorted(edges) == pytest.approx([below, below + row[name]], abs=tolerance(value))
                below += row[name]
                looked_at += 1
    assert looked_at > 10


def heights_at(x: float, outline: list[tuple[float, float]]) -> list[float]:
    """Where an outline of steps crosses a place: at its upper edge, and at its lower one."""
    return [high for (a, high), (b, _) in pairwise([*outline, outline[0]]) if min(a, b) < x < max(a, b)]


@few_and_many
def test_the_flow_ends_with_what_stands_there_now(count: int) -> None:
    answer = answers.made(count)
    table, _ = drawn("cumulative-flow", answer)
    assert sum(int(each or 0) for each in table.rows[-1][1:]) == count
    for name, status in (("in live", "live"), ("backlog", "backlog")):
        assert table.column(name)[-1] == sum(each["status"] == status for each in answer["initiatives"])


def test_flow_counts_at_each_moment_who_stood_there() -> None:
    answer = answers.made(8)
    table, _ = drawn("cumulative-flow", answer)
    for row in table.named():
        for name in answers.MILESTONES[:-1]:
            there = sum(
                visit["entered_at"] <= row["at"] < (visit["left_at"] or cycle["ended_at"] or "9")
                for each in answer["initiatives"]
                for cycle in each["cycles"]
                for visit in cycle["visits"]
                if visit["milestone"] == name
            )
            assert row[f"in {name}"] == there, (row["at"], name)


@pytest.mark.parametrize("count", [3, 50, 500])
def test_latency_is_told_as_it_was_answered(count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn("gate-latency", answer)
    length = drawing.lengths()
    for row in table.named():
        found = answer["gate_latency"][row["role"]]
        of = found if row["decision"] == "approved" else found["rejected"]
        assert row["n"] == of["n"]
        assert (row["p50"], row["p85"]) == (of["p50"], of["p85"])
    solid = sorted(x for row in table.named() if row["decision"] == "approved" and (x := row["p50"]))
    shown = sorted(length(x) for x, _, title in drawing.circles() if not title)
    pairs = [
        each
        for row in table.named()
        if row["decision"] == "approved" and row["p50"]
        for each in (row["p50"], row["p85"])
    ]
    assert shown == pytest.approx(sorted(x / DAY for x in pairs), abs=tolerance(length))
    assert bool(solid) == bool(pairs)


def iterations(initiative: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for cycle in initiative["cycles"] for each in cycle["iterations"]]


@pytest.mark.parametrize("name", ["outcome", "risk-exposure"])
def test_lines_by_iteration_go_through_their_values_and_stop_where_nothing_is_known(name: str) -> None:
    answer = answers.made(5)
    table, drawing = drawn(name, answer)
    value = drawing.heights()
    rows = table.named()
    known = [each["value"] for each in rows if each["value"] is not None]
    lines = [points for look, points in drawing.paths() if look.get("stroke-width") == "2"]
    shown = [value(y) for points in lines for _, y in points]
    assert shown == pytest.approx(known, abs=tolerance(value))
    if name == "outcome":
        told = {
            (each["key"], i["iteration"]): i["gain"]
            for each in answer["initiatives"]
            for i in iterations(each)
        }
        assert [each["gain"] for each in rows] == [told[each["key"], each["iteration"]] for each in rows]
        assert rows[0]["gain"] == rows[0]["value"] is not None
    for before, row in pairwise(rows):
        if name == "risk-exposure":
            change = row["value"] - before["value"] if before["key"] == row["key"] else None
            assert row["gain"] == change


@pytest.mark.parametrize("name", ["outcome", "risk-exposure"])
def test_every_mark_in_the_plot_is_an_iteration_and_the_legend_says_whose(name: str) -> None:
    chart = METRICS[name]
    table = chart.table(answers.made(5))
    picture = chart.draw(table)
    drawing = Drawing.of(picture)
    first = table.column("key")[0]
    known = [each for each in table.named() if each["key"] == first and each["value"] is not None]
    assert len(drawing.circles()) == len(known)  # circles are the marks of the first
    keys = list(dict.fromkeys(table.column("key")))
    shown = [each.text for each in parsed(picture).findall(f"{SVG}text")]
    assert [each for each in shown if each in keys] == keys


@pytest.mark.parametrize(("name", "field"), [("outcome", "progress"), ("risk-exposure", "risk_exposure")])
@pytest.mark.parametrize("count", [50, 500])
def test_many_initiatives_are_their_middle_and_their_range(name: str, field: str, count: int) -> None:
    answer = answers.made(count)
    table, drawing = drawn(name, answer)
    value = drawing.heights()
    reported = answer["outcome_progress" if name == "outcome" else "risk_exposure"]
    middle = "p50" if name == "outcome" else "value"
    assert [(x["iteration"], x["n"], x["middle"]) for x in table.named()] == [
        (x["iteration"], x["n"], pytest.approx(x[middle])) for x in reported
    ]
    shown = [value(y) for _, y, _ in drawing.circles()]
    assert shown == pytest.approx(table.column("middle"), abs=tolerance(value))
    assert all(row["low"] <= row["middle"] <= row["high"] for row in table.named())


def test_the_fan_is_nested_and_ends_at_its_counts() -> None:
    answer = answers.fan(most=40)
    table, drawing = drawn("forecast", answer)
    value = drawing.heights()
    lines = [points for look, points in drawing.paths() if look.get("stroke-width") == "0.9"]
    last = answer["fan"][-1]
    assert [round(value(points[-1][1])) for points in lines] == [
        last[x] for x in ("p95", "p85", "p70", "p50")
    ]
    assert all(
        a == c or b == d for points in lines for (a, b), (c, d) in pairwise(points)
    )  # whole counts, so steps
    first, wide = lines[0][0][0], lines[0][-1][0]
    places = [first + (wide - first) * at / (len(answer["fan"]) - 1) for at in range(len(answer["fan"]))]
    for name, points in zip(("p95", "p85", "p70", "p50"), lines, strict=True):
        for (begin, until), each in zip(pairwise(places), answer["fan"][:-1], strict=True):
            [high] = [b for (a, b), (c, d) in pairwise(points) if b == d and a < (begin + until) / 2 < c]
            assert round(value(high)) == each[name]
    assert table.column("p85") == [each["p85"] for each in answer["fan"]]


def test_a_line_lies_at_the_count_that_was_asked_for() -> None:
    days = {"p50": "2026-04-01", "p70": "2026-04-20", "p85": "2026-05-20", "p95": None}
    table, drawing = drawn("forecast", {**answers.fan(), "question": {"count": 10}, "percentiles": days})
    value = drawing.heights()
    [(_, points)] = [each for each in drawing.paths() if each[0].get("stroke-dasharray") == "8 4"]
    assert [round(value(y), 1) for _, y in points] == [10, 10]
    assert "10 more" in [said for _, _, said in drawing.texts()]
    assert (
        table.says[0] == "10 more: by 2026-04-01 with 50 %, by 2026-04-20 with 70 %, by 2026-05-20 with 85 %."
    )
    assert not drawn("forecast", answers.fan())[0].lines


@pytest.mark.parametrize(
    ("most", "said"),
    [
        (14, "at least 14 with 50 %, at least 11 with 70 %, at least 9 with 85 %, at least 5 with 95 %."),
        (2, "at least 2 with 50 %, at least 1 with 70 %, at least 1 with 85 %."),
        (0, "no finish is sure with 50 % or more."),
    ],
)
def test_that_at_least_none_finish_is_not_said(most: int, said: str) -> None:
    table, drawing = drawn("forecast", answers.fan(most=most))
    assert table.says[0] == f"By 2026-05-31: {said}"
    assert not [shown for _, _, shown in drawing.texts() if shown.endswith(" 0+")]


def test_finishes_lie_at_their_days() -> None:
    answer = answers.made(50)
    table, drawing = drawn("cycle-time", answer)
    start, end = (seconds(each) for each in answer["window"])
    wide = max(points[-1][0] for look, points in drawing.paths() if look.get("stroke-opacity") == "0.6")
    wanted = [(seconds(x["finished_at"]) - start) / (end - start) for x in table.named() if x["finished_at"]]
    shown = [x / wide for x, _, _ in drawing.circles(fill=SERIES[0])]
    assert shown == pytest.approx(wanted, abs=0.001)


def test_a_picture_whose_points_are_moved_is_found() -> None:
    """The control: the reading back tells a point that lies one unit too high."""
    chart = METRICS["cycle-time"]
    table = chart.table(answers.made(50))
    picture = chart.draw(table)
    first = Drawing.of(picture).circles(fill=SERIES[0])[0]
    moved = picture.replace(f'cy="{first[1]:g}"', f'cy="{first[1] - 1:g}"', 1)
    assert moved != picture
    drawing = Drawing.of(moved)
    value = drawing.heights()
    days = sorted(each["seconds"] / DAY for each in table.named() if each["finished_at"])
    shown = sorted(value(y) for _, y, _ in drawing.circles(fill=SERIES[0]))
    off = [abs(a - b) for a, b in zip(shown, days, strict=True)]
    assert max(off) > tolerance(value)
    assert math.isfinite(max(off))
