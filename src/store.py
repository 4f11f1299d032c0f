"""Where the store is: its folder, its settings, and how one is made."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from roadlog.domain.refusals import Malformed, Refused, StoreFailure
from roadlog.machine import random_hex

FOLDER = ".roadlog"
EVENTS = "events.db"
PROJECTIONS = "projections.db"
CONFIG = "config.toml"
CONFIG_TEXT = """\
# Settings of this store. Uncomment to change.
# actor = "dana"            # who acts when neither --as nor ROADLOG_ACTOR says
# zone = "Europe/Berlin"    # the time zone in which a bare date begins; UTC unless set
"""


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
    """The store's own settings (`actor`, `zone`); empty without a file. Raises Malformed for no TOML."""
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
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("config", f"{folder / CONFIG}: {error}.") from error


@contextmanager
def new_folder(folder: Path, *, keep: bool = True) -> Iterator[Path]:
    """A folder beside the one to come, which takes its name at the end: whole, or not at all.

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
        yield made
        if keep:
            with _made(folder):
                made.rename(folder)
            kept = True
    finally:
        if not kept:
            shutil.rmtree(made, ignore_errors=True)
            for each in missing:
                with suppress(OSError):
                    each.rmdir()


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


def no_store(folder: Path) -> StoreFailure:
    """What is said where somebody looks for a store and none was made."""
    from roadlog.domain.wording import quoted

    path = quoted(str(folder))
    return StoreFailure("no-store", f"There is no store at {folder}.", try_=(f"roadlog --store {path} init",))
