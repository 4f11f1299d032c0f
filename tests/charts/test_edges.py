"""What is seldom: nothing finished, all stopped, no time at all, a thousand loops, a day, many years."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from roadlog.charts.registry import METRICS
from roadlog.charts.table import DAY
from roadlog.domain.moments import instant, rfc3339
from tests.charts import answers
from tests.charts.answers import TODAY
from tests.charts.pictures import CHARTS, SVG, Drawing, answer_for, parsed

Answer = dict[str, Any]


def shown(answer: Answer, name: str) -> str:
    """The words of a picture."""
    return " ".join(each.text or "" for each in parsed(METRICS[name].svg(answer)).iter(f"{SVG}text"))


def all_unfinished() -> Answer:
    chosen = [x for x in answers.made(60)["initiatives"] if x["status"] in ("active", "blocked", "paused")]
    once = [x for x in chosen if len(x["cycles"]) == 1]
    return answers.answer_of(once, TODAY - timedelta(days=540), TODAY)


def all_stopped() -> Answer:
    chosen = [x for x in answers.made(90)["initiatives"] if x["status"] in ("stopped", "retired")]
    once = [x for x in chosen if len(x["cycles"]) == 1]
    return answers.answer_of(once, TODAY - timedelta(days=540), TODAY)


def without_length() -> Answer:
    """Every visit, cycle and age is zero long."""
    answer = answers.made(12)
    at = rfc3339(TODAY)
    for each in answer["initiatives"]:
        each["begun_at"], each["age"] = at, 0.0 if each["age"] is not None else None
        for gate in each["gates"]:
            gate["seconds"] = 0.0 if gate["answered_at"] else None
        for cycle in each["cycles"]:
            cycle["started_at"] = at
            for name in ("finished_at", "ended_at"):
                cycle[name] = at if cycle[name] else None
            cycle["cycle_time"] = 0.0 if cycle["finished_at"] else None
            for visit in cycle["visits"]:
                visit["entered_at"], visit["seconds"] = at, 0.0
                visit["left_at"] = at if visit["left_at"] else None
        for stay in each["live"]:
            stay["entered_at"], stay["left_at"] = at, at if stay["left_at"] else None
    return answers.answer_of(answer["initiatives"], TODAY, TODAY)


def a_thousand_loops() -> Answer:
    """One initiative that went back a thousand times."""
    answer = answers.made(1, seed=3)
    (each,) = answer["initiatives"]
    begun = TODAY - timedelta(days=1_000)
    ats = [rfc3339(begun + timedelta(days=day)) for day in range(1_001)]
    cycle = each["cycles"][0]
    cycle.update(started_at=ats[0], finished_at=None, ended_at=None, outcome="open", cycle_time=None)
    cycle["visits"] = [
        {"milestone": "training", "visit": place, "entered_at": a, "left_at": b, "seconds": DAY}
        for place, (a, b) in enumerate(zip(ats, [*ats[1:-1], None], strict=False), 1)
    ]
    cycle["iterations"] = [
        {"iteration": place, "from": a, "to": a, "progress": place / 900, "gain": None, "risk_exposure": 9.0}
        for place, a in enumerate(ats[:-1], 1)
    ]
    each.update(cycles=[cycle], live=[], status="active", milestone="training", age=1_000 * DAY)
    each["begun_at"] = ats[0]
    return answers.answer_of([each], begun, TODAY)


def one_day() -> Answer:
    return answers.made(20, days=1)


def many_years() -> Answer:
    return answers.made(50, days=12 * 365)


def before_the_history() -> Answer:
    answer = answers.made(20)
    window = [rfc3339(TODAY - timedelta(days=4_000)), rfc3339(TODAY - timedelta(days=3_900))]
    empty = answers.made(0)
    return {
        **empty,
        "initiatives": answer["initiatives"],
        "window": window,
        "filter": {**empty["filter"], "from": window[0], "to": window[1]},
        "throughput": [{"from": window[0], "to": window[1], "initiatives": 0, "cycles": 0}],
    }


MADE: dict[str, Callable[[], Answer]] = {
    each.__name__: each
    for each in (
        all_unfinished,
        all_stopped,
        without_length,
        a_thousand_loops,
        one_day,
        many_years,
        before_the_history,
    )
}


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("made", MADE)
def test_it_is_drawn_or_says_why_not(name: str, made: str) -> None:
    answer = MADE[made]()
    table = METRICS[name].table(answer)
    picture = METRICS[name].draw(table)
    root = parsed(picture)
    words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert "nan" not in picture
    assert "inf" not in picture.replace("infe", "").replace("info", "")
    assert len(picture) < 300_000
    assert (table.missing and table.missing in words) or table.rows
    for each in root.iter():
        for place in ("x", "y", "cx", "cy"):
            assert -200 <= float(each.get(place, 0)) <= 900


def test_nothing_finished_is_said_and_the_unfinished_are_shown() -> None:
    answer = all_unfinished()
    table = METRICS["cycle-time"].table(answer)
    assert (answer["n"], table.lines) == (0, ())
    assert {row[3] for row in table.rows} == {None}
    assert "Nothing finished in this window." in shown(answer, "throughput")
    assert "no finished cycle, 5 are needed" in shown(answer, "ageing")


def test_a_stop_is_neither_a_finish_nor_in_progress() -> None:
    answer = all_stopped()
    assert METRICS["cycle-time"].table(answer).rows == ()
    assert "No work is in progress." in shown(answer, "ageing")
    flow = METRICS["cumulative-flow"].table(answer)
    assert flow.column("left")[-1] == len(answer["initiatives"])


def test_who_was_stopped_in_the_backlog_has_left() -> None:
    (each,) = answers.made(1)["initiatives"]
    stopped = rfc3339(instant(each["begun_at"]) + timedelta(days=3))
    each.update(cycles=[], live=[], status="stopped", milestone=None, age=None)
    each["spans"] = [{"kind": "stopped", "from": stopped, "to": None}]
    table = METRICS["cumulative-flow"].table(answers.answer_of([each], TODAY - timedelta(days=540), TODAY))
    assert [(row["backlog"], row["left"]) for row in table.named()] == [
        (0, 0),
        (1, 0),
        (0, 1),
        (0, 1),
    ]


def test_who_is_stopped_and_reopened_left_meanwhile() -> None:
    answer = a_thousand_loops()
    begun = TODAY - timedelta(days=1_000)
    stop, again = (rfc3339(begun + timedelta(days=days)) for days in (600.25, 700.5))
    answer["initiatives"][0]["spans"] = [{"kind": "stopped", "from": stop, "to": again}]
    answer["window"] = [rfc3339(begun + timedelta(days=599)), rfc3339(begun + timedelta(days=702))]
    table = METRICS["cumulative-flow"].table(answer)
    counts = {row["at"]: (row["in training"], row["left"]) for row in table.named()}
    assert {counts[at] for at in counts if stop <= at < again} == {(0, 1)}
    assert {counts[at] for at in counts if at < stop or at >= again} == {(1, 0)}


@pytest.mark.parametrize("count", [1, 3, 4])
def test_a_few_add_up_to_what_the_report_says_of_all(count: int) -> None:
    answer = answers.made(count)
    rows = METRICS["time-in-milestone"].table(answer).named()
    for milestone, visits in answer["time_in_milestone"].items():
        here = [row for row in rows if row["milestone"] == milestone]
        assert sum(row["visits"] for row in here) == sum(each["n"] for each in visits)
        for name, numbers in (("first", {1}), ("second", {2}), ("later", set(range(3, 99)))):
            wanted = sum(each["seconds"] for each in visits if each["visit"] in numbers)
            assert sum(row[name] for row in here) == pytest.approx(wanted)


def test_loops_are_counted_as_later_visits() -> None:
    (row,) = METRICS["time-in-milestone"].table(a_thousand_loops()).named()
    assert (row["first"], row["second"], row["later"], row["visits"]) == (DAY, DAY, 998 * DAY, 1_000)


def test_a_window_clips_time_in_milestones_of_a_few() -> None:
    answer = a_thousand_loops()
    answer["window"] = [rfc3339(TODAY - timedelta(days=10)), rfc3339(TODAY - timedelta(hours=12))]
    (row,) = METRICS["time-in-milestone"].table(answer).named()
    assert (row["first"], row["second"], row["later"], row["visits"]) == (0, 0, 9.5 * DAY, 10)


def test_a_cycle_belongs_to_the_window_that_holds_its_finish() -> None:
    answer = answers.made(50)
    middle = rfc3339(TODAY - timedelta(days=150))
    answer["filter"]["from"] = middle
    later = [row for row in METRICS["cycle-time"].table(answer).named() if row["finished_at"]]
    answer["filter"].update({"from": None, "to": middle})
    earlier = [row for row in METRICS["cycle-time"].table(answer).named() if row["finished_at"]]
    assert later
    assert earlier
    assert len(later) + len(earlier) == answer["n"]
    assert max(x["finished_at"] for x in earlier) < middle <= min(x["finished_at"] for x in later)


def test_a_milestone_that_the_workflow_no_longer_has_is_shown() -> None:
    answer = answers.made(20)
    answer["workflow"]["milestones"].remove("training")
    for name in ("cumulative-flow", "ageing", "time-in-milestone"):
        assert "training" in shown(answer, name), name


def test_what_is_negative_or_beyond_the_target_has_its_place() -> None:
    answer = a_thousand_loops()
    iterations = answer["initiatives"][0]["cycles"][0]["iterations"]
    del iterations[3:]
    for each, progress in zip(iterations, (-0.5, None, 1.7), strict=True):
        each["progress"] = progress
    table = METRICS["outcome"].table(answer)
    drawing = Drawing.of(METRICS["outcome"].draw(table))
    value = drawing.heights()
    lines = [points for look, points in drawing.paths() if look.get("stroke-width") == "2"]
    assert [[round(value(y), 1) for _, y in points] for points in lines] == [[-0.5], [1.7]]


@pytest.mark.parametrize("name", CHARTS)
def test_every_tick_of_time_is_in_the_zone(name: str) -> None:
    answer = {**answer_for(name, 5), "zone": "Pacific/Auckland"}
    assert "days in Pacific/Auckland" in " ".join(
        each.text or "" for each in parsed(CHARTS[name].svg(answer)).iter(f"{SVG}text")
    )


def test_a_window_that_ended_earlier_says_as_of_when_it_was_asked() -> None:
    answer = answers.made(5)
    assert "as of" not in shown(answer, "ageing")
    answer["window"][1] = rfc3339(TODAY - timedelta(days=60))
    assert "to 2026-01-01 · as of 2026-03-02 · days in UTC" in shown(answer, "ageing")


@pytest.mark.parametrize("name", ["backlog", "at", "left", "in"])
def test_a_milestone_may_be_called_anything(name: str) -> None:
    answer = answers.made(30)
    for each in answer["initiatives"]:
        each["milestone"] = name if each["milestone"] == "training" else each["milestone"]
        for visit in (visit for cycle in each["cycles"] for visit in cycle["visits"]):
            visit["milestone"] = name if visit["milestone"] == "training" else visit["milestone"]
    answer["workflow"]["milestones"][2] = name
    usual, other = (METRICS["cumulative-flow"].table(each) for each in (answers.made(30), answer))
    assert [row[1:] for row in other.rows] == [row[1:] for row in usual.rows]
    headings = [each.heading for each in other.columns[1:]]
    assert len(set(headings)) == len(headings) == len({each.name for each in other.columns}) - 1


def test_no_line_of_time_in_milestones_runs_through_a_title() -> None:
    root = parsed(METRICS["time-in-milestone"].svg(answers.made(3)))
    bold = [each for each in root.iter(f"{SVG}text") if each.get("font-weight") == "bold"][1:]
    titles = [float(each.get("y", "")) for each in bold]
    ends = [
        (float(found[1]), float(found[2]))
        for each in root.iter(f"{SVG}path")
        if (found := re.fullmatch(r"M\S+ (\S+)L\S+ (\S+)", each.get("d", "")))
    ]
    assert len(titles) == 3
    assert len(ends) >= 3
    assert not [(y, end) for y in titles for end in ends if end[0] < y < end[1] or end[0] < y - 9 < end[1]]
