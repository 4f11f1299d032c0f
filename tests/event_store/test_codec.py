"""Bytes: one canonical form on the way in, nothing but that form's meaning on the way out."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import orjson
import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from roadlog.event_store.codec import MAX_PAYLOAD, Codec
from roadlog.event_store.errors import PayloadTooLarge, Unreadable, Unstorable
from roadlog.event_store.records import rfc3339
from tests.event_store.samples import CODEC, MORNING, Counted, Due, Mixed, Noted, Part, Renamed, noted

GOOD = b'{"at":"2026-03-02T09:00:00.000000Z","by":null,"command_id":"c","schema":1,"tags":["a"],"text":"x"}'


def test_stored_bytes_are_sorted_compact_and_exact_to_the_microsecond() -> None:
    body = Noted(text="é", by=None, tags=("a",), at=MORNING + timedelta(microseconds=5))
    expected = (
        '{"at":"2026-03-02T09:00:00.000005Z","by":null,"command_id":"c","schema":1,"tags":["a"],"text":"é"}'
    )
    assert CODEC.encode("Noted", body) == expected.encode()


def test_times_are_stored_in_utc() -> None:
    there = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    assert b'"at":"2026-03-02T09:00:00.000000Z"' in CODEC.encode(
        "Noted", Noted(text="", by=None, tags=(), at=there)
    )


OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
TIMES = st.datetimes(timezones=st.just(UTC) | OFFSETS)


@given(TIMES)
def test_any_time_is_stored_in_the_one_form_or_refused(at: datetime) -> None:
    body = Noted(text="2026-03-02T09:00:00Z", by=None, tags=(), at=at)
    try:
        there = at.astimezone(UTC)
    except OverflowError:
        with pytest.raises(Unstorable):
            CODEC.encode("Noted", body)
    else:
        written = there.replace(tzinfo=None).isoformat(timespec="microseconds")
        expected = (
            f'{{"at":"{written}Z","by":null,"command_id":"c","schema":1,"tags":[],"text":"{body.text}"}}'
        )
        assert CODEC.encode("Noted", body) == expected.encode()


FORM = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
NUMBERS = st.integers(-(2**65), 2**65) | st.floats(allow_nan=False)
PARTS = st.builds(Part, of=st.none() | st.text(), value=st.floats(), at=st.none() | TIMES)
FREE = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
MIXED = st.builds(
    Mixed,
    at=TIMES,
    command_id=st.text(),
    number=st.none() | NUMBERS,
    flag=st.booleans(),
    kind=st.sampled_from(("a", "b")),
    day=st.none() | st.dates(),
    part=st.none() | PARTS,
    parts=st.lists(PARTS, max_size=2).map(tuple),
    counts=st.lists(st.integers(-(2**65), 2**65), max_size=2),
    times=st.lists(TIMES, max_size=2),
    free=st.dictionaries(st.text(), FREE, max_size=3),
)


@given(MIXED)
def test_a_body_is_written_or_refused_as_by_orjson_alone(body: Mixed) -> None:
    try:
        state = CODEC.encode("Mixed", body)
    except Unstorable:
        state = b""
    plain = msgspec.to_builtins(body, builtin_types=(datetime,))
    try:
        whole = orjson.dumps(plain, default=rfc3339, option=FORM)
        expected = whole if msgspec.json.decode(whole, type=Mixed) == body else b""
    except (TypeError, ValueError):
        expected = b""
    assert state == expected


@freeze_time("2026-03-02T09:00:00.000007Z")
def test_the_times_of_a_clock_set_by_a_test_are_stored_alike() -> None:
    body = Due(by=date.today(), at=datetime.now(UTC))  # noqa: DTZ011
    expected = b'{"at":"2026-03-02T09:00:00.000007Z","by":"2026-03-02","command_id":"c","schema":1}'
    assert CODEC.encode("Due", body) == expected
    assert CODEC.decode("Due", expected) == body


def test_what_is_stored_is_read_back() -> None:
    body = Noted(text="x", by=None, tags=("a",))
    assert CODEC.encode("Noted", body) == GOOD
    assert CODEC.decode("Noted", GOOD) == body


@given(st.builds(Noted, text=st.text(), by=st.none() | st.text(), tags=st.lists(st.text()).map(tuple)))
def test_any_text_survives_or_is_refused(body: Noted) -> None:
    try:
        state = CODEC.encode("Noted", body)
    except Unstorable:
        assert any(
            "\ud800" <= letter <= "\udfff" for letter in body.text + (body.by or "") + "".join(body.tags)
        )
    else:
        assert CODEC.decode("Noted", state) == body


@pytest.mark.parametrize(
    ("state", "path"),
    [
        (GOOD.replace(b'"text":"x"', b'"text":1'), "$.text"),
        (GOOD.replace(b',"text":"x"', b""), "$"),
        (GOOD.replace(b'"text":"x"', b'"text":"x","more":1'), "$"),
        (GOOD.replace(b'["a"]', b'["a",2]'), "$.tags[1]"),
        (GOOD.replace(b"2026-03-02", b"2026-13-02"), "$.at"),
        (GOOD.replace(b'"schema":1', b'"schema":"1"'), "$.schema"),
        (GOOD.replace(b'"schema":1', b'"schema":2'), "$.schema"),
        (GOOD.replace(b'"schema":1', b'"schema":0'), "$.schema"),
        (GOOD[:-1], None),
        (b"", None),
        (b"\xff\xfe", None),
        (GOOD.replace(b'"x"', b'"\xff"'), None),
        (b"null", "$"),
        (b"[]", "$"),
        (b"1e999", "$"),
        (b'{"schema":NaN}', None),
        (b"[" * 100_000, None),
        (b'{"schema":0,"x":' + b"[" * 100_000, None),
    ],
)
def test_what_is_not_strictly_of_the_type_is_unreadable(state: bytes, path: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        CODEC.decode("Noted", state, position=7, stream="A")
    error = caught.value
    assert (error.position, error.stream, error.type_name, error.path) == (7, "A", "Noted", path)
    assert str(error).startswith("record 7 cannot be read (stream A, type Noted")


@given(
    st.binary(max_size=80)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(repr).map(str.encode)
)
def test_garbage_is_unreadable_and_nothing_else(state: bytes) -> None:
    with pytest.raises(Unreadable):
        CODEC.decode("Noted", state)


@pytest.mark.parametrize("name", ["Nothing", "os:system", "tests.event_store.samples:Noted", "", "noted"])
def test_a_type_name_outside_the_registry_is_unreadable_and_imports_nothing(name: str) -> None:
    with pytest.raises(Unreadable, match="no type is named"):
        CODEC.decode(name, GOOD)


def test_a_payload_that_looks_like_the_librarys_transcoding_is_plain_text() -> None:
    body = noted('{"_type_": "uuid_hex", "_data_": "x"}')
    assert CODEC.decode("Noted", CODEC.encode("Noted", body)) == body


@pytest.mark.parametrize("schema", [1, 2])
def test_older_schemas_are_brought_up_step_by_step(schema: int) -> None:
    raw: dict[str, Any] = {"at": "2026-03-02T09:00:00.000000Z", "command_id": "c", "schema": schema}
    raw["name" if schema == 1 else "title"] = "t"
    assert CODEC.decode("Renamed", orjson.dumps(raw)) == Renamed(title="t", reason="", schema=3)


def test_an_upcast_body_is_read_strictly_too() -> None:
    raw = {"at": "2026-03-02T09:00:00.000000Z", "command_id": "c", "schema": 2, "title": 5}
    with pytest.raises(Unreadable, match=r"at \$\.title"):
        CODEC.decode("Renamed", orjson.dumps(raw))


def test_an_older_body_that_is_not_of_its_schema_is_unreadable() -> None:
    with pytest.raises(Unreadable, match=r"it is not of schema 1: KeyError\('name'\)"):
        CODEC.decode("Renamed", b'{"schema":1,"nam":"t"}')


def test_a_newer_schema_is_unreadable_and_says_so() -> None:
    raw = {"at": "2026-03-02T09:00:00.000000Z", "command_id": "c", "schema": 4, "title": 5, "extra": 1}
    with pytest.raises(Unreadable, match="schema 4 is newer than 3"):
        CODEC.decode("Renamed", orjson.dumps(raw))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_has_no_word_for_are_refused(value: float) -> None:
    with pytest.raises(Unstorable, match=r"Counted at \$\.value: not a finite number"):
        CODEC.encode("Counted", Counted(value=value, sample=1))


@pytest.mark.parametrize(
    "body",
    [
        Counted(value=1.0, sample=2**64),
        Counted(value="1", sample=1),  # type: ignore[arg-type]
        Counted(value=1.0, sample=1, schema=2),
        Noted(text="\ud800", by=None, tags=()),
        Noted(text="x", by=None, tags=["a"]),  # type: ignore[arg-type]
        Noted(text="x", by=None, tags=(), at=datetime(2026, 3, 2)),  # noqa: DTZ001
        Noted(text=b"x", by=None, tags=()),  # type: ignore[arg-type]
    ],
)
def test_what_would_not_read_back_is_refused(body: Counted | Noted) -> None:
    with pytest.raises(Unstorable):
        CODEC.encode(type(body).__name__, body)


def test_the_size_of_a_payload_is_bounded() -> None:
    room = MAX_PAYLOAD - len(CODEC.encode("Noted", noted("")))
    assert len(CODEC.encode("Noted", noted("x" * room))) == MAX_PAYLOAD
    with pytest.raises(PayloadTooLarge, match="262,145 bytes, a record holds at most 262,144"):
        CODEC.encode("Noted", noted("x" * (room + 1)))


def test_decoders_are_made_when_a_type_is_first_met() -> None:
    codec = Codec({"Broken": (1, "not a type at all"), "Noted": (1, Noted)})
    assert codec.decode("Noted", GOOD) == Noted(text="x", by=None, tags=("a",), at=MORNING.astimezone(UTC))
