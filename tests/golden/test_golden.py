"""Released bytes never change: each golden line is written, read and hashed as it stands in the file."""

from hashlib import sha256

import pytest
from msgspec.structs import replace

from roadlog import rows
from roadlog.domain.events import CATALOGUE, Event
from roadlog.domain.records import Body
from roadlog.event_store.errors import Unreadable
from roadlog.event_store.sealing import leaf as sealed_leaf
from tests.golden.lines import PATH, Line, golden_bodies, golden_lines, leaf

# Lines are only ever appended. After `python -m tests.golden.lines` has appended some, RELEASED and
# DIGEST are those of the longer file: a line that goes missing, or changes by one byte, no longer has the
# digest it was released with.
RELEASED = 103
DIGEST = "ada534955c5df92b3d924559a5bfeb3ec08e003f8505be2e31c92f958ab66cab"

LINES = golden_lines()
PAIRS = [
    pytest.param(*each, id=f"{each[0].position}-{each[0].type}")
    for each in zip(LINES, golden_bodies(), strict=False)
]
CODEC = rows.codec()


def test_released_lines_are_as_they_were_released() -> None:
    released = PATH.read_bytes().split(b"\n")[:RELEASED]
    assert sha256(b"".join(each + b"\n" for each in released)).hexdigest() == DIGEST


def test_every_line_is_released_and_every_event_has_its_line() -> None:
    assert len(LINES) == RELEASED == len(golden_bodies()), "python -m tests.golden.lines, then see RELEASED"


def test_every_type_of_the_catalogue_has_a_line() -> None:
    assert {each.type for each in LINES} == CATALOGUE.keys()


@pytest.mark.parametrize(("line", "body"), PAIRS)
def test_the_body_is_written_as_these_bytes(line: Line, body: Body[Event]) -> None:
    assert type(body.event).__name__ == line.type
    assert CODEC.encode(line.type, body).decode() == line.state


@pytest.mark.parametrize(("line", "body"), PAIRS)
def test_these_bytes_are_read_as_the_body(line: Line, body: Body[Event]) -> None:
    assert CODEC.decode(line.type, line.state.encode()) == body


@pytest.mark.parametrize("line", LINES, ids=[f"{each.position}-{each.type}" for each in LINES])
def test_a_byte_more_in_the_body_is_refused(line: Line) -> None:
    wrong = line.state.replace('"data":{', '"data":{"unheard_of":1,', 1).replace("1,}", "1}", 1)
    with pytest.raises(Unreadable, match="unheard_of"):
        CODEC.decode(line.type, wrong.encode())


@pytest.mark.parametrize("line", LINES, ids=[f"{each.position}-{each.type}" for each in LINES])
def test_the_line_has_the_leaf_of_its_header(line: Line) -> None:
    assert leaf(line) == line.leaf
    digest = sha256(line.state.encode()).hexdigest()
    columns = (line.position, line.stream, line.version, line.type, line.recorded_at)
    assert sealed_leaf(*columns, digest, line.previous) == line.leaf


def test_the_lines_are_two_chains_in_one_log() -> None:
    last: dict[str, Line] = {}
    for position, line in enumerate(LINES, start=1):
        before = last.get(line.stream)
        assert line.position == position
        assert (line.version, line.previous) == ((before.version + 1, before.leaf) if before else (1, "-"))
        last[line.stream] = line


def test_a_changed_byte_has_another_leaf() -> None:
    line = LINES[0]
    assert leaf(replace(line, state=line.state.replace("SUP", "SUQ"))) != line.leaf
    assert leaf(replace(line, recorded_at=line.recorded_at.replace("2026", "2025"))) != line.leaf
