"""Attacks on the log's key, of a log whose key was changed: each is found, with its verdict and position."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from roadlog import log_key, rotation
from roadlog.application import Wish
from roadlog.domain.commands import AddNote, ChangeLogKey
from roadlog.domain.log_keys import change_text
from roadlog.domain.refusals import Refused, StoreFailure
from roadlog.trust import log_keys
from roadlog.trust.note import Signer, Verifier
from tests.stores import Store, team_store
from tests.verification.attacks.intruder import OTHER_SEED, Intruder, after, verdict
from tests.verification.attacks.test_every_check import without

WISH = Wish(actor="paula", reason="The backup server was stolen")
CHANGED = 10
FINE = ("intact-unanchored", 1, None)


class Log:
    """A log of eleven records whose key was changed by the tenth, with a checkpoint before and after it."""

    def __init__(self, team: Store) -> None:
        self.team = team
        self.folder = team.folder
        team.define()
        team.application.checkpoint()
        team.do(AddNote(stream="SUP-1", text="one word"))
        self.old = Signer.read((self.folder / log_key.KEY).read_text())
        rotation.rotate(team.application, WISH)
        team.do(AddNote(stream="SUP-1", text="another"))
        team.application.checkpoint()
        self.new = Signer.read((self.folder / log_key.KEY).read_text())
        self.origin = self.old.verifier.name

    def signed(self, old: Signer, new: Signer, version: int, by: tuple[Signer, Signer]) -> ChangeLogKey:
        keys = str(old.verifier), str(new.verifier)
        text = change_text(self.origin, version, *keys)
        by_old, by_new = (b64encode(each.sign(text).value).decode() for each in by)
        return ChangeLogKey(old=keys[0], new=keys[1], by_old=by_old, by_new=by_new)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with team_store(tmp_path / ".roadlog") as team:
        yield Log(team)


def test_either_key_checks_the_log_and_no_other(log: Log) -> None:
    own = Signer.from_seed(log.origin, OTHER_SEED).verifier
    for key in (None, log.old.verifier, log.new.verifier):
        assert verdict(log.folder, log.team.now, key) == FINE
    assert verdict(log.folder, log.team.now, own) == ("replaced", 4, None)


def test_the_old_key_is_gone_and_the_first_public_one_stays(log: Log) -> None:
    assert sorted(each.name for each in log.folder.glob("log.*")) == ["log.key", "log.pub"]
    assert Verifier.read((log.folder / log_key.PUBLIC).read_text()) == log.old.verifier
    assert log.new.verifier != log.old.verifier


def swaps_the_public_key(intruder: Intruder) -> None:
    (intruder.folder / log_key.PUBLIC).write_text(f"{intruder.stolen_key().verifier}\n")


def takes_the_record_out(intruder: Intruder) -> None:
    intruder.cut_off(CHANGED - 1)


def signs_with_a_key_of_their_own(intruder: Intruder) -> None:
    key = intruder.own_key()
    (intruder.folder / log_key.KEY).write_text(f"{key}\n")
    intruder.add_checkpoint(key.verifier.name, 11)


@pytest.mark.parametrize(
    ("attack", "position"),
    [
        (swaps_the_public_key, CHANGED),
        (takes_the_record_out, CHANGED),
        (signs_with_a_key_of_their_own, 11),
    ],
)
def test_is_replaced(log: Log, tmp_path: Path, attack: Callable[[Intruder], None], position: int) -> None:
    after(attack, log.folder, tmp_path / "copy")
    assert verdict(tmp_path / "copy", log.team.now) == ("replaced", 4, position)


def test_the_old_key_signs_nothing_after_the_change(log: Log, tmp_path: Path) -> None:
    def attack(intruder: Intruder) -> None:
        (intruder.folder / log_key.KEY).write_text(f"{log.old}\n")
        intruder.add_checkpoint(log.origin, 11)

    after(attack, log.folder, tmp_path / "copy")
    assert verdict(tmp_path / "copy", log.team.now) == ("replaced", 4, 11)
    with without(log_keys, "if position <= size", "if False"):
        assert verdict(tmp_path / "copy", log.team.now) != ("replaced", 4, 11)


FORGED = {
    "the old key did not sign": "check_ed25519(last.public,",
    "the new key did not sign": "check_ed25519(new.public,",
    "another key gives way": "        if event.old != str(last):",
    "another name": "        if (new.name, str(new)) != (last.name, event.new):",
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_change_is_found_where_it_stands(log: Log, how: str) -> None:
    own, version = Signer.from_seed(log.origin, OTHER_SEED), log.team.application.roadmap().version + 1
    other = Signer.from_seed("another/log", OTHER_SEED)
    change = {
        "the old key did not sign": log.signed(log.new, own, version, (own, own)),
        "the new key did not sign": log.signed(log.new, own, version, (log.new, log.new)),
        "another key gives way": log.signed(log.new, own, version, (log.new, own)),
        "another name": log.signed(log.new, other, version, (log.new, other)),
    }[how]
    if how == "another key gives way":  # such a record only somebody can make who writes the file
        change = replace(change, old=str(log.old.verifier))
        with pytest.raises(Refused):
            log.team.do(change)
        return
    log.team.do(change)
    assert verdict(log.folder, log.team.now) == ("replaced", 4, 12)
    check = FORGED[how]
    instead = "        if False:" if check.strip().startswith("if") else f"() and {check}"
    with without(log_keys, check, instead):
        assert verdict(log.folder, log.team.now) != ("replaced", 4, 12)


def test_signatures_hold_for_one_place_only(log: Log) -> None:
    own, version = Signer.from_seed(log.origin, OTHER_SEED), log.team.application.roadmap().version + 1
    log.team.do(log.signed(log.new, own, version + 1, (log.new, own)))
    assert verdict(log.folder, log.team.now) == ("replaced", 4, 12)


def test_cut_off_before_the_record_the_old_key_signs_on(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(log_key, "keep_waiting", _cut_after(log_key.keep_waiting))
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(log.team.application, WISH)
    assert len(list(log.folder.glob("log.key.*"))) == 1
    log.team.application.checkpoint()
    assert verdict(log.folder, log.team.now, log.new.verifier) == FINE
    rotation.rotate(log.team.application, WISH)
    assert verdict(log.folder, log.team.now, log.new.verifier) == FINE


def test_cut_off_after_the_record_the_next_signature_finishes_it(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_: object, key: Verifier) -> None:
        if key != log.new.verifier:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(log_key, "settle", cut)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(log.team.application, WISH)
    assert len(list(log.folder.glob("log.key.*"))) == 1
    assert verdict(log.folder, log.team.now) == FINE
    log.team.application.checkpoint()
    assert list(log.folder.glob("log.key.*")) == []
    assert verdict(log.folder, log.team.now, log.old.verifier) == FINE


def _cut_after(function: Callable[..., None]) -> Callable[..., None]:
    def cut(*values: object) -> None:
        function(*values)
        raise KeyboardInterrupt

    return cut


def test_without_the_key_in_force_nothing_changes_it(log: Log) -> None:
    os.unlink(log.folder / log_key.KEY)
    with pytest.raises(StoreFailure, match="Only the key in force brings in another"):
        rotation.rotate(log.team.application, WISH)
    (log.folder / log_key.KEY).write_text(f"{log.old}\n")
    os.chmod(log.folder / log_key.KEY, 0o600)
    with pytest.raises(StoreFailure, match="is in force"):
        rotation.rotate(log.team.application, WISH)
