"""The essence of a state makes the rows that the state makes, now and after whatever follows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from roadlog.domain.evolve import Fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import fold_roadmap
from roadlog.projections import board
from roadlog.projections.essence import essence
from tests.domain.random_records import histories
from tests.domain.spec import AI_PRODUCT, at, roadmap_records

ROADMAP = fold_roadmap(roadmap_records(AI_PRODUCT))
TIMES = [at(9), at(9) + timedelta(days=10), at(9) + timedelta(days=400)]


def rows(state: InitiativeState) -> list[dict[str, object]]:
    return [board.row(state, ROADMAP, time) for time in TIMES]


def after(state: InitiativeState, records: list[Record]) -> InitiativeState:
    fold = Fold(state)
    for record in records:
        fold.take(record)
    return fold.now


@settings(deadline=None, max_examples=300)
@given(histories(voids=False), st.data())
def test_an_essence_makes_the_rows_of_its_state(records: list[Record], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(records)))
    whole = after(InitiativeState(), records[:cut])
    small = essence(whole)
    event(f"{len(records) - cut > 3} that more than three follow")
    assert rows(small) == rows(whole)
    assert essence(small) == small
    for more in range(1, len(records) - cut + 1):
        following = records[cut : cut + more]
        assert rows(after(small, following)) == rows(after(whole, following))
