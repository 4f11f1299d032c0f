"""The digest's window: digests that follow one another tell every record once, however they are asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from roadlog.digest import digest
from roadlog.domain.commands import (
    AcceptRisk,
    AddNote,
    AdvanceMilestone,
    Approve,
    LogRisk,
    ReframeProblem,
    VoidRecord,
)
from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Malformed, Unknown
from roadlog.reading import Reading
from roadlog.upkeep import Upkeep
from tests.random_commands import WISHES, Wanted, play
from tests.stores import PROBLEM, Store, team_store

HISTORIES = st.lists(WISHES, min_size=10, max_size=30)


def asked(store: Store, handle: str = "carla", *, moment: dict[str, Any] | None = None, **window: Any) -> Any:
    with store.reading() as reading:
        return digest(reading, handle, reading.moment(**moment or {}), **window)


def entries(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for group in answer["happened"] for each in group["records"]]


def positions(answer: dict[str, Any]) -> list[int]:
    return sorted(each["position"] for each in entries(answer))


def records(store: Store, count: int) -> list[int]:
    """Notes, an hour after one another; their positions."""
    found = []
    for _ in range(count):
        store.clock.tick(timedelta(hours=1))
        found.append(store.do(AddNote(stream="SUP-1", text="seen")).records[0].position)
    return found


# The window


def test_unless_said_otherwise_it_is_the_week_before(team: Store) -> None:
    team.define()
    team.clock.tick(timedelta(days=7))
    assert positions(asked(team)) == []
    since = team.now - timedelta(days=7)
    (note,) = records(team, 1)
    answer = asked(team)
    assert positions(answer) == [note]
    assert answer["since"] == rfc3339(since + timedelta(hours=1, minutes=1))


def test_it_begins_after_what_was_recorded_at_since(team: Store) -> None:
    team.define()
    first, second = records(team, 2)
    at = next(each.recorded_at for each in team.records() if each.position == first)
    assert positions(asked(team, since=at)) == [second]
    assert positions(asked(team, since=at - timedelta(microseconds=1))) == [first, second]


def test_it_ends_with_the_moment(team: Store) -> None:
    team.define()
    first, second = records(team, 2)
    assert positions(asked(team, after=first - 1, moment={"position": first})) == [first]
    at = next(each.recorded_at for each in team.records() if each.position == first)
    for then in ("known_at", "as_of"):
        assert positions(asked(team, after=first - 1, moment={then: at})) == [first]
    answer = asked(team, after=first - 1, moment={"as_of": at})
    assert (answer["position"], answer["upto"]) == (second, first)
    assert answer["try"] == f"roadlog digest --for carla --after {first}"


def test_what_happened_before_it_began_and_was_recorded_in_it_says_so(team: Store) -> None:
    team.define()
    team.clock.tick(timedelta(days=2))
    since = team.now
    team.do(AddNote(stream="SUP-1", text="late"), at=since - timedelta(days=1))
    team.do(AddNote(stream="SUP-1", text="in time"))
    found = entries(asked(team, since=since))
    assert [(each["sentence"], each["earlier"]) for each in found] == [
        ("noted: late", True),
        ("noted: in time", False),
    ]


def test_what_was_voided_says_so_and_is_no_risk_any_more(team: Store) -> None:
    team.define()
    (logged,) = team.do(
        LogRisk(stream="SUP-1", description="bad", category="bias", likelihood=4, impact=4)
    ).records
    assert [each["id"] for each in asked(team)["risks"]] == ["R1"]
    (void,) = team.do(VoidRecord(stream="SUP-1", position=logged.position)).records
    answer = asked(team)
    assert answer["risks"] == []
    assert [each["voided_by"] for each in entries(answer)][-2:] == [void.position, None]


def test_an_accepted_risk_and_a_stale_approval_name_what_made_them_so(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    (vote,) = team.do(Approve(stream="SUP-1", role="compliance"), by="carla").records
    team.do(AddNote(stream="SUP-1", text="hm"))
    (edit,) = team.do(ReframeProblem(stream="SUP-1", problem="Customers wait 9 hours")).records
    team.do(LogRisk(stream="SUP-1", description="bad", category="bias", likelihood=2, impact=2))
    team.do(AcceptRisk(stream="SUP-1", risk="R1", until=team.now + timedelta(days=30)))
    answer = asked(team, after=edit.position)
    assert [(each["what"], each["id"]) for each in answer["risks"]] == [("logged", "R1"), ("accepted", "R1")]
    (stale,) = answer["stale"]
    assert (stale["position"], stale["fields"]) == (vote.position, ["problem"])
    assert stale["changed_by"] == [
        {
            "position": edit.position,
            "effective_at": rfc3339(edit.effective_at),
            "actor": "paula",
            "sentence": "reframed problem",
        }
    ]
    assert asked(team, "dan")["stale"] == []
    before = asked(team, moment={"as_of": edit.effective_at - timedelta(seconds=1)})
    assert before["stale"] == []


def test_a_roadmap_without_initiatives_has_a_digest(team: Store) -> None:
    answer = asked(team)
    assert [(each["key"], each["title"]) for each in answer["happened"]] == [("SUP", "Support AI")]
    assert positions(answer) == list(range(1, 8))
    assert [answer[each] for each in ("owed", "stale", "risks", "passed", "quiet", "outcomes")] == [[]] * 6


# Errors


def test_a_handle_that_was_never_here_is_unknown(team: Store) -> None:
    with pytest.raises(Unknown, match="carlo"):
        asked(team, "carlo")


def test_before_somebody_joined_they_are_unknown(team: Store) -> None:
    with pytest.raises(Unknown):
        asked(team, moment={"position": 0})


@pytest.mark.parametrize("moment", [{}, {"position": 5}])
def test_a_window_that_begins_after_the_moment_is_malformed(team: Store, moment: dict[str, Any]) -> None:
    with team.reading() as reading:
        end = reading.moment(**moment).as_of
    assert positions(asked(team, "paula", moment=moment, since=end)) == []
    with pytest.raises(Malformed, match="is after the moment that is asked about") as caught:
        asked(team, "paula", moment=moment, since=end + timedelta(microseconds=1))
    assert (caught.value.rule, caught.value.exit_code) == ("window", 2)


def test_a_position_after_the_moment_is_malformed(team: Store) -> None:
    assert positions(asked(team, after=7)) == []
    with pytest.raises(Malformed, match="--after 8 is after position 7"):
        asked(team, after=8)


def test_since_and_after_are_not_said_both(team: Store) -> None:
    with pytest.raises(Malformed, match="not both"):
        asked(team, since=team.now, after=1)


# How quick it is


def test_about_now_nothing_is_read_but_the_window(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team.define()
    records(team, 5)
    asked(team)  # which keeps what it worked out
    read: list[tuple[int, int | None]] = []
    of = Upkeep.records

    def counted(self: Upkeep, *, after: int = 0, upto: int | None = None) -> Iterator[Any]:
        read.append((after, upto))
        return of(self, after=after, upto=upto)

    def no_stream(*_: Any) -> Any:
        raise AssertionError("a stream was folded again")

    monkeypatch.setattr(Upkeep, "records", counted)
    monkeypatch.setattr(Upkeep, "stream", no_stream)
    assert positions(asked(team, after=11)) == [12, 13]
    assert read == [(11, 13)]


# Every record once


@contextmanager
def played(wishes: list[Wanted]) -> Iterator[Store]:
    """A store with two initiatives and a history."""
    with tempfile.TemporaryDirectory() as folder, team_store(Path(folder) / ".roadlog", "lite") as store:
        store.do(PROBLEM, PROBLEM)
        play(store, wishes)
        yield store


def together(answers: list[dict[str, Any]]) -> None:
    """Holds digests that follow one another: each goes on where the one before it ended, and all is told."""
    for before, after in pairwise(answers):
        assert (before["upto"], before["for"]) == (after["after"], after["for"])
    told = [each for answer in answers for each in positions(answer)]
    assert told == list(range(answers[0]["after"] + 1, answers[-1]["upto"] + 1))
    for answer in answers:
        mine = set(positions(answer))
        assert {each["position"] for part in ("risks", "passed") for each in answer[part]} <= mine


def held_against_the_trail(reading: Reading, answer: dict[str, Any], moment: dict[str, Any]) -> None:
    """Each entry says what the trail says of that record at that moment."""
    trail = {each["position"]: each for each in reading.trail(reading.moment(**moment))}
    for each in entries(answer):
        line = trail[each["position"]]
        assert {name: line[name] for name in each if name != "earlier"} == {
            name: value for name, value in each.items() if name != "earlier"
        }
        assert each["earlier"] is (each["effective_at"] < answer["since"])


WAYS = ("position", "known_at", "as_of")


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.lists(st.integers(3, 60), min_size=1, max_size=4), st.sampled_from(WAYS))
def test_digests_one_after_another_tell_every_record_once(
    wishes: list[Wanted], cuts: list[int], way: str
) -> None:
    """Each begins where the one before it ended: after a position, or since a time."""
    event(f"asked by {way}")
    with played(wishes) as store, store.reading() as reading:
        head = reading.moment().position
        answers: list[dict[str, Any]] = []
        begin: dict[str, Any] = {"after": 0}
        for end in [*sorted(min(each, head) for each in cuts), head]:
            time = reading.record(end).recorded_at
            moment: dict[str, Any] = {way: end if way == "position" else time}
            answers.append(digest(reading, "paula", reading.moment(**moment), **begin))
            held_against_the_trail(reading, answers[-1], {} if way == "as_of" else moment)
            begin = {"after": end} if way == "position" else {"since": time}
        together(answers)
        assert answers[-1]["upto"] == head


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(WISHES, max_size=15), min_size=1, max_size=4))
def test_each_goes_on_with_the_command_that_the_last_one_gave(parts: list[list[Wanted]]) -> None:
    with played([]) as store:
        answers = [asked(store, "paula", after=0)]
        for wishes in parts:
            play(store, wishes)
            after = int(answers[-1]["try"].removeprefix("roadlog digest --for paula --after "))
            answers.append(asked(store, "paula", after=after))
        together(answers)
        assert answers[-1]["upto"] == len(store.records())


def test_a_digest_that_leaves_one_out_is_noticed(team: Store) -> None:
    """The control: a window that goes on one too late."""
    answers = [asked(team, "paula", after=0, moment={"position": 5}), asked(team, "paula", after=6)]
    with pytest.raises(AssertionError):
        together(answers)
