"""Cosignatures: as others write them, over this text and of this second, and no other."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.trust.cosignature import COSIGNATURE, LATEST, Cosigner, cosigned, witness_key
from roadlog.trust.note import BadNote, Note, Signature, check_ed25519
from tests.trust.logs import KEY, LOG, NOW, OTHER_WITNESS, WITNESS

REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""The key of a witness in public use."""
EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
"""The example of https://c2sp.org/tlog-cosignature."""


def cosigned_note(size: int = 12) -> Note:
    note = LOG.note(size)
    return note.and_signed([WITNESS.cosign(note.text, NOW)])


def test_a_key_is_read_and_written_as_others_do() -> None:
    assert str(witness_key(REMORA)) == REMORA
    assert witness_key(REMORA).kind == COSIGNATURE


def test_the_layout_is_that_of_the_specification() -> None:
    value = Note.read(EXAMPLE.encode()).signatures[1].value
    assert (len(value), int.from_bytes(value[:8], "big")) == (8 + 64, 1679315147)
    ours = WITNESS.cosign("text\n", datetime.fromtimestamp(1679315147, UTC)).value
    assert ours[:8] == value[:8]
    message = b"cosignature/v1\ntime 1679315147\ntext\n"
    check_ed25519(WITNESS.verifier.public, ours[8:], message, "the witness")


def test_a_cosignature_says_when() -> None:
    note = Note.read(cosigned_note().write())
    assert cosigned(note, WITNESS.verifier) == NOW
    assert cosigned(note, OTHER_WITNESS.verifier) is None
    later = note.and_signed([WITNESS.cosign(note.text, NOW + timedelta(hours=1))])
    assert cosigned(later, WITNESS.verifier) == NOW + timedelta(hours=1)


def test_a_private_key_is_read_as_it_is_written() -> None:
    assert Cosigner.read(str(WITNESS)).verifier == WITNESS.verifier
    with pytest.raises(BadNote, match="no Ed25519 key of this kind"):
        Cosigner.read(str(KEY))  # of a log, which signs another text


def test_a_key_of_a_log_is_no_witness_key() -> None:
    with pytest.raises(BadNote, match="no witness' key: it is of kind 1"):
        witness_key(str(KEY.verifier))


def signature(value: bytes) -> Signature:
    return Signature(WITNESS.verifier.name, WITNESS.verifier.id, value)


MADE = WITNESS.cosign(LOG.note(12).text, NOW).value


@pytest.mark.parametrize(
    "value",
    [
        MADE[8:],  # of no time, as a log signs
        MADE + b"x",
        MADE[:-1],
        bytes(8) + MADE[8:],
        (LATEST + 1).to_bytes(8, "big") + MADE[8:],
        b"\xff" * 8 + MADE[8:],
        (int(NOW.timestamp()) + 1).to_bytes(8, "big") + MADE[8:],  # another second
        WITNESS.cosign(LOG.note(13).text, NOW).value,  # another text
        OTHER_WITNESS.cosign(LOG.note(12).text, NOW).value,  # another key
    ],
)
def test_what_is_no_cosignature_of_it_is_refused(value: bytes) -> None:
    with pytest.raises(BadNote):
        cosigned(LOG.note(12).and_signed([signature(value)]), WITNESS.verifier)


def test_one_bad_cosignature_beside_a_good_one_is_refused() -> None:
    with pytest.raises(BadNote):
        cosigned(cosigned_note().and_signed([signature(b"x" * 72)]), WITNESS.verifier)


@given(st.data())
def test_a_cosigned_note_with_any_bit_flipped_says_no_other_time(data: st.DataObject) -> None:
    whole = cosigned_note().write()
    place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    flipped = whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :]
    try:
        note = Note.read(flipped)
        at = cosigned(note, WITNESS.verifier)
    except BadNote:
        return
    assert at is None or (note.text, at) == (LOG.note(12).text, NOW)  # the log's own line, which is not ours


def test_the_timestamp_of_a_signature_in_public_use() -> None:
    found = b64decode(
        "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA=="
    )
    assert int.from_bytes(found[4:12], "big") == 1727964367
