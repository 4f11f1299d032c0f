"""Whatever is in the files of keys, certificates and checkpoints: nothing crashes, or is taken for another.

Those of a store are beside its database, where somebody may have changed them; others were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from roadlog import log_key, trusted_keys
from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.domain.ssh_keys import read
from roadlog.trust import witness_folder
from roadlog.trust.note import BadNote, Note, Verifier
from roadlog.trust.signing import KeyFile
from roadlog.verification.given import given
from tests.conftest import Figure, Times
from tests.faults.counts import HOSTILE
from tests.hostile_bytes import MEMORY, hostile, tried
from tests.trust.authority import Authority
from tests.trust.logs import KEY, LOG, ORIGIN, OTHER_KEY, WITNESS

pytestmark = pytest.mark.fuzz

NOTE = LOG.note(12)
SSH_KEY = (Path(__file__).parent / "vectors" / "ed25519.pub").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Somewhere to write a file often."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as place:
        yield Path(place)


Written = Callable[[str, bytes, Callable[[str], None]], None]


@pytest.fixture
def written(folder: Path, times: Times, figure: Figure) -> Written:
    """Tries something with many files of that name, each made of the right one."""

    def try_all(name: str, right: bytes, check: Callable[[str], None]) -> None:
        path = folder / name
        path.touch(mode=0o600)

        def check_one(content: bytes) -> None:
            path.write_bytes(content)
            check(str(path))

        tried(times(HOSTILE), hostile(right), check_one)
        figure(f"{times(HOSTILE):,} files, none taken for what it is not")

    return try_all


def test_a_logs_public_key(written: Written, folder: Path) -> None:
    def check(_: str) -> None:
        with suppress(StoreFailure):
            assert log_key.verifier(folder) == KEY.verifier

    written(log_key.PUBLIC, f"{KEY.verifier}\n".encode(), check)


def test_a_logs_private_key(written: Written, folder: Path) -> None:
    """Of one that is another's nothing is signed."""
    (folder / log_key.PUBLIC).write_text(f"{KEY.verifier}\n", encoding="ascii")

    def check(_: str) -> None:
        for in_force in (None, KEY.verifier):
            with suppress(StoreFailure):
                assert log_key.signer(folder, ORIGIN, in_force).verifier == KEY.verifier
        with pytest.raises(StoreFailure):
            log_key.signer(folder, ORIGIN, OTHER_KEY.verifier)

    written(log_key.KEY, f"{KEY}\n".encode(), check)


def test_a_witness_private_key(written: Written, folder: Path) -> None:
    Path(witness_folder.seen(str(folder))).touch()

    def check(_: str) -> None:
        with suppress(StoreFailure):
            assert witness_folder.cosigner(str(folder), None, bytes(32)).verifier == WITNESS.verifier

    written(witness_folder.KEY, f"{WITNESS}\n".encode(), check)


def test_the_witnesses_that_a_store_believes(written: Written, folder: Path) -> None:
    def check(_: str) -> None:
        with suppress(StoreFailure):
            assert {*trusted_keys.trusted(folder).witnesses} <= {WITNESS.verifier}

    written(trusted_keys.WITNESSES, f"{WITNESS.verifier}\n".encode() * 2, check)


def test_the_authorities_that_a_store_believes(written: Written, folder: Path, tmp_path: Path) -> None:
    def check(_: str) -> None:
        with suppress(Malformed, StoreFailure):
            assert b"-----BEGIN CERTIFICATE-----" in trusted_keys.trusted(folder).roots

    written(trusted_keys.ROOTS, Authority(tmp_path / "tsa").roots, check)


@pytest.mark.parametrize("right", [NOTE.write(), f"{KEY.verifier}\n".encode()], ids=["checkpoint", "key"])
def test_what_the_log_is_held_against(written: Written, right: bytes) -> None:
    def check(path: str) -> None:
        with suppress(BadNote, Malformed):
            found = given(path)
            if isinstance(found, Verifier):
                assert found == KEY.verifier
            elif KEY.verifier.signed(found):
                assert found.text == NOTE.text

    written("kept.txt", right, check)


def test_the_public_half_of_an_ssh_key(written: Written) -> None:
    right = read(SSH_KEY.decode())

    def check(path: str) -> None:
        found = KeyFile(path).key
        assert found is None or found == right or found.text.encode() in Path(path).read_bytes()

    written("id.pub", SSH_KEY, check)


def test_a_reader_that_checks_no_signature_is_found(written: Written) -> None:
    """The control: of changed checkpoints, many are read, and the key signed them no more."""
    unsigned = set[str]()

    def check(path: str) -> None:
        with suppress(Malformed):
            found = given(path)
            assert isinstance(found, Note)
            unsigned.add(found.text)

    written("kept.txt", NOTE.write(), check)
    assert len(unsigned - {NOTE.text}) > 3
