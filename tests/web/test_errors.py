"""Pages about what went wrong: headed in people's words, the options named as addresses have them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from roadlog.domain.refusals import Conflict, Damaged, Malformed, OutsideFailure, Refused, StoreFailure
from roadlog.web.errors import heading
from tests.stores import team_store
from tests.web.asking import client


@pytest.fixture
def site(tmp_path: Path) -> Iterator[TestClient]:
    with team_store(tmp_path / ".roadlog") as store:
        store.define()
    with client(store.folder) as asked:
        yield asked


@pytest.mark.parametrize(
    ("address", "status", "headed", "rule", "says"),
    [
        ("/?position=99", 400, "That moment cannot be shown", "position", "Position 99 is not in this log"),
        ("/?as-of=2999-01-01", 400, "That moment cannot be shown", "future", "“as-of” 2999-01-01T00:00"),
        ("/?as-of=monday", 400, "That moment cannot be shown", "time", "as-of is no time"),
        ("/metrics?from=2026-02-01&to=2026-01-01", 400, "Not understood", "window", "is not after “from”"),
        ("/initiatives/SUP-9", 404, "Not found", "unknown-initiative", "There is no initiative"),
        ("/nowhere", 404, "Not found", None, "/nowhere: Not Found."),
    ],
)
def test_a_page_is_headed_in_people_s_words(
    site: TestClient, address: str, status: int, headed: str, rule: str | None, says: str
) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert re.findall("<h1>(.*?)</h1>", answer.text) == [headed]
    assert re.findall("Rule: <code>(.*?)</code>", answer.text) == ([rule] if rule else [])
    assert says in answer.text
    assert "--" not in answer.text.partition("<main")[2].partition("<p>Try:")[0]


def test_a_store_that_is_gone_is_headed_so(site: TestClient, tmp_path: Path) -> None:
    (tmp_path / ".roadlog" / "events.db").rename(tmp_path / "elsewhere.db")
    answer = site.get("/")
    assert (answer.status_code, re.findall("<h1>(.*?)</h1>", answer.text)) == (
        503,
        ["The store cannot be read"],
    )


def test_each_kind_has_its_heading() -> None:
    kinds = (Conflict, Damaged, Malformed, OutsideFailure, Refused, StoreFailure)
    assert [heading(each("rule", "What is wrong.")) for each in kinds] == [
        "Somebody recorded first",
        "The log is damaged",
        "Not understood",
        "Something beside the store failed",
        "Refused",
        "The store cannot be read",
    ]
