"""What the records between two moments changed is what differs between the states at them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.refusals import Unknown
from roadlog.domain.roadmap import RoadmapState
from roadlog.history import difference, why
from roadlog.projections.differences import (
    CALLED,
    COLLECTIONS,
    FIELDS,
    ROADMAP_FIELDS,
    Line,
    differences,
    mirrored,
    with_statuses,
)
from roadlog.projections.standing import status_of, workflow_of
from roadlog.projections.trail import BOOKKEEPING, UNTOLD, changes
from roadlog.reading import Reading
from tests.random_commands import WISHES, Wanted
from tests.test_reading_history import played

HISTORIES = st.lists(WISHES, min_size=12, max_size=40)


def entry(position: int, *changed: tuple[str, Any, Any], key: str = "SUP-1") -> Line:
    told = [{"field": field, "before": before, "after": after} for field, before, after in changed]
    return position, key, told


def changed(*entries: Line) -> list[tuple[str, Any, Any]]:
    found = differences(entries)["changed"]
    return [(each["field"], each["before"], each["after"]) for each in found]


def test_a_value_is_told_from_its_first_to_its_last() -> None:
    assert changed(entry(1, ("owner", "paula", "dan")), entry(2, ("owner", "dan", None))) == [
        ("owner", "paula", None)
    ]
    assert changed(entry(1, ("owner", "paula", None)), entry(2, ("owner", None, "erin"))) == [
        ("owner", "paula", "erin")
    ]


def test_what_is_as_it_was_does_not_differ() -> None:
    assert changed(entry(1, ("owner", "paula", "dan")), entry(2, ("owner", "dan", "paula"))) == []
    risk = {"id": "R1"}
    assert changed(entry(1, ("risks", None, risk)), entry(2, ("risks", risk, None))) == []
    assert changed(entry(1, ("risks", risk, None)), entry(2, ("risks", None, risk))) == []


def test_entries_of_a_collection_are_told_one_by_one() -> None:
    first, second = {"id": "R1", "score": 4}, {"id": "R2", "score": 6}
    worse = {"id": "R1", "score": 12}
    assert changed(
        entry(1, ("risks", None, second)),
        entry(2, ("risks", first, worse)),
        entry(3, ("risks", None, {"id": "R3"})),
    ) == [("risks", None, second), ("risks", first, worse), ("risks", None, {"id": "R3"})]


def test_an_entry_is_found_again_under_another_name() -> None:
    first, moved = {"position": 4, "text": "a"}, {"position": 9, "text": "a"}
    assert changed(
        entry(1, ("notes", first, moved)),
        entry(2, ("notes", moved, None)),
        entry(3, ("notes", None, {"position": 9, "text": "b"})),
    ) == [("notes", first, None), ("notes", None, {"position": 9, "text": "b"})]
    assert changed(entry(1, ("notes", first, moved)), entry(2, ("notes", moved, first))) == []


def test_changes_stand_in_the_order_of_the_fields_and_of_the_initiatives() -> None:
    found = differences(
        [
            entry(1, ("notes", None, {"position": 1}), ("title", "a", "b"), key="SUP-10"),
            entry(2, ("owner", "paula", "dan"), ("status", "active", "paused"), key="SUP-9"),
            entry(3, ("name", "a", "b"), key="SUP"),
        ]
    )
    assert [(each["key"], each["field"]) for each in found["changed"]] == [
        ("SUP", "name"),
        ("SUP-9", "status"),
        ("SUP-9", "owner"),
        ("SUP-10", "title"),
        ("SUP-10", "notes"),
    ]


def test_initiatives_that_came_are_told_by_where_they_stand() -> None:
    begun = entry(
        4, ("title", None, "Cut the wait"), ("owner", None, "dan"), ("status", None, "backlog"), key="SUP-2"
    )
    renamed = entry(
        9, ("title", "Cut the wait", "Answer faster"), ("status", "backlog", "active"), key="SUP-2"
    )
    found = differences([begun, renamed])
    came = {"key": "SUP-2", "position": 4, "title": "Answer faster", "milestone": None}
    assert found == {
        "added": [{**came, "status": "active", "owner": "dan", "horizon": None}],
        "removed": [],
        "changed": [],
    }
    assert mirrored(found)["removed"] == found["added"]


def test_another_workflow_may_say_another_status() -> None:
    found = differences([entry(1, ("status", "active", "paused"), ("owner", "paula", "dan"))])
    told = with_statuses(found, {"SUP-1": "live", "SUP-2": "live"}, {"SUP-1": "live", "SUP-2": "active"})
    assert [(each["key"], each["field"], each["after"]) for each in told["changed"]] == [
        ("SUP-1", "owner", "dan"),
        ("SUP-2", "status", "active"),
    ]


def told_entry_by_entry(kind: object) -> bool:
    origin, parts = get_origin(kind), get_args(kind)
    return origin is dict or (origin is tuple and isinstance(parts[0], type) and issubclass(parts[0], Struct))


def test_the_fields_are_those_of_the_states() -> None:
    """They are written down, as reading them off the states would import these for every diff."""
    states = (InitiativeState, RoadmapState)
    kinds = {field: kind for state in states for field, kind in get_type_hints(state).items()}
    collections = {field for field, kind in kinds.items() if told_entry_by_entry(kind)}
    assert collections - BOOKKEEPING == COLLECTIONS
    assert ("status", *(each for each in InitiativeState.__struct_fields__ if each not in UNTOLD)) == FIELDS
    assert tuple(each for each in RoadmapState.__struct_fields__ if each not in UNTOLD) == ROADMAP_FIELDS
    assert set(CALLED.values()) <= set(FIELDS)


def told(changed: list[dict[str, Any]]) -> Counter[tuple[str, str, bool, bytes]]:
    found: Counter[tuple[str, str, bool, bytes]] = Counter()
    for each in changed:
        found[each["key"], each["field"], False, orjson.dumps(each["before"])] += 1
        found[each["key"], each["field"], True, orjson.dumps(each["after"])] += 1
    return found


def told_directly(reading: Reading, position: int, end: int) -> Counter[tuple[str, str, bool, bytes]]:
    """What stands at one position and not at the other, from the states folded up to both."""
    (old, old_states), (new, new_states) = (
        reading.states(reading.moment(position=each)) for each in (position, end)
    )
    found = [{"key": new.key, **each} for each in changes(old, new)]
    for key in old_states.keys() & new_states.keys():
        before, after = old_states[key], new_states[key]
        found += [{"key": key, **each} for each in changes(before, after)]
        statuses = status_of(before, workflow_of(old)), status_of(after, workflow_of(new))
        if statuses[0] != statuses[1]:
            found.append({"key": key, "field": "status", "before": statuses[0], "after": statuses[1]})
    return told(found)


def without_none(found: Counter[tuple[str, str, bool, bytes]]) -> Counter[tuple[str, str, bool, bytes]]:
    """How entries that come and entries that go are paired is of no account."""
    return Counter({key: count for key, count in found.items() if key[-1] != b"null"})


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.integers(2, 60), st.integers(3, 60))
def test_the_changes_add_up_to_what_differs(wishes: list[Wanted], one: int, other: int) -> None:
    with played(wishes) as store, store.reading() as reading:
        head = reading.moment().position
        first, last = sorted(min(each, head) for each in (one, other))
        start, end = reading.moment(position=first), reading.moment(position=last)
        found = difference(reading, start, end)
        assert without_none(told(found["changed"])) == without_none(told_directly(reading, first, last))
        states = [reading.states(each)[1] for each in (start, end)]
        workflow = workflow_of(reading.roadmap(end))
        assert [each["key"] for each in found["added"]] == [key for key in states[1] if key not in states[0]]
        back = difference(reading, end, start)
        assert back == {"from": found["to"], "to": found["from"], **mirrored(found)}
        assert without_none(told(back["changed"])) == without_none(told_directly(reading, last, first))
        assert [each["key"] for each in back["removed"]] == [key for key in states[1] if key not in states[0]]
        assert [each["status"] for each in found["added"]] == [
            status_of(states[1][each["key"]], workflow) for each in found["added"]
        ]
        trail = reading.trail(end)
        assert list(trail.changes()) == [(each["position"], each["key"], each["changes"]) for each in trail]
        for key in states[1]:
            alone = difference(reading, start, end, key)
            assert alone["changed"] == [each for each in found["changed"] if each["key"] == key]


@settings(deadline=None, max_examples=20)
@given(
    HISTORIES,
    st.sampled_from(
        ["milestone", "status", "title", "risks", "approvals", "owner", "outcomes", "heard", "notes", "spans"]
    ),
    st.sampled_from([0, 0, 5, 60, 300]),
)
def test_why_ends_in_the_value_that_stands(wishes: list[Wanted], field: str, as_of: int) -> None:
    with played(wishes) as store, store.reading() as reading:
        moment = reading.moment()
        if as_of:
            moment = reading.moment(as_of=moment.known_at - timedelta(hours=as_of))
        try:
            state = reading.state("SUP-1", moment)
        except Unknown:
            with pytest.raises(Unknown):
                why(reading, "SUP-1", field, moment)
            return
        page = reading.page("SUP-1", moment)
        chain = why(reading, "SUP-1", field, moment)
        told = [change for each in chain for change in each["changes"] if change["field"] == field]
        assert all(any(change["field"] == field for change in each["changes"]) for each in chain)
        if field in ("milestone", "status", "title", "owner"):
            assert (told[-1]["after"] if told else None) == page[field]
            for before, after in pairwise(told):
                assert before["after"] == after["before"]
        else:  # what came and did not go, changed or not, is what stands
            stands = changes(InitiativeState(version=1), state)
            wanted = Counter(orjson.dumps(each["after"]) for each in stands if each["field"] == field)
            for change in told:
                wanted[orjson.dumps(change["before"])] += change["before"] is not None
                wanted[orjson.dumps(change["after"])] -= change["after"] is not None
            assert not any(wanted.values())


def test_a_field_that_no_record_changes_is_unknown() -> None:
    with played([]) as store, store.reading() as reading, pytest.raises(Unknown):
        why(reading, "SUP-1", "colour", reading.moment())
