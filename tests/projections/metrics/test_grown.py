"""What is kept of an initiative and grows is what would be measured anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.domain.initiative import InitiativeState
from roadlog.projections.metrics.grown import grown
from roadlog.projections.metrics.measured import measured
from tests.domain.spec import START
from tests.projections.metrics.histories import WORKFLOW, histories

moments = st.integers(0, 10**12)


@draw(histories, moments, moments)
def test_what_was_measured_once_grows_into_what_is_measured_later(
    state: InitiativeState, first: int, later: int
) -> None:
    at = max([START, *state.touched.values()]) + timedelta(microseconds=first)
    kept: dict[str, Any] = orjson.loads(orjson.dumps(measured(state, WORKFLOW, at)))
    assert grown(kept, later / 1_000_000, WORKFLOW.order) == measured(
        state, WORKFLOW, at + timedelta(microseconds=later)
    )
