"""What an anchor shows: to who trusts whom, and nothing once it was changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadlog.trust.anchor import Anchored, Kept, Trusted, Unchecked, check_anchor
from roadlog.trust.note import BadNote
from roadlog.trust.timestamps import stamped
from tests.trust.authority import Authority
from tests.trust.logs import FORK, KEY, LOG, NOW, OTHER_KEY, OTHER_WITNESS, WITNESS, Grown

NOTE = LOG.note(12)
COSIGNED = NOTE.and_signed([WITNESS.cosign(NOTE.text, NOW)])
URL = "http://127.0.0.1:7461"


def kept(kind: str, note: bytes = NOTE.write(), **more: object) -> bytes:
    return Kept(kind=kind, note=note.decode(), place=URL, **more).write()  # type: ignore[arg-type]


WITNESSED = kept("witness", COSIGNED.write())
COMMITTED = kept("git", commit="a" * 40)
FILED = kept("file")
NOBODY = Trusted()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "ours")


@pytest.fixture(scope="module")
def token(authority: Authority) -> Iterator[bytes]:
    with authority.serving() as url:
        yield stamped(url, NOTE.write(), authority.roots)


def check(kind: str, content: bytes, trusted: Trusted = NOBODY, size: int = 12) -> Anchored | Unchecked:
    return check_anchor(kind, size, content, KEY.verifier, trusted)


# Who vouches


def test_a_witness_vouches_to_who_has_its_key() -> None:
    trusted = Trusted(witnesses=(OTHER_WITNESS.verifier, WITNESS.verifier))
    assert check("witness", WITNESSED, trusted) == Anchored(
        LOG.checkpoint(12), NOW, f"witness {WITNESS.verifier}"
    )


def test_a_witness_shows_nothing_to_others() -> None:
    why = f"no trusted key is that of witness.example/w1, the witness at {URL}"
    for trusted in (Trusted(), Trusted(witnesses=(OTHER_WITNESS.verifier,))):
        assert check("witness", WITNESSED, trusted) == Unchecked(LOG.checkpoint(12), why)


def test_an_authority_vouches_to_who_has_its_roots(authority: Authority, token: bytes) -> None:
    found = check("tsa", kept("tsa", token=token), Trusted(roots=authority.roots))
    assert isinstance(found, Anchored)
    assert (found.checkpoint, found.by) == (
        LOG.checkpoint(12),
        f"time-stamp authority CN=tsa, SHA-256 {authority.signer}",
    )
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=5)


def test_an_authority_shows_nothing_to_others(
    authority: Authority, token: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = Authority(tmp_path_factory.mktemp("tsa") / "theirs", "stranger")
    for roots in (b"", stranger.roots):
        assert isinstance(check("tsa", kept("tsa", token=token), Trusted(roots=roots)), Unchecked)


def test_copies_say_where_to_look_and_vouch_for_nothing() -> None:
    trusted = Trusted(witnesses=(WITNESS.verifier,))
    commit, file = check("git", COMMITTED, trusted), check("file", FILED, trusted)
    assert isinstance(commit, Unchecked)
    assert isinstance(file, Unchecked)
    assert f"git --git-dir={URL} show {'a' * 40}:checkpoint" in commit.why
    assert file.why == f"give the file that went to {URL}: roadlog verify --against FILE"


# What is none


def test_a_stamp_of_another_checkpoint_is_refused(token: bytes) -> None:
    with pytest.raises(BadNote, match="of other bytes"):
        check("tsa", kept("tsa", LOG.note(13).write(), token=token), size=13)
    with pytest.raises(BadNote, match="cannot be read"):
        check("tsa", kept("tsa", token=token[:-1]))


@pytest.mark.parametrize(
    ("kind", "size", "content", "saying"),
    [
        ("git", 12, WITNESSED, "kept as git of 12 records, and is witness of 12"),
        ("witness", 13, WITNESSED, "kept as witness of 13 records, and is witness of 12"),
        ("nobody", 12, WITNESSED, "kept as nobody"),
        ("witness", 12, kept("witness", Grown("a", signer=OTHER_KEY).note(12).write()), "did not sign it"),
        ("witness", 12, b"", "not what its SHA-256 says"),
        ("witness", 12, WITNESSED + b" ", "not what its SHA-256 says"),
        ("witness", 12, kept("witness", b"text\n\n"), "no signatures"),
    ],
)
def test_what_is_no_anchor_is_refused(kind: str, size: int, content: bytes, saying: str) -> None:
    with pytest.raises(BadNote, match=saying):
        check(kind, content, size=size)


def test_a_cosignature_of_another_text_is_refused() -> None:
    """Also where the cosignature is moved from one checkpoint to another, hash and all."""
    moved = FORK.note(12).and_signed(COSIGNED.signatures[1:])
    with pytest.raises(BadNote, match="not over this text"):
        check("witness", kept("witness", moved.write()), Trusted(witnesses=(WITNESS.verifier,)))


@pytest.mark.parametrize(
    "said", ["{}", '{"kind":"x"}', '{"kind":"file","note":"","place":"","more":1}', "[", "\ud800"]
)
def test_what_says_its_own_hash_and_is_no_anchor_is_refused(said: str) -> None:
    from hashlib import sha256

    raw = said.encode("utf-8", "surrogatepass")
    with pytest.raises(BadNote):
        Kept.read(sha256(raw).hexdigest().encode() + b"\n" + raw)


def test_it_is_read_as_it_is_written() -> None:
    for content in (WITNESSED, COMMITTED, FILED, kept("tsa", token=b"\x00\xff")):
        assert Kept.read(content).write() == content
        assert msgspec.json.decode(content.partition(b"\n")[2])["place"] == URL


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_bit_that_is_flipped_is_found(token: bytes, authority: Authority, data: st.DataObject) -> None:
    trusted = Trusted((WITNESS.verifier,), authority.roots)
    stamp = kept("tsa", token=token)
    kind, content = data.draw(
        st.sampled_from([("witness", WITNESSED), ("git", COMMITTED), ("file", FILED), ("tsa", stamp)])
    )
    place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    flipped = content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :]
    with pytest.raises(BadNote):
        check(kind, flipped, trusted)
