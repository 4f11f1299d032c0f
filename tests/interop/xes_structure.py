"""What IEEE 1849-2016 demands of an XES file's structure: what is wrong with one, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

SPACE = "{http://www.xes-standard.org/}"
NC_NAME = re.compile(r"[^\W\d][\w.\-·]*")
"""As XML has it, but for some letters that are not in use here."""
NAME = re.compile(r"[^\W\d][\w.\-·:]*|:[\w.\-·:]*")
TOKEN = re.compile(r"(\S+( \S+)*)?")
DATE = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?|-?INF|NaN")


def _is_long(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", text) is not None and -(2**63) <= int(text) < 2**63


VALUES: dict[str, Callable[[str], object]] = {
    "string": lambda _: True,
    "id": lambda _: True,
    "date": DATE.fullmatch,
    "int": _is_long,
    "float": FLOAT.fullmatch,
    "boolean": lambda text: text in ("true", "false", "0", "1"),
}
"""The attributes that have a value, and whether it is one."""
ORDER = {
    "extension": 0,
    "global": 1,
    "classifier": 2,
    **dict.fromkeys(VALUES, 3),
    "list": 3,
    "trace": 4,
    "event": 5,
}
"""What a log may hold, in this order."""
DEFINED: dict[str, dict[str, Callable[[str], object]]] = {
    "extension": {"name": NC_NAME.fullmatch, "prefix": NC_NAME.fullmatch, "uri": bool},
    "global": {"scope": lambda text: text in ("trace", "event")},
    "classifier": {"name": NC_NAME.fullmatch, "keys": TOKEN.fullmatch},
}
"""The attributes in XML of what is defined before the first trace."""


def faults(written: bytes) -> list[str]:
    """What the standard does not allow; nothing of a log that keeps to it."""
    log = ET.fromstring(written)  # noqa: S314 (we wrote it)
    return list(_faults(log))


def _faults(log: ET.Element) -> Iterator[str]:
    if log.tag != f"{SPACE}log":
        yield f"the root is {log.tag}"
    if not re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version", "")):
        yield "xes.version is no decimal number"
    if not TOKEN.fullmatch(log.get("xes.features", "")):
        yield "xes.features are no tokens"
    yield from _out_of_place(log, tuple(ORDER))
    for before, after in pairwise(each for each in log if _tag(each) in ORDER):
        if ORDER[_tag(before)] > ORDER[_tag(after)]:
            yield f"{_tag(after)} after {_tag(before)}"
    for name, wanted in DEFINED.items():
        for each in log.iter(f"{SPACE}{name}"):
            yield from _defined(each, wanted)
    yield from _held(log)
    for each in log.iter():
        if _tag(each) in VALUES:
            yield from _attribute(each)
        elif _tag(each) in ("log", "trace", "event", "global"):
            yield from _twice(each)
    yield from _promised(log)


def _tag(element: ET.Element) -> str:
    return element.tag.removeprefix(SPACE)


def _out_of_place(element: ET.Element, allowed: tuple[str, ...]) -> Iterator[str]:
    for each in element:
        if not each.tag.startswith(SPACE) or _tag(each) not in allowed:
            yield f"{_tag(each)} in {_tag(element)}"
    for text in (element.text, *(each.tail for each in element)):
        if (text or "").strip():
            yield f"text in {_tag(element)}"


def _held(log: ET.Element) -> Iterator[str]:
    """A trace holds its attributes and then events, an event and a global only attributes."""
    kinds = (*VALUES, "list")
    for trace in log.iter(f"{SPACE}trace"):
        yield from _out_of_place(trace, (*kinds, "event"))
        if any(_tag(a) == "event" != _tag(b) for a, b in pairwise(trace)):
            yield "an attribute of a trace after its event"
    for name in ("event", "global", *kinds):
        for each in log.iter(f"{SPACE}{name}"):
            yield from _out_of_place(each, kinds)


def _defined(element: ET.Element, wanted: dict[str, Callable[[str], object]]) -> Iterator[str]:
    if set(element.attrib) - {"scope"} != set(wanted) - {"scope"}:
        yield f"{_tag(element)} has {', '.join(sorted(element.attrib))}"
    for name, is_one in wanted.items():
        if not is_one(element.get(name, "")):
            yield f"{_tag(element)} has the {name} {element.get(name)!r}"


def _attribute(element: ET.Element) -> Iterator[str]:
    key, value = element.get("key", ""), element.get("value")
    if set(element.attrib) != {"key", "value"}:
        yield f"{_tag(element)} has {', '.join(sorted(element.attrib))}"
    if not NAME.fullmatch(key):
        yield f"{key!r} is no name"
    if value is not None and not VALUES[_tag(element)](value):
        yield f"{key} is no {_tag(element)}: {value!r}"


def _twice(element: ET.Element) -> Iterator[str]:
    keys = [each.get("key") for each in element if "key" in each.attrib]
    for key in sorted({str(each) for each in keys if keys.count(each) > 1}):
        yield f"{key} twice in {_tag(element)}"


def _promised(log: ET.Element) -> Iterator[str]:
    """Globals are on each trace or event; classifiers name such; prefixes are those of extensions."""
    prefixes = {each.get("prefix") for each in log.iter(f"{SPACE}extension")}
    for each in log.iter():
        prefix, colon, _ = each.get("key", "").partition(":")
        if colon and prefix not in prefixes:
            yield f"no extension has the prefix {prefix}"
    promised: dict[str, dict[str, str]] = {}
    for each in log.iter(f"{SPACE}global"):
        promised[each.get("scope", "")] = {one.get("key", ""): _tag(one) for one in each}
    for scope, wanted in promised.items():
        for each in log.iter(f"{SPACE}{scope}"):
            there = {one.get("key"): _tag(one) for one in each}
            for key in sorted(key for key in wanted if there.get(key) != wanted[key]):
                yield f"{scope} without its {key}"
    for each in log.iter(f"{SPACE}classifier"):
        for key in each.get("keys", "").split():
            if key not in promised.get(each.get("scope", "event"), {}):
                yield f"the classifier {each.get('name')} is of {key}, which not every event has"
