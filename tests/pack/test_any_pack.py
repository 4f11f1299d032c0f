"""Whatever is in a pack, its verify.py neither crashes nor takes it for what was packed."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st

from tests.cli.line import Line
from tests.conftest import Figure, Times
from tests.faults.counts import HOSTILE
from tests.hostile_bytes import MEMORY, tried
from tests.pack.in_process import InProcess
from tests.pack.packs import Checked, checked
from tests.pack.rebuilt import rebuilt
from tests.pack.signed_packs import SignedPack, signed_pack
from tests.pack.tampered import HEADERS, SUMS, Files, contents, summed, tampered
from tests.pack.test_signatures import tool

pytestmark = pytest.mark.fuzz

SEEDS = st.integers(0, 2**62)
LEFT = (".DS_Store", "Thumbs.db")
"""What file managers leave in a folder."""
NOTES = NOTE, COSIGNED, STAMPED = "checkpoint.note", "anchors/1.note", "anchors/2.note"
"""Checkpoints that the log's key signed. Of three that have to vouch, two signed one of these."""
SIGNED = ("milestone", "role", "subject", "valid_until")
"""What a signed text says of an approval's data."""
SAID = ("conditions", "statement", "reason")
"""Of these it has a digest, where they say something."""


class Folder:
    """A pack's folder, in which only what differs is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._there: Files = {}

    def lay(self, files: Files) -> Path:
        for name in self._there.keys() - files.keys():
            (self.path / name).unlink()
        for name, content in files.items():
            if self._there.get(name) != content:
                (self.path / name).parent.mkdir(parents=True, exist_ok=True)
                (self.path / name).write_bytes(content)
        self._there = files
        return self.path


@pytest.fixture(scope="module")
def pack(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> SignedPack:
    folder = tmp_path_factory.mktemp("signed")
    shutil.copytree(opened, folder / ".roadlog")
    return signed_pack(Line(folder / ".roadlog"), folder, tool("ssh-keygen"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """In memory, where that is a folder; there verify.py, too, puts the files that it gives to programs."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as place:
        monkeypatch.setattr(tempfile, "tempdir", place)
        yield Folder(Path(place, "pack"))


def words_of(pack: SignedPack, seed: int) -> tuple[str, ...]:
    """What its checker gives: nothing, the log's key, that and whom to believe, or all."""
    key, witness, authority = (pack.words[at : at + 2] for at in (0, 2, 4))
    return Random(seed).choice([(), key, key + witness, key + authority, pack.words, pack.words])


def is_refused(found: Checked) -> bool:
    """Whether it ended by refusing, in a line that says why. Anything but that, or an answer, is a fault."""
    assert found.code in (0, 1, 4, 6), found
    if found.code in (0, 1):
        return False
    assert re.fullmatch(r"(WRONG|COULD NOT CHECK): [ -~]+\n", found.said), found.said
    return True


def is_as_packed(files: Files, pack: SignedPack, words: tuple[str, ...], found: Checked) -> bool:
    """Whether all that verify.py vouches for is what was packed, or is in the other pack of this log."""
    whole, told = pack.files, contents(files)
    known = contents(pack.others) | contents(whole)
    plain = {each: content for each, content in files.items() if each.rpartition("/")[2] not in LEFT}
    texts = [each for each in files if each.startswith("approvals/") and each.endswith(".txt")]
    return (
        files[HEADERS] == whole[HEADERS]
        and told.items() <= known.items()
        and {*told} == told_of(whole, known, told)
        and all(files[each] == whole.get(each) for each in texts)
        and {*summed(plain)[SUMS].splitlines()} <= {*files[SUMS].splitlines()}
        and (not words or text_of(files[NOTE]) in {text_of(whole[each]) for each in NOTES})
        and (found.code == 1 or is_vouched_for(files, whole, words))
    )


def told_of(whole: Files, known: dict[int, bytes], told: dict[int, bytes]) -> set[int]:
    """Positions of all that are due where these are: of their streams, none before the last is left out."""
    streams = whole[HEADERS].decode().split("\n")[2::8]
    theirs = {streams[each - 1] for each in told}
    return {each for each in known if each <= max(told) and streams[each - 1] in theirs}


def is_vouched_for(files: Files, whole: Files, words: tuple[str, ...]) -> bool:
    """Whether what a witness and an authority signed is there: the text of a note, and all of one."""
    notes = [content for name, content in files.items() if name.endswith(".note")]
    cosigned = text_of(whole[COSIGNED]) in map(text_of, notes)
    return (cosigned or "--witness" not in words) and (whole[STAMPED] in notes or "--tsa" not in words)


def text_of(note: bytes) -> bytes:
    return note.rpartition(b"\n\n")[0]


def test_it_takes_what_was_packed(pack: SignedPack, folder: Folder) -> None:
    """The control of all that follows, where nothing is to be taken."""
    path, run = folder.lay(summed(pack.files)), InProcess(pack.source)
    assert [run(path, *pack.words[:many]).code for many in (0, 2, len(pack.words))] == [1, 1, 0]


def test_in_a_process_of_its_own_it_says_the_same(pack: SignedPack, folder: Folder, tmp_path: Path) -> None:
    run, codes = InProcess(pack.source), set[int]()
    for seed in range(60):
        words = words_of(pack, seed)
        files = (
            tampered(pack.files, pack.others, seed) if seed % 2 else rebuilt(pack.files, pack.signer, seed)
        )
        path = folder.lay(summed({**files, "verify.py": pack.source.encode()}))
        found = run(path, *words)
        codes.add(found.code)
        alone = checked(path, tmp_path / "empty", *words)
        assert (alone.code, sorted(alone.said)) == (
            found.code,
            sorted(found.said),
        )  # a set tells in any order
    assert codes >= {0, 1, 4}


def taken(run: InProcess, pack: SignedPack, folder: Folder, seed: int) -> bool:
    """Whether it takes a pack that somebody changed for what was packed."""
    words, files = words_of(pack, seed), tampered(pack.files, pack.others, seed)
    found = run(folder.lay(files), *words)
    if is_refused(found):
        return False
    with suppress(LookupError, TypeError, ValueError):  # where its records are none
        return not is_as_packed(files, pack, words, found)
    return True


def test_no_pack_that_was_changed_is_taken(
    pack: SignedPack, folder: Folder, times: Times, figure: Figure
) -> None:
    run = InProcess(pack.source)

    def check(seed: int) -> None:
        assert not taken(run, pack, folder, seed)

    tried(times(HOSTILE), SEEDS, check)
    figure(f"{times(HOSTILE):,} packs, none taken for what it is not")


def taken_from_an_insider(run: InProcess, pack: SignedPack, folder: Folder, seed: int) -> bool:
    """Whether an insider's log is vouched for, or shows approvals that nobody signed."""
    words, files = words_of(pack, seed), rebuilt(pack.files, pack.signer, seed)
    found = run(folder.lay(files), *words)
    if is_refused(found):
        return False
    return (found.code == 0 and files[HEADERS] != pack.files[HEADERS]) or bool(forged(files, pack.files))


def forged(files: Files, whole: Files) -> list[int]:
    """Positions of approvals with a signature that are not one of those that were signed."""
    signed = {text: said for _, text, said in approvals(whole)}
    return [place for place, text, said in approvals(files) if signed.get(text) != said]


def approvals(files: Files) -> list[tuple[int, bytes, str]]:
    """Position, signed text, and what is told of it in the content, of each that has a signature."""
    rows, found = files[HEADERS].decode().split("\n"), []
    for place, content in contents(files).items():
        if rows[place * 8 - 4] != "StakeholderApproved":
            continue
        body = json.loads(content)
        if body["data"]["signature"]:
            said = [body["data"][each] for each in SIGNED]
            said += [{**body, **body["data"]}[each] or None for each in SAID]
            told = json.dumps([body["actor"]["id"], body["effective_at"], *said], sort_keys=True)
            found.append((place, files[f"approvals/{place}.txt"], told))
    return found


def test_no_log_that_was_built_again_is_vouched_for(
    pack: SignedPack, folder: Folder, times: Times, figure: Figure
) -> None:
    run = InProcess(pack.source)

    def check(seed: int) -> None:
        assert not taken_from_an_insider(run, pack, folder, seed)

    tried(times(HOSTILE), SEEDS, check)
    figure(f"{times(HOSTILE):,} logs, none vouched for, no approval taken that nobody signed")


# The controls: without one of its checks, it takes some pack

OUTSIDE = {
    "a file's sum": "total.hexdigest() == sums[name]",
    "the names of the files": "not others",
    "a content's hash": "sha256(content).hexdigest() == payload",
    "the root": "(notes[name].origin, notes[name].root) == (log, root)",
    "the log's signature": 'all(notes["checkpoint.note"].signed(key, 1) for key in told.key)',
    "the texts of approvals": 'votes == sum(each[:10] + each[-4:] == "approvals/.txt" for each in names)',
    "what is left out": "not holes",
    "what a text says": 'signed and lines <= {*text.decode().split("\\n")}',
    "the end of the contents": "record] == [size, size, ...]",
}
INSIDE = {
    "a witness' signature": "note.size * note.signed(key, 4)",
    "a time stamp": "n.size * says_yes(STAMP, tsr=t, text=n.data, ca=ca)",
    "what a text says": 'signed and lines <= {*text.decode().split("\\n")}',
    "who signed a text": 'says_yes(command, text, keys=keys, signature=data["signature"].encode())',
}
OTHERWISE = {
    "record] == [size, size, ...]": "record] != []",
    "note.size * note.signed(key, 4)": "note.size",
    "n.size * says_yes(STAMP, tsr=t, text=n.data, ca=ca)": "n.size",
}
"""What stands in the place of a check, where that is not simply True."""


def broken(source: str, check: str) -> InProcess:
    """A verify.py in which it always holds."""
    assert source.count(check) == 1
    return InProcess(source.replace(check, OTHERWISE.get(check, "True")))


@pytest.mark.parametrize("check", OUTSIDE.values(), ids=OUTSIDE)
def test_without_a_check_some_pack_that_was_changed_is_taken(
    pack: SignedPack, folder: Folder, check: str
) -> None:
    run = broken(pack.source, check)
    assert any(taken(run, pack, folder, seed) for seed in range(20_000))


@pytest.mark.parametrize("check", INSIDE.values(), ids=INSIDE)
def test_without_a_check_some_log_that_was_built_again_is_vouched_for(
    pack: SignedPack, folder: Folder, check: str
) -> None:
    run = broken(pack.source, check)
    assert any(taken_from_an_insider(run, pack, folder, seed) for seed in range(20_000))
