"""One request over HTTP to somebody who may be hostile: what it takes and brings has limits."""

from collections.abc import Mapping
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

LARGEST = 256 * 1024
"""Bytes of an answer, at most."""
IDLE = 10.0
"""Seconds until somebody who says nothing is given up."""
LONGEST = 30.0
"""Seconds for all of it, however busily the other talks."""


class NoAnswer(Exception):
    """Nobody answered, or not in a way that can be used."""


class Answer(NamedTuple):
    """What came back. `kind` is its content type, without parameters."""

    status: int
    kind: str
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, longest: float = LONGEST) -> Answer:
    """Posts over http or https. An answer that points elsewhere is not followed. Raises NoAnswer."""
    found: list[Answer | NoAnswer] = []

    def ask() -> None:
        try:
            found.append(_post(checked(url), body, headers))
        except NoAnswer as error:
            found.append(error)

    asking = Thread(target=ask, daemon=True)  # a timeout of a socket begins anew with each byte
    asking.start()
    asking.join(longest)
    answer = found[0] if found else NoAnswer(f"{url} took longer than {longest:g} seconds")
    if isinstance(answer, NoAnswer):
        raise answer
    return answer


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    from http.client import HTTPException
    from urllib import request

    opener = request.OpenerDirector()  # with neither files, ftp nor redirects, which the usual one has
    for handler in (request.ProxyHandler(), request.HTTPHandler(), request.HTTPSHandler()):
        opener.add_handler(handler)
    asked = request.Request(url, body, {"User-Agent": "roadlog", **headers}, method="POST")  # noqa: S310
    try:
        with opener.open(asked, timeout=IDLE) as answer:
            content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise NoAnswer(f"{url} answered with more than {LARGEST:,} bytes")
            return Answer(answer.status, answer.headers.get_content_type(), content)
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswer(f"{url} did not answer: {getattr(error, 'reason', None) or error}") from error


def checked(url: str) -> str:
    """An address that can be asked. Raises NoAnswer for another."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(each <= " " or each == "\x7f" for each in url) or not url.isascii():
        raise NoAnswer(f"{url!r} is no address of http or https, which begins with http:// or https://")
    return url
