"""Histories that keep the rules alarm nobody; what a decision says cannot be said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.application import Application, Wish
from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdoptInitiative,
    AdvanceMilestone,
    AnswerConsent,
    AttachEvidence,
    GrantRole,
    MeasureOutcome,
    ReviewBreakGlass,
    SetCriterion,
    VoidRecord,
)
from roadlog.domain.events import (
    ApprovalRequested,
    EdgeCaseLogged,
    Event,
    EvidenceAttached,
    MilestoneAdvanced,
    MilestoneReturned,
    ResultRecorded,
    RiskLogged,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.records import Record
from roadlog.store import EVENTS
from roadlog.verification.rules.replay import replay
from roadlog.verification.verdict import verify
from tests.random_commands import WISHES, Wanted, play
from tests.stores import MINUTE, PROBLEM, Store, team_store
from tests.verification.rules.forging import LONG_AGO, problems, written

HISTORIES = st.lists(WISHES, min_size=5, max_size=40)


@contextmanager
def played(wishes: list[Wanted], workflow: str = "lite") -> Iterator[Store]:
    with TemporaryDirectory() as folder, team_store(Path(folder) / ".roadlog", workflow) as store:
        store.define()
        store.define()
        play(store, wishes)
        yield store


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.sampled_from(("lite", "open", "ai-product")))
def test_whatever_was_decided_keeps_the_rules(wishes: list[Wanted], workflow: str) -> None:
    with played(wishes, workflow) as store:
        event(f"{len(store.records()) // 10 * 10} records")
        assert problems(store) == []


@settings(deadline=None, max_examples=25)
@given(HISTORIES, st.lists(st.integers(-72, 72), min_size=1, max_size=5))
def test_a_clock_that_steps_about_breaks_no_rule(wishes: list[Wanted], steps: list[int]) -> None:
    """Recorded times go on a microsecond after the last, and say nothing of when it was decided."""
    with played(wishes) as store:
        for hours in steps:
            store.clock.move_to(store.now + timedelta(hours=hours))
            play(store, wishes)
        assert problems(store) == []


DECIDED: dict[type[Event], tuple[str, ...]] = {
    MilestoneAdvanced: ("from_", "cycle", "iteration", "visit"),
    MilestoneReturned: ("from_", "cycle", "iteration", "visit"),
    StakeholderApproved: ("milestone", "subject", "shown"),
    StakeholderRejected: ("milestone", "subject", "shown"),
    ApprovalRequested: ("request", "milestone", "subject", "shown"),
    EvidenceAttached: ("evidence",),
    RiskLogged: ("risk",),
    EdgeCaseLogged: ("case",),
    ResultRecorded: ("verdict",),
}
"""What is not typed: fields that only a decision fills in."""


def otherwise(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case int():
            return value + 1
        case None:
            return "training"
        case dict():
            return {**value, "title": "0" * 16}
        case "met" | "missed" | "inconclusive":
            return "missed" if value == "met" else "met"
        case _:
            return f"{value}1"


def changed(record: Record, field: str) -> Record:
    said = replace(record.event, **{field: otherwise(getattr(record.event, field))})
    return replace(record, body=replace(record.body, event=said))


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.data())
def test_what_a_decision_says_cannot_be_said_otherwise(wishes: list[Wanted], data: st.DataObject) -> None:
    with played(wishes) as store:
        records = store.records()
        told = [(each, field) for each in records for field in DECIDED.get(type(each.event), ())]
        if not told:
            return
        record, field = data.draw(st.sampled_from(told))
        event(f"{record.type} {field}")
        forged = [changed(each, field) if each is record else each for each in records]
        folder = written(store.folder.with_name("forged"), forged)
        found = replay(str(folder / EVENTS), len(records)).breaches
        assert record.position in [each.position for each in found]


def test_a_history_written_again_as_it_was_keeps_the_rules(team: Store) -> None:
    """The control of the one above."""
    team.define()
    records = team.records()
    folder = written(team.folder.with_name("same"), records)
    assert replay(str(folder / EVENTS), len(records)).breaches == []


# What takes care, one by one


def test_what_waited_for_consent(team: Store) -> None:
    team.define()
    team.clock.tick(2 * LONG_AGO)
    for command, give in (
        (AddNote(stream="SUP-1", text="Long ago"), True),
        (AddNote(stream="SUP-1", text="Never"), False),
        (GrantRole(stakeholder="otto", role="product"), True),
        (replace(PROBLEM, title="Older"), True),
        (AdoptInitiative(title="Oldest", milestone="prototype", since=team.now - 2 * LONG_AGO), True),
    ):
        request = team.do(command, at=team.now - LONG_AGO).records[0]
        assert request.type == "ConsentRequested"
        team.clock.tick(timedelta(days=9))
        team.do(AnswerConsent(request=request.position, give=give), by="carla")
    assert [each.stream for each in team.records()[-2:]] == ["SUP", "SUP-3"]
    assert problems(team) == []


def test_what_waited_and_was_so_already_when_somebody_consented(team: Store) -> None:
    team.clock.tick(2 * LONG_AGO)
    grant = GrantRole(stakeholder="otto", role="product")
    requests = [team.do(grant, at=team.now - LONG_AGO).records[0].position for _ in range(2)]
    recorded = [len(team.do(AnswerConsent(request=each, give=True), by="carla").records) for each in requests]
    assert recorded == [2, 1]
    assert problems(team) == []


def test_anothers_record_voided_with_consent(team: Store) -> None:
    team.define()
    measured = team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=9), by="dan").records[0]
    request = team.do(VoidRecord(stream="SUP-1", position=measured.position), by="carla").records[0]
    team.do(AnswerConsent(request=request.position, give=True), by="erin")
    team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=8), by="dan")
    assert problems(team) == []


def test_a_broken_glass_and_its_review(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    move = team.do(AdvanceMilestone(stream="SUP-1", break_glass=True)).records[0]
    team.do(ReviewBreakGlass(stream="SUP-1", move=move.position, upheld=False), by="carla")
    assert problems(team) == []


def test_a_dataset_that_is_attached_as_something_else_too(team: Store) -> None:
    team.define()
    for kind in ("dataset", "document"):
        team.do(AttachEvidence(stream="SUP-1", kind=kind, title="Mails", sha256="a" * 64))
    criterion = SetCriterion(
        stream="SUP-1",
        criterion="f1",
        milestone="training",
        metric="f1",
        operator=">=",
        threshold=0.8,
        dataset="D1",
    )
    team.do(criterion)
    assert problems(team) == []


def test_a_move_typed_later(team: Store) -> None:
    team.define()
    team.clock.tick(timedelta(days=2))
    team.do(AddNote(stream="SUP-1", text="Meanwhile"))
    team.do(AdvanceMilestone(stream="SUP-1"), at=team.now - timedelta(days=1))
    assert problems(team) == []


def test_a_problem_of_another_version_is_held_against_no_word_of_this_one(team: Store) -> None:
    """A word list that has grown since makes nobody a liar."""
    team.define()
    *others, defined = team.records()
    source = replace(defined.body.source, version="0.0.9")
    said = replace(defined.event, title="Use GPT-4")
    older = replace(defined, body=replace(defined.body, source=source, event=said))
    folder = written(team.folder.with_name("older"), [*others, older])
    assert replay(str(folder / EVENTS), len(others) + 1).breaches == []
    newer = replace(defined, body=replace(defined.body, event=said))
    folder = written(team.folder.with_name("newer"), [*others, newer])
    assert [each.position for each in replay(str(folder / EVENTS), len(others) + 1).breaches] == [8]


# What is counted and said


def test_what_was_judged_is_counted(team: Store) -> None:
    team.define()
    answer = verify(team.folder, now=team.now)
    assert answer["checked"]["policy"] == 8
    assert not any("rules" in each or "allowed" in each for each in answer["not_proved"])


def test_processes_side_by_side_find_what_one_alone_finds(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        team.define()
    records = team.records()
    forged = [
        replace(each, body=replace(each.body, workflow="0" * 64)) if each.position % 5 == 0 else each
        for each in records
    ]
    path = str(written(team.folder.with_name("forged"), forged) / EVENTS)
    alone = replay(path, len(forged))
    monkeypatch.setattr("roadlog.verification.rules.replay.MANY", 1)
    monkeypatch.setattr("roadlog.beside.processes", lambda: 3)
    together = replay(path, len(forged))
    assert together == alone
    assert [each.position for each in together.breaches] == [5, 10, 15]
    monkeypatch.setattr("roadlog.verification.rules.replay._send_share", lambda *_: None)
    assert replay(path, len(forged)) == alone


def test_a_long_stream_is_read_again_where_it_is_looked_at(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadlog.verification.rules.findings.FEW", 3)
    test_anothers_record_voided_with_consent(team)
    test_a_move_typed_later(team)


def test_many_people_are_remembered_in_little_room(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team.define()
    for number in range(20):
        team.do(AddStakeholder(stakeholder=f"p{number}", roles=("engineering",)))
        team.do(AddNote(stream="SUP-1", text="Hello"), by=f"p{number}")
    monkeypatch.setattr("roadlog.verification.rules.roadmap.ROOM", 40)
    assert problems(team) == []


def test_what_was_decided_too_long_ago_is_decided_again(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that slept, or a clock set back, between deciding and recording."""
    team.define()
    times = iter([team.now, team.now + timedelta(minutes=2), *[team.now + 3 * MINUTE] * 9])
    monkeypatch.setattr("roadlog.application.clock", lambda: next(times))
    application = Application.open(team.folder)
    monkeypatch.setattr(application._log._appending, "_clock", lambda: next(times))
    with application:
        done = application.execute(Wish(actor="dan"), AddNote(stream="SUP-1", text="Late"))
    assert done.records[0].effective_at == done.records[0].recorded_at == team.now + 3 * MINUTE
