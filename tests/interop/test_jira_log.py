"""What Jira's answers really hold: pages, shapes, accounts and times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.interop.boards import FILES, MOVED, Claims, Json, files, history, issue, page, status
from tests.interop.logs import at

SEARCH = (FILES / "search-1.json", FILES / "search-2.json")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def claims(tmp_path: Path, *answers: Any) -> Claims:
    return Claims(files(tmp_path, answers))


def one(tmp_path: Path, *histories: Json, **parts: Any) -> Claims:
    return claims(tmp_path, page(issue("DEMO-1", *histories, **parts)))


# The answers written by hand


def test_an_issue_stands_in_its_first_status_since_it_was_created() -> None:
    assert Claims(SEARCH).told("DEMO-1") == [
        ("DEMO-1", "To Do", moment("2026-03-02T08:15:00.250Z"), "Ana García", 0),
        ("DEMO-1", "In Progress", moment("2026-03-03T08:00:00Z"), "Ana García", 30101),
        ("DEMO-1", "To Do", moment("2026-03-05T08:00:00Z"), "Ana García", 30102),
        ("DEMO-1", "In Progress", moment("2026-03-10T08:00:00Z"), "Ben Okafor", 30103),
        ("DEMO-1", "Done", moment("2026-03-29T00:30:00.001Z"), "Ben Okafor", 30104),
        ("DEMO-1", "In Progress", moment("2026-03-29T01:30:00.001Z"), "Ana García", 30105),
        ("DEMO-1", "Done", moment("2026-04-20T08:00:00Z"), "Ben Okafor", 30106),
    ]


def test_an_account_may_have_no_name_and_a_history_no_author() -> None:
    assert Claims(SEARCH).told("DEMO-2") == [
        ("DEMO-2", "Backlog", moment("2026-03-02T08:20:00Z"), "5b10a3", 0),
        ("DEMO-2", "Done", moment("2026-03-09T17:00:00Z"), None, 30201),
    ]


def test_an_issue_whose_status_never_changed_stands_where_it_is_since_it_was_created() -> None:
    found = Claims(SEARCH)
    assert found.stays("DEMO-3") == [("To Do", moment("2026-03-02T08:30:00Z"))]
    assert found.stays("DEMO-4") == [("Backlog", moment("2026-03-02T08:40:00Z"))]


def test_histories_of_one_instant_come_by_their_ids_and_items_as_they_stand() -> None:
    at_once = moment("2026-03-06T09:00:00Z")
    assert Claims(SEARCH).told("DEMO-5")[1:] == [
        ("DEMO-5", "In Progress", at_once, "Ben Okafor", 30501),
        ("DEMO-5", "Ready for Review", at_once, "Ben Okafor", 30502),
        ("DEMO-5", "Done", at_once, "Ben Okafor", 30502),
    ]


def test_a_page_of_the_changelog_completes_an_issue() -> None:
    truncated = Claims(SEARCH)
    assert truncated.stays("DEMO-6")[0] == ("Ready for Review", moment("2026-03-16T09:00:00Z"))
    found = Claims((*SEARCH, FILES / "changelog-DEMO-6.json"))
    assert [each.case for each in found.truncated] == ["DEMO-7"]
    assert found.stays("DEMO-6") == [
        ("To Do", moment("2026-03-02T09:10:00Z")),
        ("In Progress", moment("2026-03-09T09:00:00Z")),
        ("Ready for Review", moment("2026-03-16T09:00:00Z")),
        ("Done", moment("2026-03-20T09:00:00Z")),
    ]
    assert [each.file for each in found.lines if each.case == "DEMO-6"] == [1, 2, 2, 1]


def test_an_issue_that_left_its_last_status_unseen_is_told_as_far_as_it_goes() -> None:
    found = Claims(SEARCH)
    assert [activity for activity, _ in found.stays("DEMO-7")] == ["To Do", "In Progress"]
    assert found.why("DEMO-7") == "it is in 'Parked' now, and nothing says since when"


def test_an_overlap_of_pages_is_no_second_issue_and_the_order_of_files_is_none() -> None:
    found, reversed_ = Claims(SEARCH), Claims(SEARCH[::-1])
    assert found.told() == reversed_.told()
    assert len(found.stays("DEMO-4")) == 1
    assert None not in [each.case for each in found.truncated]


def test_pages_that_go_on_by_a_token_are_whole_once_the_last_is_there() -> None:
    first, last = FILES / "jql-1.json", FILES / "jql-2.json"
    assert Claims((first, last)).truncated == []
    assert Claims((first,)).why(None) == "every page says that another one follows, so the last is missing"


def test_issues_come_in_the_order_of_their_numbers() -> None:
    found = Claims((FILES / "jql-2.json", FILES / "jql-1.json"))
    assert list(dict.fromkeys(each.case for each in found.lines)) == ["ROAD-9", "ROAD-10"]


def test_accounts_of_one_name_are_told_apart_by_their_ids() -> None:
    found = Claims((FILES / "jql-1.json", FILES / "jql-2.json"))
    actors = [each.actor for each in found.lines]
    assert actors == ["Cleo Lund (6c20b1)", "Cleo Lund (6c20b2)", "Cleo Lund (6c20b1)"]


def test_jira_server_names_accounts_by_key_and_login_and_files_may_hold_arrays_of_pages() -> None:
    found = Claims((FILES / "server.json",))
    assert found.told() == [
        ("OLD-1", "Open", moment("2025-11-03T08:00:00Z"), "Mila Novak", 0),
        ("OLD-1", "In Dev", moment("2025-11-04T08:00:00Z"), "Mila Novak", 501),
        ("OLD-1", "Closed", moment("2025-11-06T08:00:00Z"), "jdoe", 502),
        ("OLD-2", "Open", moment("2025-11-03T09:00:00Z"), None, 0),
    ]
    assert found.truncated == []


def test_a_case_is_called_by_its_key_and_summary() -> None:
    titles = {each.case: each.title for each in Claims((FILES / "server.json",)).lines}
    assert titles == {"OLD-1": "OLD-1 Route by language", "OLD-2": "OLD-2"}


# Shapes


def test_a_file_may_hold_an_issue_an_array_of_issues_or_nothing(tmp_path: Path) -> None:
    single = issue("DEMO-1", now="To Do")
    for answer in (single, [single], [[single]], page(single), [page(single)]):
        assert claims(tmp_path, answer).stays("DEMO-1") == [("To Do", at(1))]
    for answer in ([], page(), [page()]):
        assert claims(tmp_path, answer).lines == []


def test_what_is_not_read_may_be_anything(tmp_path: Path) -> None:
    odd = issue("DEMO-1", history(1, at(2), {**status("To Do", "Done"), "tmpFromAccountId": [1]}))
    odd |= {"renderedFields": {"summary": 3}, "id": 7, "transitions": None}
    odd["fields"] |= {"description": "\ud83d", "labels": [], "customfield_1": {"a": [1.5, None, True]}}
    odd["changelog"]["histories"].append({"id": 2, "created": "never", "author": None, "items": None})
    odd["changelog"]["total"] = 2
    found = claims(tmp_path, page(odd))
    assert (len(found.lines), found.bad, found.truncated) == (2, [], [])


def test_the_mark_of_the_byte_order_is_passed_over(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(page(issue("DEMO-1"))).encode()
    assert len(claims(tmp_path, content).lines) == 1


def test_an_emoji_is_kept_written_out_or_escaped(tmp_path: Path) -> None:
    single = page(issue("DEMO-1", summary="Fast 🚀"), issue("DEMO-2", summary="half \ud83d"))
    found = claims(tmp_path, single, json.dumps(page(issue("DEMO-3", summary="🚀")), ensure_ascii=False))
    assert [each.title for each in found.lines] == ["DEMO-1 Fast 🚀", "DEMO-3 🚀"]
    assert [each.field for each in found.bad] == ["DEMO-2.fields.summary"]


def test_times_have_any_offset_and_milliseconds(tmp_path: Path) -> None:
    texts = ("2026-03-02T10:00:00.001+0100", "2026-03-02T10:00:00.002+01:00", "2026-03-02T09:00:00.003Z")
    steps = ["To Do", "Doing", "Review", "Done"]
    histories = [history(number + 1, at(2), status(*steps[number : number + 2])) for number in range(3)]
    for each, text in zip(histories, texts, strict=True):
        each["created"] = text
    found = one(tmp_path, *histories)
    assert [each.at.microsecond for each in found.lines] == [0, 1000, 2000, 3000]
    assert {each.at.replace(microsecond=0) for each in found.lines[1:]} == {at(2)}


def test_a_time_without_an_offset_is_marked(tmp_path: Path) -> None:
    made = issue("DEMO-1", *MOVED)
    made["fields"]["created"] = "2026-03-01T09:00:00.000"
    assert [each.local for each in claims(tmp_path, page(made)).lines] == [True, False]
