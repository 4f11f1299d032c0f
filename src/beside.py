"""Processes beside this one, which do part of its work on other cores and send what comes of it."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from struct import Struct
from types import TracebackType
from typing import Any, Self

import msgspec

MOST = 4
"""Processes, at most, whatever the machine has."""

ROOM = 1 << 20
"""Bytes that wait to be received, at most: what Linux gives an account that is not root."""

Send = Callable[[Any], None]
"""Sends one message: anything that msgpack can hold."""

_LENGTH = Struct("!I")
_encode, _decode = msgspec.msgpack.encode, msgspec.msgpack.decode


class Cut(Exception):
    """The other process ended without saying what was to come, whatever the reason."""


def processes() -> int:
    """How many processes can work side by side: 1 where a fork may break something, as other threads' locks.

    On macOS the system's own libraries may not be used after a fork.
    """
    if sys.platform != "linux":
        return 1
    import threading

    return min(len(os.sched_getaffinity(0)), MOST) if threading.active_count() == 1 else 1


class Beside:
    """Runs `work` in a forked process as long as the `with` lasts; it must open what it reads itself.

    It is killed at the end of the `with`, wherever it stands, and ends by itself once nobody listens.
    """

    def __init__(self, work: Callable[[Send], None]) -> None:
        self._work = work

    def __enter__(self) -> Self:
        ours, theirs = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(ours)
            _do(self._work, theirs)
        os.close(theirs)
        from fcntl import F_SETPIPE_SZ, fcntl  # Linux has it, and only there is anything forked

        with suppress(OSError):  # an account may have used up what it may have of such room
            fcntl(ours, F_SETPIPE_SZ, ROOM)
        self._pipe = ours
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from signal import SIGKILL

        os.close(self._pipe)
        with suppress(ProcessLookupError):
            os.kill(self._process, SIGKILL)
        os.waitpid(self._process, 0)

    def has_sent(self) -> bool:
        """Whether there is something to receive. Who sends waits once its room is full, so ask often."""
        from select import select

        return bool(select([self._pipe], [], [], 0)[0])

    def receive(self) -> Any:
        """The next message. Raises `Cut`."""
        (size,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return _decode(self._read(size))

    def _read(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            some = os.read(self._pipe, size - len(found))
            if not some:
                raise Cut
            found += some
        return bytes(found)


def _do(work: Callable[[Send], None], pipe: int) -> None:
    """The forked process, to its end: nothing of the process that it was copied from goes on in it."""
    gc.freeze()  # what was there before is no garbage of ours
    try:
        with os.fdopen(pipe, "wb") as messages:

            def send(message: Any) -> None:
                encoded = _encode(message)
                messages.write(_LENGTH.pack(len(encoded)))
                messages.write(encoded)
                messages.flush()

            work(send)
    finally:
        os._exit(0)  # whatever was raised: who listens misses what was to come
