"""A pack of a log whose key was changed: whoever knows the first key, or the one in force, can check it."""

from __future__ import annotations

import shutil
from base64 import b64encode
from pathlib import Path

import pytest

from roadlog import log_key
from roadlog.domain.log_keys import change_text
from roadlog.trust.note import Signer, Verifier
from tests.cli.line import Line
from tests.pack.packs import checked, packed


@pytest.fixture
def changed(line: Line, tmp_path: Path) -> Path:
    """A store whose log's key was changed twice; beside it, the first key as somebody kept it."""
    shutil.copy(line.folder / log_key.PUBLIC, tmp_path / "first.pub")
    for _ in range(2):
        line("key", "rotate", "--because", "A year is over")
    (tmp_path / "last.pub").write_text(f"{key_in_force(line).verifier}\n")
    return line.folder


def key_in_force(line: Line) -> Signer:
    return Signer.read((line.folder / log_key.KEY).read_text())


@pytest.mark.parametrize("kept", ["first.pub", "last.pub"])
def test_either_key_shows_who_signed(changed: Path, tmp_path: Path, kept: str) -> None:
    pack = packed(changed, tmp_path / "pack")
    found = checked(pack, tmp_path / "empty", "--key", str(tmp_path / kept))
    assert (found.code, "ok: signed by the log's key\n" in found.said) == (1, True)


def test_a_key_that_no_record_leads_to_does_not(changed: Path, tmp_path: Path) -> None:
    pack = packed(changed, tmp_path / "pack")
    other = tmp_path / "other.pub"
    other.write_text(f"{Signer.from_seed('roadlog/SUP/0123456789abcdef', bytes(32)).verifier}\n")
    assert checked(pack, tmp_path / "empty", "--key", str(other)).code == 4


def test_a_change_that_the_key_in_force_did_not_sign_is_wrong(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who can write the log, and has a key of their own, records that it takes the log's place."""
    from roadlog import rotation
    from roadlog.domain.commands import ChangeLogKey

    shutil.copy(line.folder / log_key.PUBLIC, tmp_path / "first.pub")

    def signed_by_the_new_alone(origin: str, version: int, old: Signer, new: Signer) -> ChangeLogKey:
        keys = str(old.verifier), str(new.verifier)
        value = b64encode(new.sign(change_text(origin, version, *keys)).value).decode()
        return ChangeLogKey(old=keys[0], new=keys[1], by_old=value, by_new=value)

    monkeypatch.setattr(rotation, "_signed_by_both", signed_by_the_new_alone)
    line("key", "rotate", "--because", "Mine now")
    pack = packed(line.folder, tmp_path / "pack")
    found = checked(pack, tmp_path / "empty", "--key", str(tmp_path / "first.pub"))
    assert (found.code, "WRONG: the log's key did not sign record" in found.said) == (4, True)
    assert Verifier.read((tmp_path / "first.pub").read_text()) != key_in_force(line).verifier
