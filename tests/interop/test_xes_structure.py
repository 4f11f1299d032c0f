"""XES: its structure is that of IEEE 1849-2016.

The schema of the standard, xes-ieee-1849-2016.xsd, names no licence, so it is not kept here. What it demands
is checked by `xes_structure` instead: the elements and their order, which attributes in XML each has, names,
tokens, and values of their types. So is what the standard demands in words: no key twice, each prefix that of
an extension, each global on every trace and event, classifiers of globals only. It is not checked what
extensions say of their keys. Each rule has a file that breaks it.
"""

from __future__ import annotations

import pytest

from roadlog.store import FOLDER
from tests.cli.line import Line
from tests.demo.conftest import Played
from tests.interop.exports import exported
from tests.interop.xes_structure import faults

CYCLE = b'<int key="cycle" value="1"/>'
BROKEN = {
    "the root is log": (b' xmlns="http://www.xes-standard.org/"', b""),
    "xes.version is no decimal number": (b"1849.2016", b"two"),
    "xes.features are no tokens": (b'xes.features=""', b'xes.features=" nested  lists"'),
    "global after classifier": (b"  <global", b'  <classifier name="A" keys="visit"/>\n  <global'),
    "classifier has the name 'Milestone and visit'": (b"MilestoneAndVisit", b"Milestone and visit"),
    "classifier has keys": (b' name="Person"', b""),
    "extension has the prefix 'a b'": (b'prefix="concept"', b'prefix="a b"'),
    "global has the scope 'log'": (b'scope="trace"', b'scope="log"'),
    "note in trace": (b"<trace>", b"<trace><note/>"),
    "text in trace": (b"<trace>", b"<trace>words"),
    "trace in event": (b"<event>", b"<event><trace/>"),
    "an attribute of a trace after its event": (b"</trace>", b'<int key="late" value="1"/></trace>'),
    "int has key": (CYCLE, b'<int key="cycle"/>'),
    "int has key, type, value": (CYCLE, b'<int key="cycle" value="1" type="int"/>'),
    "'1st' is no name": (CYCLE, CYCLE + b'<int key="1st" value="1"/>'),
    "cycle is no int: '1.5'": (CYCLE, b'<int key="cycle" value="1.5"/>'),
    "cycle is no int: '9223372036854775808'": (CYCLE, b'<int key="cycle" value="9223372036854775808"/>'),
    "day is no date: '2026-03-02'": (CYCLE, CYCLE + b'<date key="day" value="2026-03-02"/>'),
    "part is no float: 'a half'": (CYCLE, CYCLE + b'<float key="part" value="a half"/>'),
    "done is no boolean: 'yes'": (CYCLE, CYCLE + b'<boolean key="done" value="yes"/>'),
    "cycle twice in trace": (CYCLE, CYCLE + CYCLE),
    "trace without its cycle": (CYCLE, b""),
    "no extension has the prefix cost": (CYCLE, CYCLE + b'<int key="cost:total" value="1"/>'),
    "the classifier Person is of loop, which not every event has": (b'keys="org:resource"', b'keys="loop"'),
}


@pytest.mark.parametrize("words", [(), ("SUP-1",), ("--position", "1"), ("--position", "8")])
def test_what_is_exported_is_a_log(history: Line, words: tuple[str, ...]) -> None:
    assert faults(exported(history, "xes", *words)) == []


def test_the_demo_is_a_log(played: Played) -> None:
    written = exported(Line(played.folder / FOLDER), "xes")
    assert (written.count(b"<trace>"), faults(written)) == (3, [])


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_no_log_is_found(history: Line, fault: str) -> None:
    written = exported(history, "xes")
    was, broken = BROKEN[fault]
    assert was in written
    assert fault in faults(written.replace(was, broken))
