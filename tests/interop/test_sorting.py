"""Lines sorted on disk, whatever fits into memory."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from roadlog.domain.refusals import StoreFailure
from roadlog.interop import sorting
from roadlog.interop.sorting import Sorted, Sorter

MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LINES = st.lists(
    st.tuples(st.integers(0, 4), st.one_of(MOMENTS, st.just(datetime(2026, 1, 1, tzinfo=UTC)))), max_size=60
)


@settings(deadline=None)
@for_all(LINES, st.integers(1, 20))
def test_cases_come_by_their_first_time_and_lines_by_time_then_place(
    given: list[tuple[int, datetime]], run: int
) -> None:
    lines = [
        Sorted(case, at, 0, number, case + 7, number) for number, (case, at) in enumerate(given, start=2)
    ]
    by_case: dict[int, list[Sorted]] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.line)):
        by_case.setdefault(line.case, []).append(line)
    expected = sorted(by_case.items(), key=lambda item: (item[1][0].at, item[0]))
    with patch.object(sorting, "RUN", run), Sorter() as sorter:
        for line in lines:
            sorter.add(*astuple(line))
        assert sorter.count == len(lines)
        assert list(sorter.cases()) == expected


def test_a_full_disk_is_told() -> None:
    def full(*args: object, **settings: object) -> None:
        raise OSError(28, "No space left on device")

    with patch.object(sorting, "TemporaryFile", full), Sorter() as sorter:
        sorter.add(0, datetime(2026, 1, 1, tzinfo=UTC), 0, 2, 0, 0)
        with pytest.raises(StoreFailure, match="No space left on device"):
            list(sorter.cases())
