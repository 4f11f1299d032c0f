"""Whatever is sent, nothing is a defect: every answer is of the API's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadlog.web.api.addresses import ADDRESSES
from roadlog.web.api.bodies import options_of
from roadlog.web.api.wishes import OFFERED
from roadlog.web.commands import fields_of
from tests.stores import team_store
from tests.web.api.conftest import BASE, Site, client

ANSWERED = {200, 201, 307, 400, 401, 404, 405, 409, 412, 413, 415, 422}
IN_PLACE = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A store that takes whatever is sent."""
    folder = Path(tmp_path_factory.mktemp("fuzzed")) / ".roadlog"
    with team_store(folder) as team:
        team.define()
        with client(folder) as asked:
            site = Site(folder, asked)
            site.bearers["paula"] = site.token("paula", team.now)
            yield site


FIRST, LAST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
WORDS = ["", " ", "SUP-1", "SUP", "paula", "R1", "now", "\0", "\u202e", "é" * 9, "<script>", "../.."]
NUMBERS = [2**53 + 1, -(2**63), 2**64, 1e308, -0.0, 0, 1, 5]
ODD = st.sampled_from([*WORDS, *NUMBERS, FIRST, LAST, "2026-03-01", "-1", "1e400"])
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | ODD
)
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=3)


def check(answer: Any) -> None:
    assert answer.status_code in ANSWERED, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@IN_PLACE
@given(data=st.data())
def test_any_values_of_any_command(fuzzed: Site, data: st.DataObject) -> None:
    offered = data.draw(st.sampled_from(OFFERED))
    names = st.sampled_from(
        [*fields_of(offered.name), *options_of(offered.name).__struct_fields__, "key", "stream", "x"]
    )
    values = data.draw(st.dictionaries(names, VALUES, max_size=8))
    needed = {name: data.draw(VALUES) for name in offered.needed if data.draw(st.booleans())}
    path = offered.path.format(
        key=data.draw(st.sampled_from(["SUP-1", "SUP", "SUP-2", "%00", "%F0%9F", "a b"]))
    )
    check(fuzzed.post(path, {**needed, **values}, by="paula"))


@IN_PLACE
@given(body=st.binary(max_size=60) | VALUES.map(lambda each: json.dumps(each).encode()))
def test_any_body(fuzzed: Site, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {fuzzed.bearers['paula']}", "Content-Type": "application/json"}
    check(fuzzed.client.post(f"{BASE}/initiatives/SUP-1/note", content=body, headers=headers))


@IN_PLACE
@given(
    header=st.sampled_from(
        ["Idempotency-Key", "If-Match", "Content-Type", "Content-Length", "Content-Encoding"]
    ),
    value=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30) | st.just('"1"'),
)
def test_any_header(fuzzed: Site, header: str, value: str) -> None:
    bearer = f"Bearer {fuzzed.bearers['paula']}".encode()
    headers = [(b"Authorization", bearer), (header.encode(), value.strip().encode("latin-1"))]
    check(fuzzed.client.post(f"{BASE}/initiatives/SUP-1/note", content=b'{"text": "x"}', headers=headers))


SLOW = ("/verify", "/forecast", "/catalogue")
ASKED = [each for each in ADDRESSES if each.asks and each.path not in SLOW]


@IN_PLACE
@given(data=st.data())
def test_any_question(fuzzed: Site, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(ASKED)).asks
    assert question is not None
    texts = (st.text(max_size=12) | ODD.map(str)).map(lambda each: each or "x")
    query = {each.name: data.draw(texts) for each in question.known if data.draw(st.integers(0, 3)) == 0}
    path = question.path.format(
        **{
            name: data.draw(st.sampled_from(["SUP-1", "1", "x", "%00", "status"]))
            for name in ("key", "field", "position")
        }
    )
    answer = fuzzed.get(path, params=query)
    if answer.status_code == 500:  # who saw a position that is not there says that the log was cut off
        assert (answer.json()["exit"], question.path) == (4, "/records")
    else:
        check(answer)
