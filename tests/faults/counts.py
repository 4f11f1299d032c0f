"""How often each fault is tried: by `make test`, and by `make faults` and `make fuzz`."""

from typing import NamedTuple


class Count(NamedTuple):
    test: int
    full: int


KILLS = Count(200, 2_000)
"""Processes killed, over all kinds of work."""
