"""The receiver's side as the document shows it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from roadlog.web.posting import FILE, VARIABLE, secret, signature

DOCUMENT = Path(__file__).parents[2] / "docs" / "how-to" / "serve-the-page.md"
BODY = b'{"delivery":"a"}'
SENT = 1_700_000_000
KNOWN = "of at least sixteen characters"


@pytest.fixture
def delivery() -> Callable[..., Any]:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102 (ours)
    found: Callable[..., Any] = known["delivery"]
    return found


@freeze_time("2023-11-14T22:13:20Z")
def test_a_receiver_knows_what_is_ours(delivery: Callable[..., Any]) -> None:
    headers = {"Roadlog-Signature": signature(KNOWN, BODY, SENT - 200)}
    assert delivery(headers, BODY, KNOWN) == {"delivery": "a"}


@freeze_time("2023-11-14T22:13:20Z")
@pytest.mark.parametrize(
    ("secret", "body", "sent", "why"),
    [
        ("another secret of theirs", BODY, SENT, "not signed"),
        (KNOWN, BODY + b" ", SENT, "not signed"),
        (KNOWN, BODY, SENT - 301, "long ago"),
        (KNOWN, BODY, SENT + 301, "long ago"),
    ],
)
def test_a_receiver_knows_what_is_not(
    delivery: Callable[..., Any], secret: str, body: bytes, sent: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        delivery({"Roadlog-Signature": signature(secret, BODY, sent)}, body, KNOWN)


def _headers(folder: Path, environ: dict[str, str]) -> dict[str, str]:
    return {"Roadlog-Signature": signature(secret(folder, environ).text, BODY, SENT)}


@freeze_time("2023-11-14T22:13:20Z")
def test_a_receiver_reads_the_secret_as_the_store_keeps_it(
    delivery: Callable[..., Any], tmp_path: Path
) -> None:
    headers = _headers(tmp_path, {})
    kept = (tmp_path / FILE).read_text(encoding="utf-8")
    assert len(kept) == len(kept.strip()) == 64
    assert delivery(headers, BODY, kept) == {"delivery": "a"}


@freeze_time("2023-11-14T22:13:20Z")
@pytest.mark.parametrize("given", [KNOWN, f"{KNOWN}\n", f" {KNOWN}\r\n"])
def test_what_stands_around_a_secret_is_none_of_it(
    delivery: Callable[..., Any], tmp_path: Path, given: str
) -> None:
    (tmp_path / FILE).write_bytes(given.encode())
    for headers in (_headers(tmp_path, {}), _headers(tmp_path, {VARIABLE: given})):
        for theirs in (given, KNOWN):
            assert delivery(headers, BODY, theirs) == {"delivery": "a"}
