"""The way back from what was recorded to what was wished for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from roadlog.domain.events import (
    ConsentRequested,
    Event,
    MilestoneReturned,
    RoadmapOpened,
    StakeholderApproved,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.judging.wished import wishes
from tests.domain.spec import START, record
from tests.golden.events import EVENTS

NONE = (RoadmapOpened, ConsentRequested)
"""What is wished for with others, or holds its wish."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_has_its_way_back(event: Event) -> None:
    imported = isinstance(event, MilestoneReturned) and event.loop is None
    at = START
    if isinstance(event, StakeholderApproved) and event.valid_until is not None:
        at = event.valid_until - timedelta(days=30)
    found = wishes(record(event, position=1, at=at), InitiativeState())
    assert bool(found) == (not isinstance(event, NONE) and not imported)
    assert all(each.stream == "SUP-1" for each in found)
