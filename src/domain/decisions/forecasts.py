"""Forecasts that are kept: whether what is said can have been forecast, by this log and before now.

Whether it comes out the same when it is computed again, `forecast score` says: a decision draws no trials.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from msgspec.structs import astuple

from roadlog.domain.commands import KeepForecast
from roadlog.domain.events import ForecastKept, Lines
from roadlog.domain.limits import LARGEST_SEED
from roadlog.domain.moments import told
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation

MOST_TRIALS = 1_000_000
LEAF = 64
"""Hexadecimal digits of a leaf hash."""


def keep(situation: Situation, command: KeepForecast) -> Events:
    """Anybody may. What was kept word for word already is not kept again."""
    fault = next(_faults(situation, command), None)
    if fault is not None:
        raise Malformed("forecast", f"That is no forecast: {fault}.", try_=("roadlog forecast",))
    if command.position > situation.head:
        raise Refused(
            "forecast",
            f"The forecast was made at position {command.position}: the log holds {situation.head} records.",
            missing=(f"position {command.position}",),
            try_=("roadlog forecast",),
        )
    if command.as_of > situation.at:
        raise Refused(
            "forecast",
            f"The forecast is of {told(command.as_of)}, and cannot be kept before it, "
            f"at {told(situation.at)}.",
            try_=("roadlog forecast keep",),
        )
    kept = ForecastKept(**{name: getattr(command, name) for name in ForecastKept.__struct_fields__})
    return () if any(each.said == kept for each in situation.roadmap.forecasts) else (kept,)


def _faults(situation: Situation, command: KeepForecast) -> Iterator[str]:
    """What no forecast of this definition can have said, as ends of a sentence."""
    asked = [each for each in (command.key, command.by, command.count) if each is not None]
    if len(asked) != 1:
        yield "it asks one of an initiative, a day and a count"
    if command.key is not None and not command.key.startswith(f"{situation.roadmap.key}-"):
        yield f"{command.key} is no key of {situation.roadmap.key}"
    if command.count is not None and command.count < 1:
        yield "the count is 1 or more"
    if not 1 <= command.trials <= MOST_TRIALS or not 0 <= command.seed <= LARGEST_SEED:
        yield "its trials or its seed are out of range"
    if command.position < 1 or command.n < 1 or not _is_leaf(command.head):
        yield "its position, its n or its head can be none"
    start, end = command.window_from, command.window_to
    if start is not None and end is not None and end <= start:
        yield "the window of its history is empty"
    yield from _faults_of(command.lines, command)


def _is_leaf(text: str) -> bool:
    return len(text) == LEAF and set(text) <= set("0123456789abcdef")


def _faults_of(lines: Lines, command: KeepForecast) -> Iterator[str]:
    """More certain means fewer, or later; beyond what can be told nothing more certain can be told.

    That at least none finish says nothing.
    """
    values: list[Any] = list(astuple(lines))
    said = [each for each in values if each is not None]
    wanted = int if command.by is not None else date
    if not any(said):
        yield "it says nothing"
    elif values[: len(said)] != said:
        yield "a line is told after one that cannot be"
    elif not all(isinstance(each, wanted) for each in said):
        yield "its lines are counts for a day, and days for the other questions"
    elif any(before < after if wanted is int else after < before for before, after in pairwise(said)):
        yield "a more certain line says more than a less certain one"
    elif wanted is int and said[-1] < 0:
        yield "a count is below 0"
