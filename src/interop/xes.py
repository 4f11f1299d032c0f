"""Cycles as traces of an XES log (IEEE 1849), an event for each milestone that was entered.

The trace of a finished cycle lasts from its start to its finish, and has a milestone twice where the work
came back to it: so what a tool for process mining finds are our cycle time and our rework. That of another
cycle lasts to its last move. Records of other kinds are in no trace, as they would make it last longer: OCEL
has them.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from roadlog.domain.initiative import Visit
from roadlog.domain.moments import rfc3339
from roadlog.interop.exported import Exported, Initiative
from roadlog.visible import escaped, is_visible

EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, however they are written: https://www.w3.org/TR/xml/#charsets."""
NOTE = (
    "A trace is a cycle of an initiative, an event the entry into a milestone. The last event of a finished "
    "cycle is the entry into its finish; that of another its last move, so that its trace is shorter than "
    "it. Times are when it happened, in UTC. cycle_time, age, lead_time, rework, waiting and seconds are "
    "elapsed seconds as metrics/1 has them; what goes on is measured up to as_of. People are handles."
)
HEAD = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- {NOTE} -->
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
"""
GLOBALS = """\
  <global scope="trace">
    <string key="concept:name" value="unknown"/>
    <string key="initiative" value="unknown"/>
    <int key="cycle" value="0"/>
    <string key="outcome" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>
    <string key="lifecycle:transition" value="start"/>
    <string key="org:resource" value="unknown"/>
    <int key="iteration" value="0"/>
    <int key="visit" value="0"/>
    <int key="position" value="0"/>
  </global>
  <classifier name="Milestone" keys="concept:name"/>
  <classifier name="MilestoneAndVisit" keys="concept:name visit"/>
  <classifier name="Person" keys="org:resource"/>
"""
TRACE = {
    "concept:name": "the cycle: the initiative's key, and its number",
    "initiative": "the initiative's key",
    "title": "its title",
    "cycle": "the number of the cycle",
    "outcome": "finished, open, stopped, or ended in another way, as by retiring",
    "cycle_time": "seconds from the start to the finish, as long as the trace; absent where it has none",
    "age": "of an open cycle, seconds since its start, longer than the trace, which ends with its last move",
    "lead_time": "seconds from the initiative's beginning to its first finish, of the first cycle",
    "rework": "seconds in stays numbered 2 or more",
    "waiting": "seconds in which it was blocked, paused, stopped or awaited approval",
}
"""The attributes of a trace, with their meaning."""
EVENT = {
    "concept:name": "the milestone that was entered",
    "time:timestamp": "when that happened",
    "lifecycle:transition": "start, always: the stay begins",
    "org:resource": "the handle of who moved it",
    "iteration": "the iteration, counted on from cycle to cycle",
    "visit": "the how manieth stay in that milestone in the cycle",
    "position": "the record of the move",
    "began": "forward, backward or adopted",
    "loop": "of a backward move: learning, rework, drift, rejection or scope",
    "seconds": "how long the stay was; absent of the finish, which is no part of the cycle",
}
"""The attributes of an event, with their meaning."""
Event = dict[str, Any]


class Time(str):
    """A moment as RFC 3339 writes it."""

    __slots__ = ()


def write(export: Exported, file: BinaryIO) -> dict[str, int]:
    """The log; gives how many traces and events it has."""
    counts = {"traces": 0, "events": 0}
    file.write(HEAD.encode())
    for name, prefix in EXTENSIONS:
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        file.write(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'.encode())
    file.write(GLOBALS.encode())
    file.writelines(text.encode() for text in _attributes(_about(export), "  "))
    for initiative in export.initiatives():
        for trace, events in _traces(initiative):
            counts["traces"] += 1
            counts["events"] += len(events)
            file.write("".join(_told(trace, events)).encode())
    file.write(b"</log>\n")
    return counts


def _about(export: Exported) -> Event:
    stamp = export.stamp()
    times = {name: Time(stamp[name]) for name in ("as_of", "known_at")}
    return {
        "concept:name": export.key or export.roadmap.key,
        "lifecycle:model": "standard",
        "definition": "metrics/1",
        "note": NOTE,
        **stamp,
        **times,
    }


def _traces(initiative: Initiative) -> Iterator[tuple[Event, list[Event]]]:
    """Each cycle with its events."""
    actors = {each.position: each.actor.id for each in initiative.records}
    for cycle in initiative.metrics["cycles"]:
        number = cycle["cycle"]
        finished = cycle["finished_at"] is not None
        visits = [each for each in initiative.state.visits if each.cycle == number]
        inside = len(cycle["visits"])  # these come first; the finish follows where there is one
        events = [
            _event(visit, actors, cycle["visits"][place]["seconds"] if place < inside else None)
            for place, visit in enumerate(visits[: inside + finished])
        ]
        yield (
            {
                "concept:name": f"{initiative.key} cycle {number}",
                "initiative": initiative.key,
                "title": initiative.state.title,
                "cycle": number,
                "outcome": cycle["outcome"],
                "cycle_time": cycle["cycle_time"],
                "age": initiative.metrics["age"] if cycle["outcome"] == "open" else None,
                "lead_time": initiative.metrics["lead_time"] if number == 1 else None,
                "rework": float(cycle["rework"]),
                "waiting": float(cycle["waiting"]),
            },
            events,
        )


def _event(visit: Visit, actors: dict[int, str], seconds: float | None) -> Event:
    """The entry into a milestone. `seconds` is how long the stay was, where the cycle is measured on it."""
    return {
        "concept:name": visit.milestone,
        "time:timestamp": Time(rfc3339(visit.entered_at)),
        "lifecycle:transition": "start",
        "org:resource": actors.get(visit.entered_by),
        "iteration": visit.iteration,
        "visit": visit.visit,
        "position": visit.entered_by,
        "began": visit.began,
        "loop": visit.loop,
        "seconds": seconds,
    }


def _told(trace: Event, events: list[Event]) -> Iterator[str]:
    yield "  <trace>\n"
    yield from _attributes(trace, "    ")
    for event in events:
        yield "    <event>\n"
        yield from _attributes(event, "      ")
        yield "    </event>\n"
    yield "  </trace>\n"


def _attributes(values: Event, indent: str) -> Iterator[str]:
    """Each attribute that has a value, as the element of its type."""
    for key, value in values.items():
        if value is not None:
            yield f'{indent}<{_kind(value)} key="{attribute(key)}" value="{attribute(str(value))}"/>\n'


def _kind(value: Any) -> str:
    return {Time: "date", int: "int", float: "float"}.get(type(value), "string")


def attribute(text: str) -> str:
    r"""The text between the quotes of an attribute. What is invisible is written `&#8238;` and the like,
    which says the same; what XML cannot hold, as `\u0001`.
    """
    text = NO_XML.sub(lambda found: escaped(found[0]), text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if is_visible(text):
        return text
    return "".join(each if is_visible(each) or each == " " else f"&#{ord(each)};" for each in text)
