"""Proofs are given out for what is there, and are those that a stranger checks; a damaged tree gives none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from roadlog import proving
from roadlog.domain.commands import AddNote
from roadlog.domain.refusals import Damaged, StoreFailure, Unknown
from roadlog.event_store.merkle import Subtree
from roadlog.event_store.proofs import check_consistency, check_inclusion
from roadlog.event_store.reading import Reader
from roadlog.event_store.sealing import header, leaf
from roadlog.store import EVENTS
from roadlog.verification.verdict import verify
from tests.event_store.rfc9162 import tree_hash
from tests.stores import Store
from tests.test_application_errors import edit

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to" / "trust-the-log.md"


@pytest.fixture
def grown(team: Store) -> Store:
    """A store of 21 records."""
    key = team.define()
    team.do(*(AddNote(stream=key, text=f"note {number}") for number in range(13)))
    return team


def hashes(answer: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(each) for each in answer["proof"]]


def leaves(team: Store) -> list[bytes]:
    return [bytes.fromhex(each.leaf) for each in team.records()]


def test_every_record_is_proved_to_be_under_the_root_that_verify_prints(grown: Store) -> None:
    verified = verify(grown.folder, now=grown.now)
    size, root = verified["size"], bytes.fromhex(verified["root"])
    for record in grown.records():
        answer = proving.prove_record(grown.folder, record.position)
        assert (answer["size"], answer["root"]) == (size, verified["root"])
        assert (answer["origin"], answer["leaf"]) == (verified["origin"], record.leaf)
        made = sha256(b"\0" + answer["header"].encode())
        assert made.hexdigest() == record.leaf
        check_inclusion(record.position - 1, size, made.digest(), hashes(answer), root)


def test_every_growth_is_proved(grown: Store) -> None:
    found = leaves(grown)
    for new in range(1, len(found) + 1):
        for old in range(1, new + 1):
            answer = proving.prove_growth(grown.folder, old, new)
            roots = tree_hash(found[:old]), tree_hash(found[:new])
            assert answer["from"] == {"size": old, "root": roots[0].hex()}
            assert answer["to"] == {"size": new, "root": roots[1].hex()}
            check_consistency(old, new, hashes(answer), *roots)


def test_the_program_of_the_document_checks_a_proof(grown: Store, tmp_path: Path) -> None:
    """Alone; and it refuses another header, position, size, root, and a proof that lacks something."""
    text = HOW_TO.read_text(encoding="utf-8")
    found = re.search(r"```python check_proof.py\n(.*?)```", text, re.DOTALL)
    assert found
    (tmp_path / "check_proof.py").write_text(found[1], encoding="utf-8")

    def checked(proof: dict[str, Any], root: str) -> tuple[int, str]:
        (tmp_path / "proof.json").write_text(json.dumps(proof), encoding="utf-8")
        command = [sys.executable, "-I", "-S", "check_proof.py", "proof.json", root]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout or done.stderr

    for position in (1, 8, 20, 21):
        proof = proving.prove_record(grown.folder, position)
        code, said = checked(proof, proof["root"])
        assert (code, said.startswith(f"record {position} is under that root: ")) == (0, True)
        wrong = {
            "header": proof["header"].replace("v1", "v2"),
            "position": position % 21 + 1,
            "size": 50,
            "proof": proof["proof"][:-1],
        }
        for name, value in wrong.items():
            assert checked({**proof, name: value}, proof["root"])[0] == 1, name
        assert checked(proof, proof["leaf"])[0] == 1


def test_a_header_is_what_a_leaf_is_made_of() -> None:
    parts = (7, "SUP-1", 2, "NoteAdded", "2026-03-01T09:00:00.000000Z", "a" * 64, "-")
    assert sha256(b"\0" + header(*parts).encode()).hexdigest() == leaf(*parts)


@pytest.mark.parametrize("position", [-1, 0, 22])
def test_what_is_not_there_is_not_proved(grown: Store, position: int) -> None:
    with pytest.raises(Unknown):
        proving.prove_record(grown.folder, position)
    with pytest.raises(Unknown):
        proving.prove_growth(grown.folder, 1, position)


def test_a_log_does_not_shrink(grown: Store) -> None:
    with pytest.raises(Unknown, match="smaller size first"):
        proving.prove_growth(grown.folder, 3, 2)
    with pytest.raises(StoreFailure):
        proving.prove_record(grown.folder / "elsewhere", 1)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stored_events SET state = x'7b7d' WHERE position = 10",
        "UPDATE stored_events SET leaf = 'ab' WHERE position = 10",
        "UPDATE stored_events SET recorded_at = '2026-03-01T09:00:00.000000Z' WHERE position = 10",
        "DELETE FROM stored_events WHERE position = 10",
        "DELETE FROM tree WHERE node = 7",
        "UPDATE tree SET hash = x'00' WHERE node = 7",
    ],
)
def test_what_is_damaged_is_not_proved(grown: Store, damage: str) -> None:
    edit(grown.folder, damage)
    with pytest.raises(Damaged):
        proving.prove_record(grown.folder, 10)


def test_a_node_is_that_of_its_place(grown: Store) -> None:
    found = leaves(grown)
    with Reader(str(grown.folder / EVENTS)) as reader:
        for level in range(5):
            for nth in range(len(found) >> level):
                part = found[nth << level : (nth + 1) << level]
                assert reader.node(Subtree(level, nth)) == tree_hash(part)
