"""Metrics for people: what was measured, on how many, from which log."""

from __future__ import annotations

from typing import Any

import pytest

from roadlog.cli.views.metrics import render
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

REPORT = """\
metrics/1 · the whole log · days counted in UTC
0 finished cycles · 2 unfinished · 3 not started · 0 left out

Finished cycles
                n  p50  p85  p95  with unfinished p50            p85  Items
cycle time      0    –    –    –        beyond 97.0 d  beyond 97.0 d  too few for percentiles
lead time       0    –    –    –        beyond 99.0 d  beyond 99.0 d  too few for percentiles
iteration time  0    –    –    –                                      too few for percentiles
backward moves: 1 for learning

Throughput, and work in progress at its end, by week
From        First finishes  Cycles  In progress  Paused  █ finished ░ at work
2026-02-23               0       0            2       0  ░░
2026-03-02               0       0            2       0  ░░
2026-03-09               0       0            2       0  ░░
2026-03-16               0       0            2       0  ░░
2026-03-23               0       0            2       0  ░░
2026-03-30               0       0            2       0  ░░
2026-04-06               0       0            2       0  ░░
2026-04-13               0       0            2       0  ░░
not shown: 7 earlier ones

Approvals, from the request
Role          n  p50  p85  Waiting  Rejected  Items
data-science  3    –    –                     SUP-1 1.0 d; SUP-1 1.0 d; SUP-2 1.0 d
compliance    2    –    –                     SUP-1 3.0 d; SUP-2 3.0 d
engineering   3    –    –                     SUP-1 1.0 d; SUP-1 6.0 d; SUP-2 1.0 d

Days between words of a role, while work is in progress
Role          n  p50  p85  Longest silence
data-science  1    –    –  72.0 d on SUP-2, and goes on
engineering   1    –    –  61.0 d on SUP-2, and goes on
compliance    0    –    –  89.0 d on SUP-1, and goes on
customer-ops  0    –    –  78.0 d on SUP-2, and goes on

What each iteration made of it
Iteration  Initiatives  n measured  Progress p50  Gain p50  Risk exposure  Items (gain)
        1            2           0                                    0.0
        2            1           1             –         –           17.0  SUP-1 96 % (+96 %)
iterations as expected: 2 open

Time in milestones, by visit
Milestone    First visits  Second visits  Later visits  Again
feasibility   18.0 d in 2
prototype     20.0 d in 2    17.0 d in 1                 46 %
training      67.0 d in 2    53.0 d in 1                 44 %

Cycles
Key    Cycle  Started     Finished     Time  Days  Waiting  Rework  Lead time
SUP-1      1  2026-01-08  under way  97.0 d         31.0 d  70.0 d
SUP-2      1  2026-01-27  under way  78.0 d          4.0 d   0.0 d

Time in milestones
SUP-1  feasibility 9.0 d · prototype 27.0 d in 2 visits · training 61.0 d in 2 visits
SUP-2  feasibility 9.0 d · prototype 10.0 d · training 59.0 d

Iterations
SUP-1  1: 27.0 d · 2: 70.0 d so far, outcome at 96 %
SUP-2  1: 78.0 d so far

Before you believe it
  what is measured was recorded over a day after it happened: SUP-1
  fewer than 5 cycles finished: no percentile is given

as of 2026-04-15 10:00 UTC, position 64, head HASH
"""
DAY = 86_400.0
NONE = {
    "p50": None,
    "p85": None,
    "p95": None,
    "survival_p50": None,
    "survival_p85": None,
    "survival_beyond": None,
}


def finished(key: str, number: int, length: float) -> dict[str, Any]:
    """An initiative with one finished cycle of so many days."""
    visit = {"milestone": "build", "visit": 1, "seconds": length * DAY}
    iteration = {"iteration": 1, "to": "2026-02-01T00:00:00.000000Z", "time": length * DAY, "progress": None}
    cycle = {
        "cycle": number,
        "started_at": "2026-01-01T00:00:00.000000Z",
        "finished_at": "2026-02-01T00:00:00.000000Z",
        "cycle_time": length * DAY,
        "inclusive_days": 32,
        "waiting": 0.0,
        "active": length * DAY,
        "rework": 0.0,
        "visits": [visit],
        "time_in_milestone": {"build": length * DAY},
        "iterations": [iteration],
    }
    return {"key": key, "title": key, "lead_time": 40 * DAY, "age": None, "cycles": [cycle]}


def test_the_report(line: Line) -> None:
    assert seen(line, "metrics") == REPORT


def test_few_finished_ones_are_listed(line: Line, draw: Draw) -> None:
    few = {**NONE, "n": 2}
    items = [{"key": "SUP-1", "seconds": 31 * DAY}, {"key": "SUP-2", "seconds": 2.25 * DAY}]
    answer = {
        **line.json("metrics"),
        "n": 2,
        "unfinished": 0,
        "cycle_time": {**few, "items": items},
        "lead_time": {**few, "items": items},
        "rework_ratio": 0.125,
        "initiatives": [finished("SUP-1", 1, 31)],
    }
    text = draw(render, answer)
    assert "2 finished cycles · 0 unfinished · 3 not started · 0 left out" in text
    assert "cycle time      2    –    –    –  SUP-1 31.0 d; SUP-2 2.2 d\n" in text
    assert "backward moves: 1 for learning · rework 12 %" in text
    assert "SUP-1      1  2026-01-01  2026-02-01  31.0 d    32    0.0 d   0.0 d  40.0 d\n" in text


def test_percentiles_where_there_are_enough(line: Line, draw: Draw) -> None:
    enough = {**NONE, "n": 5, "p50": 10 * DAY, "p85": 20.04 * DAY, "p95": 1200 * DAY}
    text = draw(render, {**line.json("metrics"), "lead_time": enough}, columns=120)
    assert "lead time       5  10.0 d  20.0 d  1,200.0 d                    –              –\n" in text


def test_a_cycle_of_no_time_has_no_blank_rows(line: Line, draw: Draw) -> None:
    short = finished("SUP-2", 1, 0)
    short["cycles"][0] |= {"visits": [], "time_in_milestone": {}, "iterations": []}
    text = draw(render, {**line.json("metrics"), "initiatives": [finished("SUP-1", 1, 31), short]})
    assert text[text.index("\nCycles\n") :].count("SUP-2 ") == 1
    assert "Time in milestones\nSUP-1  build 31.0 d\n\nIterations\nSUP-1  1: 31.0 d\n\n" in text
    text = draw(render, {**line.json("metrics"), "initiatives": [short]})
    assert "Rework  Lead time\nSUP-2      1" in text
    assert "Time in milestones\n" not in text
    assert "Iterations" not in text


def test_iteration_times_stand_beside_cycle_times(line: Line, draw: Draw) -> None:
    few = {"n": 2, "p50": None, "items": [{"key": "SUP-1", "seconds": each * DAY} for each in (9, 18)]}
    few |= {"p85": None, "p95": None}
    text = draw(render, {**line.json("metrics"), "iteration_time": few}, columns=80)
    assert "iteration time  n 2 · p50 – · p85 – · p95 – · Items SUP-1 9.0 d; SUP-1 18.0 d\n" in text
    enough = {"n": 6, "p50": 10 * DAY, "p85": 20.04 * DAY, "p95": 1200 * DAY}
    text = draw(render, {**line.json("metrics"), "iteration_time": enough}, columns=80)
    assert "iteration time  n 6 · p50 10.0 d · p85 20.0 d · p95 1,200.0 d\n" in text


def test_the_time_to_a_stop_is_told_where_there_were_some(line: Line, draw: Draw) -> None:
    answer = line.json("metrics")
    assert "time to stop" not in draw(render, answer)
    one = {"n": 1, "p50": None, "items": [{"key": "SUP-2", "seconds": 12 * DAY}]}
    stops = {"prototype": {"entered": 4, "stopped": 1, "rate": 0.25}}
    text = draw(render, {**answer, "time_to_stop": one, "stops": stops})
    assert "stopped in prototype: 1 of 4 · time to stop SUP-2 12.0 d\n" in text
    enough = {"n": 6, "p50": 10 * DAY, "p85": 20.04 * DAY, "p95": 1200 * DAY}
    text = draw(render, {**answer, "time_to_stop": enough})
    assert "time to stop p50 10.0 d, p85 20.0 d, p95 1,200.0 d (n 6)\n" in text


def test_time_in_milestones_is_told_by_visit_of_the_roadmap(line: Line, draw: Draw) -> None:
    visits = [{"visit": at, "n": 1, "seconds": at * DAY} for at in (1, 2, 3, 4)]
    found = {"build": visits, "feasibility": [{"visit": 1, "n": 12, "seconds": 1200 * DAY}]}
    text = draw(render, {**line.json("metrics"), "time_in_milestone": found}, columns=80)
    assert (
        """
Time in milestones, by visit
Milestone       First visits  Second visits  Later visits  Again
build             1.0 d in 1     2.0 d in 1    7.0 d in 2   90 %
feasibility  1,200.0 d in 12
"""
        in text
    )
    assert "by visit" not in draw(render, {**line.json("metrics"), "time_in_milestone": {}})
    assert "by visit" not in seen(line, "metrics", "SUP-1")


@pytest.mark.parametrize("columns", [40, 50, 60, 70, 80])
def test_no_key_date_or_number_is_cut(line: Line, draw: Draw, columns: int) -> None:
    keys = [f"AI-{number}" for number in range(1, 13)]
    text = draw(
        render,
        {**line.json("metrics"), "initiatives": [finished(key, 1, 395) for key in keys]},
        columns=columns,
    )
    cycles = text[text.index("Cycles\n") : text.index("Time in milestones\n")].split()
    assert [each for each in cycles if each.startswith("AI-")] == keys
    for shown in ("2026-01-01", "2026-02-01", "395.0", "32", "40.0"):
        assert cycles.count(shown) == 12
    assert "…" not in text


def test_a_cycle_that_has_no_room_is_told_as_facts(line: Line, draw: Draw) -> None:
    text = draw(render, {**line.json("metrics"), "initiatives": [finished("AI-10", 1, 395)]}, columns=60)
    assert (
        """
Cycles
AI-10  Cycle 1 · Started 2026-01-01 · Finished 2026-02-01
       Time 395.0 d · Days 32 · Waiting 0.0 d · Rework 0.0 d
       Lead time 40.0 d
"""
        in text
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    assert widest(seen(line, "metrics", columns=columns)) <= columns


def test_the_filters_are_told(line: Line) -> None:
    window = ("--from", "2026-01-01T00:00:00Z", "--to", "2026-03-01T00:00:00Z")
    text = seen(line, "metrics", "SUP-1", *window, "--milestone", "training", "--zone", "Asia/Tokyo")
    assert text.splitlines()[:2] == [
        "metrics/1 · key SUP-1 · milestone training · finished from 2026-01-01 to 2026-03-01",
        "days counted in Asia/Tokyo",
    ]
    assert line.json("metrics", "--segment", "resellers")["unfinished"] == 1


def test_a_window_clips_the_moves_back_and_must_have_an_inside(line: Line) -> None:
    assert line.json("metrics")["backward_moves"]["learning"] == 1
    assert line.json("metrics", "--to", "2026-01-10")["backward_moves"]["learning"] == 0
    error = line.error("metrics", "--from", "2026-02-01", "--to", "2026-01-01")
    assert (error["exit"], error["rule"]) == (2, "window")


def test_a_segment_that_no_problem_names_is_offered_the_nearest(line: Line) -> None:
    error = line.error("metrics", "--segment", "reseller")
    assert (error["exit"], error["rule"]) == (2, "unknown-segment")
    assert error["message"] == "There is no segment 'reseller'. Did you mean resellers?"
    assert line.json("metrics", "--role", "compliance")["filter"]["role"] == "compliance"
    assert line.error("metrics", "--role", "complience")["try"] == ["roadlog workflow show"]


WAITING = """\
metrics/1 · key SUP-3 · the whole log · days counted in UTC
0 finished cycles · 0 unfinished · 1 not started · 0 left out

SUP-3  in the backlog · defined 2026-03-06, 40.0 d ago · no cycle has started
       the first cycle starts when it enters feasibility or a later milestone;
       what that needs:
       roadlog gate SUP-3

as of 2026-04-15 10:00 UTC, position 64, head HASH
"""


def test_of_what_has_not_started_it_says_since_when_it_waits_and_what_starts_it(line: Line) -> None:
    assert seen(line, "metrics", "SUP-3", columns=80) == WAITING
    assert seen(line, "metrics", "SUP-3", "--zone", "Asia/Tokyo").count("defined 2026-03-06") == 1
    line("gate", "SUP-3")


def test_what_was_stopped_in_the_backlog_is_as_old_as_it_was_then(line: Line) -> None:
    text = seen(line, "metrics", "SUP-5", columns=140)
    assert (
        "SUP-5  in the backlog, stopped · defined 2026-03-08, stopped 2026-03-10, 2.0 d later · no cycle has"
        in text
    )
    assert "once it is reopened, the first cycle starts when it enters feasibility" in text


def test_what_has_no_problem_yet_and_what_was_retired(line: Line, draw: Draw) -> None:
    answer = line.json("metrics", "SUP-3")
    (one,) = answer["initiatives"]
    text = draw(render, {**answer, "initiatives": [{**one, "begun_at": None, "milestone": "ideas"}]})
    assert "SUP-3  in ideas · its problem is not defined yet · no cycle has started\n" in text
    text = draw(render, {**answer, "initiatives": [{**one, "milestone": "ideas"}]})
    assert "SUP-3  in ideas · known since 2026-03-06, 40.0 d ago · no cycle has started\n" in text
    text = draw(render, {**answer, "initiatives": [{**one, "status": "retired"}]})
    assert "SUP-3  in the backlog, retired · defined" in text
    assert "starts" not in text


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (
            ("SUP-3", "--segment", "resellers"),
            "SUP-3 is no initiative whose problem names the segment resellers",
        ),
        (("SUP-3", "--role", "compliance"), "SUP-3 is no initiative on which compliance voted or was heard"),
        (("--milestone", "live"), "there is no initiative that stood in live"),
        (
            ("--milestone", "live", "--segment", "resellers"),
            "there is no initiative that stood in live and whose problem names the segment resellers",
        ),
    ],
)
def test_what_fits_no_filter_is_said_to_be_nothing(line: Line, filters: tuple[str, ...], said: str) -> None:
    answer = line.json("metrics", *filters)
    assert (answer["n"], answer["initiatives"]) == (0, [])
    text = seen(line, "metrics", *filters, columns=140)
    assert f"0 left out\n\nNothing is in it: {said}.\n\nas of " in text
    assert line.json("metrics", *filters, "--chart", "ageing")["missing"] == "No work is in progress."


def test_a_segment_that_is_on_no_initiative_is_unknown_of_one_too(line: Line) -> None:
    error = line.error("metrics", "SUP-3", "--segment", "reseller")
    assert (error["rule"], error["message"]) == (
        "unknown-segment",
        "There is no segment 'reseller'. Did you mean resellers?",
    )
    past = ("metrics", "SUP-3", "--segment", "resellers", "--position", "60")
    assert line.json(*past)["initiatives"] == []


def test_what_is_not_known_is_not_understood(line: Line) -> None:
    assert line.error("metrics", "--milestone", "trainin")["message"].endswith("Did you mean training?")
    for asked in ("metrics", "forecast"):
        error = line.error(asked, "--zone", "Europe/Berln")
        assert (error["exit"], error["rule"]) == (2, "unknown-zone")
        assert error["message"] == "There is no zone 'Europe/Berln'. Did you mean Europe/Berlin?"
    for none in ("", "Europe", "/etc/passwd", "../UTC", "x" * 300):
        assert line.error("metrics", "--zone", none)["rule"] == "unknown-zone"
    assert line.error("metrics", "SUB-1")["rule"] == "unknown-initiative"


def test_before_there_was_a_workflow_there_is_nothing_to_measure(line: Line) -> None:
    assert line.error("metrics", "--position", "1")["rule"] == "moment"


def test_of_few_that_were_measured_each_is_told_and_of_five_the_median(line: Line, draw: Draw) -> None:
    answer = line.json("metrics")
    few = draw(render, answer, columns=120)
    assert (
        """
Iteration  Initiatives  n measured  Progress p50  Gain p50  Risk exposure  Items (gain)
        1            2           0                                    0.0
        2            1           1             –         –           17.0  SUP-1 96 % (+96 %)
"""
        in few
    )
    five = [{"iteration": 2, "n": 5, "p50": 0.4, "gain": 0.1}]
    told = draw(render, {**answer, "outcome_progress": five}, columns=120)
    assert "        2            1           5          40 %     +10 %           17.0\n" in told
