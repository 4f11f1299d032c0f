"""The trail for people: when, who, what, why, before and after; voided and late ones marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

from roadlog.cli.views import trail
from roadlog.projections.kept_trail import Entry
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

if TYPE_CHECKING:
    from roadlog.trail import Trail

ENTRY: dict[str, Any] = {
    "position": 7,
    "recorded_at": "2026-03-01T09:00:00.000000Z",
    "effective_at": "2026-03-01T09:00:00.000000Z",
    "late": 0.0,
    "imported": False,
    "import": None,
    "actor": "dan",
    "typed_by": "dan",
    "type": "NoteAdded",
    "key": "SUP-1",
    "sentence": "noted: hello",
    "reason": None,
    "changes": [],
    "gate": None,
    "voided_by": None,
    "assurance": "asserted",
}


class Told:
    """A trail of these entries, asked for by key."""

    of: str | None = "SUP-1"

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        columns = ("position", "key", "actor", "typed_by", "voided_by")
        self.index = [Entry(*(each[column] for column in columns)) for each in entries]
        self._entries = entries

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """Each in a part of its own."""
        yield from ([each] for each in self._entries)


def render(entries: list[dict[str, Any]]) -> None:
    """Prints a trail of these entries."""
    trail.render(cast("Trail", Told(entries)))


def test_the_gate_of_a_move_is_told_under_it(draw: Draw) -> None:
    def line(requirement: str, *by: int, who: str | None = None, waiver: int | None = None) -> dict[str, Any]:
        met = bool(by) or waiver is not None
        people = [who] if who else []
        return {"requirement": requirement, "by": by, "waiver": waiver, "met": met, "who": people}

    gate = [
        line("baseline", 4),
        line("approval:compliance", 18, who="carla"),
        line("notice", waiver=5),
        line("monitor"),
    ]
    text = draw(render, [{**ENTRY, "sentence": "advanced", "gate": gate}])
    assert " ".join(text.split()) == (
        "#7 2026-03-01 09:00 dan advanced on baseline #4 · approval:compliance #18 carla · notice waived by "
        "#5 monitor bypassed"
    )


def test_long_texts_are_told_where_they_differ(draw: Draw) -> None:
    before = "Customers wait for a first answer for nine hours"
    told = draw(render, [{**ENTRY, "changes": [change("problem", before, before.replace("nine", "ten"))]}])
    assert "problem …for nine hours → …for ten hours" in told


def test_a_list_of_records_is_not_told_as_a_change(draw: Draw) -> None:
    before = {"id": "F", "tests": [{"passed": False}], "trigger": "a"}
    after = {"id": "F", "tests": [{"passed": False}, {"passed": True}], "trigger": "a"}
    assert draw(render, [{**ENTRY, "changes": [change("fallback", before, after)]}]).count("\n") == 1


def change(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "before": before, "after": after}


def test_a_line_says_position_when_who_and_what(draw: Draw) -> None:
    assert draw(render, [ENTRY]) == "#7  2026-03-01 09:00  dan  noted: hello\n"


def test_the_key_stands_there_when_there_are_several(draw: Draw) -> None:
    text = draw(render, [ENTRY, {**ENTRY, "position": 12, "key": "SUP-10"}])
    assert text.splitlines() == [
        " #7  2026-03-01 09:00  dan  SUP-1   noted: hello",
        "#12  2026-03-01 09:00  dan  SUP-10  noted: hello",
    ]


def test_the_key_stands_there_where_none_was_asked_for(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Told, "of", None)
    assert draw(render, [ENTRY]) == "#7  2026-03-01 09:00  dan  SUP-1  noted: hello\n"


def test_an_account_of_another_name_is_told(draw: Draw) -> None:
    by_robot = {**ENTRY, "typed_by": "robot"}
    assert draw(render, [ENTRY, by_robot]).splitlines() == [
        "#7  2026-03-01 09:00  dan          noted: hello",
        "#7  2026-03-01 09:00  dan (robot)  noted: hello",
    ]


def test_one_account_that_typed_everything_is_not_told(draw: Draw) -> None:
    by_root = {**ENTRY, "typed_by": "root"}
    assert draw(render, [by_root, by_root]).splitlines() == [
        "#7  2026-03-01 09:00  dan  noted: hello",
        "#7  2026-03-01 09:00  dan  noted: hello",
    ]


LONG = ("ben-okafor-557058-aaaa-bbbb", "ben-okafor-557058-cccc-dddd")


def people(*handles: str, **others: Any) -> list[dict[str, Any]]:
    """A note by each."""
    return [{**ENTRY, "actor": each, "typed_by": each, **others} for each in handles]


def test_handles_are_told_whole_where_there_is_room(draw: Draw) -> None:
    assert draw(render, people(*LONG, "dan"), columns=80).splitlines() == [
        "#7  2026-03-01  ben-okafor-557058-aaaa-bbbb  noted: hello",
        "#7  2026-03-01  ben-okafor-557058-cccc-dddd  noted: hello",
        "#7  2026-03-01  dan                          noted: hello",
    ]


def test_handles_are_cut_in_the_middle_where_there_is_none(draw: Draw) -> None:
    assert draw(render, people(*LONG, "dan"), columns=60).splitlines() == [
        "#7  2026-03-01  ben-okaf…aaaa-bbbb  noted: hello",
        "#7  2026-03-01  ben-okaf…cccc-dddd  noted: hello",
        "#7  2026-03-01  dan                 noted: hello",
    ]


def test_handles_that_differ_in_the_middle_do_not_look_alike(draw: Draw) -> None:
    text = draw(
        render, people("agent-of-europe-1-in-production", "agent-of-europe-2-in-production"), columns=60
    )
    assert [each.split()[2] for each in text.splitlines()[::2]] == [
        "agent-of-europ…1-in-production",
        "agent-of-europ…2-in-production",
    ]


def test_the_account_stands_among_the_facts_where_there_is_no_room_beside_the_handle(draw: Draw) -> None:
    by_robot = people(*LONG, typed_by="robot")[1:]
    assert draw(render, [*people(LONG[0]), *by_robot], columns=60).splitlines() == [
        "#7  2026-03-01  ben-okaf…aaaa-bbbb  noted: hello",
        "#7  2026-03-01  ben-okaf…cccc-dddd  noted: hello",
        "                                    typed by robot",
    ]


def test_the_first_part_is_printed_before_the_next_is_told(draw: Draw) -> None:
    class Broken(Told):
        def parts(self) -> Iterator[list[dict[str, Any]]]:
            yield self._entries[:1]
            raise BrokenPipeError

    def broken(entries: list[dict[str, Any]]) -> None:
        with pytest.raises(BrokenPipeError):
            trail.render(cast("Trail", Broken(entries)))

    assert draw(broken, [ENTRY, ENTRY]) == draw(render, [ENTRY])


def test_voided_late_and_reasoned_ones_say_so(draw: Draw) -> None:
    entry = {**ENTRY, "voided_by": 9, "late": 12 * 86_400.0, "reason": "a slip"}
    assert draw(render, [entry]) == (
        "#7  2026-03-01 09:00  dan  noted: hello · voided by #9 · 12 d late · because “a slip”\n"
    )


@pytest.mark.parametrize(("late", "said"), [(86_399.0, False), (86_400.0, True)])
def test_late_is_what_was_backdated_by_a_day(draw: Draw, late: float, said: bool) -> None:
    assert ("1 d late" in draw(render, [{**ENTRY, "late": late}])) is said


def test_what_was_imported_is_told_so_and_is_not_late(draw: Draw) -> None:
    entry = {**ENTRY, "imported": True, "import": {"format": "csv", "line": "7"}, "late": 49 * 86_400.0}
    assert draw(render, [entry]) == "#7  2026-03-01 09:00  dan  noted: hello · imported from csv, 7\n"


def test_before_and_after_are_told_where_there_was_a_before(draw: Draw) -> None:
    changes = [
        change("title", "Old words", "New words"),
        change("owner", None, "dan"),
        change("iteration", 1, 2),
        change("visits", {"milestone": "a"}, {"milestone": "b"}),
        change(
            "risks", {"id": "R1", "impact": 4, "treatment": None}, {"id": "R1", "impact": 2, "treatment": "x"}
        ),
        change("problem", "x" * 40, None),
    ]
    assert draw(render, [{**ENTRY, "changes": changes}]).splitlines()[1:] == [
        "                           title Old words → New words · iteration 1 → 2 · R1 impact 4 → 2",
        f"                           problem {'x' * 31}… → –",
    ]


def test_more_changes_than_a_line_has_room_for_are_counted(draw: Draw) -> None:
    changes = [change(name, 1, 2) for name in "abcdef"]
    assert draw(render, [{**ENTRY, "changes": changes}]).splitlines()[1].strip() == (
        "a 1 → 2 · b 1 → 2 · c 1 → 2 · d 1 → 2 · 2 more"
    )


def test_other_people_s_words_are_shown_not_obeyed(draw: Draw) -> None:
    entry = {
        **ENTRY,
        "actor": "d\x1ban",
        "reason": "\x1b]0;x\x07",
        "changes": [change("title", "a\x1b", "b")],
    }
    text = draw(render, [{**entry, "sentence": "noted: \x1b[2J"}])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "noted: \\u001b[2J" in text


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    assert widest(seen(line, "log", columns=columns)) <= columns


def test_the_filters(line: Line) -> None:
    def positions(*args: str) -> list[int]:
        return [each["position"] for each in line.json("log", *args)]

    assert positions("SUP-5") == [56, 59]
    assert positions("SUP-2", "--type", "noteadded") == [46]
    assert positions("--actor", "oscar") == [48, 49, 61]
    assert positions("SUP-1", "--since", "2026-03-26T09:00:00Z") == [62, 63, 64]
    assert positions("--position", "3") == [1, 2, 3]
    assert positions("sup", "--type", "RoadmapOpened") == [1]
    assert positions("SUP-5", "--as-of", "2026-03-09T00:00:00Z") == [56]
    assert positions("--position", "0") == []
    assert positions("--last", "2") == [63, 64]
    assert positions("--last", "2", "--actor", "oscar") == [49, 61]
    assert positions("--last", "9", "SUP-5") == [56, 59]


def test_the_last_entries_are_told_as_in_the_whole_trail(line: Line) -> None:
    whole, last = line("log").splitlines(), line("log", "--last", "8").splitlines()
    assert last == whole[-len(last) :]
    assert line.json("log", "--last", "8") == line.json("log")[-8:]
    assert line.fails(2, "log", "--last", "0").startswith("Not understood: Invalid value for '--last'")


def test_what_is_not_known_is_not_understood(line: Line) -> None:
    assert line.error("log", "SUB-1")["message"].endswith("Did you mean SUP-1?")
    assert line.error("log", "--type", "NoteAded")["message"].endswith("Did you mean NoteAdded?")
    assert line.error("log", "--actor", "osca")["message"].endswith("Did you mean oscar?")
