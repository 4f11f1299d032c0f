"""Whatever witnesses, authorities, clients and tables say: nothing crashes, or is taken for what it is not.

Each case is random bytes, or the real thing with a few of its bytes changed, put in, left out or repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roadlog.trust import cosigning
from roadlog.trust.anchor import Anchored, Kept, Trusted, check_anchor
from roadlog.trust.cosignature import cosigned, witness_key
from roadlog.trust.cosigning import Forked, cosign
from roadlog.trust.der import with_certificates_in_order
from roadlog.trust.exchange import Answer, NoAnswer
from roadlog.trust.note import BadNote, Note, Verifier
from roadlog.trust.timestamps import BadStamp, is_of, stamp, stamped
from roadlog.trust.witness import Request, Witness
from tests.conftest import Figure, Times
from tests.faults.counts import HOSTILE, HOSTILE_TOKENS
from tests.trust.authority import Authority
from tests.trust.logs import KEY, LOG, NOW, OTHER_KEY, WITNESS
from tests.trust.serving import witness_server

pytestmark = pytest.mark.fuzz

NOTE = LOG.note(12)
COSIGNED = NOTE.and_signed([WITNESS.cosign(NOTE.text, NOW)])
LINE = str(COSIGNED.signatures[1]).encode()
REQUEST = LOG.request(9, 12)
ANCHOR = Kept(kind="witness", note=COSIGNED.write().decode(), place="http://127.0.0.1").write()


def changed(whole: bytes, seed: int) -> bytes:
    """The real thing with up to four changes; sometimes none."""
    chance, found = Random(seed), whole
    for _ in range(chance.randrange(5)):
        start = chance.randint(0, len(found))
        end = chance.choice([start, start + 1, chance.randint(start, len(found))])
        put = chance.choice([b"", chance.randbytes(chance.randint(1, 4)), found[start:end] * 2])
        found = found[:start] + put + found[end:]
    return found


def hostile(whole: bytes) -> st.SearchStrategy[bytes]:
    """Drawn from a seed, as drawing each change takes longer than all that is tried with it."""
    real = st.integers(0, 2**62).map(lambda seed: changed(whole, seed))
    return st.one_of(st.binary(max_size=300), real, real, real)


def tried(cases: int, strategy: st.SearchStrategy[bytes], check: Callable[[bytes], None]) -> None:
    """Tries so many of them, the same each time."""
    quiet = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(strategy)(check))()


@pytest.fixture
def cases(times: Times, figure: Figure) -> int:
    figure(f"{times(HOSTILE):,} cases, none taken for what it is not")
    return times(HOSTILE)


def test_requests(cases: int, tmp_path: Path) -> None:
    """A witness that saw nine records cosigns these twelve, the same nine, and nothing else."""
    told = {LOG.note(12).text, LOG.note(9).text}
    witness = Witness(WITNESS, [KEY.verifier], str(tmp_path / "seen.db"), lambda: NOW)
    nine = (9, LOG.checkpoint(9).root)

    def check(body: bytes) -> None:
        with patch.object(Witness, "_seen", lambda *_: nine), patch.object(Witness, "_keep", lambda *_: None):
            answer = witness.add_checkpoint(body)
        assert answer.status in (200, 400, 403, 404, 409, 422)
        if answer.status == 200:
            assert Request.read(body).note.text in told
        with suppress(BadNote):
            assert Request.read(body).write() == body

    tried(cases, hostile(REQUEST), check)


def test_notes(cases: int) -> None:
    def check(content: bytes) -> None:
        with suppress(BadNote):
            note = Note.read(content)
            at = cosigned(note, WITNESS.verifier)
            assert at in (None, NOW)
            assert at is None or note.text == NOTE.text

    tried(cases, hostile(COSIGNED.write()), check)


def test_keys(cases: int) -> None:
    def check(content: bytes) -> None:
        for text in (content.decode("latin-1"), content.decode("utf-8", "surrogateescape")):
            for read in (Verifier.read, witness_key):
                with suppress(BadNote):
                    assert str(read(text)) == text.strip()
            for of in (type(WITNESS), type(KEY)):
                with suppress(BadNote):
                    assert str(of.read(text)) == text.strip()

    tried(cases, st.one_of(hostile(str(WITNESS.verifier).encode()), hostile(str(WITNESS).encode())), check)


def test_answers_of_a_witness(cases: int) -> None:
    def check(body: bytes) -> None:
        for status, kind in ((200, "text/plain"), (409, "text/x.tlog.size")):
            answer = Answer(status, kind, body)
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


def test_connections(times: Times, figure: Figure, tmp_path: Path) -> None:
    """Whatever is sent, the next one is answered."""
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(REQUEST)
    count = times(HOSTILE_TOKENS)
    with witness_server(tmp_path) as running:
        running.post(LOG.request(0, 9))

        def check(content: bytes) -> None:
            said = running.raw(content)
            assert b" 200 " not in said.split(b"\n", 1)[0] or b"witness.example/w1" in said

        tried(count, hostile(head + REQUEST), check)
        assert running.post(LOG.request(0, 1)).startswith(b"HTTP/1.1 409")
        assert all(each.isascii() and each.isprintable() for each in running.told)
    figure(f"{count:,} connections, and it answers")


def test_time_stamps(times: Times, figure: Figure, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    content = NOTE.write()
    with authority.serving() as url:
        token = stamped(url, content, authority.roots)
    expected = stamp(token, content, authority.roots)
    count = times(HOSTILE_TOKENS)

    def check(answer: bytes) -> None:
        with suppress(BadStamp):
            assert stamp(answer, content, authority.roots) == expected
        with suppress(BadStamp):
            is_of(answer, content)
        assert len(with_certificates_in_order(answer)) == len(answer)

    tried(count, hostile(token), check)
    figure(f"{count:,} cases, none taken for what it is not")
