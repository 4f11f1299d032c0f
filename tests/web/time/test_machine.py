"""What the time machine answers: marks, steps and days, and how long they are kept."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from freezegun import freeze_time
from starlette.testclient import TestClient

from roadlog.domain.commands import AddNote, AdvanceMilestone, VoidRecord
from roadlog.reading import Reading
from tests.stores import OPENED, Store
from tests.web.asking import client

END = "2026-03-01T23%3A59%3A59.999999Z"
HOSTILE = "<script>alert(1)</script>\u202e\x07"


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    with client(team.folder) as asked:
        yield asked


def step(site: TestClient, **query: Any) -> dict[str, Any]:
    answer = site.get("/time/step", params={name.replace("_", "-"): value for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_marks_are_of_the_whole_log_or_of_one_initiative(site: TestClient, team: Store) -> None:
    first, second = team.define(), team.define()
    team.do(AdvanceMilestone(stream=first, to="feasibility"))
    team.do(AdvanceMilestone(stream=second, to="feasibility"))
    whole = site.get("/time/marks", params={"mode": "position"}).json()
    assert whole == {
        "stops": 11,
        "marks": [
            {
                "place": round(number / 11, 6),
                "kind": "milestone",
                "count": 1,
                "position": number + 1,
                "text": f"milestone reached, {key}, 2026-03-02",
            }
            for number, key in ((9, first), (10, second))
        ],
        "ticks": [{"place": round((each - 1) / 11, 6), "text": f"#{each}"} for each in range(2, 12, 2)],
    }
    one = site.get("/time/marks", params={"mode": "position", "key": second}).json()
    assert (one["stops"], [each["position"] for each in one["marks"]]) == (2, [11])


def test_a_step_tells_where_it_is_and_what_happened(site: TestClient, team: Store) -> None:
    key = team.define()
    assert step(site, mode="position", position=8) == {
        "stop": 7,
        "stops": 8,
        "place": 0.875,
        "now": False,
        "address": {"position": "8"},
        "position": 8,
        "key": key,
        "when": "2026-03-02 09:02",
        "effective": "",
        "sentence": "#8 paula defined the problem “Reduce support load”",
    }
    now = step(site)
    assert (now["now"], now["address"], now["place"], now["position"]) == (True, {}, 1, 8)


def test_steps_go_on_and_back_and_end_at_the_first_and_at_now(site: TestClient, team: Store) -> None:
    team.define()
    assert step(site, mode="position", position=7, by=1)["address"] == {"position": "8"}
    assert step(site, mode="position", position=7, by=-2)["address"] == {"position": "5"}
    assert step(site, mode="position", position=7, by=2)["now"]
    assert step(site, mode="position", position=7, by=-50)["address"] == {"position": "1"}
    assert step(site, by=-1)["address"] == {"as-of": "2026-03-02T09:02:00.000000Z"}


def test_a_step_leads_from_mark_to_mark(site: TestClient, team: Store) -> None:
    key = team.define()
    team.do(AdvanceMilestone(stream=key, to="feasibility"))
    team.do(AddNote(stream=key, text="seen"))
    back = step(site, mode="position", by=-1, marked="")
    assert back["address"] == {"position": "9"}
    assert step(site, mode="position", marked="", by=1, **back["address"])["now"]


def test_a_step_follows_its_record_into_the_other_time(site: TestClient, team: Store) -> None:
    key = team.define()
    team.do(AddNote(stream=key, text="seen late"), at=OPENED)
    assert step(site, mode="position", record=9)["address"] == {"position": "9"}
    assert step(site, mode="as-of", record=9)["address"] == {"as-of": "2026-03-02T09:00:00.000000Z"}


def test_what_was_voided_is_a_step_of_what_was_known_alone(site: TestClient, team: Store) -> None:
    key = team.define()
    (record,) = team.do(AddNote(stream=key, text="a slip")).records
    team.do(VoidRecord(stream=key, position=record.position))
    assert step(site, mode="position", by=-2)["sentence"].endswith("noted: a slip")
    assert step(site, by=-1)["position"] == 8


@pytest.mark.parametrize("mode", ["as-of", "position"])
def test_every_step_is_at_the_address_that_it_names(site: TestClient, team: Store, mode: str) -> None:
    key = team.define()
    team.do(AddNote(stream=key, text="late"), at=OPENED)
    stops = step(site, mode=mode)["stops"]
    for stop in range(stops):
        found = step(site, mode=mode, place=0, by=stop)
        assert found["stop"] == stop
        assert step(site, mode=mode, **found["address"]) == found
        assert step(site, mode=mode, place=found["place"])["stop"] == stop
        assert site.get("/", params=found["address"]).status_code == 200


def test_a_line_is_kept_until_something_is_recorded(
    site: TestClient, team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, asked = team.define(), 0
    dated = Reading.dated

    def counted(reading: Reading, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return dated(reading, *given)

    monkeypatch.setattr(Reading, "dated", counted)
    assert [step(site)["stops"] for _ in range(3)] == [3, 3, 3]
    assert asked == 1
    team.do(AddNote(stream=key, text="seen"))
    assert [step(site)["stops"] for _ in range(3)] == [4, 4, 4]
    assert asked == 2


def test_a_page_does_not_wait_for_the_line(
    site: TestClient, team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.define()
    monkeypatch.delattr(Reading, "dated")
    for address in ("/", "/?position=8", "/?as-of=2026-03-02"):
        assert site.get(address).status_code == 200


def test_hostile_text_is_told_as_text(site: TestClient, team: Store) -> None:
    key = team.define()
    team.do(AddNote(stream=key, text=HOSTILE[:-1]))
    answer = site.get("/time/step", params={"mode": "position", "position": "9"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["sentence"] == "#9 paula noted: <script>alert(1)</script>\\u202e"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("mode=then", 400),
        ("place=2", 400),
        ("place=nan", 400),
        ("place=x", 400),
        ("by=1.5", 400),
        ("by=--1", 400),
        ("record=-1", 400),
        ("position=999", 400),
        ("as-of=2999-01-01", 400),
        ("as-of=%00", 400),
        ("key=SUP-9", 404),
        ("key=" + "%3Cb%3E", 404),
    ],
)
def test_what_cannot_be_asked_is_refused(site: TestClient, query: str, status: int) -> None:
    answer = site.get(f"/time/step?{query}")
    assert answer.status_code == status
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({"day": "2026-03-01", "from": "/"}, "/?as-of=END"),
        (
            {"day": "2026-03-01", "from": "/", "mode": "position"},
            "/?known-at=END",
        ),
        (
            {"day": "2026-03-01", "from": "/a?b=c&as-of=x&position=3"},
            "/a?b=c&as-of=END",
        ),
        ({"day": "", "from": "/a?position=3"}, "/a"),
        (
            {"day": "2026-03-01", "from": "/a b?c=<i>"},
            "/a%20b?c=%3Ci%3E&as-of=END",
        ),
        ({"day": "2026-03-01"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "https://evil.example/"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "/inbox?for=&since=30"}, "/inbox?for=&since=30&as-of=END"),
        ({"day": "2026-03-01", "from": "//evil.example/"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "/\\evil.example"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "javascript:alert(1)"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "///evil.example"}, "/?as-of=END"),
        ({"day": "2026-03-01", "from": "//[evil"}, "/?as-of=END"),
        (
            {"day": "2026-03-01", "from": "/\r\nSet-Cookie: a=b"},
            "/%0D%0ASet-Cookie%3A%20a%3Db?as-of=END",
        ),
    ],
)
def test_the_form_leads_to_the_same_page_of_this_site_at_the_end_of_that_day(
    site: TestClient, query: dict[str, str], address: str
) -> None:
    answer = site.get("/time/go", params=query)
    assert (answer.status_code, answer.headers["location"]) == (303, address.replace("END", END))


@pytest.mark.parametrize(
    ("day", "why"), [("2026-13-01", "no day"), ("9999-12-31", "no day"), ("2999-01-01", "to come")]
)
def test_a_day_that_is_none_or_is_to_come_is_refused(site: TestClient, day: str, why: str) -> None:
    for path in ("/time/go", "/time/step"):
        answer = site.get(path, params={"day": day})
        assert (answer.status_code, why in answer.text) == (400, True)


@pytest.mark.parametrize(("mode", "name"), [("as-of", "as-of"), ("position", "known-at")])
def test_a_day_is_seen_at_its_end_with_scripts_as_without(
    site: TestClient, team: Store, mode: str, name: str
) -> None:
    key = team.define()
    with freeze_time("2026-03-04 12:00"):
        team.do(AddNote(stream=key, text="later"))
        found = step(site, mode=mode, day="2026-03-03")
        assert (found["position"], found["when"], found["now"]) == (8, "2026-03-03 23:59", False)
        assert found["address"] == {name: "2026-03-03T23:59:59.999999Z"}
        gone = site.get("/time/go", params={"mode": mode, "day": "2026-03-03"}).headers["location"]
        assert dict(parse_qsl(gone.partition("?")[2])) == found["address"]
        assert step(site, mode=mode, **found["address"]) == found
        assert step(site, mode=mode, day="2026-03-04")["now"]


@pytest.mark.parametrize("mode", ["as-of", "position"])
def test_a_day_before_the_log_is_before_its_first_record(site: TestClient, mode: str) -> None:
    found = step(site, mode=mode, day="2026-03-01")
    assert (found["position"], found["place"], found["sentence"]) == (0, 0, "before the first record")
    assert step(site, mode=mode, by=1, **found["address"])["position"] > 0
    assert "an empty log" not in site.get("/", params=found["address"]).text


def test_what_took_effect_earlier_than_recorded_is_told_with_both_times(
    site: TestClient, team: Store
) -> None:
    team.do(AddNote(stream=team.define(), text="seen late"), at=OPENED)
    found = step(site, mode="position", position=9)
    assert (found["when"], found["effective"]) == ("2026-03-02 09:03", "2026-03-02 09:00")
