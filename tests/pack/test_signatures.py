"""Signed approvals: verify.py takes those that hold, and no others."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.cli.line import Line
from tests.pack.packs import checked, edit, headers, packed, summed

LATER = "2999-03-02T10:00:00Z"


def tool(name: str) -> str:
    """Where a program is; a test without it is skipped."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def signed(line: Line, tmp_path: Path) -> Line:
    """Carla signed an approval of SUP-1 with a key that was enrolled before it, and retired since."""
    with freeze_time("2026-03-02T10:00:00Z"):
        line("advance", "SUP-1")
        for name in ("carla", "dan"):
            command = [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name]
            subprocess.run([*command, "-f", str(tmp_path / name)], check=True)
            line("key", "enrol", name, str(tmp_path / f"{name}.pub"))
    words = ("--statement", "Read “it” all – 5 €", "--condition", "Tell users@2999-01-01", "--valid", "30")
    line("approve", "SUP-1", *words, "--sign", str(tmp_path / "carla"), "--because", "it's sound", by="carla")
    with freeze_time(LATER):
        (key,) = (each for each in line.json("key", "list") if each["handle"] == "carla")
        line("key", "retire", "carla", key["fingerprint"], "--because", "A new laptop")
    return line


@pytest.fixture
def pack(signed: Line, tmp_path: Path) -> Path:
    return packed(signed.folder, tmp_path / "pack", "SUP-1")


def position(pack: Path) -> int:
    (found,) = (pack / "approvals").glob("*.txt")
    return int(found.stem)


def test_a_signed_approval_is_checked(pack: Path, tmp_path: Path) -> None:
    found = checked(pack, tmp_path / "empty")
    assert (found.code, "1 signed approvals" in found.said) == (1, True), found.said


def test_the_files_are_those_that_ssh_keygen_takes(pack: Path, signed: Line) -> None:
    origin = signed.json("checkpoint")["origin"]
    text = pack / "approvals" / f"{position(pack)}.txt"
    command = [tool("ssh-keygen"), "-Y", "verify", "-f", str(pack / "allowed_signers"), "-I", "carla"]
    command += ["-n", f"approval@{origin}", "-s", str(text.with_suffix(".sig"))]

    def accepts(time: str) -> bool:
        more = [*command, f"-Overify-time={time}"]
        return not subprocess.run(more, input=text.read_bytes(), capture_output=True, check=False).returncode

    recorded = headers(pack)[position(pack) - 1].split("\n")[5]
    assert accepts(f"{recorded:.19}Z".translate({ord(each): None for each in "-:T"}))
    assert not accepts("29990303000000Z")  # retired by then


FORGED: dict[str, Callable[[bytes], bytes]] = {
    "role": lambda text: text.replace(b'role: "compliance"', b'role: "engineering"'),
    "place": lambda text: text.replace(b"version: 3", b"version: 4"),
    "iteration": lambda text: text.replace(b"iteration: 1", b"iteration: 2"),
    "a line left out": lambda text: text.replace(b'decision: "approved"\n', b""),
    "a line more": lambda text: text + b"also: true\n",
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_text_that_was_changed_is_found(
    pack: Path, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    edit(pack, f"approvals/{position(pack)}.txt", change)
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, "is no approval that carla signed" in found.said) == (4, True), found.said


def test_a_text_that_is_gone_is_found(pack: Path, tmp_path: Path) -> None:
    place = position(pack)
    (pack / "approvals" / f"{place}.txt").unlink()
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, f"approvals/{place}.txt is missing" in found.said) == (4, True)


def test_a_text_that_no_record_tells_of_is_found(pack: Path, tmp_path: Path) -> None:
    shutil.copy(pack / "approvals" / f"{position(pack)}.txt", pack / "approvals" / "99.txt")
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, found.said) == (4, "WRONG: approvals has a text of no record\n")
