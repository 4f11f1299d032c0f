"""Anchors in a pack: verify.py counts outsiders by their own keys, each once, and nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from roadlog.log_key import verifier
from tests.cli.line import Line
from tests.pack.packs import checked, edit, key_of, packed, summed
from tests.pack.test_hostile import Seen
from tests.trust.authority import Authority
from tests.trust.logs import OTHER_WITNESS, WITNESS
from tests.trust.serving import witness_knowing


@pytest.fixture
def pack(line: Line, tmp_path: Path) -> Path:
    """Of a log that a witness and an authority vouch for, and of which there is a copy in a file."""
    line("checkpoint")
    known = verifier(line.folder)
    assert known is not None
    authority = Authority(tmp_path / "tsa")
    (tmp_path / "roots.pem").write_bytes(authority.roots)
    with witness_knowing(known, tmp_path) as url:
        line("anchor", "--witness", url, "--witness-key", str(WITNESS.verifier))
    with authority.serving() as url:
        line("anchor", "--tsa", url, "--tsa-roots", str(tmp_path / "roots.pem"))
    line("anchor", "--file", str(tmp_path / "kept.txt"))
    (tmp_path / "witness.pub").write_text(f"{WITNESS.verifier}\n")
    (tmp_path / "stranger.pub").write_text(f"{OTHER_WITNESS.verifier}\n")
    return packed(line.folder, tmp_path / "pack")


def says(pack: Path, line: Line, *words: str) -> tuple[int, str]:
    """The exit code, and the last line, of a check with the log's key."""
    found = checked(pack, pack.parent / "empty", "--key", key_of(line.folder), *words)
    return found.code, found.said.splitlines()[-1]


def test_whoever_vouches_is_in_the_pack(pack: Path, line: Line, tmp_path: Path) -> None:
    assert sorted(each.name for each in (pack / "anchors").iterdir()) == ["1.note", "2.note", "2.tsr"]
    report = Seen((pack / "report.html").read_text()).text
    assert "A witness, of 8 records: anchors/1.note" in report
    assert "A time-stamp authority, of 8 records: anchors/2.note" in report
    witness, roots = str(tmp_path / "witness.pub"), str(tmp_path / "roots.pem")
    assert says(pack, line, "--witness", witness) == (
        0,
        "ok: 1 from outside vouch for all 8 records (1 wanted)",
    )
    assert says(pack, line, "--tsa", roots) == (0, "ok: 1 from outside vouch for all 8 records (1 wanted)")
    both = ("--witness", witness, "--tsa", roots, "--quorum", "2")
    assert says(pack, line, *both) == (0, "ok: 2 from outside vouch for all 8 records (2 wanted)")
    again = packed(line.folder, tmp_path / "again")
    assert (again / "SHA256SUMS").read_bytes() == (pack / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("who", ["witness.pub", "kept.txt"])
def test_an_outsider_counts_once(pack: Path, line: Line, tmp_path: Path, who: str) -> None:
    option = "--witness" if who == "witness.pub" else "--against"
    once = (option, str(tmp_path / who))
    nobody = (1, "NOT ALL: 1 from outside vouch for all 8 records (2 wanted)")
    assert says(pack, line, *once)[0] == 0
    assert says(pack, line, *once, *once, "--quorum", "2") == nobody


def test_the_logs_own_key_is_no_witness(pack: Path, line: Line, tmp_path: Path) -> None:
    nobody = (1, "NOT ALL: nobody from outside vouches for all 8 records (1 wanted)")
    assert says(pack, line, "--witness", key_of(line.folder))[0] == 2
    assert says(pack, line, "--witness", str(tmp_path / "stranger.pub")) == nobody
    found = checked(pack, tmp_path / "empty", "--key", str(tmp_path / "witness.pub"))
    assert (found.code, "no file with what it takes" in found.said) == (2, True)


@pytest.mark.parametrize("name", ["anchors/1.note", "anchors/2.tsr"])
def test_an_anchor_that_was_changed_vouches_for_nothing(
    pack: Path, line: Line, tmp_path: Path, name: str
) -> None:
    edit(pack, name, lambda data: data[:-9] + b"AAAAAAAA" + data[-1:])
    summed(pack)
    words = ("--witness", str(tmp_path / "witness.pub"), "--tsa", str(tmp_path / "roots.pem"))
    code, said = says(pack, line, *words, "--quorum", "2")
    assert (code, said) == (1, "NOT ALL: 1 from outside vouch for all 8 records (2 wanted)")


def test_a_file_that_never_ends_is_not_waited_for(pack: Path, tmp_path: Path) -> None:
    (pack / "SHA256SUMS").unlink()
    os.mkfifo(pack / "SHA256SUMS")
    assert checked(pack, tmp_path / "empty").code == 4
