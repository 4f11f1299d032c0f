"""Marks of a line, each of them or thinned, and the dates beneath it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from roadlog.domain.moments import microseconds
from roadlog.projections.kept_trail import Dated
from roadlog.web.time.line import AS_OF, POSITION, Line
from roadlog.web.time.marks import MOST, MOST_PLACES, marks, ticks

NOW = datetime(2026, 7, 1, tzinfo=UTC)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def of(kind: str, number: int, at: datetime) -> Dated:
    return Dated(number, kind, "SUP-1", microseconds(at), True)


def line_since(begin: datetime, mode: str = AS_OF, many: int = 1) -> Line:
    found = [of("NoteAdded", number + 1, begin + number * timedelta(seconds=1)) for number in range(many)]
    return Line(AS_OF if mode == AS_OF else POSITION, found)


def test_milestones_returns_and_approvals_are_marked_and_nothing_else() -> None:
    days = [BEGIN + timedelta(days=each) for each in range(5)]
    kinds = ("ProblemDefined", "MilestoneAdvanced", "MilestoneReturned", "StakeholderApproved", "NoteAdded")
    line = Line(POSITION, [of(kind, n, at) for n, (kind, at) in enumerate(zip(kinds, days, strict=True), 1)])
    assert marks(line, NOW, UTC) == [
        {
            "place": 0.2,
            "kind": "milestone",
            "count": 1,
            "position": 2,
            "text": "milestone reached, SUP-1, 2026-03-03",
        },
        {"place": 0.4, "kind": "return", "count": 1, "position": 3, "text": "return, SUP-1, 2026-03-04"},
        {"place": 0.6, "kind": "approval", "count": 1, "position": 4, "text": "approval, SUP-1, 2026-03-05"},
    ]


def test_a_day_is_told_in_the_zone() -> None:
    line = Line(AS_OF, [of("MilestoneReturned", 1, datetime(2026, 3, 2, 23, 30, tzinfo=UTC))])
    assert marks(line, NOW, ZoneInfo("Europe/Berlin"))[0]["text"] == "return, SUP-1, 2026-03-03"


@pytest.mark.parametrize("mode", [AS_OF, POSITION])
def test_many_marks_are_thinned_to_what_a_bar_can_show_and_all_are_counted(mode: str) -> None:
    kinds = ("MilestoneAdvanced", "StakeholderApproved", "StakeholderApproved")
    many = [of(kinds[n % 3], n + 1, BEGIN + n * timedelta(minutes=10)) for n in range(9_000)]
    found = marks(Line(AS_OF if mode == AS_OF else POSITION, many), NOW, UTC)
    assert len(found) <= 2 * (MOST_PLACES + 1)
    assert len({each["place"] for each in found}) <= MOST_PLACES + 1
    counted: Counter[str] = Counter()
    for each in found:
        counted[each["kind"]] += each["count"]
    assert counted == {"milestone": 3_000, "approval": 6_000}
    assert found[1]["text"].endswith(" approvals, 2026-03-02")


def test_the_last_line_that_is_told_whole_has_as_many_marks_as_places() -> None:
    many = [
        of("StakeholderApproved", n + 1, BEGIN + n * timedelta(minutes=1)) for n in range(MOST_PLACES + 1)
    ]
    assert [each["count"] for each in marks(Line(POSITION, many[:MOST_PLACES]), NOW, UTC)] == [
        1
    ] * MOST_PLACES
    assert any(each["count"] > 1 for each in marks(Line(AS_OF, many), NOW, UTC))


def test_a_small_bar_has_few_places() -> None:
    many = [of("StakeholderApproved", n + 1, BEGIN + timedelta(days=n)) for n in range(20)]
    found = marks(Line(POSITION, many), NOW, UTC, places=4)
    assert [(each["place"], each["count"], each["position"]) for each in found] == [
        (0.0, 3, 3),
        (0.25, 5, 8),
        (0.5, 5, 13),
        (0.75, 5, 18),
        (1.0, 2, 20),
    ]


@pytest.mark.parametrize(
    ("begin", "texts"),
    [
        (NOW - timedelta(hours=5), ["2026-07-01"]),
        (NOW - timedelta(days=4), ["2026-06-28", "2026-06-29", "2026-06-30", "2026-07-01"]),
        (BEGIN, ["2026-04", "2026-05", "2026-06", "2026-07"]),
        (
            datetime(2025, 3, 2, tzinfo=UTC),
            ["2025-05", "2025-07", "2025-09", "2025-11", "2026-01", "2026-03", "2026-05", "2026-07"],
        ),
        (datetime(2021, 3, 2, tzinfo=UTC), ["2022", "2023", "2024", "2025", "2026"]),
    ],
)
def test_days_months_or_years_stand_beneath_what_was(begin: datetime, texts: list[str]) -> None:
    assert [each["text"] for each in ticks(line_since(begin), NOW, UTC)] == texts


def test_a_month_begins_in_the_zone() -> None:
    (first, *_) = ticks(line_since(BEGIN), NOW, ZoneInfo("Europe/Berlin"))
    april = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert first == {"place": round((april - BEGIN) / (NOW - BEGIN), 6), "text": "2026-04"}


@pytest.mark.parametrize("many", [1, 7, 8, 9, 165, 100_000])
def test_round_positions_stand_beneath_what_was_known(many: int) -> None:
    found = ticks(line_since(BEGIN, POSITION, many), NOW, UTC)
    assert 1 <= len(found) <= MOST
    if many == 165:
        assert found[:2] == [
            {"place": round(49 / 165, 6), "text": "#50"},
            {"place": round(99 / 165, 6), "text": "#100"},
        ]


@pytest.mark.parametrize("years", [1, 30, 300, 1900])
def test_a_long_life_has_no_more_dates_than_can_be_read(years: int) -> None:
    assert len(ticks(line_since(datetime(2026 - years, 1, 2, tzinfo=UTC)), NOW, UTC)) <= MOST


def test_an_empty_log_has_no_marks() -> None:
    assert (marks(Line(AS_OF, []), NOW, UTC), ticks(Line(AS_OF, []), NOW, UTC)) == ([], [])
