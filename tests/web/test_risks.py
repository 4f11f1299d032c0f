"""The risk register: as many risks as `roadlog risk list`, each where its scores put it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from roadlog.domain.commands import AcceptRisk, CloseRisk, LogRisk, MitigateRisk
from roadlog.web.pages.risks import MANY
from tests.cli.line import Line
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import Seen, holds_hostile_text, obeyed, seen


def cells(page: Seen) -> list[str]:
    """What a screen reader says of the places of the matrix that hold a risk."""
    return sorted(re.findall(r"\d+ risks? with likelihood \d, impact \d, score \d+", page.text))


def expected(risks: list[dict[str, Any]], *, residual: bool) -> list[str]:
    places = Counter(
        (each["residual_likelihood"], each["residual_impact"])
        if residual and each["residual_impact"]
        else (each["likelihood"], each["impact"])
        for each in risks
    )
    return sorted(
        f"{count} risk{'' if count == 1 else 's'} with likelihood {likelihood}, impact {impact}, "
        f"score {likelihood * impact}"
        for (likelihood, impact), count in places.items()
    )


@pytest.mark.parametrize("scores", ["inherent", "residual"])
def test_the_matrix_counts_what_the_list_tells(site: TestClient, demo: Path, scores: str) -> None:
    listed = [each for each in Line(demo).json("risk", "list") if each["open"]]
    page = seen(site, f"/risks?scores={scores}")
    assert cells(page) == expected(listed, residual=scores == "residual")
    assert f"{len(listed)} open risks" in page.text
    for each in listed:
        assert f"{each['likelihood']} × {each['impact']} = {each['score']}" in page.text
        assert each["description"] in page.text
        assert not each["treatment"] or each["treatment"] in page.text


def test_each_cell_leads_to_its_risks(site: TestClient) -> None:
    for address in seen(site, "/risks").links("/risks?likelihood="):
        page = seen(site, address)
        likelihood, impact = (part.split("=")[1] for part in address.split("?")[1].split("&")[:2])
        assert f"Likelihood {likelihood}, impact {impact}" in page.text
        assert f"{likelihood} × {impact} = {int(likelihood) * int(impact)}" in page.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("category=bias", 2),
        ("key=sup-1", 3),
        ("owner=devi", 2),
        ("category=legal", 0),
        ("status=all", 5),
    ],
)
def test_filters_choose(site: TestClient, query: str, count: int) -> None:
    said = "1 open risk" if count == 1 else f"{count} {'' if 'all' in query else 'open '}risks"
    assert said in seen(site, f"/risks?{query}").text


def test_a_risk_tells_by_whom_it_was_accepted_and_that_it_was_closed(team: Store) -> None:
    team.define()
    for impact in (2, 4, 5):
        team.do(
            LogRisk(stream="SUP-1", description=f"bad {impact}", category="bias", likelihood=4, impact=impact)
        )
    from datetime import timedelta

    (accepted,) = team.do(
        AcceptRisk(stream="SUP-1", risk="R1", until=team.now + timedelta(days=30)), by="carla"
    ).records
    team.do(MitigateRisk(stream="SUP-1", risk="R2", treatment="watched", likelihood=1, impact=4))
    team.do(CloseRisk(stream="SUP-1", risk="R3"))
    with client(team.folder) as site:
        page = seen(site, "/risks?status=all").text
        assert f"by carla as compliance #{accepted.position}" in page
        assert "closed" in page
        assert "bad 5" not in seen(site, "/risks").text
        team.clock.tick(timedelta(days=31))
        assert "lapsed" in seen(site, "/risks").text


def test_many_risks_are_told_page_by_page(team: Store) -> None:
    team.define()
    logged = [
        LogRisk(stream="SUP-1", description=f"risk no. {each}", category="bias", likelihood=3, impact=3)
        for each in range(MANY + 1)
    ]
    team.do(*logged)
    with client(team.folder) as site:
        first, second = seen(site, "/risks"), seen(site, "/risks?page=2")
        assert "1 to 50" in first.text
        assert [each for each in first.links("/risks") if "page=" in each] == ["/risks?page=2"] * 2
        assert "risk no. 50" in second.text
        assert "risk no. 49" not in second.text
        assert "No risk is like this" in seen(site, "/risks?page=99").text


def test_where_nothing_is_logged_it_says_how_to(team: Store) -> None:
    with client(team.folder) as site:
        assert "roadlog risk log KEY" in seen(site, "/risks").text
        assert "No risk is logged at this moment" in seen(site, "/risks?position=0").text


def test_a_past_moment_tells_the_risks_of_then(site: TestClient, demo: Path) -> None:
    listed = Line(demo).json("risk", "list", "--position", "40")
    page = seen(site, "/risks?position=40")
    assert cells(page) == expected([each for each in listed if each["open"]], residual=False)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("category=nothing", 404),
        ("key=SUP-99", 404),
        ("scores=other", 400),
        ("status=other", 400),
        ("likelihood=x", 400),
        ("page=-1", 400),
    ],
)
def test_what_cannot_be_chosen_is_told(site: TestClient, query: str, status: int) -> None:
    assert site.get(f"/risks?{query}").status_code == status


def test_hostile_text_is_shown_as_text(hostile: Path) -> None:
    with client(hostile) as site:
        page = site.get("/risks?status=all").text
        assert obeyed(page) == []
        assert holds_hostile_text(page)
        assert obeyed(site.get("/risks", params={"owner": "<b onclick=x>\u202e"}).text) == []


def test_what_the_board_counts_as_untreated_stands_in_the_register(demo: Path) -> None:
    with client(demo) as site:
        page, board = (Seen(site.get(each).text).text for each in ("/risks", "/"))
    rows = Line(demo).json("board")["initiatives"]
    assert [(row["open_risks"], row["untreated_risks"]) for row in rows] == [(3, 0), (2, 1)]
    assert "3 open risks" in board
    assert "2 open risks, 1 untreated" in board
    assert "5 open risks by likelihood and impact, 1 untreated" in page
    assert page.count(" untreated") == 2
