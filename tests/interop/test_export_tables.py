"""Tables read back by tools that are not ours: Python's csv, and duckdb, which reads both kinds."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet as arrow

from roadlog.interop.cells import cell
from roadlog.interop.parquet import ROWS
from roadlog.interop.table_shapes import Kind, Table
from roadlog.interop.tables import RECORDS, TABLES
from roadlog.visible import plain
from tests.cli.line import Line
from tests.interop.exports import SAID, TITLE, exported

DUCK: dict[Kind, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "time": "TIMESTAMP WITH TIME ZONE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "yes": "BOOLEAN",
}
"""What duckdb takes each kind of column for."""


@pytest.fixture(scope="module")
def folders(history: Line, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tables of the history, as csv and as Parquet, of the same moment."""
    place = tmp_path_factory.mktemp("tables")
    for form in ("csv", "parquet"):
        history("export", form, "--position", str(history.records()), "--out", str(place / form))
    return {form: place / form for form in ("csv", "parquet")}


def asked(query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What duckdb answers, its times in UTC."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query, parameters).fetchall()


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / f"{table}.csv").read_bytes().decode(), newline="")))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_csv_is_as_rfc_4180_has_it(folders: dict[str, Path], table: Table) -> None:
    content = (folders["csv"] / f"{table.name}.csv").read_bytes()
    found = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert found[0] == [each.name for each in table.columns]
    assert {len(row) for row in found} == {len(table.columns)}
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") == len(found)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_duckdb_finds_in_parquet_what_is_in_csv(folders: dict[str, Path], table: Table) -> None:
    path = str(folders["parquet"] / f"{table.name}.parquet")
    described = asked("DESCRIBE SELECT * FROM read_parquet(?)", path)
    assert [(each[0], each[1]) for each in described] == [
        (each.name, DUCK[each.kind]) for each in table.columns
    ]
    found = asked("SELECT * FROM read_parquet(?)", path)
    assert [[shown(value) for value in row] for row in found] == [
        [numeric(each) for each in row.values()] for row in rows(folders["csv"], table.name)
    ]


def shown(value: Any) -> Any:
    """A value from Parquet as csv has it; numbers as numbers."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return numeric(cell(value))


def numeric(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_duckdb_reads_csv_by_itself(folders: dict[str, Path], table: Table) -> None:
    path = str(folders["csv"] / f"{table.name}.csv")
    found = asked("SELECT * FROM read_csv(?, header = true, all_varchar = true)", path)
    assert [[each or "" for each in row] for row in found] == [
        list(row.values()) for row in rows(folders["csv"], table.name)
    ]


def test_parquet_holds_every_text_as_it_is(folders: dict[str, Path]) -> None:
    path = str(folders["parquet"])
    assert asked(
        "SELECT title, problem, segments FROM read_parquet(?) LIMIT 1", f"{path}/initiatives.parquet"
    ) == [(TITLE, SAID, ["EU; DE"])]
    notes = asked("SELECT data FROM read_parquet(?) WHERE type = 'NoteAdded'", f"{path}/records.parquet")
    assert [json.loads(each)["text"] for (each,) in notes] == [SAID]


def test_parquet_says_which_log_it_is_of_and_what_its_columns_mean(folders: dict[str, Path]) -> None:
    for name, table in TABLES.items():
        path = str(folders["parquet"] / f"{name}.parquet")
        told = dict(asked("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", path))
        assert told["roadlog.origin"] == "roadlog/SUP/670a751e6c283436"
        assert (told["roadlog.position"], told["roadlog.table"]) == ("27", table.title)
        for column in table.columns:
            assert told[f"roadlog.column.{column.name}"] == column.meaning


def test_a_spreadsheet_takes_nothing_for_a_formula(folders: dict[str, Path]) -> None:
    for name in TABLES:
        for row in rows(folders["csv"], name):
            for value in row.values():
                assert not value.lstrip().startswith(tuple("=+-@")) or isinstance(numeric(value), float), (
                    value
                )
    assert rows(folders["csv"], "initiatives")[0]["title"] == f"'{plain(TITLE)}"
    assert rows(folders["csv"], "approvals")[0]["conditions"] == "'-1 day"


@pytest.mark.parametrize(
    "moment",
    [
        ("--position", "27"),
        ("--position", "14"),
        ("--as-of", "2026-03-07T23:00:00Z"),
        ("--as-of", "2026-03-05"),
    ],
)
def test_cycles_and_initiatives_are_those_of_metrics(
    history: Line, tmp_path: Path, moment: tuple[str, str]
) -> None:
    history("export", "parquet", *moment, "--out", str(tmp_path / "tables"))
    answer = history.json("metrics", *moment)["initiatives"]
    figures = ("cycle", "cycle_time", "inclusive_days", "rework", "waiting", "active")
    measured = [
        (each["key"], *(cycle[name] for name in figures)) for each in answer for cycle in each["cycles"]
    ]
    query = f"SELECT initiative, {', '.join(figures)} FROM read_parquet(?)"
    assert asked(query, str(tmp_path / "tables" / "cycles.parquet")) == measured
    query = "SELECT key, lead_time, age, total_age FROM read_parquet(?)"
    ages = [(each["key"], each["lead_time"], each["age"], each["total_age"]) for each in answer]
    assert asked(query, str(tmp_path / "tables" / "initiatives.parquet")) == ages


def test_visits_of_a_cycle_tile_it_and_those_numbered_two_are_its_rework(folders: dict[str, Path]) -> None:
    """Asked of the tables alone, as somebody would who has nothing else."""
    query = """
        SELECT c.initiative, c.cycle, c.cycle_time, c.rework,
            round(sum(v.seconds), 6), round(coalesce(sum(v.seconds) FILTER (v.visit > 1), 0), 6)
        FROM read_parquet(?) c JOIN read_parquet(?) v ON v.initiative = c.initiative AND v.cycle = c.cycle
        WHERE v.in_cycle AND c.finished_at IS NOT NULL GROUP BY ALL
    """
    found = asked(query, *(str(folders["parquet"] / f"{name}.parquet") for name in ("cycles", "visits")))
    assert found == [("SUP-1", 1, 378000.000015, 176400.000007, 378000.000015, 176400.000007)]


def test_rows_are_written_in_groups(history: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadlog.interop.parquet.ROWS", 10)
    content = exported(history, "parquet", "--table", "records")
    file = arrow.ParquetFile(io.BytesIO(content))
    assert file.metadata.num_row_groups == 3
    assert file.metadata.num_rows == 27
    assert ROWS > 1_000


def test_a_table_without_rows_has_its_columns(history: Line, tmp_path: Path) -> None:
    history("export", "parquet", "--position", "0", "--out", str(tmp_path / "tables"))
    for name, table in TABLES.items():
        path = str(tmp_path / "tables" / f"{name}.parquet")
        assert asked("SELECT count(*) FROM read_parquet(?)", path) == [(0,)]
        assert len(asked("DESCRIBE SELECT * FROM read_parquet(?)", path)) == len(table.columns)


def test_a_row_of_records_is_the_record(folders: dict[str, Path], history: Line) -> None:
    stored = [json.loads(each) for each in exported(history, "jsonl").splitlines()]
    for row, record in zip(rows(folders["csv"], RECORDS.name), stored, strict=True):
        assert (row["position"], row["leaf"]) == (str(record["position"]), record["leaf"])
        assert row["actor"] == record["actor"]["id"]
        assert json.loads(row["data"]) == record["data"]
