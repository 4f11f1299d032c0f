"""Issues of Jira imported again: how they are known, and what a later export adds, whole or truncated."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from roadlog import application as application_module
from roadlog.application import Application, Wish
from roadlog.domain.commands import AdvanceMilestone, DefineProblem
from roadlog.interop.preparation import Choices
from tests.interop.boards import STEPS, Json, changelog, files, history, imports, issue, moves, page, status
from tests.interop.cutting import cut_short, killed
from tests.interop.logs import PAULA, Store, at, row


def test_the_same_issues_again_add_nothing(store: Store) -> None:
    board = page(issue("DEMO-1", *STEPS))
    imports(store, board)
    records = len(store.records())
    again = imports(store, board)
    assert (again.initiatives, again.moves, again.people, again.unchanged) == (0, 0, 0, 5)
    assert again.complete
    assert len(store.records()) == records


def test_an_issue_is_known_by_its_key_whatever_it_is_called_now(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS[:2]), issue("DEMO-11", now="To Do")))
    later = imports(
        store,
        page(
            issue("DEMO-1", *STEPS, summary="Renamed / DEMO-11"),
            issue("DEMO-11", now="To Do", summary="DEMO-1"),
        ),
    )
    assert (later.initiatives, later.moves, later.unchanged) == (0, 2, 4)
    assert moves(store, "DEMO-1 An issue")[-1] == ("Done", at(5))


def test_an_issue_is_known_though_its_first_status_meant_nothing(store: Store) -> None:
    """Then it was a history, not its creation, that brought it here."""
    path = store.folder / "map.toml"
    path.write_text('[activity]\n"Doing" = "training"\n"Done" = "live"\n')
    choices = Choices(map_file=path)
    imports(store, page(issue("DEMO-1", *STEPS[:1], now="Doing")), choices=choices)
    assert imports(store, page(issue("DEMO-1", *STEPS[:2])), choices=choices).initiatives == 0
    assert moves(store, "DEMO-1 An issue") == [("training", at(2)), ("live", at(3))]


def by(account: str, number: int, day: int, before: str, after: str, name: str = "Ana") -> Json:
    """A change by an account of that name."""
    return history(number, at(day), status(before, after)) | {
        "author": {"accountId": account, "displayName": name}
    }


def doers(store: Store, key: str) -> list[str]:
    return [each.actor.id for each in store.initiatives() if each.stream == key]


def test_an_account_keeps_its_handle_whoever_else_of_its_name_is_there(store: Store) -> None:
    one = by("acc1", 21, 2, "To Do", "Doing"), by("acc1", 22, 4, "Doing", "Done")
    two = by("acc2", 31, 3, "To Do", "Doing"), by("acc2", 32, 5, "Doing", "Done")
    imports(store, page(issue("DEMO-1", *one[:1], now="Doing")))
    imports(store, page(issue("DEMO-1", *one), issue("DEMO-2", *two[:1], now="Doing")))
    imports(store, page(issue("DEMO-2", *two)))
    assert doers(store, "SUP-1") == ["paula", "ana", "ana"]
    assert doers(store, "SUP-2") == ["paula", "ana-acc2", "ana-acc2"]


def test_an_account_keeps_the_handle_of_a_map_and_of_a_former_name(store: Store) -> None:
    path = store.folder / "map.toml"
    path.write_text('[person]\nAna = "dana"\n')
    changes = by("acc1", 21, 2, "To Do", "Doing"), by("acc1", 22, 4, "Doing", "Done", name="Ana B")
    imports(
        store,
        page(issue("DEMO-1", *changes[:1], now="Doing")),
        choices=Choices(infer_workflow=True, map_file=path),
    )
    renamed = [each | {"author": changes[1]["author"]} for each in changes]
    imports(store, page(issue("DEMO-1", *renamed)))
    assert doers(store, "SUP-1") == ["paula", "dana", "dana"]


def test_a_creator_who_was_not_named_at_first_is_not_taken_for_the_importer(store: Store) -> None:
    nobody = issue("DEMO-1", *STEPS[:1], now="Doing")
    nobody["fields"]["creator"] = None
    imports(store, page(nobody))
    later = issue("DEMO-1", *STEPS[:1], history(15, at(6), status("Doing", "Done"), who="Cleo"))
    later["fields"]["creator"] = later["changelog"]["histories"][-1]["author"]
    imports(store, page(later))
    assert doers(store, "SUP-1") == ["paula", "ana", "cleo"]


def test_an_initiative_that_was_given_its_problem_is_known(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS[:2])))
    problem = DefineProblem(stream="SUP-1", title="Late answers", problem="Customers wait for answers")
    with Application.open(store.store) as application:
        application.execute(PAULA, problem)
    assert imports(store, page(issue("DEMO-1", *STEPS))).moves == 2


def test_a_case_of_another_format_is_another_initiative(store: Store) -> None:
    store.imports(row("DEMO-1", "To Do", 1))
    assert imports(store, page(issue("DEMO-1", now="To Do"))).initiatives == 1
    assert store.imports(row("DEMO-1", "To Do", 1), row("DEMO-1 An issue", "To Do", 1)).initiatives == 1


def test_a_later_export_adds_what_is_new(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS[:2]), issue("DEMO-2", now="To Do")))
    later = page(
        issue("DEMO-2", history(21, at(6), status("To Do", "Done")), now="Done"),
        issue("DEMO-1", *STEPS[::-1]),
        issue("DEMO-3", now="To Do", created=at(7)),
    )
    summary = imports(store, later)
    assert (summary.initiatives, summary.moves, summary.returns, summary.unchanged) == (1, 3, 1, 4)
    assert summary.complete


def test_a_move_typed_meanwhile_is_not_told_again(store: Store) -> None:
    """Nobody else is on the roadmap, so that paula may type a move of long ago without a second person."""
    first, second, *_ = (each | {"author": None} for each in STEPS)
    choices = Choices(map_file=store.folder / "map.toml")
    (store.folder / "map.toml").write_text(
        '[activity]\n"To Do" = "feasibility"\nDoing = "prototype"\nDone = "training"\n'
        '[person]\nPaula = "paula"\n'
    )
    imports(store, page(issue("DEMO-1", first, now="Doing")), choices=choices)
    with Application.open(store.store) as application:
        application.execute(Wish(actor="paula", at=at(3, 10)), AdvanceMilestone(stream="SUP-1"))
    summary = imports(store, page(issue("DEMO-1", first, second)), choices=choices)
    assert summary.left_out == [
        {
            "case": "DEMO-1",
            "file": "page-1.json",
            "line": 12,
            "why": "it belongs before what is recorded of this initiative",
        }
    ]
    assert (summary.moves, summary.unchanged) == (0, 2)


# Truncated


def test_a_truncated_issue_is_told_as_far_as_it_goes_and_named(store: Store) -> None:
    summary = imports(store, page(issue("DEMO-1", *STEPS[:1:-1], total=4), issue("DEMO-2", *STEPS[:2])))
    assert moves(store, "DEMO-1 An issue") == [("Doing", at(4)), ("Done", at(5))]
    assert [each["case"] for each in summary.truncated] == ["DEMO-1"]
    assert (summary.complete, summary.left_out) == (False, [])


def test_what_a_truncated_export_lacks_in_between_is_not_bridged(store: Store) -> None:
    """DEMO-1 went on and came back meanwhile; only its last change is in the later export."""
    imports(store, page(issue("DEMO-1", *STEPS[:1], now="Doing"), issue("DEMO-2", created=at(9))))
    later = page(issue("DEMO-1", STEPS[3], total=4))
    summary = imports(store, later)
    assert (summary.moves, summary.left_out) == (
        0,
        [
            {
                "case": "DEMO-1",
                "file": "page-1.json",
                "line": 14,
                "why": "what happened between its last recorded move and this is missing",
            }
        ],
    )
    rest = changelog("DEMO-1", *STEPS[:3], start=0, total=4)
    healed = imports(store, later, rest)
    assert (healed.moves, healed.returns, healed.complete) == (3, 1, True)


def test_a_truncated_export_that_reaches_back_to_what_is_known_goes_on(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS[:2])))
    summary = imports(store, page(issue("DEMO-1", *STEPS[:0:-1], total=4)))
    assert (summary.moves, summary.left_out) == (2, [])


def test_the_rest_of_a_truncated_issue_comes_too_late_once_it_is_recorded(store: Store) -> None:
    imports(store, page(issue("DEMO-1", *STEPS[:1:-1], total=4)))
    summary = imports(store, page(issue("DEMO-1", *STEPS)))
    assert [each["line"] for each in summary.left_out] == [0, 11, 12]
    assert summary.moves == 0


def test_nothing_but_truncated_issues_imports_nothing(store: Store) -> None:
    summary = imports(store, page(issue("DEMO-1", total=4)))
    assert (summary.lines, summary.initiatives, len(summary.truncated)) == (0, 0, 1)
    assert len(store.records()) == 3


# Cut short


def board_of(issues: int) -> Json:
    chance = random.Random(7)  # noqa: S311
    steps = ("To Do", "Doing", "Review", "Done")
    found = []
    for number in range(1, issues + 1):
        walk = [chance.choice(steps) for _ in range(8)]
        moves = [
            history(
                number * 100 + day, at(day), status(*walk[day - 2 : day]), who=f"Person {chance.randrange(9)}"
            )
            for day in range(2, 9)
        ]
        found.append(issue(f"DEMO-{number}", *moves, now=walk[-1]))
    return page(*found)


def test_an_import_stopped_between_transactions_is_finished_by_the_next(store: Store, tmp_path: Path) -> None:
    board = board_of(40)
    with patch.object(application_module, "BATCH", 7):
        for batches in (1, 2, 5, 11):
            cut_short(batches, lambda: imports(store, board))
        imports(store, board)
    assert is_whole(store, board, tmp_path / "whole")


def test_an_import_killed_at_any_moment_loses_and_doubles_nothing(store: Store, tmp_path: Path) -> None:
    board = board_of(200)
    (path,) = files(store.folder, [board])
    for place, batch in (("within", 1), ("after", 1), ("within", 3), ("after", 2)):
        assert killed(store, path, place, batch) == "intact-unanchored"
    before = len(store.records())
    imports(store, board)
    assert before < len(store.records())
    assert is_whole(store, board, tmp_path / "whole")


def is_whole(store: Store, board: Json, folder: Path) -> bool:
    """Whether the store says what one says into which the board was imported at once; also again."""
    folder.mkdir()
    whole = Store(folder)
    lines = imports(whole, board).lines
    types = [Counter(each.type for each in found.records()) for found in (store, whole)]
    same = sorted(store.told().items()) == sorted(whole.told().items()) and types[0] == types[1]
    return same and imports(store, board).unchanged == lines
