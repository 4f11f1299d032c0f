"""A pack with everything in it that verify.py reads, and what its checker has from elsewhere."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

from roadlog import log_key
from roadlog.trust.note import Signer
from tests.cli.line import Line
from tests.pack.packs import files, packed
from tests.trust.authority import Authority
from tests.trust.logs import WITNESS
from tests.trust.serving import witness_knowing

READ = ("SHA256SUMS", "headers.txt", "records.jsonl", "checkpoint.note")
OTHERS = ("allowed_signers", "tables/people.csv")
"""Of the files that it only hashes, so many are enough."""


class SignedPack(NamedTuple):
    """The files that verify.py reads, some others, and those of another pack of the log.

    words: what its checker gives, by which three outsiders vouch for all; the first two are the log's key
    signer: the log's key, which an insider has
    """

    files: dict[str, bytes]
    others: dict[str, bytes]
    words: tuple[str, ...]
    signer: Signer
    source: str


def signed_pack(line: Line, folder: Path, ssh_keygen: str) -> SignedPack:
    """Of a log whose key was changed, with two approvals that were signed, and one that was not."""
    _filled(line, folder, ssh_keygen)
    (folder / "log.pub").write_bytes((line.folder / log_key.PUBLIC).read_bytes())
    line("key", "rotate", "--because", "A year is over")
    line("checkpoint")
    (folder / "kept").write_text(line("checkpoint"))
    _anchored(line, folder)
    whole = files(packed(line.folder, folder / "pack", "SUP-1"))
    others = files(packed(line.folder, folder / "other", "SUP-2"))
    words = ("key", "log.pub"), ("witness", "witness.pub"), ("tsa", "roots.pem"), ("against", "kept")
    said = [word for option, name in words for word in (f"--{option}", str(folder / name))]
    signer = Signer.read((line.folder / log_key.KEY).read_text())
    source = whole["verify.py"].decode()
    return SignedPack(_lean(whole), _lean(others), (*said, "--quorum", "3"), signer, source)


def _filled(line: Line, folder: Path, ssh_keygen: str) -> None:
    line("advance", "SUP-1")
    for name in ("carla", "dan"):
        command = [ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-C", name]
        subprocess.run([*command, "-f", str(folder / name)], check=True)
        line("key", "enrol", name, str(folder / f"{name}.pub"))
    line("define", "Another one", "--problem", "Refunds take 9 days")
    line("note", "SUP-2", "Nobody's business")
    line("approve", "SUP-1", "--statement", "Read “it” – 5 €", "--sign", str(folder / "carla"), by="carla")
    line("approve", "SUP-1", "--condition", "Tell users@2999-01-01", "--sign", str(folder / "dan"), by="dan")
    line("approve", "SUP-1", by="erin")
    (key,) = (each for each in line.json("key", "list") if each["handle"] == "carla")
    line("key", "retire", "carla", key["fingerprint"], "--because", "A new laptop")


def _anchored(line: Line, folder: Path) -> None:
    signer = Signer.read((line.folder / log_key.KEY).read_text())
    authority = Authority(folder / "tsa")
    (folder / "roots.pem").write_bytes(authority.roots)
    (folder / "witness.pub").write_text(f"{WITNESS.verifier}\n")
    with witness_knowing(signer.verifier, folder) as url:
        line("anchor", "--witness", url, "--witness-key", str(WITNESS.verifier))
    with authority.serving() as url:
        line("anchor", "--tsa", url, "--tsa-roots", str(folder / "roots.pem"))


def _lean(whole: dict[str, bytes]) -> dict[str, bytes]:
    """Without most of what is only hashed, so that many can be checked."""
    return {
        name: content
        for name, content in whole.items()
        if name in READ + OTHERS or name.startswith(("anchors/", "approvals/"))
    }
