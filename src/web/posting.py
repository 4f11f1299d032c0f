"""One delivery to a webhook: the request, its signature, and the secret that it is signed with.

The signature is of the form that Stripe made well known, `t=SECONDS,v1=HEX`: HMAC-SHA256 over the time, a
full stop and the body. https://docs.stripe.com/webhooks#verify-manually
"""

import hmac
import os
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import roadlog
from roadlog import machine
from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.store import Place
from roadlog.trust import whole_files

FILE = "webhook.secret"
VARIABLE = "ROADLOG_WEBHOOK_SECRET"
SHORTEST = 16
"""Characters of a secret, at least."""
PATIENCE = 10.0
"""Seconds for which a receiver may be silent."""


class Delivery(NamedTuple):
    """What is posted: the same bytes under the same id, however often."""

    id: str
    body: bytes


class Secret(NamedTuple):
    """What deliveries are signed with, and where it stands for whoever needs to see it."""

    text: str
    place: str


def secret(folder: Place, environ: Mapping[str, str]) -> Secret:
    """The secret of the environment, else the store's own, made where there is none. Raises RoadlogError."""
    given = environ.get(VARIABLE)
    if given is None:
        path = os.path.join(folder, FILE)
        return Secret(_kept(path), path)
    given = given.strip()
    if len(given) < SHORTEST:
        message = (
            f"The secret in {VARIABLE} has fewer than {SHORTEST} characters, which can be guessed. Make one: "
            f"export {VARIABLE}=$(openssl rand -hex 32)"
        )
        raise Malformed("secret", message)
    return Secret(given, VARIABLE)


def _kept(path: str) -> str:
    try:
        with suppress(FileExistsError):
            whole_files.write(path, machine.random_hex(32).encode(), 0o600)
        with open(path, encoding="utf-8") as file:
            text = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreFailure("secret", f"The secret in {path} cannot be used: {error}.") from error
    if len(text) < SHORTEST:
        message = (
            f"The secret in {path} has fewer than {SHORTEST} characters. Remove the file to have another."
        )
        raise StoreFailure("secret", message)
    return text


def receiver(url: str) -> SplitResult:
    """Where a webhook is. Raises Malformed for what is no address of http or https, or holds a password."""
    parts = _parts(url)
    if parts is None:
        raise Malformed(
            "webhook", f"{url!r} is no address of a webhook, such as https://example.com/roadlog."
        )
    if parts.username is not None or parts.password is not None:
        message = "The address of a webhook holds no name and no password: deliveries are signed instead."
        raise Malformed("webhook", message)
    return parts


def _parts(url: str) -> SplitResult | None:
    """None for what no request can be sent to."""
    with suppress(ValueError):
        parts = urlsplit(url)
        is_plain = url.isascii() and url.isprintable() and " " not in url and "#" not in url
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and is_plain:
            parts.hostname.encode("idna")  # as it is looked up by: with labels that are too long it cannot be
            return parts
    return None


def signature(secret_text: str, body: bytes, seconds: int) -> str:
    """The value of `Roadlog-Signature` for a body that is posted at a time, in seconds since 1970."""
    signed = b"%d." % seconds + body
    return f"t={seconds},v1={hmac.new(secret_text.encode(), signed, 'sha256').hexdigest()}"


def post(to: SplitResult, delivery: Delivery, secret_text: str) -> str | None:
    """Posts it once. Gives why it was not taken, None where it was: only an answer 2xx says so.

    Redirects are not followed; a certificate must be of a name and an issuer that this machine trusts.
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"roadlog/{roadlog.__version__}",
        "Roadlog-Delivery": delivery.id,
        "Roadlog-Signature": signature(secret_text, delivery.body, int(machine.clock().timestamp())),
    }
    path = (to.path or "/") + (f"?{to.query}" if to.query else "")
    connection = _connection(to)
    try:
        connection.request("POST", path, delivery.body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return None if 200 <= status < 300 else f"it answers {status}"


def _connection(to: SplitResult) -> HTTPConnection:
    host = to.hostname or ""
    if to.scheme == "http":
        return HTTPConnection(host, to.port, timeout=PATIENCE)
    from ssl import create_default_context

    return HTTPSConnection(host, to.port, timeout=PATIENCE, context=create_default_context())
