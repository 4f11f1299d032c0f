"""Public keys as OpenSSH writes them: read, named, and nothing that is none taken for one."""

from base64 import b64encode
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.domain.ssh_keys import LINE, BadKey, PublicKey, fingerprint, read

VECTORS = Path(__file__).parents[1] / "trust" / "vectors"
IN_A_FILE = (VECTORS / "ed25519.pub").read_text(encoding="utf-8")
IN_HARDWARE = (VECTORS / "ed25519_sk.pub").read_text(encoding="utf-8")
KIND, CODED, COMMENT = IN_A_FILE.strip().split(" ", 2)


def test_a_key_is_known_by_kind_and_bytes_and_not_by_its_comment() -> None:
    key = read(IN_A_FILE)
    assert key.text == f"{KIND} {CODED}"
    assert read(key.text) == read(f"  {key.text} another comment\n") == key
    assert not key.hardware


def test_a_fingerprint_is_the_one_that_ssh_keygen_says() -> None:
    assert read(IN_A_FILE).fingerprint == "SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM"
    assert read(IN_HARDWARE).fingerprint == "SHA256:pbI9wlyrFSsUbp+GTiIAOqNMvoajbF2tHsPMECyrMYU"


def test_a_key_in_hardware_says_what_it_was_made_for() -> None:
    key = read(IN_HARDWARE)
    assert (key.hardware, key.application) == (True, b"ssh:")
    assert read(key.text) == key


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "none of ssh-ed25519"),
        (f"ssh-rsa {CODED}", "none of ssh-ed25519"),
        (f'command="x" {KIND} {CODED}', "none of ssh-ed25519"),
        (f"{KIND}", "ends too early"),
        (f"{KIND} {CODED[:-1]}", "no base64"),
        (IN_HARDWARE.replace("Do=", "Dp="), "not written as base64"),
        (f"{KIND} {CODED[:-4]}", "ends too early"),
        (f"{KIND} {CODED}AAAA", "no key of the kind"),
        (f"{IN_A_FILE}{IN_A_FILE}", "one line"),
        (f"{IN_A_FILE.strip()} {'x' * LINE}", "one line"),
        (IN_A_FILE.replace(KIND, "sk-ssh-ed25519@openssh.com", 1), "one kind, and is of another"),
        (f"{KIND} {b64encode(PublicKey(kind=KIND, point=b'short').blob).decode()}", "no key of the kind"),
    ],
)
def test_what_is_no_key_is_told(line: str, why: str) -> None:
    with pytest.raises(BadKey, match=why):
        read(line)
    assert fingerprint(line) == "no key"


@given(st.text() | st.binary().map(lambda each: f"{KIND} {b64encode(each).decode()}"))
def test_nothing_else_is_a_key(line: str) -> None:
    with suppress(BadKey):
        key = read(line)
        assert line.split()[:2] == key.text.split()
