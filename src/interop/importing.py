"""An import from end to end: read the files, settle the workflow and the people, write the moves, sum up."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import file_digest
from pathlib import Path
from typing import Any

from msgspec import Struct, structs, to_builtins

from roadlog.application import Application, Wish
from roadlog.domain.events import InitiativeAdopted, MilestoneAdvanced, MilestoneReturned, StakeholderJoined
from roadlog.domain.refusals import Conflict, StoreFailure
from roadlog.interop.claims import Log, Passed
from roadlog.interop.files import readable
from roadlog.interop.gathering import Gathered, gather
from roadlog.interop.history import Provenance
from roadlog.interop.narration import Narration
from roadlog.interop.preparation import Choices, Prepared, check_actor, prepare
from roadlog.interop.sorting import Sorter
from roadlog.machine import without_collector

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is: bytes that are read, lines that are recorded."""
Bars = Callable[[str], AbstractContextManager[Progress | None]]
"""Gives whoever watches a bar for one part of the work, by its name."""


def unseen(what: str) -> AbstractContextManager[None]:  # noqa: ARG001 (it is a `Bars` for nobody)
    """No bar."""
    return nullcontext()


class Summary(Struct, frozen=True, kw_only=True):
    """What an import did.

    initiatives: new ones
    moves: from one milestone to another, `returns` of them back
    people: enrolled
    lines: those that could be read; `unchanged` of them are no new move: `recorded` of these are recorded
        already, the others change no milestone
    zone: in which the times without an offset were read; None where all had one
    workflow: the one made of the log's own activities, and whether it was adopted, as it was in force already
        otherwise; None where none was made
    left_out: what could be read and was not imported, and why; `skipped`: what could not be read;
        `truncated`: what the files do not hold, and how that is known
    warnings: what it means for moves that were recorded before, what the map names in vain, and which keys
        may be confused
    """

    initiatives: int = 0
    moves: int = 0
    returns: int = 0
    people: int = 0
    lines: int = 0
    unchanged: int = 0
    recorded: int = 0
    zone: str | None = None
    workflow: dict[str, Any] | None = None
    left_out: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    truncated: list[dict[str, Any]] = []
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.left_out and not self.skipped and not self.truncated


def import_log(
    application: Application, log: Log, choices: Choices, wish: Wish, *, bars: Bars = unseen
) -> Summary:
    """Imports a log; what is there already is recognised and left alone. A dry run only sums up.

    Whatever can be refused is refused before anything is written. Raises Malformed for what cannot be read
    without `skip_bad` and for a map or a workflow that cannot be; Refused for an actor who may not adopt the
    workflow or enrol the people that the import brings; Conflict when somebody else records in between.
    """
    files = tuple((path.name, _digest(path)) for path in log.paths)
    with Sorter() as sorter:
        with bars("Reading") as progress:
            claims = log.claims(_passed(log.paths, progress))
            gathered = gather(claims, sorter, log.form, skip_bad=choices.skip_bad)
        provenance = Provenance(typed=application.source, form=log.form, files=files)
        with bars("Recording") as progress:
            summary = record(application, gathered, provenance, choices, wish, progress)
        return structs.replace(summary, zone=str(log.zone)) if gathered.local else summary


def _digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex. Raises Malformed where it cannot be read."""
    with readable(path), path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _passed(paths: Sequence[Path], progress: Progress | None) -> Passed:
    """Turns how much of a file is read into how much of all of them."""
    sizes = [path.stat().st_size for path in paths]

    def passed(file: int, place: int) -> None:
        if progress is not None:
            progress(sum(sizes[:file]) + place, sum(sizes))

    return passed


def record(
    application: Application,
    gathered: Gathered,
    provenance: Provenance,
    choices: Choices,
    wish: Wish,
    progress: Progress | None,
) -> Summary:
    """Records what was gathered from files of any format, in transactions of their own."""
    roadmap = application.roadmap()
    check_actor(roadmap, wish.actor)
    prepared = prepare(application, roadmap, gathered, choices, wish)
    skipped = [to_builtins(each) for each in gathered.skipped]
    truncated = [each.answer() for each in gathered.truncated]
    if not gathered.sorter.count:
        return Summary(skipped=skipped, truncated=truncated)
    narration = Narration(application, roadmap, gathered, prepared, provenance)
    with without_collector():  # which takes a sixth of an import's time
        for _ in _written(application, narration, wish):
            if progress is not None:
                progress(narration.lines_told, gathered.sorter.count)
    summary = _summed_up(narration, gathered.sorter.count, skipped, truncated)
    made = _made(prepared) if choices.infer_workflow else None
    return structs.replace(summary, workflow=made, warnings=(*prepared.warnings, *narration.warnings()))


def _made(prepared: Prepared) -> dict[str, Any]:
    workflow = prepared.workflow
    return {
        "name": workflow.name,
        "version": workflow.version,
        "adopted": prepared.adopted is not None,
        "start": workflow.start,
        "finish": workflow.finish,
        "milestones": list(workflow.order),
    }


def _written(application: Application, narration: Narration, wish: Wish) -> Iterator[int]:
    """Tells all of it; yields after each transaction, of which a dry run has none."""
    if wish.dry_run:
        for _ in narration.events():
            pass
        return
    try:
        yield from application.record_history(narration.events(), narration.roadmap)
    except (Conflict, StoreFailure) as error:
        raise type(error)(
            error.rule,
            f"{error.message} What was recorded until then is whole; the same import again adds what "
            "is missing.",
            try_=error.try_,
        ) from error


def _summed_up(
    narration: Narration, lines: int, skipped: list[dict[str, Any]], truncated: list[dict[str, Any]]
) -> Summary:
    told = narration.told
    initiatives, returns = told[InitiativeAdopted], told[MilestoneReturned]
    moves = told[MilestoneAdvanced] + returns
    return Summary(
        initiatives=initiatives,
        moves=moves,
        returns=returns,
        people=told[StakeholderJoined],
        lines=lines,
        unchanged=lines - initiatives - moves - narration.lines_left_out,
        recorded=narration.lines_recorded,
        left_out=narration.left_out,
        skipped=skipped,
        truncated=truncated,
    )
