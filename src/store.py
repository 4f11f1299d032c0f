"""Where the store is, what time it is, how bodies become records, and the store's failures in roadlog's words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roadlog.domain.refusals import Conflict, Damaged, Malformed, StoreFailure

if TYPE_CHECKING:
    from roadlog.domain.records import Body, Record
    from roadlog.event_store.codec import Codec
    from roadlog.event_store.records import StoredRecord

FOLDER = ".roadlog"
EVENTS = "events.db"
PROJECTIONS = "projections.db"
CONFIG = "config.toml"
CONFIG_TEXT = """\
# Settings of this store. Uncomment to change.
# actor = "dana"            # who acts when neither --as nor ROADLOG_ACTOR says
# zone = "Europe/Berlin"    # the time zone in which a bare date begins; UTC unless set
"""


def clock() -> datetime:
    """Now, in UTC. Everything that needs the time gets it from here, as a value."""
    return datetime.now(UTC)


def find(given: str | None, environ: Mapping[str, str], working: Path) -> Path:
    """The store's folder: the one given, else `ROADLOG_STORE`, else the nearest `.roadlog/` at or above `working`.

    A path may name the folder or the one that holds it; `sqlite:PATH` is the same as a URL. Raises Malformed for a URL
    of another kind and StoreFailure where there is none.
    """
    named = given or environ.get("ROADLOG_STORE")
    if named:
        scheme, colon, rest = named.partition(":")
        if colon and len(scheme) > 1 and scheme != "sqlite":
            raise Malformed("store", f"{named!r}: stores are folders with an SQLite file; give a path or sqlite:PATH.")
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
    """The store's own settings (`actor`, `zone`); empty where there is no file. Raises Malformed where it is not TOML."""
    try:
        text = (folder / CONFIG).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreFailure("config", f"{folder / CONFIG} cannot be read: {error.strerror}.") from error
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("config", f"{folder / CONFIG}: {error}.") from error


def os_user() -> str:
    """The account of the operating system, or `unknown`."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def codec() -> "Codec":
    """The codec over the closed catalogue of events."""
    from roadlog.domain.events import CATALOGUE, SCHEMA
    from roadlog.domain.records import Body
    from roadlog.event_store.codec import Codec

    return Codec({name: (SCHEMA, Body[kind]) for name, kind in CATALOGUE.items()})  # type: ignore[valid-type]


def make_record(stored: "StoredRecord", body: "Body[Any]") -> "Record":
    """A domain record from the store's columns and the decoded body."""
    from roadlog.domain.moments import instant
    from roadlog.domain.records import Record

    return Record(
        position=stored.position,
        stream=stored.stream,
        version=stored.version,
        recorded_at=instant(stored.recorded_at),
        leaf=stored.leaf,
        body=body,
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
        raise Conflict(
            "command-reused",
            f"The command id {error.command_id!r} was used before with other content.",
            try_=("give another --command-id",),
        ) from error
    except errors.Unreadable as error:
        raise Damaged("unreadable", f"{error}.", try_=("roadlog verify",)) from error
    except errors.Unstorable as error:
        raise Malformed("unstorable", f"{error}.") from error
    except errors.StoreMissing as error:
        raise StoreFailure("no-store", f"{error}.", try_=("roadlog init",)) from error
    except errors.EventStoreError as error:
        raise StoreFailure("store", f"{error}.") from error

