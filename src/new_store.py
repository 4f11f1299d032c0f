"""How a store's folder is made: whole, or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roadlog.domain.refusals import Refused, StoreFailure
from roadlog.machine import random_hex
from roadlog.store import CONFIG, Place

CONFIG_TEXT = """\
# Settings of this store. Uncomment to change.
# actor = "dana"            # who acts when neither --as nor ROADLOG_ACTOR says
# zone = "Europe/Berlin"    # the time zone in which a bare date begins; UTC unless set
"""


@contextmanager
def new_folder(place: Place, *, keep: bool = True) -> Iterator[Path]:
    """A folder beside the one to come, which takes its name at the end: whole, or not at all, and for good.

    With the settings in it. Without `keep`, and after a failure, nothing stays. Raises Refused where
    something is already, and StoreFailure where no folder can be made.
    """
    folder = Path(place)
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
