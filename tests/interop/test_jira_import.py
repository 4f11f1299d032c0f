"""Issues of Jira imported: what is recorded of them, and what is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from roadlog.domain.events import InitiativeAdopted, MilestoneReturned
from roadlog.domain.refusals import Malformed
from roadlog.interop.jira_log import log
from roadlog.interop.preparation import Choices
from tests.interop.boards import (
    FILES,
    MOVED,
    STEPS,
    Json,
    imports,
    issue,
    moves,
    page,
)
from tests.interop.logs import NOW, Store, at


def test_each_issue_is_an_initiative_and_each_change_of_its_status_a_move(store: Store) -> None:
    summary = imports(store, page(issue("DEMO-1", *STEPS), issue("DEMO-2", now="To Do", created=at(2))))
    assert (summary.initiatives, summary.moves, summary.returns, summary.people) == (2, 4, 1, 2)
    assert (summary.lines, summary.unchanged, summary.complete) == (6, 0, True)
    assert store.told() == {
        "DEMO-1 An issue": [
            ("To Do", at(1), 1, 1, 1),
            ("Doing", at(2), 1, 1, 1),
            ("Done", at(3), 1, 1, 1),
            ("Doing", at(4), 2, 2, 1),
            ("Done", at(5), 2, 2, 1),
        ],
        "DEMO-2 An issue": [("To Do", at(2), 1, 1, 1)],
    }


def test_records_say_who_acted_and_name_issue_history_and_file(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS)))
    adopted, doing, done, back, again = store.initiatives()
    assert adopted.event == InitiativeAdopted(
        key="SUP-1",
        title="DEMO-1 An issue",
        milestone="To Do",
        since=at(1),
        owner=None,
        origin="import",
        cycle=1,
        iteration=1,
        visit=1,
    )
    assert [each.actor.id for each in (adopted, doing, done, back, again)] == [
        "paula",
        "ana",
        "ben",
        "ana",
        "paula",
    ]
    sources = [each.body.source.imported for each in (adopted, doing, again)]
    assert [each and (each.format, each.line, len(each.digest)) for each in sources] == [
        ("jira", "DEMO-1", 64),
        ("jira", "DEMO-1/11", 64),
        ("jira", "DEMO-1/14", 64),
    ]
    assert isinstance(back.event, MilestoneReturned)
    assert (back.event.loop, back.reason) == (None, "not stated in the import")


def test_milestones_are_the_statuses_in_the_order_of_their_first_time(store: Store) -> None:
    imports(store, page(issue("DEMO-9", *STEPS), issue("DEMO-1", now="Icebox", created=at(2, 10))))
    (adopted,) = [each.event for each in store.records() if each.type == "WorkflowAdopted"][1:]
    definition: Any = adopted.definition  # type: ignore[union-attr]
    assert [each["id"] for each in definition["milestones"]] == ["To Do", "Doing", "Icebox", "Done"]


def test_what_was_written_by_hand_is_imported_whole(store: Store) -> None:
    names = ("search-1.json", "search-2.json", "changelog-DEMO-6.json")
    read = log([FILES / name for name in names], now=NOW)
    summary = store.imports_from(read)
    assert (summary.initiatives, summary.moves, summary.returns) == (7, 14, 2)
    assert summary.truncated == [
        {"case": "DEMO-7", "why": "it is in 'Parked' now, and nothing says since when"}
    ]
    records = len(store.records())
    assert store.imports_from(read).unchanged == summary.lines
    assert len(store.records()) == records


def test_a_map_gives_statuses_milestones_and_people_handles(store: Store) -> None:
    path = store.folder / "map.toml"
    path.write_text(
        '[activity]\n"To Do" = "feasibility"\n"Doing" = "training"\n'
        '[person]\nAna = { handle = "a.lopez", roles = ["engineering"] }\n'
    )
    summary = imports(store, page(issue("DEMO-1", *STEPS)), choices=Choices(map_file=path))
    assert moves(store, "DEMO-1 An issue") == [("feasibility", at(1)), ("training", at(2))]
    assert summary.left_out == [
        {"activity": "Done", "lines": 2, "why": "it means no milestone of the workflow"}
    ]
    assert (summary.unchanged, summary.complete) == (1, False)
    assert store.initiatives()[1].actor.id == "a.lopez"


def test_an_app_is_enrolled_as_a_system_unless_the_map_says_otherwise(store: Store) -> None:
    automation = {"accountId": "557058:f58131cb", "displayName": "Automation for Jira", "accountType": "app"}
    board = page(issue("DEMO-1", *STEPS[:2], now="Done"))
    board["issues"][0]["changelog"]["histories"][1]["author"] = automation
    path = store.folder / "map.toml"
    for number, (person, kind) in enumerate(
        (('"bot"', "system"), ('{ handle = "agent", kind = "agent" }', "agent"))
    ):
        path.write_text(f'[person]\n"Automation for Jira" = {person}\n')
        other = Store(store.folder / str(number))
        imports(other, board, choices=Choices(infer_workflow=True, map_file=path))
        assert other.initiatives()[2].actor.kind == kind
    imports(store, board)
    acting = [(each.actor.id, each.actor.kind) for each in store.initiatives()[1:]]
    assert acting == [("ana", "human"), ("automation-for-jira", "system")]


def test_an_issue_that_begins_in_a_status_left_out_begins_with_the_first_that_means_one(store: Store) -> None:
    path = store.folder / "map.toml"
    path.write_text('[activity]\n"Done" = "live"\n')
    board = page(issue("DEMO-1", *STEPS[:2]))
    imports(store, board, choices=Choices(map_file=path))
    assert moves(store, "DEMO-1 An issue") == [("live", at(3))]
    assert imports(store, board, choices=Choices(map_file=path)).unchanged == 1


def test_start_and_finish_can_be_chosen(store: Store) -> None:
    imports(
        store,
        page(issue("DEMO-1", *STEPS)),
        choices=Choices(infer_workflow=True, start="Doing", finish="Done"),
    )
    assert [each[2] for each in store.told()["DEMO-1 An issue"]] == [0, 1, 1, 2, 2]


# Bad issues


def test_a_bad_issue_keeps_all_of_it_out_unless_it_is_skipped(store: Store) -> None:
    bad = issue("DEMO-2", *MOVED)
    bad["changelog"]["histories"][0]["created"] = "soon"
    content = json.dumps(page(issue("DEMO-1", *STEPS), bad), indent=1)
    with pytest.raises(Malformed) as malformed:
        imports(store, content)
    assert malformed.value.message.startswith("1 of 2 issues cannot be read; nothing was imported.")
    (told,) = malformed.value.missing
    line = content[: content.index('"key": "DEMO-2"')].count("\n")
    where = f"page-1.json, line {line}, DEMO-2.changelog.histories[0].created: 'soon' is no time"
    assert told.startswith(where)
    assert len(store.records()) == 3
    summary = imports(store, content, choices=Choices(infer_workflow=True, skip_bad=True))
    assert (summary.initiatives, summary.complete) == (1, False)
    (skipped,) = summary.skipped
    assert list(skipped) == ["file", "line", "field", "why"]


def test_a_part_that_is_skipped_leaves_the_other_parts(store: Store) -> None:
    bad: Json = issue("DEMO-1") | {"fields": 3}
    summary = imports(
        store,
        page(bad),
        page(issue("DEMO-1", *STEPS)),
        choices=Choices(infer_workflow=True, skip_bad=True),
    )
    assert (summary.initiatives, summary.moves, len(summary.skipped)) == (1, 4, 1)


def test_a_file_that_is_no_json_is_refused_also_with_skip_bad(store: Store) -> None:
    with pytest.raises(Malformed, match=r"page-2\.json, line 1, byte 2: it is no JSON"):
        imports(
            store,
            page(issue("DEMO-1", *STEPS)),
            "{]",
            choices=Choices(infer_workflow=True, skip_bad=True),
        )
    assert len(store.records()) == 3


def test_a_full_disk_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from roadlog.domain.refusals import StoreFailure
    from roadlog.interop import jira_parts

    def full(*args: object, **settings: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jira_parts, "TemporaryFile", full)
    with pytest.raises(StoreFailure, match="No space left on device"):
        imports(store, page(issue("DEMO-1", *STEPS)))
