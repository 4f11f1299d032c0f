"""A hypothesis state machine: one roadmap in two stores, and a team that types any commands in any order."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from roadlog import machine, rows, store
from roadlog.application import Application, Done, Wish
from roadlog.domain.commands import (
    AddStakeholder,
    AnswerConsent,
    ApprovalCommand,
    Command,
    EvidenceCommand,
    ExperimentCommand,
    InitiativeCommand,
    MilestoneCommand,
    ProblemCommand,
    ReviewBreakGlass,
    RiskCommand,
    RoadmapCommand,
    SafeguardCommand,
    VoidRecord,
)
from roadlog.domain.decisions.reliance import Voidable
from roadlog.domain.events import ConsentRequested, MilestoneAdvanced
from roadlog.domain.records import Record
from roadlog.domain.refusals import Conflict, RoadlogError
from roadlog.event_store.log import Log
from roadlog.event_store.reading import Reader
from roadlog.reading import Reading
from roadlog.verification.verdict import INTACT, verify
from tests.faults import model
from tests.faults.wishes import FURNISHED, WORKFLOWS, Wanted, wanted
from tests.stores import OPENED, OTHERS, PROBLEM, opening, real

QUICK = Path("/dev/shm")  # noqa: S108
"""A disk in memory: nothing is cut short here, so that nothing need be waited for."""
COUNTED: Counter[str] = Counter()


class Team(RuleBasedStateMachine):
    """One roadmap in two stores, and those who type; every wish is made of both."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.place = Path(mkdtemp(dir=QUICK if QUICK.is_dir() else None))
        self.stack.callback(shutil.rmtree, self.place)
        clock = self.stack.enter_context(freeze_time(OPENED))
        assert isinstance(clock, FrozenDateTimeFactory)
        self.clock = clock
        self.folder = self.place / store.FOLDER
        self.in_memory: Log[Record] = Log.in_memory(rows.codec(), rows.make_record, machine.clock)
        keys = self.place / "keys"
        keys.mkdir()
        self.applications = [Application(keys, self.in_memory)]
        self.records: list[Record] = []
        self.done: list[tuple[Wish, tuple[Command, ...], tuple[Record, ...]]] = []
        self.turns = 0

    @property
    def now(self) -> datetime:
        return real(datetime.now(UTC))

    @initialize(workflow=st.sampled_from(WORKFLOWS))
    def begin(self, workflow: str) -> None:
        with self._same_salts():
            Application.create(self.folder, Wish(actor="paula"), opening(workflow))
        with self._same_salts():
            machine.random_hex(4)  # for the name of a folder in the making
            self.applications[0].execute(Wish(actor="paula"), opening(workflow))
        self.applications.append(self.stack.enter_context(Application.open(self.folder)))
        self.records = list(self.in_memory.scan())
        people = tuple(AddStakeholder(stakeholder=each, roles=roles) for each, roles in OTHERS.items())
        for commands in (people, (PROBLEM,), (PROBLEM,), FURNISHED):
            self._execute(Wish(actor="paula", reason="because"), commands)

    @rule(wanted=wanted(RoadmapCommand))
    def about_people(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(ProblemCommand))
    def about_the_problem(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(MilestoneCommand))
    def about_milestones(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(ApprovalCommand))
    def about_approvals(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(RiskCommand))
    def about_risks(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(SafeguardCommand))
    def about_safeguards(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(ExperimentCommand))
    def about_experiments(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(EvidenceCommand))
    def about_anything(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(EvidenceCommand, 2) | wanted(InitiativeCommand, 2))
    def together(self, wanted: Wanted) -> None:
        self._wish(wanted)

    @rule(wanted=wanted(Command))
    def rehearse(self, wanted: Wanted) -> None:
        """A dry run says what would be recorded, and records nothing."""
        rehearsed = self._execute(replace(self._of(wanted), dry_run=True), self._meant(wanted))
        meant = self._execute(self._of(wanted), self._meant(wanted))
        assert [unsealed(each) for each in rehearsed] == [unsealed(each) for each in meant]

    @rule(place=st.integers(0, 100), other=st.booleans())
    def type_again(self, place: int, other: bool) -> None:
        """The same id and content gives the first result; other content is a conflict."""
        if not self.done:
            return
        wish, commands, first = self.done[place % len(self.done)]
        for application in self.applications:
            if other:
                with pytest.raises(Conflict):
                    application.execute(replace(wish, reason="another"), *commands)
            else:
                again = application.execute(wish, *commands)
                assert (again.replayed, again.records) == (True, first)
        COUNTED["repeated"] += 1

    @rule()
    def read(self) -> None:
        """Answers from projections that catch up equal those of a fold from zero, and the model."""
        answers = self._answers(self.folder)
        fresh = self.place / "fresh"
        fresh.mkdir()
        for path in self.folder.glob("events.db*"):
            shutil.copy(path, fresh)
        assert answers == self._answers(fresh)
        shutil.rmtree(fresh)
        for key, page in answers["pages"].items():
            assert seen_on(page) == model.facts(self.records, key)
        COUNTED["read"] += 1

    @invariant()
    def both_hold_the_same(self) -> None:
        """Positions without gaps, and every record equal, down to its leaf."""
        COUNTED["steps"] += 1
        if len(self.applications) > 1:
            with Reader(str(self.folder / store.EVENTS)) as reader:
                known = len(self.records)
                assert (reader.head(), reader.head().position) == (self.in_memory.head(), known)
                after = max(0, known - 10)
                assert list(reader.scan(after)) == list(self.in_memory.reader.scan(after))

    def teardown(self) -> None:
        try:
            if len(self.applications) > 1:
                self.read()
                assert verify(self.folder, now=self.now)["verdict"] == INTACT
                with Reader(str(self.folder / store.EVENTS)) as reader:
                    assert list(reader.scan()) == list(self.in_memory.reader.scan())
        finally:
            self.stack.close()

    def _wish(self, wanted: Wanted) -> None:
        self.clock.tick(timedelta(hours=wanted.hours_after))
        wish, commands = self._of(wanted), self._meant(wanted)
        records = self._execute(wish, commands)
        if records and all(isinstance(each, Record) for each in records):
            self.done.append((wish, commands, records))

    def _execute(self, wish: Wish, commands: tuple[Command, ...]) -> tuple[Any, ...]:
        """The records of a wish, or why it was refused: the same from both stores."""
        outcomes = []
        self.turns += not wish.dry_run
        for application in self.applications:
            with self._same_salts():
                outcomes.append(outcome(application, wish, commands))
        first, second = outcomes
        assert first == second
        if not wish.dry_run and isinstance(first, Done):
            self.records += first.records
            COUNTED["recorded"] += len(first.records)
        COUNTED["done" if isinstance(first, Done) else "refused"] += 1
        return first.records if isinstance(first, Done) else first

    @contextmanager
    def _same_salts(self) -> Iterator[None]:
        with patch("os.urandom", Random(self.turns).randbytes):
            yield

    def _of(self, wanted: Wanted) -> Wish:
        return Wish(
            actor=wanted.by,
            at=self.now - timedelta(hours=wanted.hours_ago) if wanted.hours_ago else None,
            reason=wanted.because,
            command_id=f"turn {self.turns}",
        )

    def _meant(self, wanted: Wanted) -> tuple[Command, ...]:
        """Positions that somebody wished for are places among what there is."""
        return tuple(self._about_something(each) for each in wanted.commands)

    def _about_something(self, command: Command) -> Command:
        match command:
            case VoidRecord(position=place):
                record = self._one(Voidable, place)
                return VoidRecord(stream=record.stream, position=record.position)
            case AnswerConsent(request=place, give=give):
                return AnswerConsent(request=self._one(ConsentRequested, place).position, give=give)
            case ReviewBreakGlass(move=place):
                move = self._one(MilestoneAdvanced, place)
                return replace(command, stream=move.stream, move=move.position)
            case _:
                return command

    def _one(self, kind: Any, place: int) -> Record:
        found = [each for each in self.records if isinstance(each.event, kind)] or self.records
        return found[place % len(found)]

    def _answers(self, folder: Path) -> dict[str, Any]:
        with Reading(folder, now=self.now) as reading:
            moment = reading.moment()
            board = reading.board(moment)
            keys = [each["key"] for each in board["initiatives"]]
            answers = {
                "board": board,
                "next": reading.owed(None, moment),
                "log": list(reading.trail(moment)),
                "pages": {key: reading.page(key, moment) for key in keys},
                "gates": {key: reading.gate(key, moment) for key in keys},
            }
            assert reading.check()["same"]
        return answers


def outcome(application: Application, wish: Wish, commands: tuple[Command, ...]) -> Any:
    """What was done, or the refusal; nothing else may come of a wish."""
    try:
        return application.execute(wish, *commands)
    except RoadlogError as error:
        assert error.exit_code in (2, 5), error  # noqa: PT017 (the others say that something is wrong)
        return (type(error).__name__, error.rule, error.message, error.place)


def unsealed(said: Any) -> Any:
    """A record but for what the store gives it, and its salt; of a refusal, what it says."""
    if not isinstance(said, Record):
        return said
    return replace(said, leaf="", recorded_at=OPENED, body=replace(said.body, salt=""))


def seen_on(page: dict[str, Any]) -> dict[str, Any]:
    """What a page says of the model's facts."""
    ids = {
        name: [each["id"] for each in page[name]] for name in ("evidence", "risks", "edge_cases", "incidents")
    }
    same = ("title", "problem", "owner", "horizon", "rank", "rollout", "dependencies", "milestone", "cycle")
    more = ("iteration", "visit", "status", "open_risks", "version")
    return (
        {name: page[name] for name in (*same, *more)}
        | ids
        | {"notes": [each["text"] for each in page["notes"]]}
    )
