"""A store to import into, logs written for it, and what stands in the log afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from roadlog.application import Application, Wish
from roadlog.domain.commands import OpenRoadmap
from roadlog.domain.records import Record
from roadlog.domain.workflow_file import definition
from roadlog.interop import csv_log
from roadlog.interop.claims import Log
from roadlog.interop.csv_log import Columns
from roadlog.interop.importing import Summary, import_log
from roadlog.interop.preparation import Choices
from roadlog.reading import Reading
from tests.domain.spec import built_in

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEADER = "case,activity,time,who"
COLUMNS = Columns(case="case", activity="activity", time="time", actor="who")
INFER = Choices(infer_workflow=True)
PAULA = Wish(actor="paula")


def at(day: int, hour: int = 9) -> datetime:
    """A moment in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def row(case: str, activity: str, day: int, hour: int = 9, who: str = "") -> str:
    return f"{case},{activity},{at(day, hour).isoformat()},{who}"


LOG = (
    row("A-1", "Design", 2, who="Ana"),
    row("A-2", "Design", 3, who="Ben"),
    row("A-1", "Build", 4, who="Ben"),
    row("A-1", "Build", 5, who="Ana"),
    row("A-1", "Design", 6, who="Ben"),
    row("A-1", "Build", 7),
    row("A-1", "Ship", 8, who="Ana"),
)
"""Two cases; one goes back once, and stays once where it stands."""


class Store:
    """A roadmap under `open`, opened by paula, and imports into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / ".roadlog"
        folder.mkdir(exist_ok=True)
        workflow = definition(built_in("open"))
        Application.create(
            self.store, PAULA, OpenRoadmap(stream="SUP", name="Support AI", definition=workflow)
        )

    def file(self, *lines: str, name: str = "log.csv", header: str = HEADER) -> Path:
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8", newline="")
        return path

    def imports(
        self,
        *lines: str,
        choices: Choices = INFER,
        wish: Wish = PAULA,
        columns: Columns = COLUMNS,
        zone: tzinfo = UTC,
        files: Iterable[Path] = (),
    ) -> Summary:
        paths = tuple(files) or (self.file(*lines),)
        return self.imports_from(csv_log.log(paths, columns, now=NOW, zone=zone), choices, wish)

    def imports_from(self, log: Log, choices: Choices = INFER, wish: Wish = PAULA) -> Summary:
        with Application.open(self.store, client="cli") as application:
            return import_log(application, log, choices, wish)

    def records(self) -> list[Record]:
        with Reading(self.store, now=datetime.now(UTC)) as reading:
            return list(reading.records())

    def initiatives(self) -> list[Record]:
        return [each for each in self.records() if each.stream != "SUP"]

    def told(self) -> dict[str, list[tuple[Any, ...]]]:
        """By title, each move as (milestone, when, cycle, iteration, visit)."""
        titles: dict[str, str] = {}
        told: dict[str, list[tuple[Any, ...]]] = {}
        for each in self.initiatives():
            event: Any = each.event
            if each.type == "InitiativeAdopted":
                titles[each.stream] = event.title
                entered = event.milestone
            elif each.type in ("MilestoneAdvanced", "MilestoneReturned"):
                entered = event.to
            else:
                continue
            move = (entered, each.effective_at, event.cycle, event.iteration, event.visit)
            told.setdefault(titles[each.stream], []).append(move)
        return told
