"""The digest for people, on a screen and in a mail: what is owed first, every record once, nothing empty."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from roadlog.cli import output
from roadlog.cli.main import roadlog
from roadlog.cli.views import digest_page, screen
from roadlog.cli.views.digest import parts, render
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

DAN = """\
Digest for dan
2026-03-11 10:00 to 2026-04-15 10:00 UTC, positions 60 to 64

Decisions owed
SUP-1  2026-03-06  Decide as data-science on leaving training (risks changed since the vote)
                   We want to reduce support load by 30 %
                   roadlog approve SUP-1 --role data-science

Besides, 2 things to do:
  roadlog next --for dan

Changed since the approval
SUP-1  2026-03-07  approved training as data-science, #54; risks changed since
                   #60 dan mitigated risk R1 to 2 × 4 = 8: Answers cite the help page
                   We want to reduce support load by 30 %
                   roadlog approve SUP-1 --role data-science

Roles gone quiet
SUP-1  data-science was to be heard by 2026-03-21 (dan)
       engineering was to be heard by 2026-03-06 (erin)
       compliance was to be heard by 2026-01-30 (carla)
       customer-ops was to be heard by 2026-03-30 (oscar) · We want to reduce support load by 30 %
       roadlog checkin SUP-1 --role ROLE TEXT
SUP-2  data-science was to be heard by 2026-02-16 (dan)
       engineering was to be heard by 2026-02-27 (erin)
       compliance was to be heard by 2026-02-18 (carla)
       customer-ops was to be heard by 2026-02-10 (oscar)
       We want to personalize onboarding for 3 key user segments
       roadlog checkin SUP-2 --role ROLE TEXT

Outcomes by iteration
SUP-1  tickets 900 → 640, to reach 630 per week █████████░ 96 %
       iteration 1: not measured by its end · iteration 2: 640, 96 % so far
       We want to reduce support load by 30 %
SUP-2  activation 40, to reach 55 % · iteration 1: not measured yet
       We want to personalize onboarding for 3 key user segments

What happened
SUP-1  We want to reduce support load by 30 %
#60  2026-03-12  dan mitigated risk R1 to 2 × 4 = 8: Answers cite the help page
#61  2026-03-16  oscar said as customer-ops: Agents like it so far
#62  2026-03-26  paula blocked the work: No access to the new ticket system
#63  2026-03-31  paula measured tickets: 640 (n = 4)
#64  2026-04-01  erin noted: The ticket system moves on 1 May

as of 2026-04-15 10:00 UTC, position 64, head HASH
The next one, of what is recorded from here on:
  roadlog digest --for dan --after 64
"""
SINCE = ("--since", "2026-03-11T10:00:00Z")


def test_a_digest_is_for_somebody(line: Line) -> None:
    for nobody in ("", " "):
        assert line.error("digest", "--for", nobody)["exit"] == 2


def entry(position: int, **more: Any) -> dict[str, Any]:
    return {
        "position": position,
        "effective_at": "2026-03-01T09:00:00.000000Z",
        "earlier": False,
        "actor": "dan",
        "sentence": "noted: hello",
        "reason": None,
        "voided_by": None,
        **more,
    }


EMPTY: dict[str, Any] = {
    "for": "dan",
    "since": "2026-03-01T09:00:00.000000Z",
    "as_of": "2026-03-08T09:00:00.000000Z",
    "known_at": "2026-03-08T09:00:00.000000Z",
    "position": 8,
    "head": "0" * 64,
    "after": 8,
    "upto": 8,
    "try": "roadlog digest --for dan --after 8",
    "owed": [],
    "further": 0,
    **{part: [] for part in ("stale", "risks", "passed", "quiet", "outcomes", "happened")},
}
FOOT = """
as of 2026-03-08 09:00 UTC, position 8, head 00000000
The next one, of what is recorded from here on:
  roadlog digest --for dan --after 8
"""


def test_it_says_what_is_owed_what_changed_and_everything_that_happened(line: Line) -> None:
    assert seen(line, "digest", *SINCE, by="dan") == DAN
    assert seen(line, "digest", "--for", "dan", *SINCE, by="paula") == DAN


def test_where_there_is_nothing_one_line_says_that_nothing_is_owed(draw: Draw) -> None:
    head = "Digest for dan\n2026-03-01 09:00 to 2026-03-08 09:00 UTC, nothing was recorded\n"
    assert draw(render, EMPTY) == f"{head}\nNothing is owed.\n{FOOT}"


def test_what_is_no_decision_is_counted(draw: Draw) -> None:
    said = "\nNo decision is owed; 1 thing to do:\n  roadlog next --for dan\n"
    assert said in draw(render, {**EMPTY, "further": 1})


def test_that_an_approval_went_stale_is_said_first_though_nobody_asked_again(line: Line, draw: Draw) -> None:
    stale = line.json("digest", *SINCE, by="dan")["stale"]
    assert "\nNo decision is owed; 1 approval went stale.\n" in draw(render, {**EMPTY, "stale": stale})


def test_late_and_voided_records_are_marked(draw: Draw) -> None:
    found = [entry(7, earlier=True), entry(8, voided_by=9, reason="he asked")]
    happened = [{"key": "SUP-1", "title": "Load", "records": found}]
    said = draw(render, {**EMPTY, "after": 6, "happened": happened})
    assert said.startswith("Digest for dan\n2026-03-01 09:00 to 2026-03-08 09:00 UTC, positions 7 to 8\n")
    assert said.endswith(
        "\nWhat happened\nSUP-1  Load\n"
        "#7  2026-03-01  dan noted: hello · happened earlier, recorded now\n"
        f"#8  2026-03-01  dan noted: hello · voided by #9 · because “he asked”\n{FOOT}"
    )


PASSED: dict[str, Any] = {
    "key": "SUP-1",
    "title": "Load",
    "position": 8,
    "at": "2026-03-01T09:00:00.000000Z",
    "actor": "paula",
    "from": None,
    "to": "feasibility",
    "break_glass": True,
    "bypassed": ["problem"],
    "waived": [{"requirement": "notice", "waiver": 4}],
    "reason": "fire",
    "review": "not-upheld",
}
RISK: dict[str, Any] = {
    "key": "SUP-1",
    "title": "Load",
    "position": 8,
    "at": "2026-03-01T09:00:00.000000Z",
    "actor": "carla",
    "id": "R1",
    "what": "accepted",
    "category": "bias",
    "description": "Answers differ",
    "score": 16,
    "residual": 8,
    "open": False,
    "until": "2026-06-01T09:00:00.000000Z",
    "role": "compliance",
}


def test_risks_and_gates_say_who_did_what_and_why(draw: Draw) -> None:
    said = draw(render, {**EMPTY, "risks": [RISK], "passed": [PASSED]})
    assert (
        "\nRisks raised or accepted\n"
        "SUP-1  2026-03-01  carla accepted R1 as compliance until 2026-06-01 · bias, score 16, 8 remains\n"
        "                   Answers differ · closed since · Load\n"
        "\nGates passed by waiver or break-glass\n"
        "SUP-1  2026-03-01  paula went from the backlog to feasibility · by break-glass, bypassing problem\n"
        "                   notice waived by #4 · not upheld · because “fire” · Load\n"
    ) in said


def test_it_fits_the_screen_and_commands_stay_whole(line: Line) -> None:
    for columns in (40, 60, 140):
        text = seen(line, "digest", *SINCE, columns=columns, by="dan")
        assert widest(text) <= columns
        assert "roadlog approve SUP-1 --role data-science\n" in text


def test_colour_changes_nothing_but_colour(line: Line, draw: Draw) -> None:
    answer = line.json("digest", *SINCE, by="dan")
    drawn: list[str] = []
    draw(lambda answer: drawn.append(screen.drawn(parts(answer), 100, colour=True)), answer)
    without = re.sub(r"\x1b\[[0-9;]*m", "", drawn[0])
    assert "".join(f"{each.rstrip()}\n" for each in without.splitlines()) == draw(render, answer)
    assert drawn[0] != without


def test_as_json_it_has_its_keys_in_their_order(line: Line) -> None:
    answer = line.json("digest", *SINCE, by="dan")
    assert [*answer] == [
        *("for", "since", "as_of", "known_at", "position", "head", "after", "upto", "try"),
        *("owed", "further", "stale", "quiet", "outcomes", "risks", "passed", "happened"),
    ]
    assert (answer["since"], answer["after"], answer["upto"]) == ("2026-03-11T10:00:00.000000Z", 59, 64)
    owed = line.json("next", by="dan")
    decisions = [{name: value for name, value in each.items() if name != "title"} for each in answer["owed"]]
    assert decisions == [each for each in owed if each["kind"] == "approval"]
    assert answer["further"] == len(owed) - 1


def test_at_another_moment_it_is_what_was_known_then(line: Line) -> None:
    answer = line.json("digest", "--position", "59", "--after", "53", by="dan")
    assert (answer["stale"], answer["upto"]) == ([], 59)
    assert [each["key"] for each in answer["happened"]] == ["SUP-1", "SUP-3", "SUP-4", "SUP-5"]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--for", "dann"), "unknown-stakeholder"),
        (("--since", "2026-04-16"), "window"),
        (("--since", "2026-04-01", "--position", "20"), "window"),
        (("--after", "65"), "window"),
        (("--after", "3", "--since", "2026-04-01"), "window"),
        (("--known-at", "2027-01-01"), "future"),
    ],
)
def test_what_cannot_be_asked_is_an_argument_not_understood(
    line: Line, words: tuple[str, ...], rule: str
) -> None:
    error = line.error("digest", *words)
    assert (error["exit"], error["rule"]) == (2, rule)


# As a page


def test_the_page_says_what_the_screen_says(line: Line) -> None:
    page = line("digest", *SINCE, "--html", by="dan")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert page.endswith("</body>\n</html>\n")
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("&middot;", " "))
    for each in (each.strip() for each in DAN.splitlines()[:-3]):
        for fact in each.split(" · "):
            assert all(word in told for word in fact.split()), fact
    assert "roadlog digest --for dan --after 64</code>" in page
    assert page.count("<h2 ") == 5


def test_an_empty_page_says_that_nothing_is_owed(draw: Draw) -> None:
    page = draw(lambda answer: output.print_html(digest_page.page(answer)), EMPTY)
    assert "Nothing is owed." in page
    assert "<h2" not in page


def test_where_stdout_is_no_unicode_the_page_says_the_same(line: Line) -> None:
    environ = {"ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "dan"}
    said = [
        CliRunner(env=environ, charset=charset).invoke(roadlog, ["digest", *SINCE, "--html"]).stdout_bytes
        for charset in ("utf-8", "ascii")
    ]
    assert said[1].isascii()
    assert b"&#8594;" in said[1]
    assert said[0].decode().encode("ascii", "xmlcharrefreplace") == said[1]


def test_as_json_the_page_is_a_text(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    answer = json.loads(line("digest", *SINCE, "--html", "--json", by="dan"))
    assert answer == {"html": line("digest", *SINCE, "--html", by="dan")}
