"""How names and values become commands, and what is refused on the way."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.application import Wish
from roadlog.cli import story
from roadlog.domain import commands as wished
from roadlog.domain.commands import Command
from roadlog.domain.refusals import Malformed, Refused, Unknown
from roadlog.web.commands import COMMANDS, answer, carry_out, command_of, fields_of
from tests.stores import PROBLEM, Store

ELSEWHERE = set(get_args(wished.RoadmapCommand)) - {wished.AnswerConsent}
"""Decided by whoever has the store."""


def test_every_command_of_an_initiative_is_offered_and_none_of_the_roadmap_but_consent() -> None:
    assert set(COMMANDS.values()) == set(get_args(Command)) - ELSEWHERE
    assert set(COMMANDS) - {each.name for each in story.STORY} == {"depend remove"}


def test_values_become_the_command_with_its_key_and_its_times_in_utc() -> None:
    values = {"key": "SUP-1", "risk": "R1", "until": "2026-09-01T02:00:00+02:00"}
    assert command_of("risk accept", values) == wished.AcceptRisk(
        stream="SUP-1", risk="R1", until=datetime(2026, 9, 1, tzinfo=UTC)
    )
    approving = {"key": "SUP-1", "conditions": [["Publish it in Spanish", "2026-05-01"], ["Ask", None]]}
    assert command_of("approve", approving) == wished.Approve(
        stream="SUP-1", conditions=(("Publish it in Spanish", date(2026, 5, 1)), ("Ask", None))
    )


WRONG: list[tuple[str, dict[str, Any], str, tuple[str, ...]]] = [
    ("note", {}, "note needs text.", ("text",)),
    (
        "note",
        {"text": "a", "stream": "SUP-2"},
        "note takes no value called 'stream'. It takes text.",
        (),
    ),
    ("pause", {"why": "a"}, "pause takes no value called 'why'. It takes none.", ()),
    ("note", {"text": 5}, "text of note: expected str, got int.", ("text",)),
    ("note", {"key": 5, "text": "a"}, "key of note: expected str.", ("key",)),
    (
        "measure",
        {"metric": "m", "value": True},
        "value of measure: expected int | float, got bool.",
        ("value",),
    ),
    (
        "measure",
        {"metric": "m", "value": "3"},
        "value of measure: expected int | float, got str.",
        ("value",),
    ),
    (
        "approve",
        {"conditions": [["a", 5]]},
        "conditions[0][1] of approve: expected date | null, got int.",
        ("conditions",),
    ),
    (
        "risk accept",
        {"risk": "R1", "until": "0001-01-01T00:00:00+14:00"},
        "until is 0001-01-01 00:00:00+14:00, which is no time in UTC.",
        ("until",),
    ),
]


@pytest.mark.parametrize(("name", "values", "message", "missing"), WRONG)
def test_wrong_values_are_refused_by_the_field_s_name(
    name: str, values: dict[str, Any], message: str, missing: tuple[str, ...]
) -> None:
    with pytest.raises(Malformed) as refused:
        command_of(name, values)
    assert (refused.value.message, refused.value.missing) == (message, missing)
    assert refused.value.rule.startswith("malformed-")


def test_a_form_s_texts_become_numbers_and_truths() -> None:
    assert command_of("measure", {"metric": "m", "value": "3.5", "sample": "4"}, lax=True) == (
        wished.MeasureOutcome(metric="m", value=3.5, sample=4)
    )
    assert command_of("review", {"move": "5", "upheld": "false"}, lax=True) == (
        wished.ReviewBreakGlass(move=5, upheld=False)
    )


def test_what_is_no_command_is_unknown_and_the_nearest_is_offered() -> None:
    with pytest.raises(Unknown) as refused:
        command_of("aprove", {})
    assert refused.value.message == "There is no command 'aprove'. Did you mean approve?"


def test_it_is_carried_out_as_whoever_is_signed_in(team: Store) -> None:
    team.application.execute(Wish(actor="paula"), PROBLEM)
    done = carry_out(
        team.folder, Wish(actor="dan", reason="To try"), "note", {"key": "SUP-1", "text": "Seen"}
    )
    [record] = done.records
    assert (record.actor.id, record.body.source.client, record.body.reason) == ("dan", "web", "To try")
    told = answer("note", done)
    assert (told["initiative"], told["dry_run"], told["records"][0]["data"]) == (
        "SUP-1",
        False,
        {"text": "Seen"},
    )


def test_a_vote_s_answer_says_what_changed_and_what_the_gate_does_not_ask(team: Store) -> None:
    team.application.execute(Wish(actor="paula"), PROBLEM)
    with pytest.raises(Refused):
        carry_out(team.folder, Wish(actor="carla"), "reject", {"key": "SUP-1"})
    wish = Wish(actor="carla", reason="Not yet", dry_run=True)
    done = carry_out(team.folder, wish, "reject", {"key": "SUP-1", "role": "compliance"})
    assert set(answer("reject", done)) >= {"since_last_vote", "unasked", "gates"}


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
VALUES = JSON | st.lists(JSON, max_size=2) | st.dictionaries(st.text(max_size=3), JSON, max_size=2)


@given(st.data())
def test_any_values_become_the_command_or_are_malformed(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(COMMANDS)))
    names = st.sampled_from([*fields_of(name), "key", "stream", "x"])
    values = data.draw(st.dictionaries(names, VALUES, max_size=5))
    with suppress(Malformed):
        assert type(command_of(name, values, lax=data.draw(st.booleans()))) is COMMANDS[name]
