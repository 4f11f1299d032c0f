"""How a folder is made: whole, or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roadlog.domain.refusals import Refused, StoreFailure
from roadlog.machine import random_hex
from roadlog.trust.whole_files import sync


@contextmanager
def whole_folder(folder: Path, taken: Refused, *, keep: bool = True) -> Iterator[Path]:
    """A folder beside the one to come, which takes its name at the end: whole, or not at all, and for good.

    Without `keep`, and after a failure, nothing stays. Raises `taken` where something is already, and
    StoreFailure where no folder can be made, or nothing put into it.
    """
    missing = [each for each in folder.absolute().parents if not each.exists()]
    made = folder.with_name(f"{folder.name}.{random_hex(4)}")
    kept = False
    try:
        with _made(folder, taken):
            made.mkdir(parents=True)
            yield made
            if keep:
                made.rename(folder)
                kept = True
                for each in (folder, *missing):
                    sync(each.parent)
    finally:
        if not kept:
            shutil.rmtree(made, ignore_errors=True)
            for each in missing:
                with suppress(OSError):
                    each.rmdir()


@contextmanager
def _made(folder: Path, taken: Refused) -> Iterator[None]:
    """Refuses a name that is taken, and turns the system's errors into ours."""
    if os.path.lexists(folder):
        raise taken
    try:
        yield
    except OSError as error:
        if os.path.lexists(folder):
            raise taken from error
        raise StoreFailure("store", f"{folder} cannot be made: {error.strerror}.") from error
