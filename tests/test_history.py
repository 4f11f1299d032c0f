"""What is read to say what changed, and what is held while the log is followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from roadlog import history, upkeep
from roadlog.domain.commands import (
    AddNote,
    AdoptWorkflow,
    AdvanceMilestone,
    ChangeOwner,
    ConsultStakeholder,
    MeasureOutcome,
    ReturnMilestone,
    VoidRecord,
)
from roadlog.domain.refusals import Unknown
from tests.random_commands import finishing
from tests.stores import OPENED, OTHERS, Store, team_store


class Read:
    """The streams and the ranges of the log that were read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.streams: list[str] = []
        self.ranges: list[tuple[int, int | None]] = []
        stream, records = upkeep.Upkeep.stream, upkeep.Upkeep.records

        def read_stream(one: upkeep.Upkeep, name: str, upto: int) -> Any:
            self.streams.append(name)
            return stream(one, name, upto)

        def read_range(one: upkeep.Upkeep, *, after: int = 0, upto: int | None = None) -> Any:
            self.ranges.append((after, upto))
            return records(one, after=after, upto=upto)

        monkeypatch.setattr(upkeep.Upkeep, "stream", read_stream)
        monkeypatch.setattr(upkeep.Upkeep, "records", read_range)


@pytest.fixture
def three(team: Store) -> Store:
    """Three initiatives, at positions 8 to 10; then one record of the second, one of the third."""
    keys = [team.define() for _ in range(3)]
    team.do(ChangeOwner(stream=keys[1], owner="dan"))
    team.do(AddNote(stream=keys[2], text="seen"))
    with team.reading() as reading:
        reading.moment()
    return team


def changed(team: Store, start: int, end: int) -> list[tuple[str, str]]:
    with team.reading() as reading:
        moments = reading.moment(position=start), reading.moment(position=end)
        return [(each["key"], each["field"]) for each in history.difference(reading, *moments)["changed"]]


def test_a_diff_of_what_was_told_reads_no_record(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = changed(three, 10, 11)
    read = Read(monkeypatch)
    assert changed(three, 10, 11) == first == [("SUP-2", "owner")]
    assert (read.streams, read.ranges) == ([], [])


def test_else_it_reads_the_streams_that_were_touched(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FEW", 0)
    with three.reading() as reading:
        reading.rebuild()
    read = Read(monkeypatch)
    assert changed(three, 10, 11) == [("SUP-2", "owner")]
    assert (set(read.streams), read.ranges) == ({"SUP", "SUP-2"}, [])
    assert changed(three, 10, 12) == [("SUP-2", "owner"), ("SUP-3", "notes")]
    assert set(read.streams) == {"SUP", "SUP-2", "SUP-3"}


def test_who_follows_reads_part_by_part_and_misses_nothing(
    three: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PART", 5)
    read = Read(monkeypatch)
    looks: list[int] = []

    def pause() -> None:
        looks.append(1)
        three.do(AddNote(stream="SUP-1", text=f"look {len(looks)}"))

    with three.reading() as reading:
        found = [each.position for each in islice(history.follow(reading, 0, pause), 14)]
    assert found == list(range(1, 15))
    assert read.ranges[:3] == [(0, 5), (5, 10), (10, 12)]
    assert looks == [1, 1]


def test_who_follows_from_now_on_reads_what_comes(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Read(monkeypatch)

    def pause() -> None:
        three.do(AddNote(stream="SUP-1", text="one more"))

    with three.reading() as reading:
        assert [each.position for each in islice(history.follow(reading, None, pause), 2)] == [13, 14]
    assert read.ranges == [(12, 13), (13, 14)]


# Why


def ended_in(milestone: str, version: int = 2) -> AdoptWorkflow:
    """`lite` with another last milestone."""
    return AdoptWorkflow(stream="SUP", definition=finishing(milestone, version))


@pytest.fixture
def under_way(tmp_path: Path) -> Iterator[Store]:
    """An initiative in `prototype` of `lite`."""
    with team_store(tmp_path / ".roadlog", "lite") as team:
        key = team.define()
        team.do(AdvanceMilestone(stream=key), AdvanceMilestone(stream=key))
        yield team


def chain(team: Store, field: str, key: str = "SUP-1", **asked: Any) -> list[tuple[int, Any, Any]]:
    with team.reading() as reading:
        found = history.why(reading, key, field, reading.moment(**asked))
    return [
        (each["position"], change["before"], change["after"])
        for each in found
        for change in each["changes"]
        if change["field"] == field
    ]


def positions(team: Store, field: str, **asked: Any) -> list[int]:
    return list(dict.fromkeys(position for position, *_ in chain(team, field, **asked)))


def test_another_workflow_is_why_a_status_is_another(under_way: Store) -> None:
    (adopted,) = under_way.do(ended_in("prototype")).records
    back = under_way.do(ReturnMilestone(stream="SUP-1", to="feasibility", loop="learning"))
    told = chain(under_way, "status")
    assert told[-2:] == [
        (adopted.position, "active", "live"),
        (back.records[0].position, "live", "active"),
    ]
    with under_way.reading() as reading:
        moment = reading.moment(position=adopted.position)
        assert reading.page("SUP-1", moment)["status"] == "live"
        line = history.why(reading, "SUP-1", "status", moment)[-1]
    assert (line["key"], line["type"], len(line["changes"])) == ("SUP", "WorkflowAdopted", 1)


def test_what_was_true_at_a_time_is_told_by_what_was_effective_then(under_way: Store) -> None:
    start = under_way.now
    under_way.clock.tick(timedelta(days=6))
    under_way.do(measured(880), at=start + timedelta(days=5))
    under_way.do(measured(850), at=start + timedelta(days=3))
    then = start + timedelta(days=4)
    told = chain(under_way, "outcomes", as_of=then)
    assert [(each["metric"], each.get("value"), each.get("latest")) for _, _, each in told] == [
        ("tickets", None, None),
        ("tickets", None, 850),
        ("tickets", 850, None),
    ]
    with under_way.reading() as reading:
        (outcome,) = reading.page("SUP-1", reading.moment(as_of=then))["outcomes"]
    assert outcome["latest"] == 850


def test_what_was_voided_never_was_at_a_time_and_was_there_for_who_asks_what_the_log_said(
    under_way: Store,
) -> None:
    start = under_way.now
    slip = under_way.do(AddNote(stream="SUP-1", text="slip")).records[0].position
    under_way.clock.tick(timedelta(days=1))
    void = under_way.do(VoidRecord(stream="SUP-1", position=slip), because="a slip").records[0].position
    assert positions(under_way, "notes") == [slip, void]
    assert positions(under_way, "notes", position=slip) == [slip]
    assert positions(under_way, "notes", as_of=start + timedelta(hours=1)) == []


def test_before_an_initiative_began_nothing_is_why(under_way: Store) -> None:
    with under_way.reading() as reading:
        for asked in ({"position": 7}, {"as_of": OPENED}):
            with pytest.raises(Unknown):
                history.why(reading, "SUP-1", "title", reading.moment(**asked))


def test_the_roadmap_s_own_fields_have_a_chain_too(under_way: Store) -> None:
    assert [each["handle"] for _, _, each in chain(under_way, "stakeholders", "SUP")] == ["paula", *OTHERS]
    (one,) = chain(under_way, "workflow", "SUP")
    assert one[2]["name"] == "lite"


# What differs


def measured(value: int) -> MeasureOutcome:
    return MeasureOutcome(stream="SUP-1", metric="tickets", value=value)


def test_every_measurement_and_who_was_heard_is_a_difference(under_way: Store) -> None:
    start = under_way.now
    under_way.clock.tick(timedelta(days=3))
    under_way.do(measured(880))
    late = under_way.do(measured(850), at=start + timedelta(days=1)).records[0].position
    assert changed(under_way, late - 1, late) == [("SUP-1", "outcomes")]
    under_way.do(VoidRecord(stream="SUP-1", position=late), because="misread")
    assert changed(under_way, late, late + 1) == [("SUP-1", "outcomes")]
    assert changed(under_way, late - 1, late + 1) == []
    under_way.do(ConsultStakeholder(stream="SUP-1", role="compliance", said="fine"), by="carla")
    assert changed(under_way, late + 1, late + 2) == [("SUP-1", "heard")]


def statuses(team: Store, start: int, end: int, key: str | None = None) -> list[tuple[str, str]]:
    with team.reading() as reading:
        moments = reading.moment(position=start), reading.moment(position=end)
        found = history.difference(reading, *moments, key)
    told = [(each["before"], each["after"]) for each in found["changed"] if each["field"] == "status"]
    return told + [("", each["status"]) for each in found["added"]]


def test_another_workflow_of_the_same_name_is_a_difference(under_way: Store) -> None:
    under_way.do(ended_in("training"))
    (after,) = (each.position for each in under_way.do(ended_in("prototype", 1)).records)
    before = after - 2
    for key in (None, "SUP-1"):
        assert statuses(under_way, before, after, key) == [("active", "live")]
        assert statuses(under_way, after, before, key) == [("live", "active")]
        assert statuses(under_way, before, after - 1, key) == []
    assert ("SUP", "workflow") in changed(under_way, before, after)


def test_from_before_the_first_workflow_statuses_are_those_of_the_last(under_way: Store) -> None:
    adopted = under_way.do(ended_in("prototype")).records[0].position
    for start in (0, 1, 2, 3, 6):
        assert statuses(under_way, start, adopted) == [("", "live")]
        assert statuses(under_way, start, adopted - 1) == [("", "active")]


def test_before_all_records_there_is_one_moment_for_ever(under_way: Store) -> None:
    with under_way.reading() as reading:
        first = reading.moment(position=0)
        assert first.stamp()["as_of"] < reading.record(1).body.effective_at.isoformat()
    under_way.clock.tick(timedelta(days=1))
    with under_way.reading() as reading:
        assert reading.moment(position=0) == first
        assert reading.board(first)["initiatives"] == []


def test_as_it_was_what_came_late_was_true_before(under_way: Store) -> None:
    start = under_way.now
    under_way.clock.tick(timedelta(days=3))
    late = under_way.do(measured(850), at=start + timedelta(days=1)).records[0]
    under_way.do(ChangeOwner(stream="SUP-1", owner="erin"))
    under_way.define()
    with under_way.reading() as reading:
        now = reading.moment()
        then = reading.moment(as_of=start + timedelta(days=2))
        known = reading.moment(position=late.position - 1)
        was, knew = (history.difference(reading, each, now) for each in (then, known))
        assert [each["field"] for each in was["changed"]] == ["owner"]
        assert [each["field"] for each in knew["changed"]] == ["owner", "outcomes", "outcomes"]
        assert was["added"] == knew["added"]
        assert (was["from"], was["to"]) == (then.stamp(), now.stamp())
        assert history.difference(reading, then, now, "SUP-1")["changed"] == was["changed"]
        assert history.difference(reading, now, then)["removed"] == was["added"]
