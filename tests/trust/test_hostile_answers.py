"""Whatever witnesses, authorities, clients and tables say: nothing crashes, or is taken for what it is not.

Each case is random bytes, or the real thing with a few of its bytes changed, put in, left out or repeated.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import strategies as st

from roadlog.domain.events import LogKeyChanged
from roadlog.domain.log_keys import change_text
from roadlog.event_store.proofs import NotProved, check_consistency, check_inclusion
from roadlog.trust import cosigning
from roadlog.trust.anchor import Anchored, Kept, Trusted, Unchecked, check_anchor
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosignature import cosigned, witness_key
from roadlog.trust.cosigning import Forked, cosign
from roadlog.trust.der import with_certificates_in_order
from roadlog.trust.exchange import Answer, NoAnswer, checked, post
from roadlog.trust.log_keys import LogKeys
from roadlog.trust.note import BadNote, Note, Verifier
from roadlog.trust.timestamps import BadStamp, is_of, stamp, stamped
from roadlog.trust.witness import Request, Witness
from tests.conftest import Figure, Times
from tests.domain.spec import record
from tests.event_store.rfc9162 import inclusion_proof
from tests.faults.counts import HOSTILE
from tests.hostile_bytes import hostile, tried
from tests.trust.authority import Authority
from tests.trust.logs import KEY, LOG, NOW, ORIGIN, OTHER_KEY, WITNESS
from tests.trust.serving import saying, witness_server

pytestmark = pytest.mark.fuzz

NOTE = LOG.note(12)
COSIGNED = NOTE.and_signed([WITNESS.cosign(NOTE.text, NOW)])
LINE = str(COSIGNED.signatures[1]).encode()
REQUEST = LOG.request(9, 12)
ANCHOR = Kept(kind="witness", note=COSIGNED.write().decode(), place="http://127.0.0.1").write()


@pytest.fixture
def cases(times: Times, figure: Figure) -> int:
    figure(f"{times(HOSTILE):,} cases, none taken for what it is not")
    return times(HOSTILE)


def test_requests(cases: int, tmp_path: Path) -> None:
    """A witness that saw nine records cosigns these twelve, the same nine, and nothing else."""
    told = {LOG.note(12).text, LOG.note(9).text}
    witness = Witness(WITNESS, [KEY.verifier], str(tmp_path / "seen.db"), lambda: NOW)
    nine = (9, LOG.checkpoint(9).root)

    def check(asked: bytes) -> None:
        with patch.object(Witness, "_seen", lambda *_: nine), patch.object(Witness, "_keep", lambda *_: None):
            answer = witness.add_checkpoint(asked)
        assert answer.status in (200, 400, 403, 404, 409, 422)
        if answer.status == 200:
            assert Request.read(asked).note.text in told
        with suppress(BadNote):
            assert Request.read(asked).write() == asked

    tried(cases, hostile(REQUEST), check)


def test_notes(cases: int) -> None:
    def check(content: bytes) -> None:
        with suppress(BadNote):
            note = Note.read(content)
            at = cosigned(note, WITNESS.verifier)
            assert at in (None, NOW)
            assert at is None or note.text == NOTE.text
            assert note.text == NOTE.text or read_of_another(note)

    tried(cases, hostile(COSIGNED.write()), check)


def read_of_another(note: Note) -> bool:
    """Whether a note with another text says something else, or nothing, and the log did not sign it."""
    with suppress(BadNote):
        assert KEY.verifier.signed(note) is None
    with suppress(BadNote):
        made = Checkpoint.of(note)
        assert note.text.startswith("\n".join(made.text.split("\n", 3)[:3]))
    return True


def test_keys(cases: int) -> None:
    def check(content: bytes) -> None:
        for text in (content.decode("latin-1"), content.decode("utf-8", "surrogateescape")):
            for read in (Verifier.read, witness_key):
                with suppress(BadNote):
                    assert str(read(text)) == text.strip()
            for of in (type(WITNESS), type(KEY)):
                with suppress(BadNote):
                    assert str(of.read(text)) == text.strip()

    right = (WITNESS.verifier, WITNESS, KEY.verifier, KEY)
    tried(cases, st.one_of([hostile(str(each).encode()) for each in right]), check)


def test_answers_of_a_witness(cases: int) -> None:
    def check(said: bytes) -> None:
        for status, kind in ((200, "text/plain"), (409, "text/x.tlog.size")):
            answer = Answer(status, kind, said)
            answered = patch.object(cosigning, "post", lambda *_, answer=answer: answer)
            with answered, suppress(NoAnswer, Forked):
                assert cosign("http://w", NOTE, [WITNESS.verifier], LOG.proof) == COSIGNED

    tried(cases, st.one_of(hostile(LINE), st.integers(-5, 10**20).map(lambda n: f"{n}\n".encode())), check)


def test_anchors(cases: int) -> None:
    trusted = Trusted((WITNESS.verifier,))

    def check(content: bytes) -> None:
        with suppress(BadNote):
            found = check_anchor("witness", 12, content, KEY.verifier, trusted)
            assert content == ANCHOR
            assert isinstance(found, Anchored)
        with pytest.raises(BadNote):
            check_anchor("witness", 12, content, OTHER_KEY.verifier, trusted)

    tried(cases, hostile(ANCHOR), check)


def test_anchors_of_other_words(cases: int) -> None:
    """What is kept is not signed, and its SHA-256 can be made again; what it shows is signed elsewhere."""
    trusted = Trusted((WITNESS.verifier,))

    def check(said: bytes) -> None:
        content = sha256(said).hexdigest().encode() + b"\n" + said
        for kind in ("witness", "file", "git"):
            with suppress(BadNote):
                found = check_anchor(kind, 12, content, KEY.verifier, trusted)
                assert found.checkpoint == Checkpoint.of(NOTE)
                assert (
                    isinstance(found, Unchecked)
                    or Note.read(Kept.read(content).note.encode()).text == NOTE.text
                )

    tried(cases, hostile(ANCHOR.partition(b"\n")[2]), check)


def test_proofs(cases: int) -> None:
    """Of two roots and a leaf there is one proof."""
    new, old = LOG.checkpoint(37).root, LOG.checkpoint(21).root
    grown, within = list(LOG.proof(21, 37)), inclusion_proof(20, LOG.leaves[:37])
    check_consistency(21, 37, grown, old, new)
    check_inclusion(20, 37, LOG.leaves[20], within, new)

    def check(blob: bytes) -> None:
        for cut in (32, 31):
            proof = [blob[at : at + cut] for at in range(0, len(blob), cut)]
            with suppress(NotProved):
                check_consistency(21, 37, proof, old, new)
                assert proof == grown
            with suppress(NotProved):
                check_inclusion(20, 37, LOG.leaves[20], proof, new)
                assert proof == within

    tried(cases, st.one_of(hostile(b"".join(grown)), hostile(b"".join(within))), check)


def test_changes_of_a_logs_key(cases: int) -> None:
    keys = str(KEY.verifier), str(OTHER_KEY.verifier)
    text = change_text(ORIGIN, 5, *keys)
    by_old, by_new = (b64encode(each.sign(text).value).decode() for each in (KEY, OTHER_KEY))
    right = (*keys, by_old, by_new)
    assert in_force(right) == OTHER_KEY.verifier

    def check(content: bytes) -> None:
        said = content.decode("utf-8", "replace").split("\n")
        with suppress(BadNote):
            assert len(said) != 4 or in_force(said) == OTHER_KEY.verifier

    tried(cases, hostile("\n".join(right).encode()), check)


def in_force(said: Sequence[str]) -> Verifier:
    """The key after a record that says this of the old one, the new one and what both signed."""
    event = LogKeyChanged(old=said[0], new=said[1], by_old=said[2], by_new=said[3])
    return LogKeys.of(KEY.verifier, [record(event, position=9, version=5)]).all[-1]


def test_addresses(cases: int) -> None:
    def check(content: bytes) -> None:
        for text in (content.decode("latin-1"), content.decode("utf-8", "surrogateescape")):
            with suppress(NoAnswer):
                assert checked(text) == text
                assert text.lower().startswith(("http://", "https://"))

    tried(cases, hostile(b"https://paula:x@[::1]:8080/a/b?c=d#e"), check)


def test_answers_over_http(times: Times, figure: Figure) -> None:
    """Whoever answers, the one who asked gets an answer within its limits, or is told that there is none."""
    count = times(HOSTILE)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    said = [b""]
    with saying(lambda: said[0]) as url:

        def check(content: bytes) -> None:
            said[0] = content
            with suppress(NoAnswer):
                assert len(post(url, b"x", {}).body) <= len(content)

        tried(count, hostile(head % len(LINE) + LINE), check)
    figure(f"{count:,} answers, each an answer or none")


def test_connections(times: Times, figure: Figure, tmp_path: Path) -> None:
    """Whatever is sent, the next one is answered."""
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(REQUEST)
    count = times(HOSTILE)
    with witness_server(tmp_path) as running:
        running.post(LOG.request(0, 9))

        def check(content: bytes) -> None:
            said = running.raw(content)
            assert b" 200 " not in said.split(b"\n", 1)[0] or b"witness.example/w1" in said

        tried(count, hostile(head + REQUEST), check)
        assert running.post(LOG.request(0, 1)).startswith(b"HTTP/1.1 409")
        assert all(each.isascii() and each.isprintable() for each in running.told)
    figure(f"{count:,} connections, and it answers")


def test_elements_of_a_time_stamp(cases: int, tmp_path: Path) -> None:
    """Only their order may become another."""
    authority = Authority(tmp_path / "tsa")
    with authority.serving() as url:
        token = stamped(url, NOTE.write(), authority.roots)

    def check(answer: bytes) -> None:
        found = with_certificates_in_order(answer)
        assert sorted(found) == sorted(answer)
        assert with_certificates_in_order(found) == found

    tried(cases, hostile(token), check)


def test_time_stamps(times: Times, figure: Figure, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    content = NOTE.write()
    with authority.serving() as url:
        token = stamped(url, content, authority.roots)
    expected = stamp(token, content, authority.roots)
    count = times(HOSTILE)

    def check(answer: bytes) -> None:
        with suppress(BadStamp):
            assert stamp(answer, content, authority.roots) == expected
        with suppress(BadStamp):
            is_of(answer, content)
        assert len(with_certificates_in_order(answer)) == len(answer)

    tried(count, hostile(token), check)
    figure(f"{count:,} cases, none taken for what it is not")
