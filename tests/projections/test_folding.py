"""Folding into the cache gives the states that a fold from zero gives, however the records come in."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec
import orjson
import pytest
from hypothesis import given as property_of
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.events import ProblemDefined
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import fold_roadmap
from roadlog.projections.cache import Cache
from roadlog.projections.folding import Index, States
from roadlog.projections.kept import ROADMAP, decode_initiative, decode_roadmap, kept_row, row_as_of
from roadlog.projections.trail import entry
from tests.domain.random_records import histories
from tests.domain.spec import AI_PRODUCT, at, record, roadmap_records
from tests.projections.histories import defined

PEOPLE = roadmap_records(AI_PRODUCT)
NOW = at(9)


def log_of(records: list[Record]) -> list[Record]:
    """The roadmap, an initiative's definition, and these records of it, at positions from 1."""
    first = record(defined(), position=0)
    rest = [
        each for each in records if not isinstance(each.event, ProblemDefined) and each.type != "RecordVoided"
    ]
    own = [replace(each, version=n) for n, each in enumerate([first, *rest], start=1)]
    return [
        replace(each, position=position, leaf=f"{position:064x}")
        for position, each in enumerate([*PEOPLE, *own], start=1)
    ]


def folded(log: list[Record], cuts: Iterable[int] = ()) -> Cache:
    """A cache after this log, written at each cut, as readers do who come in between."""
    cache = Cache.in_memory()

    def history(stream: str, position: int) -> list[Record]:
        return [each for each in log if each.stream == stream and each.position <= position]

    edges = sorted({0, len(log), *(min(cut, len(log)) for cut in cuts)})
    for start, end in pairwise(edges):
        index, states = Index(cache), States(cache, history, telling=lambda _: True)
        assert index.position == start
        for each in log[start:end]:
            index.take(each)
            states.take(each)
        index.write()
        cache.set_mark(end, log[end - 1].leaf, *states.write(cache, NOW))
    return cache


def adopted(records: list[Record]) -> list[Record]:
    """Without a second beginning, which would be of another key."""
    return [each for each in records if each.type != "InitiativeAdopted"]


@settings(deadline=None, max_examples=50)
@property_of(histories(voids=False).map(adopted), st.lists(st.integers(1, 25), max_size=3))
def test_a_fold_in_parts_is_a_fold_from_zero(records: list[Record], cuts: list[int]) -> None:
    log = log_of(records)
    whole, parts = folded(log), folded(log, cuts)
    assert list(parts.contents()) == list(whole.contents())
    assert parts.mark() == (len(log), log[-1].leaf)
    state = fold(each for each in log if each.stream == "SUP-1")
    roadmap = fold_roadmap(each for each in log if each.stream == "SUP")
    assert decode_initiative(whole.state("SUP-1"), "SUP-1") == state
    assert decode_roadmap(whole.state(ROADMAP)) == roadmap
    (row,) = whole.rows()
    assert row == kept_row(state, roadmap, NOW)[1:]
    assert row_as_of(whole, "SUP-1", NOW) == [kept_row(state, roadmap, NOW)]
    assert row_as_of(whole, "SUP-2", NOW) == row_as_of(whole, ROADMAP, NOW) == []


@settings(deadline=None, max_examples=50)
@property_of(histories(voids=False).map(adopted))
def test_every_record_has_its_line(records: list[Record]) -> None:
    log = log_of(records)
    cache = folded(log)
    index = cache.trail(upto=len(log), as_of=2**62, stream="SUP-1", kind=None, actor=None, since=None)
    lines = cache.lines([each.position for each in index])
    own = [each for each in log if each.stream == "SUP-1"]
    before = InitiativeState()
    for n, (each, found) in enumerate(zip(own, index, strict=True), start=1):
        after = fold(own[:n])
        told = orjson.loads(lines[each.position])
        assert told == orjson.loads(orjson.dumps(entry(each, before, after, AI_PRODUCT)))
        assert found == (each.position, "SUP-1", each.actor.id, each.body.source.os_user, None)
        before = after


def test_what_is_not_the_state_of_an_initiative_is_not_taken_for_it() -> None:
    cache = folded(log_of([]))
    state = cache.state("SUP-1")
    assert decode_initiative(state, "SUP-1").title == "Reduce support load"
    for kept, key in ((state, "SUP-2"), (None, "SUP-1"), (b"\xc1", "SUP-1"), (b"\x80", "SUP-1")):
        with pytest.raises(msgspec.DecodeError):
            decode_initiative(kept, key)
    for kept in (state, None, b"\xc1", b"\x80"):
        with pytest.raises(msgspec.DecodeError):
            decode_roadmap(kept)
