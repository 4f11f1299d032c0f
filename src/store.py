"""Where the store is, what time it is, how bodies become records, and the store's failures in our words."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog.domain.refusals import Conflict, Damaged, Malformed, Refused, StoreFailure

if TYPE_CHECKING:
    from roadlog.domain.records import Body, Record
    from roadlog.event_store.codec import Codec
    from roadlog.event_store.records import StoredRecord

FOLDER = ".roadlog"
EVENTS = "events.db"
PROJECTIONS = "projections.db"
CONFIG = "config.toml"
SETTINGS = ("actor", "zone")
ACCOUNT_LENGTH = 256
"""Characters of an account's name that a record holds."""
CONFIG_TEXT = """\
# Settings of this store. Uncomment to change.
# actor = "dana"            # who acts when neither --as nor ROADLOG_ACTOR says
# zone = "Europe/Berlin"    # the time zone in which a bare date begins; UTC unless set
"""


def clock() -> datetime:
    """Now, in UTC. Everything that needs the time gets it from here, as a value."""
    return datetime.now(UTC)


def find(given: str | None, environ: Mapping[str, str], working: Path) -> Path:
    """The store's folder: the one given, else `ROADLOG_STORE`, else the nearest `.roadlog/` above `working`.

    A path may name the folder or the one that holds it; `sqlite:PATH` is the same as a URL. Raises Malformed
    for a URL of another kind and StoreFailure where there is none.
    """
    named = given or environ.get("ROADLOG_STORE")
    if named:
        scheme, colon, rest = named.partition(":")
        if colon and len(scheme) > 1 and scheme != "sqlite":
            raise Malformed(
                "store", f"{named!r}: stores are folders with an SQLite file; give a path or sqlite:PATH."
            )
        path = Path(rest.removeprefix("//") if scheme == "sqlite" and colon else named)
        return path if path.name == FOLDER or (path / EVENTS).exists() else path / FOLDER
    for folder in (working, *working.parents):
        if (folder / FOLDER / EVENTS).exists():
            return folder / FOLDER
    raise StoreFailure(
        "no-store",
        f"There is no {FOLDER}/ in {working} or above it.",
        try_=("roadlog init", "roadlog demo", "roadlog --store PATH board"),
    )


def config(folder: Path) -> dict[str, Any]:
    """The store's own settings (`actor`, `zone`), texts both; empty without a file. Raises Malformed."""
    try:
        text = (folder / CONFIG).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise Malformed("config", f"{folder / CONFIG} is not UTF-8 text (at byte {error.start}).") from error
    except OSError as error:
        raise StoreFailure("config", f"{folder / CONFIG} cannot be read: {error.strerror}.") from error
    import tomllib

    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("config", f"{folder / CONFIG}: {error}.") from error
    for key in SETTINGS:
        if not isinstance(settings.get(key, ""), str):
            message = f"{folder / CONFIG}: {key} is no text: put its value in quotes."
            raise Malformed("config", message, missing=(key,))
    return settings


@contextmanager
def new_folder(folder: Path, *, keep: bool = True) -> Iterator[Path]:
    """A folder beside the one to come, which takes its name at the end: whole, or not at all, and for good.

    With the settings in it. Without `keep`, and after a failure, nothing stays. Raises Refused where
    something is already, and StoreFailure where no folder can be made.
    """
    import shutil

    missing = [each for each in folder.absolute().parents if not each.exists()]
    made = folder.with_name(f"{folder.name}.{random_hex(4)}")
    kept = False
    try:
        with _made(folder):
            made.mkdir(parents=True)
            (made / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8")
            _sync(made / CONFIG)
        yield made
        if keep:
            with _made(folder):
                made.rename(folder)
            kept = True
            for each in (folder, *missing):
                _sync(each.parent)
    finally:
        if not kept:
            shutil.rmtree(made, ignore_errors=True)
            for each in missing:
                with suppress(OSError):
                    each.rmdir()


def _sync(path: Path) -> None:
    """Makes a file's bytes, or a folder's names, outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Refuses a name that is taken, and turns the system's errors into ours."""
    taken = Refused(
        "store-exists",
        f"{folder} exists already; nothing was changed.",
        try_=("roadlog board", "roadlog --store OTHER-PATH init"),
    )
    if os.path.lexists(folder):
        raise taken
    try:
        yield
    except OSError as error:
        if os.path.lexists(folder):
            raise taken from error
        raise StoreFailure("store", f"{folder} cannot be made: {error.strerror}.") from error


def random_hex(size: int) -> str:
    """That many random bytes, in hex: salts and ids. (`secrets` would cost 6 ms to import.)"""
    return os.urandom(size).hex()


def os_user() -> str:
    """The account of the operating system; `unknown` where it has none, or none that a record can hold."""
    import getpass

    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
    return name if name.isprintable() and len(name) <= ACCOUNT_LENGTH else "unknown"


def codec() -> "Codec":
    """The codec over the closed catalogue of events."""
    from roadlog.domain.events import CATALOGUE, SCHEMA
    from roadlog.domain.records import Body
    from roadlog.event_store.codec import Codec

    return Codec({name: (SCHEMA, Body[kind]) for name, kind in CATALOGUE.items()})  # type: ignore[valid-type]


BEGINNINGS = frozenset({"RoadmapOpened", "ProblemDefined", "InitiativeAdopted"})
"""The types that name the stream they stand in, one of which begins every stream."""
NO_OFFSET = "a time without offset from UTC"


def make_record(stored: "StoredRecord", body: "Body[Any]") -> "Record":
    """A domain record from the store's columns and the decoded body.

    Raises the event store's Unreadable for one that no command can have put there: in a stream of the other
    kind, before its stream's beginning, or with a time that has no offset from UTC.
    """
    kinds = _kinds()
    try:
        fault, recorded_at = _fault(stored, body, kinds), kinds.instant(stored.recorded_at)
    except ValueError as error:
        fault, recorded_at = str(error), body.effective_at
    if fault is not None:
        from roadlog.event_store.errors import Unreadable

        raise Unreadable(fault, position=stored.position, stream=stored.stream, type_name=stored.type)
    return kinds.record(
        position=stored.position,
        stream=stored.stream,
        version=stored.version,
        recorded_at=recorded_at,
        leaf=stored.leaf,
        body=body,
    )


def missing(position: int) -> Damaged:
    """What is said of a position that the log does not hold, though it is longer."""
    return Damaged("missing", f"The record at position {position} is missing.", try_=("roadlog verify",))


def missing_version(stream: str, version: int) -> Damaged:
    """What is said of a version that a stream does not hold, though it goes on after it."""
    return Damaged(
        "missing", f"The record of {stream} at version {version} is missing.", try_=("roadlog verify",)
    )


def recorded_time(text: str, position: int) -> datetime:
    """When a record was stored. Raises Damaged for a text that is no time."""
    from roadlog.domain.moments import instant

    try:
        return instant(text)
    except ValueError as error:
        message = f"Record {position} cannot be read: {error}."
        raise Damaged("unreadable", message, try_=("roadlog verify",)) from error


def _fault(stored: "StoredRecord", body: "Body[Any]", kinds: "_Kinds") -> str | None:
    """Why a record cannot stand where it does, None when it can. Only keys of initiatives have a hyphen."""
    event = body.event
    if (stored.type in kinds.of_roadmaps) == ("-" in stored.stream):
        return f"this does not happen to {'an initiative' if '-' in stored.stream else 'a roadmap'}"
    if stored.version == 1 or stored.type in BEGINNINGS:
        if getattr(event, "key", None) != stored.stream:
            return "it does not begin the stream it stands in"
        prefix, hyphen, number = stored.stream.partition("-")
        if not prefix or (hyphen and not number.isdecimal()):
            return "no stream is named so"
    if stored.type == "WorkflowAdopted" and (workflow_fault := _workflow_fault(event.definition)):
        return workflow_fault
    return None if body.effective_at.tzinfo and _has_offsets(event, kinds.timed[stored.type]) else NO_OFFSET


def _has_offsets(event: object, fields: tuple[str, ...]) -> bool:
    return (
        all(time is None or time.tzinfo for time in (getattr(event, name) for name in fields))
        if fields
        else True
    )


def _workflow_fault(definition: dict[str, Any]) -> str | None:
    from roadlog.domain.workflow_file import from_definition

    try:
        from_definition(definition)
    except Malformed as error:
        return error.message
    return None


class _Kinds(NamedTuple):
    """What making a record takes of the domain, which is imported only then, and looked up once.

    of_roadmaps: the names of the types that happen to a roadmap
    timed: of each type the fields that hold a time
    """

    record: "type[Record]"
    instant: Callable[[str], datetime]
    of_roadmaps: frozenset[str]
    timed: dict[str, tuple[str, ...]]


@cache
def _kinds() -> _Kinds:
    from typing import get_args

    from msgspec.structs import fields

    from roadlog.domain.events import CATALOGUE, RoadmapEvent
    from roadlog.domain.moments import instant
    from roadlog.domain.records import Record

    def is_time(kind: object) -> bool:
        return any(isinstance(part, type) and issubclass(part, datetime) for part in (kind, *get_args(kind)))

    return _Kinds(
        record=Record,
        instant=instant,
        of_roadmaps=frozenset(kind.__name__ for kind in get_args(RoadmapEvent)),
        timed={
            name: tuple(each.name for each in fields(kind) if is_time(each.type))
            for name, kind in CATALOGUE.items()
        },
    )


def no_store(folder: Path) -> StoreFailure:
    """What is said where somebody looks for a store and none was made."""
    from roadlog.domain.wording import quoted

    path = quoted(str(folder))
    return StoreFailure("no-store", f"There is no store at {folder}.", try_=(f"roadlog --store {path} init",))


def command_reused(command_id: str) -> Conflict:
    """What is said when a command id comes again with other content."""
    return Conflict(
        "command-reused",
        f"The command id {command_id!r} was used before with other content; nothing was recorded. "
        "Give another --command-id, or none.",
    )


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turns the event store's errors into roadlog's, each with its exit code and what to do."""
    from roadlog.event_store import errors

    try:
        yield
    except errors.VersionConflict as error:
        raise Conflict(
            "conflict",
            f"Somebody recorded first: {error.stream} is at version {error.found}, not {error.expected}.",
            try_=("roadlog log " + error.stream,),
        ) from error
    except errors.CommandReused as error:
        raise command_reused(error.command_id) from error
    except errors.Unreadable as error:
        raise Damaged("unreadable", f"{error}.", try_=("roadlog verify",)) from error
    except errors.Unstorable as error:
        raise Malformed("unstorable", f"{error}.") from error
    except errors.StoreMissing as error:
        raise no_store(Path(error.path).parent) from error
    except errors.NotAStore as error:
        raise StoreFailure(
            "store",
            f"{error}. Put a copy of the store back in its place, or begin another elsewhere.",
            try_=("roadlog --store OTHER-PATH init",),
        ) from error
    except errors.EventStoreError as error:
        raise StoreFailure("store", f"{error}.") from error
