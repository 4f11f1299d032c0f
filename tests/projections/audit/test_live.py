"""What is owed while users have it: a monitor, a tested fallback, a model that is known, measurements."""

from __future__ import annotations

from roadlog.domain.events import (
    EvidenceAttached,
    FallbackDefined,
    FallbackTested,
    InitiativeRetired,
    MonitorDefined,
    WorkPaused,
)
from tests.domain.spec import By
from tests.projections.audit.found import BUILT, LIVE, Found, found, passed
from tests.projections.histories import back, day, measured, on

MONITOR = MonitorDefined(signal="Wrong answers", where="dashboard", owner="erin")
FALLBACK = FallbackDefined(kind="human-handoff", description="Talk to a human", trigger="asked", owner=None)
TESTED = FallbackTested(passed=True, evidence=None)


def model(name: str) -> EvidenceAttached:
    return EvidenceAttached(
        evidence=name, kind="model", title=name, uri=None, media_type=None, sha256="a" * 64, size=1
    )


# A monitor


def unwatched(*steps: By, at: float = 60) -> Found:
    return found("live-without-monitor", *steps, at=day(at))


def test_what_is_live_without_a_monitor_is_found() -> None:
    text = "Live since 2026-03-05 without a monitor that somebody owns"
    assert unwatched(*LIVE) == [(text, (104,))]
    assert unwatched(*BUILT) == []


def test_a_monitor_ends_that() -> None:
    text = "Live since 2026-03-05 without a monitor that somebody owns, until 2026-03-12"
    assert unwatched(*LIVE, on(10, MONITOR)) == [(text, (104, 105))]


def test_a_monitor_that_was_there_when_it_went_live_is_enough() -> None:
    assert unwatched(*BUILT, on(2, MONITOR), on(3, passed())) == []


def test_a_monitor_that_was_recorded_late_but_there_is_enough() -> None:
    assert unwatched(*LIVE, on(2, MONITOR)) == []


def test_what_is_paused_is_live_for_its_users_and_what_is_retired_is_not() -> None:
    assert unwatched(*LIVE, on(4, WorkPaused())) == [
        ("Live since 2026-03-05 without a monitor that somebody owns", (104,))
    ]
    assert unwatched(*LIVE, on(4, InitiativeRetired())) == [
        ("Live since 2026-03-05 without a monitor that somebody owns, until 2026-03-06", (104, 105))
    ]


# A fallback


def unsafe(*steps: By) -> Found:
    return found("fallback-older", *steps, at=day(60))


def test_what_is_live_without_a_fallback_or_an_untested_one_is_found() -> None:
    assert unsafe(*LIVE) == [("Live since 2026-03-05 without a fallback", (104,))]
    assert unsafe(*BUILT, on(2, FALLBACK), on(3, passed())) == [
        ("Live since 2026-03-05 with its fallback defined, not tested yet", (105,))
    ]


SAFE = (*BUILT, on(2, FALLBACK), on(2.5, TESTED), on(3, passed()))


def test_a_tested_fallback_is_in_order_until_the_model_changes() -> None:
    assert unsafe(*SAFE) == []
    text = "Live since 2026-03-12 with its fallback not tested since the latest model (M1)"
    assert unsafe(*SAFE, on(10, model("M1"))) == [(text, (107,))]
    assert unsafe(*SAFE, on(10, model("M1")), on(12, TESTED)) == [(f"{text}, until 2026-03-14", (107, 108))]


# The model


def changed(*steps: By) -> Found:
    return found("model-changed", *steps, at=day(60))


def test_a_model_that_came_while_it_was_live_is_found() -> None:
    text = "The model changed to M1 on 2026-03-12, while it was live"
    assert changed(*LIVE, on(10, model("M1"))) == [(text, (104, 105))]
    assert changed(*LIVE, on(10, model("M1")), on(20, back("build"))) == [
        (f"{text}; it went back on 2026-03-22", (104, 105))
    ]


def test_a_model_that_came_before_it_went_live_or_after_it_went_back_is_in_order() -> None:
    assert changed(*BUILT, on(2, model("M1")), on(3, passed())) == []
    assert changed(*LIVE, on(10, back("build")), on(11, model("M1"))) == []


# Measurements


def silent(*steps: By, at: float) -> Found:
    return found("unmeasured", *steps, at=day(at))


def test_what_is_live_and_never_measured_is_found_a_month_later() -> None:
    assert silent(*LIVE, at=32.9) == []
    assert silent(*LIVE, at=33) == [("Live since 2026-03-05, and not measured since", (104,))]


def test_a_measurement_before_it_went_live_does_not_count() -> None:
    steps = (*BUILT, on(2, measured(800)), on(3, passed()))
    assert silent(*steps, at=33) == [("Live since 2026-03-05, and not measured since", (105,))]


def test_a_measurement_is_good_for_a_month() -> None:
    steps = (*LIVE, on(10, measured(800)))
    text = "Live, and last measured on 2026-03-12, more than 30 days before the end of the period"
    assert silent(*steps, at=39.9) == []
    assert silent(*steps, at=40) == [(text, (104, 105))]
