"""What a witness answers: every rule of tlog-witness, one test that it refuses and one that it allows."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from roadlog.event_store.merkle import EMPTY_ROOT
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosignature import cosigned
from roadlog.trust.note import BadNote, Note
from roadlog.trust.witness import Answer, Request, Witness
from tests.trust.logs import FORK, KEY, LOG, NOW, ORIGIN, OTHER_KEY, SHARED, WITNESS, Grown


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(WITNESS, [KEY.verifier], str(tmp_path / "seen.db"), lambda: NOW)


def cosigns(answer: Answer, note: Note) -> bool:
    assert answer.status == 200, answer
    assert answer.kind == "text/plain; charset=utf-8"
    return cosigned(Note.read(f"{note.text}\n".encode() + answer.body), WITNESS.verifier) == NOW


def signed(text: str) -> Note:
    return Note(text, (KEY.sign(text),))


def body(old: int, note: Note, *proof: bytes) -> bytes:
    return Request(old, proof, note, Checkpoint.of(note)).write()


# A log that grows


def test_the_first_checkpoint_needs_no_proof(witness: Witness) -> None:
    assert cosigns(witness.add_checkpoint(LOG.request(0, 7)), LOG.note(7))


def test_what_follows_is_cosigned(witness: Witness) -> None:
    old = 0
    for size in (1, 2, 7, 8, 9, 64, 65, 200):
        assert cosigns(witness.add_checkpoint(LOG.request(old, size)), LOG.note(size))
        old = size


def test_the_same_again_is_cosigned_again(witness: Witness) -> None:
    assert cosigns(witness.add_checkpoint(LOG.request(0, 7)), LOG.note(7))
    assert cosigns(witness.add_checkpoint(LOG.request(7, 7)), LOG.note(7))


def test_an_empty_log_is_cosigned_and_grows(witness: Witness) -> None:
    assert cosigns(witness.add_checkpoint(LOG.request(0, 0)), LOG.note(0))
    assert cosigns(witness.add_checkpoint(LOG.request(0, 7)), LOG.note(7))


def test_further_lines_and_signatures_of_others_are_let_be(witness: Witness) -> None:
    text = LOG.checkpoint(7)._replace(number=3, made_at="2026-03-02T09:00:00.000000Z").text
    note = signed(text).and_signed([OTHER_KEY.sign(text), WITNESS.cosign(text, NOW)])
    assert cosigns(witness.add_checkpoint(body(0, note)), note)


def test_a_log_may_have_a_second_key(tmp_path: Path) -> None:
    witness = Witness(WITNESS, [KEY.verifier, OTHER_KEY.verifier], str(tmp_path / "seen.db"), lambda: NOW)
    later = Grown("a", signer=OTHER_KEY)
    assert cosigns(witness.add_checkpoint(LOG.request(0, 7)), LOG.note(7))
    assert cosigns(witness.add_checkpoint(later.request(7, 9)), later.note(9))


def test_two_logs_do_not_mix(tmp_path: Path) -> None:
    other = Grown("c", origin="roadlog/LAW/0123456789abcdef", signer=OTHER_KEY)
    keys = [KEY.verifier, OTHER_KEY.verifier._replace(name=other.origin)]
    other.signer = type(OTHER_KEY).from_seed(other.origin, bytes([2]) * 32)
    witness = Witness(WITNESS, keys, str(tmp_path / "seen.db"), lambda: NOW)
    assert cosigns(witness.add_checkpoint(LOG.request(0, 7)), LOG.note(7))
    assert cosigns(witness.add_checkpoint(other.request(0, 3)), other.note(3))
    assert cosigns(witness.add_checkpoint(LOG.request(7, 9)), LOG.note(9))


# Who may ask


def test_404_a_log_that_it_does_not_know(witness: Witness) -> None:
    stranger = Grown("a", origin="roadlog/SUP/fedcba9876543210")
    assert witness.add_checkpoint(stranger.request(0, 7)).status == 404


def test_403_a_checkpoint_that_no_known_key_signed(witness: Witness) -> None:
    for note in (
        Grown("a", signer=OTHER_KEY).note(7),
        Note(LOG.note(7).text, LOG.note(8).signatures),  # of another text
        Note(LOG.note(7).text, (WITNESS.cosign(LOG.note(7).text, NOW),)),
    ):
        assert witness.add_checkpoint(body(0, note)).status == 403


def test_403_a_false_signature_beside_a_true_one(tmp_path: Path) -> None:
    keys = [OTHER_KEY.verifier, KEY.verifier]
    witness = Witness(WITNESS, keys, str(tmp_path / "seen.db"), lambda: NOW)
    note = LOG.note(7)
    false = OTHER_KEY.sign(LOG.note(8).text)
    assert witness.add_checkpoint(body(0, note.and_signed([false]))).status == 403


def test_a_witness_takes_no_key_that_is_no_logs(tmp_path: Path) -> None:
    with pytest.raises(BadNote, match="no log's key"):
        Witness(WITNESS, [WITNESS.verifier], str(tmp_path / "seen.db"), lambda: NOW)


# What it refuses


def test_409_says_the_size_that_it_has(witness: Witness) -> None:
    for old in (1, 3, 7):
        expected = Answer(409, b"0\n", "text/x.tlog.size", f"{ORIGIN} 7 {LOG.checkpoint(7).root.hex()}")
        assert witness.add_checkpoint(LOG.request(old, 7)) == expected
    witness.add_checkpoint(LOG.request(0, 9))
    for old, size in ((0, 9), (0, 12), (7, 12), (10, 12), (7, 7), (0, 3)):  # also a log that shrank
        answer = witness.add_checkpoint(LOG.request(old, size))
        assert answer[:3] == (409, b"9\n", "text/x.tlog.size")


def test_400_an_old_size_above_the_new_one(witness: Witness) -> None:
    witness.add_checkpoint(LOG.request(0, 9))
    assert witness.add_checkpoint(body(9, LOG.note(7))).status == 400


def test_422_a_fork(witness: Witness) -> None:
    witness.add_checkpoint(LOG.request(0, 9))
    for size in (9, 10, 16, 200):
        answer = witness.add_checkpoint(FORK.request(9, size))
        assert answer.status == 422
        assert f"{FORK.note(size).write().decode()!a}" in answer.told  # the signed evidence is in its log
    assert cosigns(witness.add_checkpoint(LOG.request(9, 10)), LOG.note(10))


def test_what_both_have_in_common_is_no_fork(witness: Witness) -> None:
    witness.add_checkpoint(LOG.request(0, SHARED))
    assert cosigns(witness.add_checkpoint(FORK.request(SHARED, 9)), FORK.note(9))
    assert witness.add_checkpoint(LOG.request(9, 10)).status == 422


def test_422_a_proof_that_does_not_prove(witness: Witness) -> None:
    assert witness.add_checkpoint(body(0, LOG.note(9), bytes(32))).status == 422  # none is needed
    witness.add_checkpoint(LOG.request(0, 9))
    proof = LOG.proof(9, 20)
    for wrong in ((), proof[:-1], proof[::-1], [*proof, bytes(32)], LOG.proof(8, 20)):
        assert witness.add_checkpoint(body(9, LOG.note(20), *wrong)).status == 422
    assert witness.add_checkpoint(body(9, LOG.note(9), bytes(32))).status == 422


def test_422_an_empty_log_with_another_root(witness: Witness) -> None:
    note = signed(Checkpoint(ORIGIN, 0, bytes(32)).text)
    assert witness.add_checkpoint(body(0, note)).status == 422
    assert LOG.checkpoint(0).root == EMPTY_ROOT


def test_the_size_does_not_shrink_back_to_nothing(witness: Witness) -> None:
    witness.add_checkpoint(LOG.request(0, 9))
    assert witness.add_checkpoint(LOG.request(0, 0)).status == 409


GOOD = LOG.request(3, 9)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"old 0\n",
        LOG.note(9).write(),
        GOOD.replace(b"old 3", b"old 03"),
        GOOD.replace(b"old 3", b"old -3"),
        GOOD.replace(b"old 3", b"old  3"),
        GOOD.replace(b"old 3", b"new 3"),
        GOOD.replace(b"old 3", b"old"),
        GOOD.replace(b"old 3\n", b"old 3\r\n"),
        GOOD.replace(b"old 3", b"old \xd9\xa3"),
        GOOD.replace(b"old 3", b"old " + b"9" * 19),
        GOOD.replace(b"old 3\n", b"old 3\n\n"),
        GOOD.replace(b"old 3\n", b"old 3\nAAAA\n"),
        GOOD.replace(b"old 3\n", b"old 3\n!\n"),
        GOOD.replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"=\n" * 64),
        GOOD[:-1],
        GOOD.replace(b"\n9\n", b"\n09\n"),
        GOOD.replace(ORIGIN.encode(), b""),
    ],
)
def test_400_what_is_no_request(witness: Witness, content: bytes) -> None:
    assert witness.add_checkpoint(content).status == 400


def test_sixty_three_hashes_are_read_and_no_more() -> None:
    for count in (63, 64):
        content = body(3, LOG.note(9), *[bytes(32)] * count)
        if count == 63:
            assert len(Request.read(content).proof) == 63
        else:
            with pytest.raises(BadNote, match="63 hashes"):
                Request.read(content)


# What it keeps


def test_it_serves_what_it_cosigned_last(witness: Witness) -> None:
    page = sha256(ORIGIN.encode()).hexdigest()
    assert witness.latest(page).status == 404
    witness.add_checkpoint(LOG.request(0, 7))
    witness.add_checkpoint(LOG.request(7, 9))
    witness.add_checkpoint(FORK.request(9, 20))
    note = Note.read(witness.latest(page).body)
    assert (note.text, KEY.verifier.signed(note)) == (LOG.note(9).text, KEY.sign(note.text))
    assert cosigned(note, WITNESS.verifier) == NOW


def test_it_remembers_when_it_begins_again(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    Witness(WITNESS, [KEY.verifier], path, lambda: NOW).add_checkpoint(LOG.request(0, 9))
    again = Witness(WITNESS, [KEY.verifier], path, lambda: NOW)
    assert again.add_checkpoint(FORK.request(0, 12)).status == 409
    assert again.add_checkpoint(FORK.request(9, 12)).status == 422


def test_what_cannot_be_stored_is_not_cosigned(witness: Witness, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "seen.db") as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON seen BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.Error, match="full"):
        witness.add_checkpoint(LOG.request(0, 7))
    assert witness.latest(sha256(ORIGIN.encode()).hexdigest()).status == 404


def test_a_file_that_is_gone_is_not_begun_anew(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(LOG.request(0, 7))
    (tmp_path / "seen.db").unlink()
    with pytest.raises(sqlite3.Error):
        witness.add_checkpoint(FORK.request(0, 7))


class Racing(Witness):
    """The control: it looks, and writes later what it then thinks."""

    def _seen(self, database: sqlite3.Connection, origin: str) -> tuple[int, bytes]:
        found = super()._seen(database, origin)
        database.execute("COMMIT")
        time.sleep(0.05)
        database.execute("BEGIN")
        return found


def both_at_once(witness: Witness) -> tuple[int, int]:
    """How many of each log's checkpoints it cosigned, of sixteen that were asked for at once."""
    witness.add_checkpoint(LOG.request(0, SHARED))
    asked = [(log, SHARED + n) for n in range(1, 9) for log in (LOG, FORK)]

    def ask(asked: tuple[Grown, int]) -> int:
        return witness.add_checkpoint(asked[0].request(SHARED, asked[1])).status

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, asked))
    return answers[::2].count(200), answers[1::2].count(200)


def won(tmp_path: Path, kind: Callable[..., Witness], rounds: int) -> list[tuple[int, int]]:
    made = (kind(WITNESS, [KEY.verifier], str(tmp_path / f"{n}.db"), lambda: NOW) for n in range(rounds))
    return [both_at_once(each) for each in made]


def test_of_those_who_ask_at_once_one_wins(tmp_path: Path) -> None:
    assert {sum(each) for each in won(tmp_path, Witness, 10)} == {1}


def test_a_race_would_be_found(tmp_path: Path) -> None:
    """The control: a witness that looks and writes in two steps cosigns both."""
    assert any(sum(each) > 1 for each in won(tmp_path, Racing, 10))


def test_what_it_tells_is_one_line(witness: Witness) -> None:
    witness.add_checkpoint(LOG.request(0, 9))
    for answer in (witness.add_checkpoint(FORK.request(9, 12)), witness.add_checkpoint(LOG.request(0, 1))):
        assert re.fullmatch(r"[ -~]*", answer.told)
