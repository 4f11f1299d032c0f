"""What the states of two moments say apart is what the records between them changed."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from roadlog.history import difference
from roadlog.projections.apart import apart
from roadlog.projections.differences import mirrored
from tests.projections.test_differences import HISTORIES, told, without_none
from tests.random_commands import Wanted
from tests.test_reading_history import played


def without_position(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "position": None} for each in found]


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.integers(3, 60), st.integers(3, 60))
def test_states_differ_by_what_the_records_changed(wishes: list[Wanted], one: int, other: int) -> None:
    with played(wishes) as store, store.reading() as reading:
        head = reading.moment().position
        start, end = (reading.moment(position=min(each, head)) for each in sorted((one, other)))
        states = reading.states(start), reading.states(end)
        by_records, by_states = difference(reading, start, end), apart(*states)
        assert without_none(told(by_states["changed"])) == without_none(told(by_records["changed"]))
        for name in ("added", "removed"):
            assert by_states[name] == without_position(by_records[name])
        order = [(each["key"], each["field"]) for each in by_records["changed"]]
        assert list(dict.fromkeys((each["key"], each["field"]) for each in by_states["changed"])) == list(
            dict.fromkeys(order)
        )
        back = apart(*reversed(states))
        assert (back["added"], back["removed"]) == (by_states["removed"], by_states["added"])
        assert without_none(told(back["changed"])) == without_none(told(mirrored(by_states)["changed"]))
