"""Hypothesis strategies: records of an initiative with any of its events, in any order of effective times.

Ids come from small pools, so that events meet what earlier events made. The histories break every rule of
decide: evolve must fold them all the same.
"""

from datetime import UTC, date, datetime
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec.structs import fields

from roadlog.domain.events import Event, InitiativeAdopted, InitiativeEvent, RecordVoided, Time, Whole
from roadlog.domain.records import Record
from tests.domain.spec import FIRST, TEAM, at, record

MILESTONES = ("feasibility", "prototype", "training", "live")
ROLES = ("data-science", "engineering", "compliance")

BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "risk": st.sampled_from(("R1", "R2")),
    "case": st.sampled_from(("E1", "E2")),
    "incident": st.sampled_from(("I1", "I2")),
    "evidence": st.sampled_from(("D1", "D2")),
    "request": st.sampled_from(("Q1", "Q2")),
    "condition": st.sampled_from(("C1", "C2")),
    "id": st.sampled_from(("C1", "C2")),
    "criterion": st.sampled_from(("F1", "F2")),
    "experiment": st.sampled_from(("X1", "X2")),
    "metric": st.sampled_from(("csat", "aht")),
    "milestone": st.sampled_from(MILESTONES),
    "from_": st.sampled_from(MILESTONES),
    "to": st.sampled_from(MILESTONES),
    "role": st.sampled_from(ROLES),
    "on": st.sampled_from(("SUP-2", "SUP-3")),
    "cycle": st.integers(0, 2),
    "iteration": st.integers(1, 3),
    "move": st.integers(FIRST, FIRST + 5),
    "shown": st.just({"title": "aa"}),
}
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(("a", "b")),
    int: st.integers(1, 5),
    Whole: st.integers(1, 5),
    float: st.sampled_from((0.5, 1.5)),
    bool: st.booleans(),
    date: st.just(date(2026, 9, 1)),
    Time: st.just(datetime(2026, 9, 1, tzinfo=UTC)),
    type(None): st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if hasattr(hint, "__struct_fields__"):
        return built(hint)
    parts = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(values(parts[0]), max_size=2).map(tuple)
    if all(isinstance(part, str) for part in parts):  # a Literal
        return st.sampled_from(parts)
    return st.one_of([values(part) for part in parts])


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Values of a struct, each field by its name, else by its type."""
    return st.builds(
        kind,
        **{
            each.name: BY_NAME[each.name] if each.name in BY_NAME else values(each.type)
            for each in fields(kind)
        },
    )


CHANGES: st.SearchStrategy[Event] = st.one_of(
    [built(kind) for kind in get_args(InitiativeEvent) if kind is not RecordVoided]
)

LATER = CHANGES.filter(lambda event: not isinstance(event, InitiativeAdopted))
"""An adoption begins a stream."""


@st.composite
def histories(draw: st.DrawFn, *, voids: bool = True, max_size: int = 12) -> list[Record]:
    """Records of one stream in position order; with `voids`, some of them void others (never voids)."""
    records: list[Record] = []
    for n in range(draw(st.integers(0, max_size))):
        changes = [each.position for each in records if not isinstance(each.event, RecordVoided)]
        voided = voids and changes and draw(st.integers(0, 4)) == 0
        change = LATER if n else CHANGES
        event = RecordVoided(position=draw(st.sampled_from(changes))) if voided else draw(change)
        actor = draw(st.sampled_from(tuple(TEAM)))
        moment = at(draw(st.integers(0, 6)))
        records.append(record(event, position=FIRST + n, version=n + 1, actor=actor, at=moment))
    return records
