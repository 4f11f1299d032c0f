"""The gate for people: what is there, what is missing, who owes it, and what to type."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen

GATE = """\
SUP-1  We want to reduce support load by 30 %
training → integration · closed · 3 of 5 met
Is the model good enough, for every segment?

✗ Criteria: none met for new customers and resellers; GAP (f1 gap <= 0.05) has no result that counts
  criteria
    roadlog criterion set SUP-1 ID --milestone training --metric METRIC --operator '>=' --threshold N \
--segment 'new customers'
✓ Evidence: evaluation · evidence:evaluation · #50
✓ Risk of hallucination logged · risk:hallucination · #44
✓ Risk of bias logged · risk:bias · #45
✗ Approval by data-science: risks changed since the vote · approval:data-science · #54
    owed by dan, asked on 2026-03-06
    roadlog approve SUP-1 --role data-science
"""


def test_the_gate_line_by_line(line: Line) -> None:
    assert seen(line, "gate", "SUP-1") == GATE


def test_an_open_gate_says_how_to_go_through(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.gate import render

    gate = line.json("gate", "SUP-2")
    requirements = [{**each, "met": True, "by": [1]} for each in gate["requirements"]]
    text = draw(render, {**gate, "requirements": requirements, "open": True, "owed": []})
    assert text.splitlines()[1] == "training → integration · open · 5 of 5 met"
    assert text.endswith("Nothing keeps it here.\nroadlog advance SUP-2\n")


def test_what_does_not_count_and_who_cannot_vote_are_told(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.gate import render

    gate = line.json("gate", "SUP-2")
    vote = {
        **gate["requirements"][-1],
        "not_counted": [{"position": 7, "why": "the voter owns it"}],
        "waiver": None,
    }
    owed: list[dict[str, Any]] = [{"role": "data-science", "by": [], "requested_at": None}]
    text = draw(render, {**gate, "requirements": [vote], "owed": owed})
    assert text.splitlines()[5:] == [
        "    #7 does not count: the voter owns it",
        "    nobody here can approve as data-science",
        "    roadlog approve SUP-2 --role data-science",
    ]


def test_a_stale_vote_is_told_once(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.gate import render

    gate = line.json("gate", "SUP-2")
    stale = [{"position": 7, "fields": ["notice"]}, {"position": 9, "fields": ["risks", "title"]}]
    text = "Approval by data-science: risks and title changed since the vote"
    vote = {**gate["requirements"][-1], "text": text, "stale": stale, "try": None}
    told = draw(render, {**gate, "requirements": [vote], "owed": []}).splitlines()[4:]
    assert told == [f"✗ {text} · approval:data-science · #9", "    #7 is stale: notice changed since"]


def test_gates_passed_before_an_adoption_are_told(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.gate import render

    gate = {**line.json("gate", "SUP-2"), "not_evidenced": ["feasibility", "prototype"]}
    said = "not evidenced here: feasibility, prototype (passed before it was adopted)"
    assert draw(render, gate).splitlines()[3] == said


def test_at_the_finish_nothing_is_asked_for(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.gate import render

    gate = {**line.json("gate", "SUP-2"), "milestone": "live", "next": None, "requirements": []}
    assert draw(render, gate).splitlines()[1:] == ["live: nothing follows, so nothing is asked for."]


def test_as_it_was_then(line: Line) -> None:
    gate = line.json("gate", "SUP-1", "--position", "52")
    assert [each["id"] for each in gate["requirements"] if each["met"]] == [
        "evidence:evaluation",
        "risk:hallucination",
        "risk:bias",
    ]
    assert gate["requirements"][-1]["stale"] == []


def test_only_the_mark_is_coloured_not_the_line(
    line: Line, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roadlog.cli.views import gate, screen

    monkeypatch.setenv("TERM", "xterm-256color")
    answer = line.json("gate", "SUP-1")
    drawn: list[str] = []
    draw(lambda: drawn.append(screen.drawn(gate.parts(answer), 100, colour=True)))
    assert "\x1b[1;31m✗\x1b[0m Criteria: " in drawn[0]
    assert (
        "\x1b[32m✓\x1b[0m Evidence: evaluation\x1b[2m · \x1b[0m\x1b[2mevidence:evaluation\x1b[0m" in drawn[0]
    )


def test_the_ids_are_what_waive_takes(line: Line) -> None:
    until = ("--until", "2026-05-01", "--because", "The dataset comes on Friday")
    assert "· approval:data-science ·" in seen(line, "gate", "SUP-1")
    assert line.json("waive", "SUP-1", "approval:data-science", *until, "--dry-run", by="carla")["records"]
    assert "approval:engineering" in line("waive", "--help")


def test_then_it_ends_in_the_moment(line: Line) -> None:
    then = "as of 2026-02-22 09:00 UTC, known at 2026-04-15 10:00, position 64, head HASH"
    for typed in ("show SUP-1", "gate SUP-1", "next", "log", "risk list", "workflow show", "board"):
        told = seen(line, *typed.split(), "--as-of", "2026-02-22T09:00:00Z")
        assert told.splitlines()[-1] == then
        assert told.count("head HASH") == 1
        assert typed == "board" or "head HASH" not in seen(line, *typed.split())
    assert "--as-of asks" in " ".join(line("gate", "--help").split())
