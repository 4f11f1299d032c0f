"""What is taken from the machine: the time, chance, the name of the account, and its collector of garbage."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

ACCOUNT_LENGTH = 256
"""Characters of an account's name that a record holds."""


def clock() -> datetime:
    """Now, in UTC. Everything that needs the time gets it from here, as a value."""
    return datetime.now(UTC)


def random_hex(size: int) -> str:
    """That many random bytes, in hex: salts and ids. (`secrets` would cost 6 ms to import.)"""
    return os.urandom(size).hex()


def random_hexes(size: int, count: int) -> list[str]:
    """So many of them at once, which costs a fifth of one by one."""
    text = random_hex(size * count)
    return [text[start : start + 2 * size] for start in range(0, len(text), 2 * size)]


def os_user() -> str:
    """The account of the operating system; `unknown` where it has none, or none that a record can hold."""
    import getpass

    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
    return name if name.isprintable() and len(name) <= ACCOUNT_LENGTH else "unknown"


@contextmanager
def without_collector() -> Iterator[None]:
    """For work that makes many values and no cycles, which the collector would look for all the while.

    Afterwards they count as old, so that it does not look through all of them at once either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if was_on:
            gc.enable()
