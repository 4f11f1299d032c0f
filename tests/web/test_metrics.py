"""Metrics, charts and forecasts: the figures of the command line, in its words, as pictures and tables."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from freezegun import freeze_time
from starlette.testclient import TestClient

from roadlog.charts.registry import METRICS
from roadlog.web.figures import NAMES
from tests.cli.hostile import LINE
from tests.cli.line import Line
from tests.cli.test_forecast import MADE, MAP, NOW, written
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import Seen, holds_hostile_text, obeyed, seen


def pictures(page: Seen) -> list[dict[str, str | None]]:
    return [
        attributes
        for tag, attributes in page.elements
        if tag == "img" and "/charts/" in (attributes["src"] or "")
    ]


def unsaid(printed: str, page: Seen) -> list[str]:
    """The words that a terminal prints, without its bars, and that a page does not say."""
    told, said = printed.rpartition("\nas of ")[0].replace(" · ", " "), "".join(page.text.split())
    return [each for each in told.split() if each.strip("█░") and each not in said]


@pytest.mark.parametrize(
    "query", ["", "?from=2026-06-01&to=2026-10-01", "?role=compliance", "?milestone=training"]
)
def test_it_says_what_the_command_says(site: TestClient, demo: Path, query: str) -> None:
    options = [each for pair in query.lstrip("?").split("&") if pair for each in pair.split("=")]
    typed = [f"--{each}" if place % 2 == 0 else each for place, each in enumerate(options)]
    assert unsaid(Line(demo)("metrics", *typed), seen(site, f"/metrics{query}")) == []


def test_nothing_is_told_that_says_nothing(site: TestClient) -> None:
    """Of what never stopped there is no time to a stop."""
    assert '<span class="fact"></span>' not in site.get("/metrics").text


def test_each_of_nine_charts_is_a_picture_with_its_table(site: TestClient) -> None:
    page = seen(site, "/metrics")
    found = pictures(page)
    assert [str(each["src"]) for each in found] == [f"/charts/{name}.svg" for name in NAMES]
    for each in found:
        answer = site.get(str(each["src"]))
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
        root = ET.fromstring(answer.text)  # noqa: S314 our own
        size = [str(round(float(root.attrib[name]))) for name in ("width", "height")]
        assert [each["width"], each["height"]] == size
        assert each["alt"]
    assert page.text.count("As a table") == len(METRICS)


def test_a_picture_is_what_the_command_draws(site: TestClient, demo: Path, tmp_path: Path) -> None:
    """At a past moment, of which nothing moves."""
    for name in METRICS:
        out = tmp_path / f"{name}.svg"
        Line(demo)("metrics", "--position", "150", "--chart", name, "--out", str(out))
        assert site.get(f"/charts/{name}.svg?position=150").text == out.read_text(encoding="utf-8")


def test_what_is_chosen_is_chosen_for_the_pictures_too(site: TestClient) -> None:
    for each in pictures(seen(site, "/metrics?milestone=training&from=2026-06-01&position=150")):
        src = str(each["src"])
        assert "position=150" in src
        assert "from=2026-06-01" in src
        assert ("milestone=training" in src) == ("forecast" not in src)
        assert site.get(src).status_code == 200


def test_a_key_leads_to_the_metrics_of_that_initiative(site: TestClient) -> None:
    answer = site.get("/metrics?key=sup-1&from=2026-06-01&zone=Europe/Berlin", follow_redirects=False)
    place = "/initiatives/SUP-1/metrics?from=2026-06-01&zone=Europe%2FBerlin"
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert "Metrics of SUP-1" in seen(site, place).text
    assert site.get("/metrics?key=SUP-9", follow_redirects=True).status_code == 404
    elsewhere = site.get("/metrics?key=//x.example/", follow_redirects=False)
    assert elsewhere.headers["location"] == "/initiatives/%2F%2FX.EXAMPLE%2F/metrics"
    assert "Metrics of SUP" in seen(site, "/metrics?key=").text


def test_no_dot_stands_before_nothing(site: TestClient) -> None:
    for address in ("/metrics", "/initiatives/SUP-1/metrics", "/forecast"):
        assert '<span class="fact"></span>' not in site.get(address).text


def test_one_initiative_has_its_own(site: TestClient, demo: Path) -> None:
    page = seen(site, "/initiatives/SUP-1/metrics")
    assert unsaid(Line(demo)("metrics", "SUP-1"), page) == []
    assert all("key=SUP-1" in str(each["src"]) for each in pictures(page))
    assert len(pictures(page)) == len(METRICS)
    assert page.links("/initiatives/SUP-1")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/charts/nothing.svg", 404),
        ("/charts/..%2f..%2fetc%2fpasswd.svg", 404),
        ("/charts/ageing", 404),
        ("/charts/ageing.svg?key=SUP-99", 404),
        ("/charts/ageing.svg?milestone=<script>", 404),
        ("/charts/forecast.svg?count=0", 400),
        ("/charts/forecast.svg?by=yesterday", 400),
        ("/charts/forecast.svg?zone=../../etc/passwd", 404),
        ("/metrics?role=nobody", 404),
        ("/metrics?segment=nobody", 404),
        ("/metrics?from=x", 400),
        ("/metrics?zone=Nowhere/Land", 404),
        ("/metrics?from=2026-06-01&to=2026-05-01", 400),
        ("/initiatives/SUP-99/metrics", 404),
        ("/forecast?count=1&key=SUP-1", 400),
        ("/forecast?key=SUP-99", 404),
        ("/forecast?by=1999-01-01", 400),
        ("/forecast?count=x", 400),
        ("/forecast?seed=99999999999999999", 400),
    ],
)
def test_what_cannot_be_asked_is_told(site: TestClient, address: str, status: int) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert "<script>" not in answer.text


def test_hostile_text_is_text_in_pages_and_pictures(hostile: Path) -> None:
    with client(hostile) as site:
        pages = [
            site.get(each).text for each in ("/metrics", "/initiatives/SUP-1/metrics", "/forecast?key=SUP-1")
        ]
        assert [obeyed(each) for each in pages] == [[], [], []]
        assert holds_hostile_text(pages[1])
        for name in NAMES:
            for more in ({}, {"segment": LINE}, {"zone": LINE}, {"key": LINE}):
                answer = site.get(f"/charts/{name}.svg", params=more)
                assert obeyed(answer.text) == [], (name, more)
        root = ET.fromstring(site.get("/charts/outcome.svg", params={"segment": LINE}).text)  # noqa: S314
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
            *("svg", "title", "desc", "style", "defs", "pattern", "rect", "path", "circle", "g", "text")
        }


def test_a_roadmap_without_initiatives_reads_well(team: Store) -> None:
    with client(team.folder) as site:
        assert "0 finished cycles" in seen(site, "/metrics").text
        assert "Insufficient history" in seen(site, "/forecast").text
        assert "nothing to measure" in seen(site, "/metrics?position=0").text
        assert "nothing to measure" in seen(site, "/forecast?position=0").text


def test_the_forecast_says_what_the_command_says(site: TestClient, demo: Path) -> None:
    for query, typed in (
        ("", ()),
        ("?key=sup-2", ("SUP-2",)),
        ("?count=3&seed=7", ("--count", "3", "--seed", "7")),
    ):
        assert unsaid(Line(demo)("forecast", *typed), seen(site, f"/forecast{query}")) == []


def test_a_forecast_with_a_history_has_its_fan_and_its_score(tmp_path: Path) -> None:
    """Of a log that was imported."""
    line, window = Line(tmp_path / ".roadlog"), ("--from", "2026-03-01", "--to", "2026-08-01")
    (tmp_path / "map.toml").write_text(MAP)
    moves = written(tmp_path / "moves.csv", MADE, NOW)
    columns = ("--case", "case", "--activity", "activity", "--time", "time")
    with freeze_time(NOW):
        line("init", "--key", "SUP", "--workflow", "lite")
        line("import", "csv", moves, *columns, "--map", str(tmp_path / "map.toml"))
        line("forecast", "keep", "--count", "2", *window)
        printed = line("forecast", "--count", "2", *window), line("forecast", "score")
        with client(tmp_path / ".roadlog") as site:
            page = seen(site, "/forecast?count=2&from=2026-03-01&to=2026-08-01")
    assert unsaid(printed[0].partition("How many more")[0], page) == []
    assert unsaid(printed[1], page) == []
    assert "roadlog forecast keep --count 2 --from 2026-03-01 --to 2026-08-01" in page.text
    (fan,) = pictures(page)
    assert fan["src"] == "/charts/forecast.svg?count=2&from=2026-03-01&to=2026-08-01"
    assert "2 more: by " in str(fan["alt"])
