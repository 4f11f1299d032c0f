"""A store on disk with a team and a clock of its own, for the tests of the application and of reading.

paula (product) opens it, and enrols dan (data-science), erin (engineering), carla (compliance) and otto
(customer-ops).
Every command is typed a minute after the one before, unless the test moves the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun import api, freeze_time
from freezegun.api import FrozenDateTimeFactory

from roadlog.application import Application, Done, Wish
from roadlog.domain.commands import AddStakeholder, Command, DefineProblem, OpenRoadmap
from roadlog.domain.records import Record
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition
from roadlog.reading import Reading
from tests.domain.spec import AI_PRODUCT, TEAM, built_in

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPEN = OpenRoadmap(stream="SUP", name="Support AI", definition=definition(AI_PRODUCT))
OTHERS = {handle: roles for handle, roles in TEAM.items() if handle not in ("paula", "bot")}
PROBLEM = DefineProblem(
    title="Reduce support load",
    problem="Support agents answer 900 tickets a week",
    metric="tickets",
    unit="per week",
    baseline=900,
    target=600,
    owner="paula",
)


def opening(workflow: Workflow | str = AI_PRODUCT) -> OpenRoadmap:
    found = built_in(workflow) if isinstance(workflow, str) else workflow
    return OpenRoadmap(stream="SUP", name="Support AI", definition=definition(found))


def real(moment: datetime) -> datetime:
    """The same time, of the standard library's kind: msgspec writes none of freezegun's own."""
    return api.real_datetime.fromisoformat(moment.isoformat())


class Store:
    """A store's folder, and one application on it."""

    def __init__(self, folder: Path, clock: FrozenDateTimeFactory) -> None:
        self.folder = folder
        self.clock = clock
        self.application: Application = None  # type: ignore[assignment]

    @property
    def now(self) -> datetime:
        return real(datetime.now(UTC))

    def create(self, command: OpenRoadmap = OPEN) -> Done:
        done = Application.create(self.folder, Wish(actor="paula"), command)
        self.application = Application.open(self.folder)
        return done

    def do(self, *commands: Command, by: str = "paula", because: str | None = "because", **wish: Any) -> Done:
        """Types the commands together, a minute after the last."""
        self.clock.tick(MINUTE)
        return self.application.execute(Wish(actor=by, reason=because, **wish), *commands)

    def enrol(self) -> None:
        self.do(*(AddStakeholder(stakeholder=handle, roles=roles) for handle, roles in OTHERS.items()))

    def define(self) -> str:
        """A new initiative; its key."""
        (record,) = self.do(PROBLEM).records
        return record.stream

    def records(self) -> list[Record]:
        with self.reading() as reading:
            return list(reading.records())

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with Reading(self.folder, now=self.now) as reading:
            yield reading

    def close(self) -> None:
        if self.application is not None:
            self.application.close()


@contextmanager
def frozen_store(folder: Path) -> Iterator[Store]:
    """A store that was not made yet, at nine o'clock."""
    with freeze_time(OPENED) as clock:
        assert isinstance(clock, FrozenDateTimeFactory)
        store = Store(folder, clock)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def team_store(folder: Path, workflow: Workflow | str = AI_PRODUCT) -> Iterator[Store]:
    """A store with its team: the roadmap's records stand at positions 1 to 7."""
    with frozen_store(folder) as store:
        store.create(opening(workflow))
        store.enrol()
        yield store
