"""Who held which role at each time, as the fold has it; and for which periods a finding counts."""

from __future__ import annotations

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from roadlog.domain.events import (
    Event,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderLeft,
)
from roadlog.domain.roadmap import fold_roadmap
from roadlog.projections.audit.findings import Finding, InForce, once
from tests.domain.spec import TEAM, record, roadmap_records
from tests.projections.histories import day

HANDLES = (*TEAM, "nina")


def changes(handle: str, kind: int) -> Event:
    match kind:
        case 0:
            return RoleGranted(stakeholder=handle, role="compliance")
        case 1:
            return RoleRevoked(stakeholder=handle, role="compliance")
        case 2:
            return StakeholderLeft(stakeholder=handle)
        case _:
            return StakeholderJoined(
                stakeholder=handle,
                kind="human",
                roles=("product",),
                name_commitment=None,
                address_commitment=None,
            )


CHANGES = st.lists(st.tuples(st.sampled_from(HANDLES), st.integers(0, 3), st.integers(0, 9)), max_size=20)


@over(CHANGES, st.integers(-2, 12), st.sampled_from(HANDLES))
def test_roles_at_a_time_are_those_of_the_fold_as_of_that_time(
    told: list[tuple[str, int, int]], at: int, handle: str
) -> None:
    """Records of one stakeholder come in the order of time, those of several in any (rule 8)."""
    latest: dict[str, int] = {}
    records = roadmap_records()
    for position, (who, kind, later) in enumerate(told, start=len(records) + 1):
        latest[who] = latest.get(who, 0) + later
        event = changes(who, kind)
        records.append(record(event, position=position, stream="SUP", version=position, at=day(latest[who])))
    person = fold_roadmap(records, as_of=day(at)).stakeholders.get(handle)
    assert InForce(records).roles(handle, day(at)) == (None if person is None else person.roles)


def test_the_roadmap_before_a_position_is_what_that_record_was_decided_on() -> None:
    records = roadmap_records()
    in_force = InForce(records)
    assert in_force.before(1).workflow is None
    assert list(in_force.before(4).stakeholders) == ["paula"]
    assert list(in_force.before(99).stakeholders) == list(TEAM)


@pytest.mark.parametrize(("start", "counts"), [(None, True), (2, True), (4, True), (5, False), (9, False)])
def test_a_finding_counts_from_any_time_before_its_end(start: int | None, counts: bool) -> None:
    finding = Finding("it", (1,), day(3), day(5))
    assert finding.lies_in(None if start is None else day(start)) is counts


def test_what_was_found_at_one_moment_counts_from_that_moment_on_back() -> None:
    finding = once("it", [1], day(3))
    assert [finding.lies_in(day(each)) for each in (2, 3, 4)] == [True, True, False]
