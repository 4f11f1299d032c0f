"""Why a command was not carried out. Each knows the exit code of the command line's contract."""

from typing import ClassVar


class RoadlogError(Exception):
    """Something the person at the keyboard can act on. `try_` holds commands to type next.

    `place` is the number of the command that it is about, from 0, where several were wished for at once.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self, rule: str, message: str, *, missing: tuple[str, ...] = (), try_: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.missing = missing
        self.try_ = try_
        self.place: int | None = None


class Malformed(RoadlogError):
    """A value that cannot be what it should be: text, number, time, file."""

    exit_code = 2


class Unknown(RoadlogError):
    """A key, role, milestone or id that is not there; `try_` offers the nearest."""

    exit_code = 2


class Conflict(RoadlogError):
    """Somebody recorded first, or a command id came back with other content."""

    exit_code = 3


class Damaged(RoadlogError):
    """A record that cannot be read as what it claims to be."""

    exit_code = 4


class StoreFailure(RoadlogError):
    """The store cannot be reached, opened or written."""

    exit_code = 6


class OutsideFailure(StoreFailure):
    """Something beside the store failed: who was asked over the network, a program, a file, a package."""


class Refused(RoadlogError):
    """A rule said no: the rule, the facts, and what to do next. Nothing was recorded."""

    exit_code = 5


def unknown(
    what: str, given: str, known: tuple[str, ...], *, try_: tuple[str, ...] = (), most: int = 12
) -> Unknown:
    """An Unknown that offers the nearest of what is known; where nothing is near, `most` of it."""
    import difflib

    nearest = difflib.get_close_matches(given, known, n=1, cutoff=0.5) or difflib.get_close_matches(
        given.upper(), known, n=1, cutoff=0.5
    )
    rest = f" and {len(known) - most} more" if len(known) > most else ""
    some = f" Known: {', '.join(known[:most])}{rest}." if known else ""
    hint = f" Did you mean {nearest[0]}?" if nearest else some
    return Unknown(f"unknown-{what}", f"There is no {what} {given!r}.{hint}", missing=(given,), try_=try_)
