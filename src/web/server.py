"""The server: on which address it listens, as whom browsers know it, and for how long."""

import asyncio
import os
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
        own = [] if ip_address(self.address).is_unspecified else [_bracketed(self.address)]
        names = [*own, *(["localhost"] if self.is_local else []), *self.names]
        bare = port == (443 if self.certificate else 80)
        return [f"{name.lower()}:{port}" for name in names] + (
            [each.lower() for each in names] if bare else []
        )


def check(listening: Listening) -> None:
    """Raises Malformed for an address or files that do not fit, Refused for one that is open to others."""
    try:
        address = ip_address(listening.address)
    except ValueError as error:
        raise Malformed("address", f"{listening.address!r} is no IP address.", missing=("--host",)) from error
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
    folder: str | os.PathLike[str], listening: Listening, *, zone: tzinfo, ready: Callable[[str], None]
) -> None:
    """Serves a store's site until it is interrupted; `ready` is told its address.

    Raises Malformed and Refused as `check` does, OutsideFailure where the port cannot be had.
    """
    check(listening)
    with listener_of(listening) as listener, suppress(KeyboardInterrupt):  # which is how it is meant to end
        port = listener.getsockname()[1]
        hosts = listening.hosts(port)
        config = uvicorn.Config(
            application(
                folder, hosts=hosts, scheme=listening.scheme, zone=zone, open_reading=listening.is_local
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
        told = partial(ready, f"{listening.scheme}://{hosts[0]}/")
        _Server(config, told, partial(watched, folder)).run(sockets=[listener])


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
    """A socket that listens there. Raises OutsideFailure where it cannot."""
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


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
