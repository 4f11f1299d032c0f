"""The forms in which the cache keeps states, board rows and answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
import orjson

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.keys import number_of
from roadlog.domain.moments import microseconds, rfc3339
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections import answers, board
from roadlog.projections.answers import ABOUT_ALL, Question
from roadlog.projections.cache import Cache
from roadlog.projections.database import Row
from roadlog.projections.metrics.measured import measured
from roadlog.projections.standing import workflow_of

ROADMAP = ""
"""The name under which the cache keeps the roadmap's own state."""


def decode_roadmap(state: bytes | None) -> RoadmapState:
    """The folded roadmap from the cache. Raises msgspec.DecodeError when it is another's, or missing."""
    roadmap = msgspec.msgpack.decode(state or b"", type=RoadmapState)
    if roadmap.opened_at is None:
        raise msgspec.ValidationError("not the state of a roadmap")
    return roadmap


def decode_initiative(state: bytes | None, key: str) -> InitiativeState:
    """A folded state from the cache. Raises msgspec.DecodeError when it is another's, or missing."""
    initiative = msgspec.msgpack.decode(state or b"", type=InitiativeState)
    if initiative.key != key:
        raise msgspec.ValidationError(f"not the state of {key}")
    return initiative


def states_of(cache: Cache, keys: Iterable[str]) -> tuple[RoadmapState, dict[str, InitiativeState]]:
    """The roadmap, and the initiatives of these keys in their order. Raises msgspec.DecodeError."""
    roadmap = decode_roadmap(cache.state(ROADMAP))
    return roadmap, {key: decode_initiative(cache.state(key), key) for key in keys}


def row_as_of(cache: Cache, key: str, at: datetime) -> list[Row]:
    """The board row that a cache's states give at a time, none where it has no such initiative."""
    state, roadmap = cache.state(key), cache.state(ROADMAP)
    return (
        [kept_row(decode_initiative(state, key), decode_roadmap(roadmap), at)]
        if key and state and roadmap
        else []
    )


def kept_roadmap(roadmap: RoadmapState) -> Row:
    """The roadmap's state as the cache keeps it; it is of no one time."""
    return ROADMAP, 0, msgspec.msgpack.encode(roadmap)


def kept_row(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Row:
    """A board row as the cache keeps it: age is left to the reader, who makes it anew outside its time."""
    age_from = board.age_from(state, roadmap)
    good_until = board.good_until(state, roadmap, at)
    return (
        number_of(state.key),
        state.key,
        rfc3339(age_from) if age_from else None,
        rfc3339(at),
        rfc3339(good_until) if good_until else None,
        orjson.dumps(board.row(state, roadmap, at)).decode(),
    )


def answer_as_of(cache: Cache, question: str, at: datetime) -> Row:
    """What a cache's states answer at a time. Raises msgspec.DecodeError, LookupError."""
    asked = Question.read(question)
    keys = [row[0] for row in cache.rows()] if asked.verb in ABOUT_ALL else [asked.of or ""]
    return kept_answer(asked, *states_of(cache, keys), at)


def kept_answer(
    question: Question, roadmap: RoadmapState, states: Mapping[str, InitiativeState], at: datetime
) -> Row:
    """An answer as the cache keeps it, with the time in which it is good."""
    until = answers.good_until(states, roadmap, at)
    answer = orjson.dumps(answers.answer(question, roadmap, states, at)).decode()
    return str(question), rfc3339(at), rfc3339(until) if until else None, answer


def measured_as_of(cache: Cache, key: str, at: datetime) -> Row:
    """What is measured on a cache's state at a time. Raises msgspec.DecodeError."""
    roadmap, states = states_of(cache, [key])
    return kept_measured(states[key], roadmap, at)


def kept_measured(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> tuple[str, int, bytes]:
    """An initiative as the cache keeps it measured: what is open grows from then on."""
    entry = measured(state, workflow_of(roadmap), at)
    return state.key, microseconds(at), orjson.dumps(entry)
