"""Files of keys: a line each, and private ones read by their owner alone."""

import os
from contextlib import suppress

from roadlog.domain.refusals import Malformed, OutsideFailure, StoreFailure
from roadlog.domain.wording import quoted
from roadlog.trust import whole_files
from roadlog.trust.note import PRIVATE_LINE

LONGEST = 1000
"""Characters of a file, at most."""
OTHERS = 0o077
"""The modes by which others than its owner get at a file."""
PRIVATE, FOR_ALL = 0o600, 0o644


def read(path: str) -> str:
    """What a public key's file says. Raises StoreFailure."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read(LONGEST)
    except OSError as error:
        raise unusable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise unusable(f"{path} holds no key") from error


def read_private(path: str) -> str:
    """What a private key's file says. Raises StoreFailure, also where others than its owner may read it."""
    with suppress(OSError):  # which reading it names
        if os.name == "posix" and os.stat(path).st_mode & OTHERS:
            raise unusable(f"others than its owner may read {path}", f"chmod 600 {quoted(path)}")
    return read(path)


def write(path: str, line: str, mode: int) -> None:
    """Puts a key's file there. Raises FileExistsError where there is one; StoreFailure."""
    try:
        whole_files.write(path, f"{line}\n".encode(), mode)
    except FileExistsError:
        raise
    except OSError as error:
        raise unusable(f"{path} cannot be written: {error.strerror}") from error


def replace(path: str, line: str, mode: int) -> None:
    """Puts a key's file there, whatever was there. Raises StoreFailure."""
    try:
        whole_files.replace(path, f"{line}\n".encode(), mode)
    except OSError as error:
        raise unusable(f"{path} cannot be written: {error.strerror}") from error


def move(path: str, to: str) -> None:
    """Puts a key's file in the place of another. Raises FileNotFoundError without one; StoreFailure."""
    try:
        whole_files.move(path, to)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unusable(f"{to} cannot be written: {error.strerror}") from error


def unusable(why: str, *try_: str) -> StoreFailure:
    """What is said of a key that cannot be used."""
    return OutsideFailure("key", f"The key cannot be used: {why}.", try_=try_)


def line_of(given: str) -> str:
    """A public key's line, given as such or as the file that holds it. Raises Malformed."""
    if "+" in given and not os.path.exists(given):
        return given
    try:
        return read(given)
    except StoreFailure as error:
        raise Malformed("key-file", error.message) from error


def named(given: str) -> str:
    """How a message names what was given for a public key: a private one is not shown."""
    return "That" if given.startswith(PRIVATE_LINE) else repr(given)
