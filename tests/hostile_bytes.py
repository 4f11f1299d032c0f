"""Bytes that somebody made up, or made of the real thing, and trying something with many of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of its own is made in it)
"""Where files cost no disk, on systems that have it."""


def changed(whole: bytes, seed: int) -> bytes:
    """The real thing with up to four changes; sometimes none."""
    chance, found = Random(seed), whole
    for _ in range(chance.randrange(5)):
        start = chance.randint(0, len(found))
        end = chance.choice([start, start + 1, chance.randint(start, len(found))])
        put = chance.choice([b"", chance.randbytes(chance.randint(1, 4)), found[start:end] * 2])
        found = found[:start] + put + found[end:]
    return found


def hostile(whole: bytes) -> st.SearchStrategy[bytes]:
    """Drawn from a seed, as drawing each change takes longer than all that is tried with it."""
    real = st.integers(0, 2**62).map(lambda seed: changed(whole, seed))
    return st.one_of(st.binary(max_size=300), real, real, real)


def tried(cases: int, strategy: st.SearchStrategy[T], check: Callable[[T], None]) -> None:
    """Tries so many of them, the same each time."""
    quiet = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(strategy)(check))()
