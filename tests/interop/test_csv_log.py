"""What CSV files really hold: quotes, delimiters, encodings, times; and what is said of bad lines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine, Line
from roadlog.interop.csv_log import read
from roadlog.interop.csv_records import LINE_CHARACTERS
from roadlog.interop.written import moment
from tests.interop.logs import COLUMNS, HEADER, NOW

BERLIN = ZoneInfo("Europe/Berlin")


def lines(tmp_path: Path, content: str | bytes, zone: tzinfo = UTC) -> list[Line | BadLine]:
    path = tmp_path / "log.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path, COLUMNS, now=NOW, zone=zone))


def line(number: int, case: str, activity: str = "Design", actor: str | None = "Ana") -> Line:
    return Line(
        number=number, case=case, activity=activity, at=datetime(2026, 3, 2, 9, tzinfo=UTC), actor=actor
    )


def bad(number: int, field: str, why: str) -> BadLine:
    return BadLine(file="log.csv", line=number, field=field, why=why)


T = "2026-03-02T09:00:00Z"
GOOD = f"case,activity,time,who\nA,Design,{T},Ana\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_marks(
    tmp_path: Path, delimiter: str, end: str, mark: str
) -> None:
    content = mark + GOOD.replace(",", delimiter).replace("\n", end)
    assert lines(tmp_path, content) == [line(2, "A")]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert lines(tmp_path, GOOD.rstrip("\n")) == [line(2, "A")]


def test_columns_may_stand_anywhere_and_others_are_ignored(tmp_path: Path) -> None:
    content = f"x,time,who,y,activity, case ,x\nignored\x00,{T},Ana,\xe9,Design,A,\x07\n"
    assert lines(tmp_path, content) == [line(2, "A")]


def test_a_quoted_record_is_named_by_its_first_line(tmp_path: Path) -> None:
    content = (
        f'case,activity,time,who\nA,"Design",{T},Ana\n"B\nof two lines","De""sign, new",{T},Ana\n'
        f'"C\n\n\n",Design,never,Ana\nD,Design,{T},Ana\n'
    )
    assert lines(tmp_path, content) == [
        line(2, "A"),
        line(3, "B of two lines", 'De"sign, new'),
        bad(5, "time", "'never' is no time; ISO 8601 is read, for example 2026-03-02T09:00:00+01:00"),
        line(9, "D"),
    ]


def test_a_header_may_be_quoted_over_lines(tmp_path: Path) -> None:
    content = f'case,"a note;\nof;two;lines",activity,time,who\nA,,Design,{T},Ana\n'
    assert lines(tmp_path, content) == [line(3, "A")]


@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Malformed, match=r"log\.csv is empty: its first line must name the columns"):
        lines(tmp_path, text)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (f"{HEADER}\n".encode("utf-16"), "UTF-16: save it as UTF-8"),
        (b"\x1f\x8b\x08\x00", "gzip: unpack it first"),
        (b"PK\x03\x04\x14\x00", "a zip archive, as a spreadsheet (.xlsx) is, too"),
        (b"<!doctype html>", "HTML, perhaps a page to log in"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_is(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=re.escape(f"log.csv: this is {why}")):
        lines(tmp_path, content)


def test_a_header_alone_is_a_log_without_events(tmp_path: Path) -> None:
    assert lines(tmp_path, "case,activity,time,who\n") == []
    assert lines(tmp_path, "case,activity,time,who\n\n , , , \n,,,\n") == []


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("case,activity,when,who", "there is no column 'time'"),
        ("case,activity,time,who,case", "there is more than one column 'case'"),
        ("case\tactivity time who", "there is no column 'activity'"),
    ],
)
def test_a_header_must_name_each_column_once(tmp_path: Path, header: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"log.csv, line 1: {why}"):
        lines(tmp_path, f"{header}\n")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read: Is a directory"):
        list(read(tmp_path, COLUMNS, now=NOW))


@pytest.mark.parametrize(
    ("row", "number", "field", "why"),
    [
        (b"A,Design,%s", 2, "", "it has 3 fields where the header has 4"),
        (b"A,Design,%s,Ana,more", 2, "", "it has 5 fields where the header has 4"),
        (b" ,Design,%s,Ana", 2, "case", "it is empty"),
        (b"A,,%s,Ana", 2, "activity", "it is empty"),
        (b"A,Design,,Ana", 2, "time", "it is empty"),
        (b"A\x00,Design,%s,Ana", 2, "case", "it holds a control character (U+0000) at place 2"),
        (b"A,\x1b[31m,%s,Ana", 2, "activity", "it holds a control character (U+001B) at place 1"),
        (b"A,Design,%s,\xc2\x85", 2, "who", "it holds a control character (U+0085) at place 1"),
        (b"A,caf\xe9,%s,Ana", 2, "activity", "it is not UTF-8 text (byte 0xE9 at place 4)"),
        (b"\xed\xa0\x80,Design,%s,Ana", 2, "case", "it is not UTF-8 text (byte 0xED at place 1)"),
        (b"A,%s,2026-06-01T12:00:00.000001Z,Ana" % (b"x" * 201), 2, "activity", "it is 201 characters long"),
        (
            b"A,Design,2026-06-01T12:00:00.000001Z,Ana",
            2,
            "time",
            "2026-06-01T12:00:00.000001Z is in the future",
        ),
        (b"A,Design,1899-12-31T23:59:59Z,Ana", 2, "time", "1899-12-31T23:59:59Z is before 1900"),
        (b"A,Design,0001-01-01T00:00:00+14:00,Ana", 2, "time", "'0001-01-01T00:00:00+14:00' is no time"),
        (b"A,Design,03/02/2026 09:00,Ana", 2, "time", "'03/02/2026 09:00' is no time"),
        (b"A,Design,1772442000,Ana", 2, "time", "'1772442000' is no time"),
        (b"A,Design,NaN,Ana", 2, "time", "'NaN' is no time"),
        (b'A,Design,%s,"Ana" Maria', 2, "", "it is no record of a CSV file: ',' expected after '\"'"),
    ],
)
def test_a_bad_line_is_named_with_its_field(
    tmp_path: Path, row: bytes, number: int, field: str, why: str
) -> None:
    filled = row.replace(b"%s", T.encode())
    found, after = lines(
        tmp_path, b"case,activity,time,who\n" + filled + b"\nB,Design," + T.encode() + b",Ana\n"
    )
    assert isinstance(found, BadLine)
    assert (found.file, found.line, found.field) == ("log.csv", number, field)
    assert found.why.startswith(why)
    assert after == line(3, "B")


def test_texts_are_bounded(tmp_path: Path) -> None:
    long, longer = "é" * 8192, "é" * 8705
    content = (
        f"case,activity,time,who\n{long},Design,{T},Ana\n{longer},Design,{T},Ana\nA,Design,{T},{longer}\n"
    )
    first, second, third = lines(tmp_path, content)
    assert first == line(2, long)
    why = "it is 17,410 bytes long; at most 16,384 are kept. Attach the text as evidence instead"
    assert (second, third) == (bad(3, "case", why), bad(4, "who", why))


def test_a_line_too_long_is_passed_over(tmp_path: Path) -> None:
    huge = "x" * LINE_CHARACTERS
    content = f"case,activity,time,who\n{huge},Design,{T},Ana\nA,Design,{T},Ana\n"
    found, after = lines(tmp_path, content)
    assert isinstance(found, BadLine)
    assert (found.line, found.field) == (2, "")
    assert "more than 1,048,576 characters" in found.why
    assert after == line(3, "A")


def test_a_quotation_mark_never_closed_costs_one_line(tmp_path: Path) -> None:
    content = f'case,activity,time,who\n"A,Design,{T},Ana\nB,Design,{T},Ana\nC,Design,{T},Ana\n'
    found, *after = lines(tmp_path, content)
    assert found == bad(2, "", "it is no record of a CSV file: unexpected end of data")
    assert after == [line(3, "B"), line(4, "C")]


def test_a_quotation_mark_never_closed_costs_one_line_also_before_much_text(tmp_path: Path) -> None:
    rows = "".join(f"{number},Design,{T},Ana\n" for number in range(40_000))
    found, *after = lines(tmp_path, f'case,activity,time,who\n"A,Design,{T},Ana\n{rows}')
    assert isinstance(found, BadLine)
    assert found.line == 2
    assert after == [line(number + 3, str(number)) for number in range(40_000)]


def test_names_differ_by_capitals_and_not_by_blanks(tmp_path: Path) -> None:
    content = f"case,activity,time,who\n A ,  in\u00a0 review ,{T},  \nA,In review,{T},Ana\n"
    assert lines(tmp_path, content) == [line(2, "A", "in review", None), line(3, "A", "In review")]


def test_names_of_any_script_are_kept(tmp_path: Path) -> None:
    content = f"case,activity,time,who\n退货 🤖,العملاء ينتظرون,{T},👩‍💻\n"
    assert lines(tmp_path, content) == [line(2, "退货 🤖", "العملاء ينتظرون", "👩‍💻")]


# Times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00"),
        ("2026-03-02t09:00:00z", "2026-03-02T09:00:00"),
        ("2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00"),
        ("2026-03-02 09:00:00 +0530", "2026-03-02T03:30:00"),
        ("2026-03-02 09:00:00 -05:00", "2026-03-02T14:00:00"),
        ("2026-03-02 09:00:00+00", "2026-03-02T09:00:00"),
        ("2026-03-02 09:00:00 UTC", "2026-03-02T09:00:00"),
        (" 2026-03-02T09:00:00.123Z ", "2026-03-02T09:00:00.123000"),
        ("2026-03-02T09:00:00.123456789Z", "2026-03-02T09:00:00.123456"),
        ("20260302T090000Z", "2026-03-02T09:00:00"),
        ("2026-03-02", "2026-03-01T23:00:00"),
        ("2026/03/02 09:00", "2026-03-02T08:00:00"),
        ("2026-07-02 09:00:00", "2026-07-02T07:00:00"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00"),  # the clocks skipped it: read with the offset before
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00"),  # they showed it twice: the first
        ("2026-10-25 02:30:00+01:00", "2026-10-25T01:30:00"),
    ],
)
def test_times_as_files_write_them(text: str, expected: str) -> None:
    assert moment(text, BERLIN) == datetime.fromisoformat(f"{expected}+00:00")


@settings(deadline=None)
@for_all(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_any_offset_is_the_same_instant(local: datetime, minutes: int) -> None:
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    text = f"{local.isoformat()}{sign}{size // 60:02d}:{size % 60:02d}"
    assert moment(text, BERLIN) == local.replace(tzinfo=UTC) - timedelta(minutes=minutes)


# Whatever the bytes


@settings(deadline=None)
@for_all(st.binary(max_size=300))
def test_any_bytes_are_lines_or_bad_lines_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    good = f"\nZ,Design,{T},Ana\n".encode()
    found = lines(folder, b"case,activity,time,who\n" + noise + good)
    assert all(isinstance(each, Line | BadLine) for each in found)
    if b'"' not in noise:
        assert isinstance(found[-1], Line)
        assert found[-1].case == "Z"
