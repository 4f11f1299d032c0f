"""Issues whose changelogs lack something: what is told of them, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interop.boards import Claims, Json, changelog, files, history, issue, page, status
from tests.interop.logs import at

STEPS = ("To Do", "Doing", "Review", "Doing", "Review", "Done")
WHOLE = tuple(
    history(number + 100, at(number + 2), *([status(*STEPS[number // 2 : number // 2 + 2])] * (number % 2)))
    for number in range(10)
)
"""Ten histories, a day each; every second one goes on to the next status."""
REST = " (/rest/api/3/issue/DEMO-1/changelog gives the rest)"
LATER = ", and what comes before cannot be added later"
STAYS = [("To Do", at(1)), *((step, at(2 * number + 1)) for number, step in enumerate(STEPS) if number)]


def claims(tmp_path: Path, *answers: Any) -> Claims:
    return Claims(files(tmp_path, answers))


def one(tmp_path: Path, *histories: Json, **parts: Any) -> Claims:
    return claims(tmp_path, page(issue("DEMO-1", *histories, **parts)))


@pytest.mark.parametrize("histories", [WHOLE, WHOLE[::-1]], ids=["ascending", "descending"])
def test_a_whole_changelog_is_told_whole(tmp_path: Path, histories: tuple[Json, ...]) -> None:
    found = one(tmp_path, *histories)
    assert found.stays("DEMO-1") == STAYS
    assert found.truncated == []


@pytest.mark.parametrize("order", [1, -1], ids=["ascending", "descending"])
@pytest.mark.parametrize(("kept", "told"), [(8, 4), (7, 4), (5, 3), (2, 1)])
def test_without_its_oldest_histories_it_is_told_from_the_first_known_change_on(
    tmp_path: Path, order: int, kept: int, told: int
) -> None:
    found = one(tmp_path, *WHOLE[-kept:][::order], total=10)
    assert found.stays("DEMO-1") == STAYS[-told:]
    since = STAYS[-told][1]
    told_from = f"it is told from {since:%Y-%m-%dT%H:%M:%SZ} on{LATER}"
    why = f"its changelog holds {kept} of 10 entries{REST}; {told_from}"
    assert found.why("DEMO-1") == why
    assert found.truncated[0].headless


@pytest.mark.parametrize(("kept", "told"), [(8, 5), (7, 4), (2, 2)])
def test_without_its_newest_histories_it_is_told_up_to_the_last_known_change(
    tmp_path: Path, kept: int, told: int
) -> None:
    found = one(tmp_path, *WHOLE[:kept], total=10)
    assert found.stays("DEMO-1") == STAYS[:told]
    why = f"its changelog holds {kept} of 10 entries{REST}; it is in 'Done' now, and nothing says since when"
    assert found.why("DEMO-1") == why
    assert not found.truncated[0].headless


def test_where_it_cannot_be_seen_which_end_is_missing_the_beginning_is_not_told(tmp_path: Path) -> None:
    """It is in the status of its last known change: the newest may be there in the other order."""
    found = one(tmp_path, *WHOLE[:6], total=10, now="Doing")
    assert found.stays("DEMO-1") == STAYS[1:4]
    assert found.truncated[0].headless


def test_newest_first_the_beginning_is_not_told_either_way(tmp_path: Path) -> None:
    """Although it has left the status of its last known change: that was changed without an entry, then."""
    found = one(tmp_path, *WHOLE[-4:][::-1], total=10, now="To Do")
    assert found.stays("DEMO-1") == STAYS[-2:]
    assert str(found.why("DEMO-1")).startswith(
        f"its changelog holds 4 of 10 entries{REST}; it is in 'To Do' now"
    )


def test_an_older_export_that_was_whole_places_a_newer_one(tmp_path: Path) -> None:
    """The oldest eight of ten, which by themselves could be the newest eight as well."""
    older = page(issue("DEMO-1", *WHOLE[:6], now="Doing"))
    newer = page(issue("DEMO-1", *WHOLE[:8], total=10, now="Review"))
    for answers in ((older, newer), (newer, older)):
        found = claims(tmp_path, *answers)
        assert found.stays("DEMO-1") == STAYS[:5]
        assert found.why("DEMO-1") == f"its changelog holds 8 of 10 entries{REST}"


def test_the_pages_of_its_own_changelog_begin_with_the_oldest(tmp_path: Path) -> None:
    newest = page(issue("DEMO-1", *WHOLE[:-5:-1], total=10))
    oldest = changelog("DEMO-1", *WHOLE[:6], start=0, total=10)
    for answers in ((newest, oldest), (oldest, newest)):
        found = claims(tmp_path, *answers)
        assert found.stays("DEMO-1") == STAYS
        assert found.truncated == []


def test_what_a_search_gives_is_placed_by_what_it_shares_with_a_page(tmp_path: Path) -> None:
    """The oldest six by both; by itself, the answer to the search could be the newest six as well."""
    oldest = page(issue("DEMO-1", *WHOLE[:6], total=10, now="Doing"))
    found = claims(tmp_path, oldest, changelog("DEMO-1", *WHOLE[:3], start=0, total=10))
    assert found.stays("DEMO-1") == STAYS[:4]
    assert found.why("DEMO-1") == f"its changelog holds 6 of 10 entries{REST}"
    whole = claims(tmp_path, oldest, changelog("DEMO-1", *WHOLE[4:], start=4, total=10))
    assert whole.stays("DEMO-1") == STAYS


def test_of_two_parts_that_cannot_both_be_the_newest_the_older_is_left_out(tmp_path: Path) -> None:
    """Both end in the present status, and two histories lie between them."""
    older = (history(1, at(2)), history(2, at(3), status("To Do", "Doing")))
    newer = (history(5, at(6), status("Doing", "Review")), history(6, at(7), status("Review", "Doing")))
    answers = [page(issue("DEMO-1", *part, total=6, now="Doing")) for part in (older, newer)]
    for order in (1, -1):
        found = claims(tmp_path, *answers[::order])
        assert found.stays("DEMO-1") == [("Review", at(6)), ("Doing", at(7))]
        assert str(found.why("DEMO-1")).startswith(f"its changelog holds 2 of 6 entries{REST}; ")


def test_pages_of_its_changelog_may_be_all_that_tells_its_changes(tmp_path: Path) -> None:
    bare = page(issue("DEMO-1"))
    del bare["issues"][0]["changelog"]
    parts = (changelog("DEMO-1", *WHOLE[start : start + 4], start=start, total=10) for start in (8, 0, 4))
    found = claims(tmp_path, bare, *parts)
    assert (found.stays("DEMO-1"), found.truncated) == (STAYS, [])
    only = claims(tmp_path, changelog("DEMO-1", *WHOLE, start=0, total=10))
    assert [each.field for each in only.bad] == ["DEMO-1.fields"]


def test_a_hole_in_between_is_not_bridged(tmp_path: Path) -> None:
    """Histories 3 to 6 are missing, and with them two moves that lead back to where it was."""
    newest = page(issue("DEMO-1", *WHOLE[7:][::-1], total=10))
    oldest = changelog("DEMO-1", *WHOLE[:3], start=0, total=10)
    found = claims(tmp_path, oldest, newest)
    assert found.stays("DEMO-1") == STAYS[-2:]
    assert (
        found.why("DEMO-1")
        == f"its changelog holds 6 of 10 entries{REST}; it is told from 2026-03-09T09:00:00Z on{LATER}"
    )


def test_a_change_that_no_history_tells_breaks_it(tmp_path: Path) -> None:
    edited = (history(1, at(2), status("To Do", "Doing")), history(2, at(4), status("Review", "Done")))
    found = one(tmp_path, *edited)
    assert found.stays("DEMO-1") == [("Done", at(4))]
    assert found.why("DEMO-1") == (
        f"nothing says when it went from 'Doing' to 'Review'; it is told from 2026-03-04T09:00:00Z on{LATER}"
    )


def test_only_the_last_gap_counts(tmp_path: Path) -> None:
    edited = (
        history(1, at(2), status("To Do", "Doing")),
        history(2, at(3), status("Review", "Done")),
        history(3, at(4), status("Doing", "Review")),
        history(4, at(5), status("Review", "Done")),
    )
    found = one(tmp_path, *edited)
    assert found.stays("DEMO-1") == [("Review", at(4)), ("Done", at(5))]
    assert str(found.why("DEMO-1")).startswith("nothing says when it went from 'Done' to 'Doing'")


def test_a_status_left_unseen_is_said_and_no_move_is_made_of_it(tmp_path: Path) -> None:
    found = one(tmp_path, history(1, at(2), status("To Do", "Doing")), now="Done")
    assert found.stays("DEMO-1") == [("To Do", at(1)), ("Doing", at(2))]
    assert found.why("DEMO-1") == "it is in 'Done' now, and nothing says since when"
    assert not found.truncated[0].headless


def test_a_status_that_was_renamed_is_the_same_by_its_id(tmp_path: Path) -> None:
    first, second = status("To Do", "In Dev"), status("Development", "Done")
    first["to"] = second["from"] = "3"
    found = one(tmp_path, history(1, at(2), first), history(2, at(3), second))
    assert [activity for activity, _ in found.stays("DEMO-1")] == ["To Do", "In Dev", "Done"]
    assert found.truncated == []


def test_a_status_of_another_id_and_the_same_name_is_the_same(tmp_path: Path) -> None:
    """A project of one's own has statuses of its own, called as others are."""
    moved = issue("DEMO-1", history(1, at(2), status("To Do", "Done")))
    moved["fields"]["status"]["id"] = "10777"
    assert claims(tmp_path, page(moved)).truncated == []


def test_an_issue_that_changed_before_it_was_created_is_told_from_then_on(tmp_path: Path) -> None:
    found = one(tmp_path, history(1, at(2), status("To Do", "Done")), created=at(3))
    assert found.stays("DEMO-1") == [("Done", at(2))]
    assert str(found.why("DEMO-1")).startswith("its status changed before it was created; it is told from")
    at_once = one(tmp_path, history(1, at(3), status("To Do", "Done")), created=at(3))
    assert at_once.stays("DEMO-1") == [("To Do", at(3)), ("Done", at(3))]


def test_without_a_known_change_nothing_is_told_of_a_truncated_issue(tmp_path: Path) -> None:
    for histories in ((), (history(9, at(5)),), (history(8, at(4)), history(9, at(5)))):
        found = one(tmp_path, *histories, total=3)
        assert found.lines == []
        why = f"its changelog holds {len(histories)} of 3 entries{REST}; nothing of it is told"
        assert found.why("DEMO-1") == why


def test_without_its_status_the_end_is_taken_as_told(tmp_path: Path) -> None:
    found = one(tmp_path, history(1, at(2), status("To Do", "Doing")), now=None)
    assert len(found.lines) == 2
    assert found.truncated == []


def test_of_two_exports_the_newer_says_what_the_issue_is(tmp_path: Path) -> None:
    older = page(issue("DEMO-1", *WHOLE[:2], now="Doing", summary="Old"))
    newer = page(issue("DEMO-1", *WHOLE, summary="New"))
    for answers in ((older, newer), (newer, older)):
        found = claims(tmp_path, *answers)
        assert {each.title for each in found.lines} == {"DEMO-1 New"}
        assert (found.stays("DEMO-1"), found.truncated) == (STAYS, [])


def test_of_two_that_know_as_much_the_later_file_says_what_the_issue_is(tmp_path: Path) -> None:
    first, second = page(issue("DEMO-1", summary="First")), page(issue("DEMO-1", summary="Second"))
    assert {each.title for each in claims(tmp_path, first, second).lines} == {"DEMO-1 Second"}


def test_an_older_export_fills_what_a_newer_one_lacks(tmp_path: Path) -> None:
    older = page(issue("DEMO-1", *WHOLE[:6], now="Doing"))
    newer = page(issue("DEMO-1", *WHOLE[:-6:-1], total=10))
    assert claims(tmp_path, newer, older).stays("DEMO-1") == STAYS


# The search


def test_a_search_that_found_more_issues_than_are_here_is_truncated(tmp_path: Path) -> None:
    first, second = page(issue("DEMO-1"), total=3), page(issue("DEMO-2"), total=3, start=1)
    assert claims(tmp_path, first, second).why(None) == "Jira found 3 issues, of which 2 are here"
    assert claims(tmp_path, first, second, page(issue("DEMO-3"), total=3, start=2)).truncated == []


def test_an_issue_that_cannot_be_read_is_here(tmp_path: Path) -> None:
    bad = issue("DEMO-2")
    bad["fields"]["created"] = "soon"
    assert claims(tmp_path, page(issue("DEMO-1"), bad, {"id": 7}, total=3)).truncated == []
