"""Measuring: each initiative as it was measured since its last record, or measured anew and kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from roadlog.domain.keys import number_of
from roadlog.domain.moments import microseconds
from roadlog.projections.cache import Cache
from roadlog.projections.metrics.grown import grown

if TYPE_CHECKING:
    from roadlog.domain.workflow import Workflow
    from roadlog.filling import Progress
    from roadlog.upkeep import Upkeep

TOGETHER = 200
"""Initiatives that are measured before they are kept."""


def measured_now(
    upkeep: "Upkeep", key: str | None, workflow: "Workflow", progress: "Progress | None" = None
) -> list[dict[str, Any]]:
    """All initiatives in key order, or the one of a key that is there, as they are now.

    `progress` is told how many are measured of those that have to be.
    """
    now = microseconds(upkeep.now)

    def kept(cache: Cache) -> dict[str, tuple[int, Any]]:
        return {name: (at, orjson.loads(entry)) for name, at, entry in cache.measured(key)}

    def all_keys(cache: Cache) -> list[str]:
        if len(found) == cache.initiatives():  # which saves reading every row of the board
            return sorted(found, key=number_of)
        return [row[0] for row in cache.rows()]

    found = upkeep.ask(kept)
    keys = upkeep.ask(all_keys) if key is None else [key]
    missing = [each for each in keys if each not in found]
    for start in range(0, len(missing), TOGETHER):
        some = missing[start : start + TOGETHER]
        found.update(_measured(upkeep, some))
        if progress:
            progress(start + len(some), len(missing))
    entries = (found[each] for each in keys)
    return [grown(entry, (now - at) / 1_000_000, workflow.order) for at, entry in entries]


def _measured(upkeep: "Upkeep", keys: Sequence[str]) -> dict[str, tuple[int, Any]]:
    """Measured anew, and kept until something is recorded on them."""
    from roadlog.projections.kept import kept_measured, states_of

    def rows(cache: Cache) -> list[tuple[str, int, bytes]]:
        roadmap, states = states_of(cache, keys)
        return [kept_measured(state, roadmap, upkeep.now) for state in states.values()]

    found = upkeep.ask(rows)
    upkeep.keep(lambda cache: cache.put_measured(found))
    return {key: (at, orjson.loads(entry)) for key, at, entry in found}
