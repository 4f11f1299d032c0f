"""SSH signatures: those of OpenSSH hold, and none of another text, key or purpose does."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roadlog.domain.ssh_keys import ED25519, SK_ED25519, PublicKey, read
from roadlog.trust.sshsig import BEGIN, END, LARGEST, BadSignature, Sshsig
from tests.conftest import Times
from tests.faults.counts import CHANGED
from tests.trust.sshsig_made import signed, signed_in_hardware

VECTORS = Path(__file__).with_name("vectors")
TEXT = (VECTORS / "signed-data").read_bytes()
FOR = (VECTORS / "namespace").read_text(encoding="utf-8")
IN_A_FILE, IN_HARDWARE = "ed25519", "ed25519_sk"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def vector(name: str) -> str:
    return (VECTORS / f"{name}.sig").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [IN_A_FILE, IN_HARDWARE])
def test_the_signatures_of_openssh_hold(name: str) -> None:
    found = Sshsig.read(vector(name))
    found.check(TEXT, FOR)
    assert found.key == read((VECTORS / f"{name}.pub").read_text(encoding="utf-8"))
    assert found.write() == vector(name)


@pytest.mark.parametrize("name", [IN_A_FILE, IN_HARDWARE])
def test_over_another_text_or_for_something_else_they_do_not(name: str) -> None:
    found = Sshsig.read(vector(name))
    with pytest.raises(BadSignature, match="not over this text"):
        found.check(TEXT + b"\n", FOR)
    with pytest.raises(BadSignature, match="made for 'unittest', not for 'approval@x'"):
        found.check(TEXT, "approval@x")


def test_by_another_key_they_do_not() -> None:
    found = Sshsig.read(vector(IN_A_FILE))
    with pytest.raises(BadSignature, match="not by this key"):
        found._replace(key=Sshsig.read(signed(KEY, TEXT, FOR)).key).check(TEXT, FOR)


@pytest.mark.parametrize("name", ["sha256", "sha512"])
def test_both_hashes_hold_and_no_other_is_read(name: str) -> None:
    Sshsig.read(signed(KEY, TEXT, FOR, hash_=name)).check(TEXT, FOR)
    with pytest.raises(BadSignature, match="neither sha256 nor sha512"):
        Sshsig.read(signed(KEY, TEXT, FOR, hash_="sha1"))


# Hardware


def test_a_device_that_nobody_touched_signs_nothing() -> None:
    Sshsig.read(signed_in_hardware(KEY, TEXT, FOR, flags=0x01)).check(TEXT, FOR)
    Sshsig.read(signed_in_hardware(KEY, TEXT, FOR, flags=0x05)).check(TEXT, FOR)
    with pytest.raises(BadSignature, match="nobody touched"):
        Sshsig.read(signed_in_hardware(KEY, TEXT, FOR, flags=0x04)).check(TEXT, FOR)


def test_flags_counter_and_application_are_signed() -> None:
    found = Sshsig.read(vector(IN_HARDWARE))
    other = PublicKey(kind=SK_ED25519, point=found.key.point, application=b"ssh:other")
    for changed in (
        found._replace(device=b"\x05" + found.device[1:]),
        found._replace(device=found.device[:-1] + b"\0"),
        found._replace(key=other),
    ):
        with pytest.raises(BadSignature, match="not over this text"):
            changed.check(TEXT, FOR)


def test_a_key_of_a_file_does_not_pass_for_one_in_hardware() -> None:
    found = Sshsig.read(vector(IN_HARDWARE))
    file = PublicKey(kind=ED25519, point=found.key.point)
    with pytest.raises(BadSignature):
        Sshsig.read(found._replace(key=file).write())


# What is no signature


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begin and end"),
        (vector(IN_A_FILE).replace("SSH", "PGP"), "begin and end"),
        (f"{BEGIN}{END}", "no SSH signature of version 1"),
        (vector(IN_A_FILE).rstrip("\n"), "begin and end"),
        (f"{vector(IN_A_FILE)}\n", "begin and end"),
        (f" {vector(IN_A_FILE)}", "begin and end"),
        (vector(IN_A_FILE).replace("\n", "\r\n"), "begin and end"),
        (f"{BEGIN}!!!!\n{END}", "no base64"),
        (f"{BEGIN}AAAA\n{END}", "no SSH signature of version 1"),
        (vector(IN_A_FILE).replace("AAAAAQ", "AAAAAg", 1), "no SSH signature of version 1"),
        (vector(IN_A_FILE).replace("\n", "\n\n", 2), "not written as ssh-keygen"),
        ("x" * (LARGEST + 1), "longer than"),
    ],
)
def test_what_is_no_signature_is_told(text: str, why: str) -> None:
    with pytest.raises(BadSignature, match=why):
        Sshsig.read(text)


def wrapped(blob: bytes) -> str:
    coded = b64encode(blob).decode()
    return BEGIN + "".join(f"{coded[at : at + 70]}\n" for at in range(0, len(coded), 70)) + END


def blob(name: str = IN_A_FILE) -> bytes:
    return b64decode("".join(vector(name).splitlines()[1:-1]))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (blob() + b"\0", "more than a signature"),
        (blob()[:-1], "too early"),
        (
            blob().replace(b"\0\0\0\0\0\0\0\x06sha512", b"\0\0\0\x01x\0\0\0\x06sha512"),
            "more than a signature",
        ),
        (blob().replace(b"ssh-ed25519", b"ssh-ed25510", 1), "none of ssh-ed25519"),
        (blob()[:-83] + blob()[-83:].replace(b"ssh-ed25519", b"ssh-ed25510"), "no signature of the kind"),
        (blob().replace(b"unittest", b"unit\xfftst"), "no UTF-8"),
        (blob(IN_HARDWARE)[:-5], "too early"),
    ],
)
def test_bytes_that_are_no_signature_are_told(changed: bytes, why: str) -> None:
    with pytest.raises(BadSignature, match=why):
        Sshsig.read(wrapped(changed))


@pytest.mark.parametrize("device", [b"", b"\x01\0\0\0", b"\x01\0\0\0\x01\x01"])
def test_what_a_device_adds_is_five_bytes(device: bytes) -> None:
    found = Sshsig.read(vector(IN_HARDWARE))._replace(device=device)
    with pytest.raises(BadSignature, match="what a device adds"):
        Sshsig.read(found.write())


# Any bytes

GOOD = {
    "a file's": signed(KEY, TEXT, FOR, hash_="sha256"),
    "OpenSSH's": vector(IN_A_FILE),
    "a device's": vector(IN_HARDWARE),
}


def accepted(text: str) -> bool:
    """Whether it holds; BadSignature is the only way in which it may not."""
    with suppress(BadSignature):
        Sshsig.read(text).check(TEXT, FOR)
        return True
    return False


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A good signature, and what somebody made of it: as bytes below the base64, or as text."""
    good = draw(st.sampled_from(list(GOOD.values())))
    whole = good.encode() if draw(st.booleans()) else b64decode("".join(good.splitlines()[1:-1]))
    at = draw(st.integers(0, len(whole) - 1))
    much = draw(st.integers(0, 8))
    put = draw(st.binary(max_size=8))
    changed = whole[:at] + put + whole[at + much :]
    if good.encode() == whole:
        return good, changed.decode("latin-1")
    return good, wrapped(changed)


def fuzzing(cases: int) -> settings:
    return settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.fuzz
def test_no_changed_signature_holds_and_none_crashes(times: Times) -> None:
    @fuzzing(times(CHANGED))
    @given(mutated())
    def tried(pair: tuple[str, str]) -> None:
        good, changed = pair
        assert accepted(changed) is (changed == good)

    tried()


@pytest.mark.fuzz
def test_no_other_text_holds_and_none_crashes(times: Times) -> None:
    @fuzzing(times(CHANGED))
    @given(
        st.text()
        | st.binary(max_size=400).map(wrapped)
        | st.binary(max_size=400).map(lambda each: wrapped(b"SSHSIG\0\0\0\x01" + each))
    )
    def tried(text: str) -> None:
        assert not accepted(text)

    tried()


@pytest.mark.fuzz
def test_no_other_key_is_read_from_a_line_that_was_changed(times: Times) -> None:
    @fuzzing(times(CHANGED))
    @given(
        st.sampled_from([IN_A_FILE, IN_HARDWARE]), st.integers(0, 200), st.integers(0, 8), st.text(max_size=8)
    )
    def tried(name: str, at: int, much: int, put: str) -> None:
        line = (VECTORS / f"{name}.pub").read_text(encoding="utf-8")
        with suppress(ValueError):
            key = read(line[:at] + put + line[at + much :])
            assert key.text.encode() in (line[:at] + put + line[at + much :]).encode()

    tried()


def test_a_reader_that_checks_nothing_is_found() -> None:
    """The control: without the check over the text, a changed one holds."""
    found = Sshsig.read(vector(IN_A_FILE))
    broken = found._replace(signature=bytes(64))
    assert Sshsig.read(broken.write()) == broken
    assert not accepted(broken.write())
    assert hashlib.sha512(TEXT).digest() != hashlib.sha512(TEXT + b"\n").digest()
