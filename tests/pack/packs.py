"""Packs to look at: what makes one, what checks one as a stranger does, and what somebody may do to one."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.cli.line import Line

KEY = "log.pub"


class Checked(NamedTuple):
    """What `verify.py` said, and its exit code."""

    code: int
    said: str


def packed(store: Path, out: Path, *words: str) -> Path:
    """The pack of a store, or of what the words choose."""
    Line(store)("evidence-pack", *words, "--out", str(out))
    return out


def checked(pack: Path, empty: Path, *words: str) -> Checked:
    """Checks a pack with the `verify.py` in it, on a bare Python, in an empty folder."""
    empty.mkdir(exist_ok=True)
    assert list(empty.iterdir()) == []
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(pack / "verify.py"), *words],
        cwd=empty,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stderr == "") == (ran.returncode != 2)
    return Checked(ran.returncode, ran.stdout + ran.stderr)


def key_of(store: Path) -> str:
    """The file with the log's public key, which reaches a checker by another way."""
    return str(store / KEY)


def files(pack: Path) -> dict[str, bytes]:
    """Every file of a pack, by its name in it."""
    found = (each for each in pack.rglob("*") if each.is_file())
    return {each.relative_to(pack).as_posix(): each.read_bytes() for each in found}


def summed(pack: Path) -> None:
    """Makes the sums again, as whoever changed a file would."""
    lines = [
        f"{sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files(pack).items())
        if name != "SHA256SUMS"
    ]
    (pack / "SHA256SUMS").write_text("".join(lines))


def edit(pack: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Changes a file, and sees that it changed."""
    before = (pack / name).read_bytes()
    after = change(before)
    assert after != before
    (pack / name).write_bytes(after)


def headers(pack: Path) -> list[str]:
    """The header of each record."""
    lines = (pack / "headers.txt").read_text().splitlines(keepends=True)
    return ["".join(lines[start : start + 8]) for start in range(0, len(lines), 8)]


def contents(pack: Path) -> dict[int, bytes]:
    """The stored bytes in a pack, by position."""
    lines = map(json.loads, (pack / "records.jsonl").read_text().splitlines())
    return {each["position"]: base64.b64decode(each["bytes"]) for each in lines}


def root_of(pack: Path) -> bytes:
    """The root over the headers: RFC 9162, section 2.1.1, as it is defined."""
    return _root([sha256(b"\0" + each.encode()).digest() for each in headers(pack)])


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + _root(leaves[:half]) + _root(leaves[half:])).digest()
