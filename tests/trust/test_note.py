"""Signed notes and checkpoints: as others write them, and nothing that is not one is taken for one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import LARGEST, MOST, BadNote, Note, Signature, Signer, Verifier

ORIGIN = "roadlog/SUP/0123456789abcdef"
ROOT = bytes(range(32))
MADE_AT = "2026-03-02T09:00:00.000000Z"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note, which C2SP's specification describes."""


def signer(name: str = ORIGIN, seed: int = 1) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def note(*signers: Signer, size: int = 12) -> Note:
    text = Checkpoint(ORIGIN, size, ROOT).text
    return Note(text, tuple(each.sign(text) for each in signers))


# As others write them


def test_a_note_is_what_others_make_of_it() -> None:
    peter = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(b64decode(PETERS_SEED)[1:]))
    text = PETERS_NOTE.partition("\n\n")[0] + "\n"
    assert Note(text, (peter.sign(text),)).write().decode() == PETERS_NOTE
    assert str(peter.verifier) == PETER
    read = Note.read(PETERS_NOTE.encode())
    assert read.text == text
    assert Verifier.read(PETER).signed(read) == peter.sign(text)


def test_a_checkpoint_is_three_lines() -> None:
    made = note(signer())
    assert made.text == f"{ORIGIN}\n12\n{b64encode(ROOT).decode()}\n"
    assert Checkpoint.of(Note.read(made.write())) == Checkpoint(ORIGIN, 12, ROOT)
    assert Checkpoint.of(made._replace(text=f"{made.text}more\n")) == Checkpoint(ORIGIN, 12, ROOT)


# Who signed


def test_each_key_finds_its_own_signature() -> None:
    ours, theirs, nobody = signer(), signer("witness.example", 2), signer("x", 3)
    both = Note.read(note(ours, theirs).write())
    assert [each.name for each in both.signatures] == [ORIGIN, "witness.example"]
    assert ours.verifier.signed(both) == both.signatures[0]
    assert theirs.verifier.signed(both) == both.signatures[1]
    assert nobody.verifier.signed(both) is None
    assert signer(seed=4).verifier.signed(both) is None  # the same name, another key
    assert note(ours).and_signed([theirs.sign(both.text), both.signatures[0]]) == both


def test_a_signature_over_another_text_is_refused() -> None:
    ours = signer()
    with pytest.raises(BadNote, match="not over this text"):
        ours.verifier.signed(note(ours)._replace(text=note(size=13).text))


@given(st.data())
def test_a_note_with_any_bit_flipped_says_nothing_else(data: st.DataObject) -> None:
    ours = signer()
    whole = note(ours).write()
    place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    flipped = whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :]
    try:
        signed = ours.verifier.signed(Note.read(flipped))
    except BadNote:
        return
    assert signed is None


# What is none


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\nno signature\n",
        b"text\n\n\xe2\x80\x94 name\n",
        b"text\n\n\xe2\x80\x94 name AAAA\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAAA",
        b"text\n\n\xe2\x80\x94 name AAAAAAA\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAB=\n",
        b"text\n\n\xe2\x80\x94 na+me AAAAAAAA\n",
        b"text\n\n\xe2\x80\x94 na\xc2\xa0me AAAAAAAA\n",
        b"te\rxt\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"te\x00xt\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"te\xffxt\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAAA\n" * (MOST + 1),
        b"x" * LARGEST + b"\n\n\xe2\x80\x94 name AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(BadNote):
        Note.read(content)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n12\n",
        f"\n12\n{b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n012\n{b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n-1\n{b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n١\n{b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n{'9' * 19}\n{b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n12\n{b64encode(ROOT[1:]).decode()}\n",
        f"{ORIGIN}\n12\n{ROOT.hex()}\n",
        f"{ORIGIN}\n12\n{b64encode(ROOT).decode()}\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.of(Note(text, ()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("PeterNeumann", "PeterNeuman"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER[:-4],
        PETER + "=",
        f"PeterNeumann+c74f20a3+{b64encode(b'1').decode()}",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Verifier.read(text)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_whatever_is_read_is_a_note_or_refused(content: bytes) -> None:
    for end in (b"", b"\n\n\xe2\x80\x94 name AAAAAAAA\n"):
        try:
            read = Note.read(content + end)
        except BadNote:
            continue
        assert read.write() == content + end
        assert signer().verifier.signed(read) is None
        with suppress(BadNote):
            assert Checkpoint.of(read).text == read.text
        with suppress(BadNote):
            assert str(Verifier.read(read.text)) == read.text.strip()


def test_names_are_checked_where_keys_are_made() -> None:
    for name in ("", "a+b", "a b", "a\nb"):
        with pytest.raises(BadNote):
            signer(name)
        with pytest.raises(BadNote):
            Note.read(Note("text\n", (Signature(name, b"1234", b"x" * 64),)).write())


@pytest.mark.parametrize(
    ("line", "number", "made_at"),
    [
        ("", None, None),
        ("of another kind\n", None, None),
        ("checkpoint 7 2026-03-02T09:00:00.000000Z\n", 7, "2026-03-02T09:00:00.000000Z"),
    ],
)
def test_a_checkpoint_may_say_which_it_is_and_when_it_was_made(
    line: str, number: int | None, made_at: str | None
) -> None:
    said = Checkpoint.of(Note(f"{Checkpoint(ORIGIN, 12, ROOT).text}{line}", ()))
    assert said == Checkpoint(ORIGIN, 12, ROOT, number, made_at)
    assert "checkpoint" not in line or said.text.endswith(line)


@pytest.mark.parametrize("number", ["", "07", "-1", "x", "1" * 19])
def test_a_checkpoint_with_no_number_where_one_should_be_is_none(number: str) -> None:
    with pytest.raises(BadNote, match="no leading zeros"):
        Checkpoint.of(Note(f"{Checkpoint(ORIGIN, 12, ROOT).text}checkpoint {number} {MADE_AT}\n", ()))


def test_a_private_key_is_read_as_it_is_written() -> None:
    made = signer()
    assert Signer.read(f"{made}\n").verifier == made.verifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY",
        "PRIVATE+KEY+name+00000000+AQ==",
        f"{signer()}".replace("PRIVATE", "PUBLIC"),
        f"{signer()}"[:-4],
    ],
)
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Signer.read(text)


def test_a_private_key_under_another_name_is_refused() -> None:
    with pytest.raises(BadNote, match="its id is not that of its name and key"):
        Signer.read(str(signer()).replace("SUP", "SUQ"))


@pytest.mark.parametrize(
    "made_at", ["", "now", "2026-03-02", "2026-03-02T09:00:00Z", f"2026-13{MADE_AT[7:]}"]
)
def test_a_checkpoint_of_no_time_is_none(made_at: str) -> None:
    with pytest.raises(BadNote, match="at no time"):
        Checkpoint.of(Note(f"{Checkpoint(ORIGIN, 12, ROOT).text}checkpoint 7 {made_at}\n", ()))
