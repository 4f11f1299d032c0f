"""Notes, and taking records back: nothing is deleted, a further record says that one was a mistake."""

from typing import TYPE_CHECKING

import click

from roadlog.cli import recorded
from roadlog.cli.arguments import KEY, POSITION
from roadlog.cli.program import program
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AddNote, VoidRecord
from roadlog.domain.names import event_name
from roadlog.domain.refusals import Refused

if TYPE_CHECKING:
    from roadlog.reading import Reading


@writing
@click.argument("key", type=KEY)
@click.argument("text")
def note(key: str, text: str) -> Commands:
    """Free text stays in the log, and a note can be voided but not erased: name no private persons in it.

    roadlog note SUP-1 "The vendor will deliver the new export in May"
    """
    return AddNote(stream=key, text=text)


@writing
def undo() -> Commands | None:
    """Only what nothing relies on yet, and only notes, measurements, results, evidence, edge cases and risk
    entries.

    roadlog undo
    """
    run = program()
    run.writing["because"] = run.writing["because"] or "undone"
    if run.writing["command_id"]:
        with run.application() as application:
            before = application.recorded_before(run.wish())
        if before is not None:
            recorded.tell(before)
            return None
    with run.reading() as store:
        commands, version = _undoing(store, run.handle())
    if run.writing["expect_version"] is None:  # what is recorded meanwhile may be what they meant
        run.writing["expect_version"] = version
    return commands


def _undoing(store: "Reading", handle: str) -> tuple[Commands, int]:
    """The wishes to void every record of somebody's last command, and the version of its stream.

    Raises Refused where that cannot be.
    """
    from roadlog.domain.decisions.voids import undoable
    from roadlog.projections.standing import workflow_of

    moment = store.moment()
    roadmap = store.roadmap(moment)
    last = store.latest_of(handle)
    if last is not None and last.stream == roadmap.key:
        raise Refused(
            "undo",
            f"Your last command, {event_name(last.type)} at position {last.position}, is about the roadmap: "
            "such a record is never voided. Record what is right instead.",
            try_=(f"roadlog log {roadmap.key}", "roadlog stakeholder list"),
        )
    history = tuple(store.history(last.stream, moment)) if last else ()
    positions = undoable(history, handle, workflow_of(roadmap))
    commands = tuple(VoidRecord(stream=history[0].stream, position=position) for position in positions)
    return commands, len(history)


@writing
@click.argument("position", type=POSITION)
def void(position: int) -> Commands:
    """A reason is mandatory. Another's record needs the authority for it, and a second person's consent.

    roadlog void 57 --because "Measured on the wrong week"
    """
    with program().reading() as store:
        record = store.record(position)
        if record.stream == store.roadmap(store.moment()).key:
            raise Refused(
                "void",
                f"Position {position}, {event_name(record.type)}, is a record of the roadmap, and those "
                "cannot be voided. Record what is right instead.",
                try_=(f"roadlog log {record.stream}", "roadlog stakeholder list"),
            )
    return VoidRecord(stream=record.stream, position=position)
