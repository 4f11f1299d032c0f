"""Whatever the API answers, the command line answers in the same bytes at the same moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roadlog.web.api.questions import QUESTIONS
from tests.cli.line import Line
from tests.web.api.conftest import BASE, Site, client

THEN = "2026-06-01T12:00:00Z"
OF_VALUES = [
    ("/board", "board"),
    (f"/board?as-of={THEN}", f"board --as-of {THEN}"),
    ("/board?position=40", "board --position 40"),
    ("/initiatives/SUP-1", "show SUP-1"),
    ("/initiatives/SUP-1?position=60", "show SUP-1 --position 60"),
    ("/initiatives/SUP-1/gate", "gate SUP-1"),
    ("/initiatives/SUP-2/gate?position=80", "gate SUP-2 --position 80"),
    ("/initiatives/SUP-1/log", "log SUP-1"),
    ("/initiatives/SUP/log?type=stakeholderjoined", "log SUP --type StakeholderJoined"),
    ("/initiatives/SUP-1/why/milestone", "why SUP-1 milestone"),
    ("/log", "log"),
    ("/log?last=7", "log --last 7"),
    (f"/log?actor=carla&since={THEN}", f"log --actor carla --since {THEN}"),
    ("/diff?from=10&to=60", "diff 10 60"),
    ("/diff?from=60&to=10&key=SUP-1", "diff 60 10 SUP-1"),
    ("/diff?from=100", "diff 100 now"),
    ("/next?for=carla", "next --for carla"),
    ("/digest?for=carla", "digest --for carla"),
    ("/digest?for=carla&after=120", "digest --for carla --after 120"),
    ("/search?q=refund", "search refund"),
    ("/search?q=agent%20ticket&best=3", "search agent ticket --best 3"),
    ("/search?q=refund&position=40", "search refund --position 40"),
    ("/metrics", "metrics"),
    (f"/metrics?from={THEN}&zone=Europe/Berlin", f"metrics --from {THEN} --zone Europe/Berlin"),
    ("/metrics?key=SUP-1", "metrics SUP-1"),
    ("/metrics?milestone=training&role=compliance", "metrics --milestone training --role compliance"),
    ("/forecast", "forecast"),
    ("/forecast?count=3&seed=5", "forecast --count 3 --seed 5"),
    ("/forecast?by=2027-01-01", "forecast --by 2027-01-01"),
    ("/risks", "risk list"),
    ("/risks?key=SUP-1", "risk list SUP-1"),
    ("/edge-cases", "edge-case list"),
    ("/evidence?key=SUP-1", "evidence list SUP-1"),
    ("/incidents", "incident list"),
    ("/stakeholders", "stakeholder list"),
    ("/workflow", "workflow show"),
    ("/audit?key=SUP-1&control=self-approval", "audit SUP-1 --control self-approval"),
    ("/audit?control=eu-ai-act&control=soc2", "audit --control eu-ai-act --control soc2"),
    ("/verify", "verify"),
    ("/prove/12", "prove 12"),
    ("/prove?from=20&to=100", "prove --consistency 20 100"),
]
OF_LINES = [
    ("/replay", "replay"),
    ("/replay?from=100&to=120&key=SUP-1", "replay SUP-1 --from 100 --to 120"),
    ("/records", "watch --position 0 --count 165"),
    ("/records?after=100&count=20", "watch --position 100 --count 20"),
]
CATALOGUE = [("/catalogue", "catalogue"), ("/catalogue?schema=true", "catalogue --schema")]
"""Told from types, among which a frozen clock would stand."""
OTHERS = {"/initiatives", "/records/{position}"}
"""What has no command of its own."""
TYPED = [*OF_VALUES, *OF_LINES]


@pytest.mark.parametrize(("path", "typed"), TYPED)
def test_the_answer_is_that_of_the_command_line(demo_site: Site, path: str, typed: str) -> None:
    said = Line(demo_site.folder).run(*typed.split(), "--json")
    assert said.stderr == ""
    answer = demo_site.get(path)
    assert (answer.status_code, answer.text.rstrip("\n")) == (200, said.stdout.rstrip("\n"))


@pytest.mark.parametrize(("path", "typed"), CATALOGUE)
def test_the_catalogue_is_that_of_the_command_line(demo: Path, path: str, typed: str) -> None:
    with client(demo) as asked:
        answer = asked.get(f"{BASE}{path}")
    assert answer.text == Line(demo)(*typed.split(), "--json").rstrip("\n")


def test_every_question_is_held_against_the_command_line() -> None:
    asked = {path.partition("?")[0] for path, _ in [*TYPED, *CATALOGUE]}
    names = {"SUP-1": "{key}", "12": "{position}", "milestone": "{field}"}
    forms = {"/".join(names.get(part, part) for part in path.split("/")) for path in asked}
    assert {each.path for each in QUESTIONS} - OTHERS <= forms


def test_the_initiatives_are_the_rows_of_the_board(demo_site: Site) -> None:
    for query in ("", "?position=60"):
        board = demo_site.get(f"/board{query}").json()
        assert demo_site.get(f"/initiatives{query}").json() == board["initiatives"]


def test_a_record_is_that_of_the_log(demo_site: Site) -> None:
    [line] = demo_site.get("/records?after=11&count=1").text.splitlines()
    assert demo_site.get("/records/12").json() == json.loads(line)


def test_a_control_another_moment_is_another_answer(demo_site: Site) -> None:
    said = Line(demo_site.folder).run("board", "--position", "40", "--json")
    assert demo_site.get("/board?position=41").text != said.stdout.rstrip("\n")


@pytest.mark.parametrize("path", ["/log", "/initiatives/SUP-1/log", "/replay"])
def test_parts_follow_each_other_without_gap_and_double(demo_site: Site, path: str) -> None:
    def entries(text: str) -> list[int]:
        found = [json.loads(line) for line in text.splitlines()] if path == "/replay" else json.loads(text)
        return [each["position"] for each in found]

    whole, parts, asked = entries(demo_site.get(path).text), [], f"{path}?count=7"
    while asked:
        answer = demo_site.get(asked)
        parts += entries(answer.text)
        asked = answer.links["next"]["url"].removeprefix("/api/v1") if answer.links else ""
    assert parts == whole
    assert len(whole) > 7


def test_who_follows_the_records_is_told_where_to_go_on(demo_site: Site) -> None:
    last = demo_site.get("/records?after=160")
    assert len(last.text.splitlines()) == 5
    at_end = demo_site.get(last.links["next"]["url"].removeprefix("/api/v1"))
    assert (at_end.text, at_end.links["next"]["url"]) == ("", "/api/v1/records?after=165")
    Line(demo_site.folder)("note", "SUP-1", "One more", by="mara")
    [record] = demo_site.get("/records?after=165").text.splitlines()
    assert json.loads(record)["position"] == 166
