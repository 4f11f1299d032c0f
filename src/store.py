"""Where the store is: its folder, and its settings."""

import os
from collections.abc import Mapping
from typing import Any

from roadlog.domain.refusals import Malformed, StoreFailure

FOLDER = ".roadlog"
EVENTS = "events.db"
PROJECTIONS = "projections.db"
CONFIG = "config.toml"
SETTINGS = ("actor", "zone")

Place = str | os.PathLike[str]
"""A path. They are plain text here: pathlib costs 3 ms, which every command would pay."""


def find(given: str | None, environ: Mapping[str, str], working: Place) -> str:
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
        path = (rest.removeprefix("//") if scheme == "sqlite" and colon else named).rstrip(os.sep) or os.sep
        ours = os.path.basename(path) == FOLDER or os.path.exists(os.path.join(path, EVENTS))
        return path if ours else os.path.join(path, FOLDER)
    above = os.fspath(working)
    while True:
        folder = os.path.join(above, FOLDER)
        if os.path.exists(os.path.join(folder, EVENTS)):
            return folder
        if above == os.path.dirname(above):
            break
        above = os.path.dirname(above)
    raise StoreFailure(
        "no-store",
        f"There is no {FOLDER}/ in {working} or above it.",
        try_=("roadlog init", "roadlog demo", "roadlog --store PATH board"),
    )


def origin(stream: str, leaf: str) -> str:
    """Which log this is, by its first record: `roadlog/<key>/<16 hex of leaf 1>`."""
    return f"roadlog/{stream}/{leaf[:16]}"


def config(folder: Place) -> dict[str, Any]:
    """The store's own settings (`actor`, `zone`), texts both; empty without a file. Raises Malformed."""
    path = os.path.join(folder, CONFIG)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise Malformed("config", f"{path} is not UTF-8 text (at byte {error.start + 1}).") from error
    except OSError as error:
        raise StoreFailure("config", f"{path} cannot be read: {error.strerror}.") from error
    import tomllib

    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("config", f"{path}: {error}.") from error
    for key in SETTINGS:
        if not isinstance(settings.get(key, ""), str):
            message = f"{path}: {key} is no text: put its value in quotes."
            raise Malformed("config", message, missing=(key,))
    return settings


def no_store(folder: Place) -> StoreFailure:
    """What is said where somebody looks for a store and none was made; `init` only where it can make one."""
    from roadlog.domain.wording import quoted

    path = os.fspath(folder)
    above = os.path.abspath(path)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    elsewhere = ("roadlog --store OTHER-PATH init",)
    if not os.path.isdir(above):
        why = f"There is no store at {path}: {above} is no folder, and a store is one."
        return StoreFailure("no-store", why, try_=elsewhere)
    may = os.access(above, os.W_OK) and os.stat(above).st_mode & 0o222  # root may, even in /proc
    here = may and not os.path.lexists(path)
    return StoreFailure(
        "no-store",
        f"There is no store at {path}.",
        try_=(f"roadlog --store {quoted(path)} init",) if here else elsewhere,
    )
