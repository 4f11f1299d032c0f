"""Connections to the server: how many there are at one time, and how long one may hold up what it asks."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from socket import socket
from ssl import SSLContext

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0
"""Seconds in which a connection has to be secured, and then a request to arrive, up to its body."""
MOST = 512
"""Connections at one time, of which 200 may listen; fewer where this process may open fewer files."""
PAUSE = 1.0
"""Seconds before the next is taken on where the system has no more."""


def most() -> int:
    """How many connections may be open at one time: half of the files leaves enough for reading the log."""
    files = os.sysconf("SC_OPEN_MAX")
    return MOST if files < 0 else min(MOST, files // 2)


class Connection(H11Protocol):
    """One connection, which is ended where a request begins and does not arrive.

    since: when it began to wait for a request
    """

    since: float

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()

    def is_waiting(self) -> bool:
        """Whether nothing is being answered."""
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def end(self) -> None:
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self) -> None:
        self.since = self.loop.time()
        self.loop.call_later(PATIENCE, self._end_late, self.since)

    def _end_late(self, since: float) -> None:
        """Ends it where it waits since then, and not for a next request, nor for its answer to be taken."""
        is_next = self.timeout_keep_alive_task is not None or self.transport.is_closing()
        if since == self.since and self.is_waiting() and not is_next:
            self.end()


class Entrance:
    """Where connections are taken on, one after the other, each with room for itself.

    make: a connection's protocol; tls: by which it is secured first; connections: those that are
    """

    def __init__(
        self, make: Callable[[], Connection], tls: SSLContext | None, connections: set[Connection]
    ) -> None:
        self._make = make
        self._tls = tls
        self._connections = connections
        self._begun: dict[asyncio.Task[None], float] = {}

    async def watched(self, listener: socket) -> None:
        """Takes on who comes, until it is cancelled."""
        listener.setblocking(False)
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listener)
            except OSError as error:
                logging.getLogger("uvicorn.error").warning("No connection is taken on: %s", error.strerror)
                await asyncio.sleep(PAUSE)
                continue
            self._make_room()
            task = loop.create_task(self._begin(accepted))
            self._begun[task] = loop.time()
            task.add_done_callback(self._forget)
            await asyncio.sleep(0)  # who comes in numbers keeps nobody else waiting

    async def _begin(self, accepted: socket) -> None:
        with suppress(OSError):  # it is not secured: who came may come again
            await asyncio.get_running_loop().connect_accepted_socket(
                self._make, accepted, ssl=self._tls, ssl_handshake_timeout=PATIENCE if self._tls else None
            )

    def _make_room(self) -> None:
        """Ends what waits longest, where they are many. Who is being answered stays."""
        if len(self._connections) + len(self._begun) < most():
            return
        waiting: list[tuple[float, Callable[[], object]]] = [
            *((since, partial(self._stop, task)) for task, since in self._begun.items()),
            *((each.since, each.end) for each in self._connections if each.is_waiting()),
        ]
        if waiting:
            _, end = min(waiting, key=lambda each: each[0])
            end()

    def _stop(self, task: asyncio.Task[None]) -> None:
        self._forget(task)
        task.cancel()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._begun.pop(task, None)
