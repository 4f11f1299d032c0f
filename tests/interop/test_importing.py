"""An import as a whole: what is recorded, of whom, and what is left out."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime

import pytest

from roadlog.application import Application, Wish
from roadlog.domain.commands import AddStakeholder
from roadlog.domain.events import InitiativeAdopted, MilestoneReturned, StakeholderJoined
from roadlog.domain.refusals import Malformed, Refused
from roadlog.event_store.reading import Reader
from roadlog.interop.csv_log import log
from roadlog.interop.importing import Progress, import_log
from roadlog.interop.preparation import Choices
from roadlog.reading import Reading
from tests.interop.logs import COLUMNS, INFER, LOG, NOW, PAULA, Store, at, row


def test_each_case_is_an_initiative_and_each_change_of_activity_a_move(store: Store) -> None:
    summary = store.imports(*LOG)
    assert (summary.initiatives, summary.moves, summary.returns, summary.people) == (2, 4, 1, 2)
    assert (summary.lines, summary.unchanged, summary.left_out, summary.skipped) == (7, 1, [], [])
    assert store.told() == {
        "A-1": [
            ("Design", at(2), 1, 1, 1),
            ("Build", at(4), 1, 1, 1),
            ("Design", at(6), 1, 2, 2),
            ("Build", at(7), 1, 2, 2),
            ("Ship", at(8), 1, 2, 1),
        ],
        "A-2": [("Design", at(3), 1, 1, 1)],
    }


def test_records_say_who_acted_and_where_they_come_from(store: Store) -> None:
    store.imports(*LOG)
    first, *_, ship = [each for each in store.initiatives() if each.stream == "SUP-1"]
    assert first.event == InitiativeAdopted(
        key="SUP-1",
        title="A-1",
        milestone="Design",
        since=at(2),
        owner=None,
        origin="import",
        cycle=1,
        iteration=1,
        visit=1,
    )
    assert (first.actor.id, ship.actor.id, ship.effective_at) == ("ana", "ana", at(8))
    source = ship.body.source
    assert (source.client, source.imported and source.imported.format) == ("import", "csv")
    assert source.imported is not None
    assert (source.imported.line, len(source.imported.digest)) == ("8", 64)
    returned = next(each for each in store.initiatives() if isinstance(each.event, MilestoneReturned))
    assert (returned.event.loop, returned.reason) == (None, "not stated in the import")  # type: ignore[union-attr]


def test_a_line_that_names_nobody_is_the_importers(store: Store) -> None:
    store.imports(row("A-1", "Design", 2))
    (adopted,) = store.initiatives()
    assert (adopted.actor.id, adopted.actor.roles) == ("paula", ("product",))


def test_the_workflow_holds_from_the_earliest_time_and_names_the_records_after_it(store: Store) -> None:
    store.imports(*LOG)
    adopted = store.records()[3]
    assert (adopted.type, adopted.effective_at) == ("WorkflowAdopted", at(2))
    assert {each.body.workflow for each in store.initiatives()} == {adopted.event.digest}  # type: ignore[union-attr]


def test_people_are_enrolled_before_their_first_act_as_of_the_earliest_time(store: Store) -> None:
    store.imports(*LOG)
    joined = [each for each in store.records() if isinstance(each.event, StakeholderJoined)][1:]
    assert [(each.event.stakeholder, each.effective_at) for each in joined] == [  # type: ignore[union-attr]
        ("ana", at(2)),
        ("ben", at(2)),
    ]
    position = {each.event.stakeholder: each.position for each in joined}  # type: ignore[union-attr]
    for each in store.initiatives():
        assert position.get(each.actor.id, 0) < each.position


def test_stakeholders_who_are_there_stay_as_they_are(store: Store) -> None:
    with Application.open(store.store) as application:
        application.execute(PAULA, AddStakeholder(stakeholder="ana", roles=("compliance",), kind="human"))
    path = store.folder / "map.toml"
    path.write_text('[person]\nAna = { handle = "ana", roles = ["engineering"] }\n')
    summary = store.imports(*LOG, choices=Choices(infer_workflow=True, map_file=path))
    assert summary.people == 1
    first = store.initiatives()[0]
    assert (first.actor.id, first.actor.roles) == ("ana", ("compliance",))


def test_a_map_gives_milestones_handles_roles_and_kinds(store: Store) -> None:
    path = store.folder / "map.toml"
    path.write_text(
        '[activity]\nDesign = "feasibility"\nBuild = "training"\n'
        '[person]\nAna = { handle = "a.lopez", roles = ["product", "engineering"] }\n'
        'Ben = { handle = "bot", kind = "agent" }\n'
    )
    summary = store.imports(*LOG, choices=Choices(map_file=path))
    assert (summary.initiatives, summary.moves, summary.returns, summary.people) == (2, 3, 1, 2)
    assert summary.left_out == [
        {"activity": "Ship", "lines": 1, "why": "it means no milestone of the workflow"}
    ]
    assert not summary.complete
    assert [each[0] for each in store.told()["A-1"]] == ["feasibility", "training", "feasibility", "training"]
    actors = {each.actor.id: (each.actor.kind, each.actor.roles) for each in store.initiatives()}
    assert actors["a.lopez"] == ("human", ("product", "engineering"))
    assert actors["bot"] == ("agent", ())


def test_without_map_and_inference_activities_are_the_milestones_in_force(store: Store) -> None:
    summary = store.imports(row("A-1", "feasibility", 2), row("A-1", "live", 3), choices=Choices())
    assert (summary.initiatives, summary.moves) == (1, 1)
    assert [each.type for each in store.records()[3:]] == ["InitiativeAdopted", "MilestoneAdvanced"]


def test_the_time_decides_and_the_files_order_breaks_ties(store: Store) -> None:
    store.imports(
        row("A-1", "Ship", 9), row("A-1", "Build", 2), row("A-1", "Design", 2), row("A-1", "Build", 2)
    )
    assert store.told()["A-1"] == [
        ("Build", at(2), 1, 1, 1),
        ("Design", at(2), 1, 1, 1),
        ("Build", at(2), 1, 2, 2),
        ("Ship", at(9), 1, 2, 1),
    ]


def test_a_file_in_any_order_gives_the_same_history_and_the_oldest_case_the_first_key(store: Store) -> None:
    store.imports(*reversed(LOG))
    assert [each.event.title for each in store.records() if isinstance(each.event, InitiativeAdopted)] == [
        "A-1",
        "A-2",
    ]
    assert [each[0] for each in store.told()["A-1"]] == ["Design", "Build", "Design", "Build", "Ship"]


def test_milestones_before_the_start_open_no_cycle(store: Store) -> None:
    lines = (row("A", "Idea", 1), row("A", "Plan", 2), row("A", "Build", 3), row("B", "Idea", 1))
    store.imports(*lines, choices=Choices(infer_workflow=True, start="Build"))
    assert [(each[0], each[2]) for each in store.told()["A"]] == [("Idea", 0), ("Plan", 0), ("Build", 1)]
    assert [(each[0], each[2]) for each in store.told()["B"]] == [("Idea", 0)]


def test_a_move_back_from_the_finish_begins_the_next_cycle(store: Store) -> None:
    lines = [
        row("A", name, day) for day, name in enumerate(("Build", "Ship", "Care", "Build", "Ship"), start=1)
    ]
    store.imports(*lines, choices=Choices(infer_workflow=True, finish="Ship"))
    assert [(each[0], each[2], each[4]) for each in store.told()["A"]] == [
        ("Build", 1, 1),
        ("Ship", 1, 1),
        ("Care", 1, 1),
        ("Build", 2, 1),
        ("Ship", 2, 1),
    ]


def test_who_skips_the_finish_has_finished(store: Store) -> None:
    walks = {"A": ("Build", "Ship", "Care"), "B": ("Build", "Care", "Build", "Care")}
    lines = [row(case, name, day) for case, walk in walks.items() for day, name in enumerate(walk, start=1)]
    store.imports(*lines, choices=Choices(infer_workflow=True, finish="Ship"))
    assert [(each[0], each[2]) for each in store.told()["B"]] == [
        ("Build", 1),
        ("Care", 1),
        ("Build", 2),
        ("Care", 2),
    ]
    with Reading(store.store, now=datetime.now(UTC)) as reading:
        found = reading.metrics(reading.moment())
    assert (found["n"], found["unfinished"]) == (3, 0)


def test_transactions_hold_ten_thousand_records(store: Store) -> None:
    """A case each: what is long in the log is quick to write."""
    store.imports(*(row(f"A-{number}", "Design", 1) for number in range(10_010)))
    with closing(Reader(str(store.store / "events.db"))) as reader:
        sizes = [(each.last or 0) - (each.first or 0) + 1 for each in reader.commands()]
        assert sizes[-2:] == [10_000, reader.head().position - 3 - 10_000]


def test_two_files_are_one_log(store: Store) -> None:
    first = store.file(*LOG[:4], name="one.csv")
    second = store.file(
        *("{2};{0};{1};{3}".format(*each.split(",")) for each in LOG[4:]),
        name="two.csv",
        header="time;case;activity;who",
    )
    store.imports(files=(second, first))
    assert [each[0] for each in store.told()["A-1"]] == ["Design", "Build", "Design", "Build", "Ship"]
    digests = {each.body.source.imported.digest for each in store.initiatives() if each.body.source.imported}
    assert len(digests) == 2


def test_a_dry_run_says_what_would_be_and_records_nothing(store: Store) -> None:
    summary = store.imports(*LOG, wish=Wish(actor="paula", dry_run=True))
    assert (summary.initiatives, summary.moves, summary.people) == (2, 4, 2)
    assert len(store.records()) == 3


def test_a_file_without_events_imports_nothing(store: Store) -> None:
    summary = store.imports()
    assert (summary.lines, summary.initiatives, summary.complete) == (0, 0, True)
    assert len(store.records()) == 3


def test_whoever_watches_sees_how_far_it_has_read_and_recorded(store: Store) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}

    def bar(what: str) -> AbstractContextManager[Progress]:
        told = seen.setdefault(what, [])
        return nullcontext(lambda done, whole: told.append((done, whole)))

    one, two = store.file(*LOG[:4], name="one.csv"), store.file(*LOG[4:], name="two.csv")
    size = one.stat().st_size + two.stat().st_size
    with Application.open(store.store) as application:
        import_log(application, log((one, two), COLUMNS, now=NOW), INFER, PAULA, bars=bar)
    assert list(seen) == ["Reading", "Recording"]
    assert seen["Reading"] == sorted(seen["Reading"])
    assert (one.stat().st_size, size) in seen["Reading"]
    assert seen["Reading"][-1] == (size, size)
    assert seen["Recording"] == [(7, 7)]


# What is refused is refused before anything is written


@pytest.mark.parametrize("actor", ["nobody", "dan"])
def test_who_may_not_enrol_or_adopt_is_refused_with_nothing_recorded(store: Store, actor: str) -> None:
    with Application.open(store.store) as application:
        application.execute(PAULA, AddStakeholder(stakeholder="dan", roles=("data-science",), kind="human"))
    for choices in (INFER, Choices()):
        with pytest.raises(Refused) as refused:
            store.imports(row("A", "feasibility", 2, who="Ana"), choices=choices, wish=Wish(actor=actor))
        assert refused.value.rule == {"nobody": "actor", "dan": "authority"}[actor]
    assert len(store.records()) == 4


def test_a_stakeholder_may_import_moves_that_bring_neither_people_nor_a_workflow(store: Store) -> None:
    with Application.open(store.store) as application:
        application.execute(PAULA, AddStakeholder(stakeholder="dan", roles=("data-science",), kind="human"))
    summary = store.imports(
        row("A", "feasibility", 2, who="paula"), choices=Choices(), wish=Wish(actor="dan")
    )
    assert (summary.initiatives, summary.people) == (1, 0)


def test_a_workflow_that_drops_a_milestone_in_use_is_refused(store: Store) -> None:
    store.imports(row("A", "training", 2), choices=Choices())
    with pytest.raises(Refused, match="drops training") as refused:
        store.imports(row("B", "Design", 2))
    assert refused.value.rule == "milestone-in-use"
    assert len(store.records()) == 4


def test_a_bad_line_keeps_the_whole_file_out_unless_it_is_skipped(store: Store) -> None:
    lines = (LOG[0], "A-9,Design,soon,Ana", "A-9,,2026-03-02,Ana", *LOG[1:])
    with pytest.raises(Malformed) as malformed:
        store.imports(*lines)
    assert malformed.value.message.startswith("2 of 9 lines cannot be read; nothing was imported.")
    assert malformed.value.missing[0].startswith("log.csv, line 3, time: 'soon' is no time")
    assert malformed.value.missing[1] == "log.csv, line 4, activity: it is empty"
    assert len(store.records()) == 3
    summary = store.imports(*lines, choices=Choices(infer_workflow=True, skip_bad=True))
    assert (summary.initiatives, summary.moves, summary.complete) == (2, 4, False)
    assert summary.skipped[1] == {"file": "log.csv", "line": 4, "field": "activity", "why": "it is empty"}


def test_only_the_first_bad_lines_are_named(store: Store) -> None:
    with pytest.raises(
        Malformed, match=r"25 of 25 lines cannot be read \(the first 20 are named\)"
    ) as malformed:
        store.imports(*("A,B,never,C" for _ in range(25)))
    assert len(malformed.value.missing) == 20


def test_start_and_finish_belong_to_an_inferred_workflow(store: Store) -> None:
    with pytest.raises(Malformed, match="--infer-workflow"):
        store.imports(*LOG, choices=Choices(start="Build"))


def test_two_names_that_give_one_handle_are_refused(store: Store) -> None:
    lines = (row("A", "Design", 2, who="Ana María"), row("A", "Build", 3, who="Ana Maria"))
    with pytest.raises(Malformed, match="would both become 'ana-maria'") as malformed:
        store.imports(*lines)
    assert '[person]\n"Ana María" = "ana-maria"\n' in malformed.value.message
    assert len(store.records()) == 3
    path = store.folder / "map.toml"
    path.write_text('[person]\n"Ana María" = "ana-2"\n', encoding="utf-8")
    assert store.imports(*lines, choices=Choices(infer_workflow=True, map_file=path)).people == 2
