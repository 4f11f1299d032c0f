"""What somebody with write access can do to anchors, and to a log that a witness vouches for."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from roadlog import anchoring, log_key
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.trust import anchor
from roadlog.trust.note import Note
from roadlog.verification import anchors
from tests.trust.logs import OTHER_WITNESS, WITNESS
from tests.trust.serving import witness_knowing
from tests.verification.attacks.conftest import Victim
from tests.verification.attacks.intruder import Attack, Intruder, after, verdict
from tests.verification.attacks.test_every_check import without
from tests.verification.attacks.test_table import EDIT, and_seals, does

KEY = str(WITNESS.verifier)
LEFT = "UPDATE anchors SET {} WHERE id = 1"
EDITED = "content = CAST(replace(content, '3', '4') AS BLOB)"
MOVED = "UPDATE anchors SET content = CAST(replace(content, 'kept', 'gone') AS BLOB) WHERE id = 2"
COPY = "INSERT INTO anchors SELECT 4, kind, size, content FROM anchors WHERE id = 1"


@pytest.fixture(scope="module")
def anchored(victim: Victim, place: Path) -> Path:
    """All records but the last are vouched for by a witness; of all there is a copy in a file."""
    folder = place / "anchored" / ".roadlog"
    shutil.copytree(victim.folder, folder)
    known = log_key.verifier(folder)
    assert known is not None
    with witness_knowing(known, place) as url:
        anchoring.by_witness(folder, url, KEY)
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), AddNote(stream="SUP-1", text="more"))
    anchoring.by_file(folder, str(place / "kept.txt"))
    return folder


def told(folder: Path) -> tuple[str, int, int | None]:
    return verdict(folder, datetime.now(UTC))


def cuts_below(intruder: Intruder) -> None:
    """Records, hashes and checkpoints; the anchor is left, as it is what makes the verdict good."""
    intruder.cut_off(16)
    intruder.forget_checkpoints(16)


def rebuilds(intruder: Intruder) -> None:
    """With the stolen key."""
    and_seals(EDIT)(intruder)
    intruder.sign_again(intruder.stolen_key())


def rebuilds_with_a_key_of_their_own(intruder: Intruder) -> None:
    rebuilds(intruder)
    own = intruder.own_key()
    intruder.sign_again(own)
    (intruder.folder / log_key.PUBLIC).write_text(f"{own.verifier}\n")


def forgets_a_checkpoint(intruder: Intruder) -> None:
    """The last, which is that of the file."""
    intruder.sql("DELETE FROM checkpoints WHERE id = (SELECT max(id) FROM checkpoints)")


def forges_a_cosignature(intruder: Intruder) -> None:
    """Of another second, with the name and the id of the witness, and a hash to match."""
    ((content,),) = intruder.sql("SELECT content FROM anchors WHERE id = 1")
    kept = anchor.Kept.read(content)
    note = Note.read(kept.note.encode())
    false = OTHER_WITNESS.cosign(note.text, datetime.now(UTC))
    false = false._replace(name=WITNESS.verifier.name, key=WITNESS.verifier.id)
    forged = note._replace(signatures=(note.signatures[0], false)).write().decode()
    made = anchor.Kept(kind="witness", note=forged, place=kept.place).write()
    intruder.sql("UPDATE anchors SET content = ? WHERE id = 1", made)


ROWS: dict[str, tuple[Attack, tuple[str, int, int | None]]] = {
    "edits what is kept": (does(LEFT.format(EDITED)), ("altered", 4, 21)),
    "empties it": (does(LEFT.format("content = x''")), ("altered", 4, 21)),
    "says another size": (does(LEFT.format("size = 7")), ("altered", 4, 7)),
    "says another kind": (does(LEFT.format("kind = 'tsa'")), ("altered", 4, 21)),
    "deletes the first": (does("DELETE FROM anchors WHERE id = 1"), ("missing", 4, 22)),
    "numbers them anew": (does("UPDATE anchors SET id = 7 WHERE id = 2"), ("missing", 4, 22)),
    "says that a copy is elsewhere": (does(MOVED), ("altered", 4, 22)),
    "copies one": (does(COPY), ("missing", 4, 21)),
    "forges a cosignature": (forges_a_cosignature, ("altered", 4, 21)),
    "cuts the log below its anchor": (cuts_below, ("rolled-back", 4, 17)),
    "rebuilds it with the stolen key": (rebuilds, ("split-view", 4, 21)),
    "rebuilds it with another key": (rebuilds_with_a_key_of_their_own, ("altered", 4, 21)),
    "forgets a checkpoint": (forgets_a_checkpoint, ("rolled-back", 4, 22)),
}


def test_it_is_anchored_before(anchored: Path) -> None:
    assert told(anchored) == ("intact-anchored", 0, None)


@pytest.mark.parametrize("row", ROWS)
def test_it_is_found(anchored: Path, copy: Path, row: str) -> None:
    attack, expected = ROWS[row]
    assert told(after(attack, anchored, copy)) == expected


@pytest.mark.parametrize(
    ("module", "check", "instead"),
    [
        (anchors, "if kept.id != last + 1:", "if False:"),
        (anchors, "    if said.size > size:", "    if False:"),
        (anchors, "    if root == said.root:", "    if True:"),
        (anchors, "for left in self._said.values():", "for left in ():"),
        (anchor, "sha256(said).hexdigest().encode() != digest", "False"),
        (anchor, "if (kept.kind, checkpoint.size) != (kind, size):", "if False:"),
        (anchor, "log.signed(note) is None", "False"),
        (anchor, "        at = cosigned(note, each)", "        at = datetime.now().astimezone()"),
    ],
)
def test_every_check_is_there_for_some_attack(
    anchored: Path, copy: Path, module: ModuleType, check: str, instead: str
) -> None:
    """The control: without one, some attack is told wrong."""

    def answers(attack: Attack) -> object:
        try:
            return told(after(attack, anchored, copy))
        except (ArithmeticError, ValueError, LookupError, TypeError) as error:
            return error  # what the check kept from being read

    with without(module, check, instead):
        assert [row for row, (attack, expected) in ROWS.items() if answers(attack) != expected] != []
