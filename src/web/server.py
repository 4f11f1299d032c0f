"""The server: on which address it listens, as whom browsers know it, and for how long."""

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import tzinfo
from functools import partial
from ipaddress import ip_address
from typing import cast

import uvicorn
from msgspec import Struct

from roadlog.domain.refusals import Malformed, OutsideFailure, Refused
from roadlog.web.app import application
from roadlog.web.connections import Connection, Entrance, most
from roadlog.web.silence import watched

LOOPBACK = "127.0.0.1"
LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
LONGEST = 253
"""Characters of a host's name."""
GRACE = 2
"""Seconds that answers under way have when the server ends."""


class Listening(Struct, frozen=True, kw_only=True):
    """Where the server listens, and by which names browsers reach it.

    address: an IP address; another than the loopback needs a certificate, and nobody reads there without a
        token
    port: 0 takes one that is free
    names: host names beside the address, as the certificate has them
    certificate, key: files in PEM
    """

    address: str = LOOPBACK
    port: int = 8080
    names: tuple[str, ...] = ()
    certificate: str | None = None
    key: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return ip_address(self.address).is_loopback

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    def hosts(self, port: int) -> list[str]:
        """What may stand in the header Host; a port that is the scheme's own may be left out there."""
        names = [*self._known(), *(["localhost"] if self.is_local else [])]
        return [f"{name}:{port}" for name in names] + (names if self._is_bare(port) else [])

    def addresses(self, port: int) -> list[str]:
        """Where people find the page: by its names, then by its own address."""
        rest = "/" if self._is_bare(port) else f":{port}/"
        return [f"{self.scheme}://{name}{rest}" for name in self._known()]

    def _known(self) -> list[str]:
        own = [] if ip_address(self.address).is_unspecified else [self.address]
        return list(dict.fromkeys(map(_written, (*self.names, *own))))

    def _is_bare(self, port: int) -> bool:
        return port == (443 if self.certificate else 80)


def check(listening: Listening) -> None:
    """Raises Malformed for an address, names or files that do not fit, Refused for one open to others."""
    try:
        address = ip_address(listening.address)
    except ValueError as error:
        raise Malformed("address", f"{listening.address!r} is no IP address.", missing=("--host",)) from error
    for name in listening.names:
        if not _is_host(name):
            message = f"{name!r} is no name of a host, such as roadmap.example.com, without scheme and port."
            raise Malformed("name", message, missing=("--name",))
    if (listening.certificate is None) != (listening.key is None):
        raise Malformed("certificate", "A certificate needs its key, and a key its certificate.")
    if not listening.is_local and listening.certificate is None:
        raise Refused(
            "address",
            f"{listening.address} can be reached from other machines, and without TLS everybody on the way "
            "reads the tokens.",
            missing=("--certificate", "--key"),
            try_=("roadlog serve", "roadlog serve --host ADDRESS --certificate FILE --key FILE"),
        )
    if address.is_unspecified and not listening.names:
        message = (
            f"{listening.address} is every address of this machine: say by which names browsers reach it."
        )
        raise Malformed("address", message, missing=("--name",))
    if listening.certificate:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                listening.certificate, listening.key
            )
        except OSError as error:  # ssl.SSLError is one
            message = f"{listening.certificate} and {listening.key} are no certificate with its key: {error}."
            raise Malformed("certificate", message) from error


def serve(
    folder: str | os.PathLike[str],
    listening: Listening,
    listener: socket.socket,
    *,
    zone: tzinfo,
    ready: Callable[[list[str]], None],
) -> None:
    """Serves a store's site until it is interrupted; `ready` is told its addresses, the best first.

    listener: that of `listener_of`
    """
    with suppress(KeyboardInterrupt):  # which is how it is meant to end
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            application(
                folder,
                hosts=listening.hosts(port),
                scheme=listening.scheme,
                zone=zone,
                open_reading=listening.is_local,
            ),
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
            ws="none",
            limit_concurrency=most() + 1,
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.key,
        )
        _Server(config, partial(ready, listening.addresses(port)), partial(watched, folder)).run(
            sockets=[listener]
        )


class _Server(uvicorn.Server):
    """One that takes on connections as `Entrance` does, says when it answers, and ends the streams of pages
    before it waits for what is under way.

    beside: what goes on beside it until it ends
    """

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        beside: Callable[[], Coroutine[None, None, None]],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._beside = beside
        self._going_on: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])
        make = partial(
            Connection, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        entrance = Entrance(make, self.config.ssl, cast("set[Connection]", self.server_state.connections))
        going_on = [self._beside(), *(entrance.watched(each) for each in sockets or ())]
        self._going_on = [asyncio.create_task(each) for each in going_on]
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for each in self._going_on:
            each.cancel()
        self.config.app.state.live.end()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def listener_of(listening: Listening) -> socket.socket:
    """A socket that listens there. Raises RoadlogError as `check` does, and where the port cannot be had."""
    check(listening)
    family = socket.AF_INET if ip_address(listening.address).version == 4 else socket.AF_INET6
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((listening.address, listening.port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise OutsideFailure(
            "port",
            f"Port {listening.port} of {listening.address} cannot be listened on: {error.strerror}.",
            try_=("roadlog serve --port 0",),
        ) from error
    return made


def _is_host(name: str) -> bool:
    """Whether it is an IP address, or a name as RFC 1123 has it, which does not end in a number."""
    with suppress(ValueError):
        return bool(ip_address(name)) and "%" not in name
    return len(name) <= LONGEST and re.fullmatch(f"({LABEL}[.])*(?![0-9]+$){LABEL}", name) is not None


def _written(host: str) -> str:
    """As browsers write it into addresses."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower()
    return f"[{address}]" if address.version == 6 else str(address)
