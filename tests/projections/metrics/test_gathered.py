"""What initiatives come to together: gates, buy-in, stops, iterations."""

from __future__ import annotations

from roadlog.domain.events import (
    InitiativeReopened,
    InitiativeStopped,
    RiskClosed,
    StakeholderConsulted,
)
from roadlog.domain.moments import rfc3339
from tests.domain.spec import By
from tests.projections.histories import (
    asked,
    back,
    day,
    defined,
    expected,
    moved,
    on,
    risk,
)
from tests.projections.histories import measured as measured_value
from tests.projections.metrics.histories import DAY, approving, rejecting
from tests.projections.metrics.reports import FINISHED, report


def test_rejected_rounds_stand_apart_and_open_ones_are_counted() -> None:
    steps = (
        *FINISHED[:3],
        on(3.5, asked("data-science", "compliance")),
        on(4, rejecting("data-science"), "dan"),
        on(5, asked("data-science", request="Q2")),
        on(6, approving("data-science"), "dan"),
    )
    found = report(steps, at=9)["gate_latency"]
    assert found["data-science"] == {
        "n": 1,
        "p50": None,
        "p85": None,
        "items": [{"key": "SUP-1", "seconds": DAY}],
        "open": 0,
        "rejected": {"n": 1, "p50": None, "p85": None, "items": [{"key": "SUP-1", "seconds": DAY / 2}]},
    }
    assert (found["compliance"]["n"], found["compliance"]["open"]) == (0, 1)
    heard = report(steps, at=9, role="data-science")
    assert list(heard["gate_latency"]) == list(heard["buy_in"]) == ["data-science"]


def test_a_yes_after_a_no_counts_from_the_same_request() -> None:
    """Else those that took longest would be left out, and gates would look quicker than they are."""
    steps = (
        *FINISHED[:3],
        on(4, asked("data-science")),
        on(5, rejecting("data-science"), "dan"),
        on(6, rejecting("data-science"), "dan"),
        on(8, approving("data-science"), "dan"),
        on(9, rejecting("data-science"), "dan"),
    )
    for upto, approved in ((5, []), (6, []), (7, [4 * DAY]), (8, [4 * DAY])):
        found = report(steps[:upto], at=12)["gate_latency"]["data-science"]
        assert [each["seconds"] for each in found["items"]] == approved
        assert [each["seconds"] for each in found["rejected"]["items"]] == [DAY]
        assert found["open"] == 0
    [span] = report(steps, at=12)["initiatives"][0]["spans"]
    assert (span["from"], span["to"]) == (rfc3339(day(4)), rfc3339(day(8)))


def test_a_yes_after_a_no_whose_milestone_was_left_is_of_no_round() -> None:
    steps = (
        *FINISHED[:3],
        on(4, asked("data-science")),
        on(5, rejecting("data-science"), "dan"),
        on(6, back("learn")),
        on(7, moved("build", iteration=2, visit=2)),
        on(8, approving("data-science"), "dan"),
    )
    found = report(steps, at=12)["gate_latency"]["data-science"]
    assert (found["n"], found["rejected"]["n"]) == (0, 1)


def test_a_round_is_over_when_its_milestone_is_left() -> None:
    steps = (
        *FINISHED[:3],
        on(4, asked("data-science")),
        on(5, back("learn")),
        on(9, moved("build", iteration=2, visit=2)),
        on(10, approving("data-science"), "dan"),
    )
    found = report(steps, at=12)["gate_latency"]["data-science"]
    assert (found["n"], found["open"]) == (0, 0)


def test_what_is_dated_before_its_request_took_no_time() -> None:
    steps = (*FINISHED[:3], on(6, asked("data-science")), on(4, approving("data-science"), "dan"))
    answer = report(steps, at=12)
    assert answer["gate_latency"]["data-science"]["items"] == [{"key": "SUP-1", "seconds": 0.0}]
    [span] = answer["initiatives"][0]["spans"]
    assert span["from"] == span["to"]


def test_a_request_of_stopped_work_waits_for_nobody() -> None:
    steps = (*FINISHED[:3], on(4, asked("data-science")), on(5, InitiativeStopped()))
    assert report(steps)["gate_latency"]["data-science"]["open"] == 0


def test_the_longest_silence_of_a_role_may_be_the_present_one() -> None:
    steps = (*FINISHED[:2], on(3, StakeholderConsulted(role="compliance", said="Fine so far.")))
    assert report(steps, at=4)["buy_in"] == {
        "compliance": {
            "n": 0,
            "p50": None,
            "p85": None,
            "items": [],
            "longest": {"key": "SUP-1", "seconds": 2 * DAY, "open": False},
        }
    }
    assert report(steps, at=9)["buy_in"]["compliance"]["longest"] == {
        "key": "SUP-1",
        "seconds": 6 * DAY,
        "open": True,
    }


def test_a_stop_belongs_to_the_milestone_in_which_it_happened() -> None:
    stopped = (*FINISHED[:3], on(4, InitiativeStopped()))
    answer = report(stopped, FINISHED)
    assert answer["stops"] == {
        "learn": {"entered": 2, "stopped": 0, "rate": 0.0},
        "build": {"entered": 2, "stopped": 1, "rate": 0.5},
    }
    assert answer["time_to_stop"]["items"] == [{"key": "SUP-1", "seconds": 3 * DAY}]


def test_a_visit_that_was_stopped_twice_is_one_visit() -> None:
    stopped = (
        *FINISHED[:2],
        on(2, InitiativeStopped()),
        on(3, InitiativeReopened()),
        on(4, InitiativeStopped()),
    )
    assert report(stopped)["stops"]["learn"] == {"entered": 1, "stopped": 1, "rate": 1.0}
    outside = report(stopped, window=(day(1.5), None))
    assert outside["stops"]["learn"] == {"entered": 0, "stopped": 1, "rate": None}
    assert outside["time_to_stop"]["n"] == 2


def test_progress_and_risk_are_told_by_iteration() -> None:
    looped = (
        on(0, defined()),
        on(0.5, risk(likelihood=4, impact=4)),
        on(1, moved("learn")),
        on(2, measured_value(765)),
        on(3, back("learn")),
        on(4, measured_value(630)),
        on(5, risk("R2", likelihood=1, impact=2)),
        on(6, moved("run", iteration=2)),
    )
    answer = report(looped, FINISHED)
    assert answer["outcome_progress"] == [
        {"iteration": 1, "n": 1, "p50": 0.5, "gain": 0.5},
        {"iteration": 2, "n": 1, "p50": 1.0, "gain": 0.5},
    ]
    assert answer["risk_exposure"] == [
        {"iteration": 1, "value": 8.0, "n": 2},
        {"iteration": 2, "value": 18.0, "n": 1},
    ]


def test_what_was_measured_after_the_finish_belongs_to_the_iteration_that_led_there() -> None:
    live = (*FINISHED, on(20, measured_value(765)))
    assert report(live)["outcome_progress"] == [{"iteration": 1, "n": 1, "p50": 0.5, "gain": 0.5}]
    again = (*live, on(21, back("learn", cycle=2)), on(22, measured_value(630)))
    assert [each["gain"] for each in report(again)["outcome_progress"]] == [0.5, 0.5]


def test_risks_are_those_that_were_open_when_the_iteration_ended_whenever_that_was_typed() -> None:
    steps = (
        *FINISHED[:2],
        on(2, risk(likelihood=4, impact=4)),
        on(8, RiskClosed(risk="R1")),
        on(6, back("learn")),
        on(5, risk("R2", likelihood=3, impact=3)),
    )
    assert [each["value"] for each in report(steps, at=9)["risk_exposure"]] == [25.0, 9.0]


def test_iterations_are_held_against_what_was_expected() -> None:
    def told(*steps: By) -> str:
        [item] = report((on(-1, expected(2, 3)), *steps))["expectations"]["items"]
        return f"{item['actual']} {item['state']}"

    def finished(iterations: int) -> tuple[By, ...]:
        loops = (on(1 + n, back("learn", iteration=1 + n, visit=1 + n)) for n in range(1, iterations))
        return (*FINISHED[:2], *loops, on(9, moved("run", iteration=iterations)))

    assert [told(*finished(n)) for n in (1, 2, 3, 4)] == ["1 under", "2 within", "3 within", "4 over"]
    assert told(*finished(2)[:-1]) == "2 open"
    assert told(*finished(4)[:-1]) == "4 over"
    assert told(*finished(2)[:-1], on(9, InitiativeStopped())) == "2 stopped"
    assert report(FINISHED)["expectations"] == {
        "within": 0,
        "over": 0,
        "under": 0,
        "open": 0,
        "stopped": 0,
        "unset": 1,
        "items": [],
    }
