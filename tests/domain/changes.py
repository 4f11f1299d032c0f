"""What one event changes in a state: the fields that differ, by name, for tests of `evolve`."""

from __future__ import annotations

import msgspec

from roadlog.domain.events import Event
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from tests.domain.spec import By, initiative_records


def state_after(*steps: Event | By) -> InitiativeState:
    """The state after these steps, an hour apart, from position FIRST."""
    return fold(initiative_records(steps))


LEFT_OUT = frozenset({"version", "position", "touched", "residuals"})


def changed(*steps: Event | By) -> dict[str, object]:
    """The fields, with their new values, that the last step changes; all else stays as it was.

    Version, position and touched, which every record may move, are left out, and what remained of risks.
    """
    *before, record = initiative_records(steps)
    state = fold(before)
    snapshot = msgspec.to_builtins(state)
    after = evolve(state, record)
    assert msgspec.to_builtins(state) == snapshot, "evolve changed the state that it was given"
    assert (after.version, after.position) == (record.version, record.position)
    return {
        name: getattr(after, name)
        for name in after.__struct_fields__
        if name not in LEFT_OUT and getattr(after, name) != getattr(state, name)
    }
