"""The board for people: what is seen at a glance, at any width, whatever the titles hold."""

from __future__ import annotations

import pytest

from roadlog.cli.views import screen
from roadlog.cli.views.board import parts
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

AT_100 = """\
Key    Initiative                                              Milestone                 Age  Owner
Now ────────────────────────────────────────────────────────────────────────────────────────────────
SUP-1  We want to reduce support load by 30 %                  ! training, blocked    97.0 d  paula
       iteration 2 of an expected 3–5 · tickets 900 → 640, to reach 630 per week █████████░ 96 %
       ! blocked by No access to the new ticket system · waiting on data-science
       quiet: data-science, engineering, compliance, customer-ops · 2 open risks, 1 untreated
SUP-2  We want to personalize onboarding for 3 key user segm…  ● training             78.0 d  paula
       iteration 1 of an expected 3–5 · activation 40, to reach 55 %
       ! 1 incident open · needs data-science
       quiet: data-science, engineering, compliance, customer-ops
Next ───────────────────────────────────────────────────────────────────────────────────────────────
SUP-3  退货 🤖 sorting takes 3 hours a day 👩‍💻 per person       ○ backlog                      nobody
Later ──────────────────────────────────────────────────────────────────────────────────────────────
SUP-4  العملاء ينتظرون الرد ثلاثة أيام                         ○ backlog                      nobody
Ended ──────────────────────────────────────────────────────────────────────────────────────────────
SUP-5  Warehouse staff in three countries cannot tell which …  × backlog, stopped             nobody

SUP · 1 active · 1 blocked · 2 in the backlog · 1 stopped · 1 waiting for approval
as of 2026-04-15 10:00 UTC, position 64, head HASH
"""
AT_80 = """\
Key    Initiative                          Milestone                 Age  Owner
Now ────────────────────────────────────────────────────────────────────────────
SUP-1  We want to reduce support load by…  ! training, blocked    97.0 d  paula
       iteration 2 of an expected 3–5
       tickets 900 → 640, to reach 630 per week █████████░ 96 %
       ! blocked by No access to the new ticket system · waiting on data-science
       quiet: data-science, engineering, compliance, customer-ops
       2 open risks, 1 untreated
SUP-2  We want to personalize onboarding…  ● training             78.0 d  paula
       iteration 1 of an expected 3–5 · activation 40, to reach 55 %
       ! 1 incident open · needs data-science
       quiet: data-science, engineering, compliance, customer-ops
Next ───────────────────────────────────────────────────────────────────────────
SUP-3  退货 🤖 sorting takes 3 hours a d…  ○ backlog                      nobody
Later ──────────────────────────────────────────────────────────────────────────
SUP-4  العملاء ينتظرون الرد ثلاثة أيام     ○ backlog                      nobody
Ended ──────────────────────────────────────────────────────────────────────────
SUP-5  Warehouse staff in three countrie…  × backlog, stopped             nobody

SUP · 1 active · 1 blocked · 2 in the backlog · 1 stopped
1 waiting for approval
as of 2026-04-15 10:00 UTC, position 64, head HASH
"""
AT_40 = """\
Now ────────────────────────────────────
SUP-1  We want to reduce support load by
       30 %
       ! training, blocked · 97.0 d
       paula
       iteration 2 of an expected 3–5
       tickets 900 → 640, to reach 630
       per week █████████░ 96 %
       ! blocked by No access to the new
       ticket system
       waiting on data-science
       quiet: data-science, engineering,
       compliance, customer-ops
       2 open risks, 1 untreated
"""


@pytest.mark.parametrize(("columns", "text"), [(100, AT_100), (80, AT_80)])
def test_the_board_at(line: Line, columns: int, text: str) -> None:
    assert seen(line, "board", columns=columns) == text


def test_where_titles_have_no_room_cards_are_told_as_facts(line: Line) -> None:
    text = seen(line, "board", columns=40)
    assert text.startswith(AT_40)
    assert "SUP-5  Warehouse staff in three\n       countries" in text
    assert "…" not in text


def test_owners_who_differ_at_their_ends_do_not_look_alike(line: Line, draw: Draw) -> None:
    board = line.json("board")
    for row, owner in zip(board["initiatives"], ("ben-okafor-aaaa", "ben-okafor-bbbb"), strict=False):
        row["owner"] = owner
    text = draw(lambda answer: screen.show(*parts(answer)), board)
    assert "  ben-o…r-aaaa\n" in text
    assert "  ben-o…r-bbbb\n" in text


@pytest.mark.parametrize("columns", [40, 60, 80, 99, 100, 139])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    assert widest(seen(line, "board", columns=columns)) == columns


def test_at_any_time_it_shows_what_was_so(line: Line) -> None:
    then = seen(line, "board", "--as-of", "2026-01-20T00:00:00Z")
    assert "SUP-1  We want to reduce support load by 30 %" in then
    assert "● prototype" in then
    assert "SUP-2" not in then


def test_at_a_position_it_shows_what_the_log_said(line: Line) -> None:
    assert "position 8, head HASH" in seen(line, "board", "--position", "8")
    assert "○ backlog" in seen(line, "board", "--position", "8")


def test_an_empty_roadmap_says_what_to_type(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.board import render

    assert draw(render, line.json("board", "--position", "0")).splitlines()[:2] == [
        "No initiative yet. Put a problem on the roadmap:",
        "  roadlog define TITLE --problem TEXT",
    ]


def test_before_the_log_begins_it_says_when_that_was(line: Line) -> None:
    began = "The log begins 2026-01-05 09:00 UTC"
    for asked in (
        ("--known-at", "2025-12-01T00:00:00Z"),
        ("--position", "0"),
        ("--as-of", "2025-12-01T00:00:00Z"),
    ):
        text = " ".join(seen(line, "board", *asked).split())
        first = "The first one began 2026-01-06 09:00 UTC. " if "--as-of" in asked else ""
        assert text.startswith(f"There was no initiative then. {first}{began}")
        assert "roadlog define" not in text


def test_rows_stand_by_horizon_then_the_farthest_milestone_then_rank(line: Line, draw: Draw) -> None:
    board = line.json("board")
    row = board["initiatives"][1]
    board["initiatives"] = [
        {**row, "key": key, "horizon": horizon, "rank": rank, "milestone_number": number, "status": status}
        for key, horizon, rank, number, status in (
            ("SUP-1", None, None, 6, "live"),
            ("SUP-2", "now", None, 2, "active"),
            ("SUP-3", "now", None, 5, "active"),
            ("SUP-4", "now", 1, 2, "active"),
            ("SUP-5", "next", None, 0, "backlog"),
            ("SUP-6", "now", None, 6, "retired"),
        )
    ]
    text = draw(lambda answer: screen.show(*parts(answer)), board)
    first_words = [each.split()[0] for each in text.splitlines() if not each.startswith(" ") and each]
    assert " ".join(first_words) == ("Key Now SUP-3 SUP-4 SUP-2 Next SUP-5 Not SUP-1 Ended SUP-6 SUP as")


def test_ages_over_a_thousand_days_are_told_whole(line: Line, draw: Draw) -> None:
    board = line.json("board")
    board["initiatives"][0]["age"] = 12_345.6 * 86_400
    text = draw(lambda answer: screen.show(*parts(answer)), board)
    assert "  12,345.6 d  paula" in text
    assert "      78.0 d  paula" in text
    assert widest(text) == 100


def test_words_that_a_terminal_would_obey_are_shown(line: Line, draw: Draw) -> None:
    board = line.json("board")
    board["initiatives"][0]["title"] = "red\x1b[31m\u202eback\r\n"
    board["initiatives"][0]["owner"] = "ann\x07"
    text = draw(lambda answer: screen.show(*parts(answer)), board)
    assert "red\\u001b[31m\\u202eback" in text
    assert "ann\\u0007" in text
    assert not any(each in text for each in "\x1b\u202e\r\x07")


def test_colour_changes_nothing_but_colour(line: Line, draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    board = line.json("board")
    plain = draw(lambda answer: screen.show(*parts(answer)), board)
    monkeypatch.setenv("TERM", "xterm-256color")
    drawn: list[str] = []
    draw(lambda answer: drawn.append(screen.drawn(parts(answer), 100, colour=True)), board)
    assert "\x1b[1;31m! \x1b[0m\x1b[1;31mtraining, blocked\x1b[0m" in drawn[0]
    from click import unstyle

    assert [each.rstrip() for each in unstyle(drawn[0]).splitlines()] == plain.splitlines()


def test_without_unicode_columns_stay_where_they_are(line: Line, draw: Draw) -> None:
    board = line.json("board")
    text = draw(lambda answer: screen.show(*parts(answer)), board)

    class Ascii:
        encoding = "ascii"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("roadlog.cli.views.screen.sys.stdout", Ascii())
        converted = screen.encodable(text)
    assert converted.isascii()
    assert "tickets 900 > 640, to reach 630 per week #########. 96 %" in converted
    assert widest(converted) == widest(text)
    owners = {
        each.index(word) for each in converted.splitlines() for word in ("paula", "nobody") if word in each
    }
    assert owners == {94}
