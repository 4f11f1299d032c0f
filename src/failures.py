"""The store's failures in roadlog's words: each with its exit code and the command that helps."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from roadlog.domain.moments import instant
from roadlog.domain.refusals import Conflict, Damaged, Malformed, StoreFailure
from roadlog.event_store import errors
from roadlog.store import no_store


def missing(position: int) -> Damaged:
    """What is said of a position that the log does not hold, though it is longer."""
    return Damaged("missing", f"The record at position {position} is missing.", try_=("roadlog verify",))


def astray(position: int) -> Damaged:
    """What is said where the times on the way to a position are not in order, as they are in every log."""
    message = f"The times around position {position} are not in order: one of the log's times is damaged."
    return Damaged("unreadable", message, try_=("roadlog verify",))


def shorter(position: int, head: int) -> Damaged:
    """What is said of a log that ends before a position that it held."""
    message = (
        f"The log held {position} records and ends at position {head} now: it is another one, or cut off."
    )
    return Damaged("missing", message, try_=("roadlog verify",))


def beyond(position: int, head: int) -> Malformed:
    """What is said to whoever asks for what comes after a position that the log does not reach."""
    return Malformed("position", f"after {position} is beyond the log, which holds {head} records.")


def recorded_time(text: str, position: int) -> datetime:
    """When a record was stored. Raises Damaged for a text that is no time."""
    try:
        return instant(text)
    except ValueError as error:
        message = f"Record {position} cannot be read: {error}."
        raise Damaged("unreadable", message, try_=("roadlog verify",)) from error


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
    try:
        yield
    except errors.VersionConflict as error:
        raise Conflict(
            "conflict",
            f"Somebody recorded first: {error.stream} is at version {error.found}, not {error.expected}.",
            try_=("roadlog log " + error.stream,),
        ) from error
    except (errors.WrittenMeanwhile, errors.OutOfTime) as error:
        raise Conflict("conflict", f"Nothing was recorded: {error}. Type it again.") from error
    except errors.CommandReused as error:
        raise command_reused(error.command_id) from error
    except errors.Unreadable as error:
        raise Damaged("unreadable", f"{error}.", try_=("roadlog verify",)) from error
    except errors.Unstorable as error:
        raise Malformed("unstorable", f"{error}.") from error
    except errors.StoreMissing as error:
        raise no_store(os.path.dirname(error.path)) from error
    except errors.NotAStore as error:
        raise StoreFailure(
            "store",
            f"{error}. Put a copy of the store back in its place, or begin another elsewhere.",
            try_=("roadlog --store OTHER-PATH init",),
        ) from error
    except errors.NewerSchema as error:
        raise StoreFailure("store", f"{error}.", try_=("roadlog --version",)) from error
    except (errors.StoreReadOnly, errors.StoreLocked, errors.StoreUnwritable) as error:
        raise StoreFailure("store", f"{error}.") from error  # no command of ours helps: it says what does
    except errors.EventStoreError as error:
        raise StoreFailure("store", f"{error}.", try_=("roadlog verify",)) from error
