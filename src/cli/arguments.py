"""What arguments may be: numbers, targets, ranges, keys, handles, roles and ids, completed from the store."""

import math
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.program import program_of
from roadlog.visible import plain

if TYPE_CHECKING:
    from datetime import tzinfo

    from click.shell_completion import CompletionItem

    from roadlog.domain.initiative import InitiativeState
    from roadlog.domain.roadmap import RoadmapState
    from roadlog.reading import Reading

Number = int | float

# Texts, compiled when one is first needed: most commands need one or none.
INTEGER = r"[+-]?\d+"
LONGEST = 18
"""Characters of a whole number; below it, the domain says which ones are too large."""
DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?"
RANGE_FORM = r"(\d{1,4})(?:\s*(?:-|–|\.\.)\s*(\d{1,4}))?"
SPAN_FORM = r"(?P<low>-?[\d.]+(?:[eE][+-]?\d+)?)\s*(?:-|–|\.\.)\s*(?P<high>-?[\d.]+(?:[eE][+-]?\d+)?)"
KEY_FORM = r"[A-Z]{2,10}-[1-9]\d{0,8}"


def number(text: str) -> Number:
    """A finite number: whole where it is written so. Raises ValueError."""
    text = text.strip().replace("−", "-")
    if re.fullmatch(INTEGER, text):
        if len(text) > LONGEST:
            raise ValueError(f"{plain(text)!r} is too large")
        return int(text)
    if not re.fullmatch(DECIMAL, text):
        raise ValueError(f"{plain(text)!r} is no number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{plain(text)!r} is too large")
    return value


class NumberType(click.ParamType[Number]):
    """A finite number."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Number:
        if isinstance(value, int | float):
            return value
        try:
            return number(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class TargetType(click.ParamType[tuple[Number, bool]]):
    """A target: a number, or percent of the baseline such as `-30%`. Converts to (number, relative)."""

    name = "n|-n%"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Number, bool]:
        if isinstance(value, tuple):
            return value
        relative = value.strip().endswith("%")
        try:
            return number(value.strip().rstrip("%")), relative
        except ValueError as error:
            self.fail(f"{error}; a target is a number, or percent of the baseline such as -30%.", param, ctx)


class RangeType(click.ParamType[tuple[int, int]]):
    """How many, from and to: `3-5`, or `3`."""

    name = "n-n"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(RANGE_FORM, value.strip())
        if found is None:
            self.fail(f"{value!r} is no range, such as 3-5.", param, ctx)
        return int(found[1]), int(found[2] or found[1])


class SpanType(click.ParamType[tuple[Number, Number]]):
    """Numbers from and to: `600-700`, `-0.5..0.5`."""

    name = "n-n"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Number, Number]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(SPAN_FORM, value.strip())
        if found is None:
            self.fail(f"{value!r} is no range of numbers, such as 600-700.", param, ctx)
        try:
            return number(found["low"]), number(found["high"])
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class KeyType(click.ParamType[str]):
    """An initiative's key, such as `SUP-1`; small letters are taken for capitals."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        key = str(value).strip().upper()
        if re.fullmatch(KEY_FORM, key) or ctx is None or ctx.resilient_parsing:
            return key
        from roadlog.domain.refusals import unknown

        with program_of(ctx).reading() as reading:
            raise unknown("initiative", plain(str(value)), reading.keys(), try_=("roadlog board",))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        return _completed(ctx, incomplete.upper(), lambda reading: reading.keys())


class ZoneType(click.ParamType["tzinfo"]):
    """A time zone by its name, of those that are known on this machine."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "tzinfo":
        from roadlog.projections.zones import zone_of

        return zone_of(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        from roadlog.projections.zones import names

        return [CompletionItem(each) for each in names() if each.startswith(incomplete)]


class NameType(click.ParamType[str]):
    """A name that the store knows: completed from the roadmap and, where a key was typed, its initiative."""

    def __init__(
        self, name: str, known: "Callable[[RoadmapState, InitiativeState | None], Iterable[str]]"
    ) -> None:
        self.name = name
        self._known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not (text := str(value)).strip():
            self.fail(f"{text!r} is no {self.name}.", param, ctx)
        return text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        def names(reading: "Reading") -> Iterable[str]:
            moment = reading.moment()
            key = ctx.params.get("key")
            state = reading.state(key, moment) if isinstance(key, str) else None
            return self._known(reading.roadmap(moment), state)

        return _completed(ctx, incomplete, names)


def _completed(
    ctx: click.Context, incomplete: str, names: "Callable[[Reading], Iterable[str]]"
) -> "list[CompletionItem]":
    """Names from the store that begin so; none where it cannot be read."""
    from click.shell_completion import CompletionItem

    from roadlog.domain.refusals import RoadlogError

    try:
        with program_of(ctx).reading() as reading:
            return [CompletionItem(each) for each in names(reading) if each.startswith(incomplete)]
    except (RoadlogError, OSError):
        return []


def _milestones(roadmap: "RoadmapState", _: "InitiativeState | None") -> Iterable[str]:
    return roadmap.workflow.order if roadmap.workflow else ()


def _roles(roadmap: "RoadmapState", _: "InitiativeState | None") -> Iterable[str]:
    return roadmap.workflow.roles if roadmap.workflow else ()


def _handles(roadmap: "RoadmapState", _: "InitiativeState | None") -> Iterable[str]:
    return (each.handle for each in roadmap.present())


def _requirements(roadmap: "RoadmapState", state: "InitiativeState | None") -> Iterable[str]:
    if roadmap.workflow is None or state is None:
        return ()
    here = state.milestone
    return roadmap.workflow.entry if here is None else roadmap.workflow.milestone(here).requires


def _conditions(_: "RoadmapState", state: "InitiativeState | None") -> Iterable[str]:
    votes = state.approvals if state else ()
    return (each.id for vote in votes for each in vote.conditions if each.met_by is None)


NUMBER = NumberType()
TARGET = TargetType()
RANGE = RangeType()
SPAN = SpanType()
KEY = KeyType()
ZONE = ZoneType()
MILESTONE = NameType("milestone", _milestones)
ROLE = NameType("role", _roles)
HANDLE = NameType("handle", _handles)
FORMER = NameType("handle", lambda roadmap, _: roadmap.stakeholders)
"""Also of those who left."""
REQUIREMENT = NameType("requirement", _requirements)
CONDITION = NameType("id", _conditions)
METRIC = NameType("metric", lambda _, state: state.outcomes if state else ())
EVIDENCE = NameType("id", lambda _, state: state.evidence if state else ())
CRITERION = NameType("id", lambda _, state: state.criteria if state else ())
EXPERIMENT = NameType("id", lambda _, state: state.experiments if state else ())
RISK = NameType("id", lambda _, state: state.risks if state else ())
EDGE_CASE = NameType("id", lambda _, state: state.edge_cases if state else ())
INCIDENT = NameType("id", lambda _, state: state.incidents if state else ())
SEGMENT = NameType("text", lambda _, state: state.segments if state else ())
SCORE = click.IntRange(1, 5)
"""Likelihood, impact, severity: 1 to 5."""
COUNT = click.IntRange(min=1)
"""A number of things, from 1 on."""
POSITION = click.IntRange(1, 2**53)
"""Where a record stands in the log."""
