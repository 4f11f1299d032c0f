"""Signed approvals against somebody who has the log's key too: all hashes and checkpoints are right."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from msgspec.structs import replace

from roadlog import rows
from roadlog.domain.approval_text import namespace
from roadlog.domain.commands import AddNote, AdvanceMilestone, Approve, EnrolKey, Reject, RetireKey
from roadlog.domain.events import StakeholderApproved
from roadlog.domain.records import Record
from roadlog.reading import Reading
from roadlog.trust import approvals
from roadlog.trust.approvals import Texts
from roadlog.trust.note import Note
from roadlog.trust.signing import KeyFile
from roadlog.verification import verdict as verdict_of
from tests.stores import Store, team_store
from tests.trust.sshsig_made import public, signed
from tests.verification.attacks.intruder import Attack, Intruder, after, verdict

CARLA, OLD, SHORT, DAN, THIEF = (
    Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32) for each in range(5)
)
KEYS = {"carla": CARLA, "dan": DAN}


class Signed(Struct, frozen=True):
    """A store with signed approvals, and where some of its records stand."""

    folder: Path
    now: datetime
    at: dict[str, int]


def sign(key: KeyFile, text: str, purpose: str) -> str:
    """In the place of ssh-keygen: the key is the one of that name."""
    return signed(KEYS[key.path], text.encode(), purpose)


def story(team: Store) -> Iterator[tuple[str, int]]:
    """carla has a key, one that is retired, and one whose window is over; what she signs, and what not."""

    def done(*commands: object, by: str, **wish: object) -> int:
        return team.do(*commands, by=by, **wish).records[-1].position  # type: ignore[arg-type]

    for name, by, key in (("key", "carla", CARLA), ("old", "carla", OLD), ("dan's key", "dan", DAN)):
        yield name, done(EnrolKey(stakeholder=by, public_key=public(key).text), by=by)
    soon = team.now + timedelta(minutes=3)
    short = EnrolKey(stakeholder="carla", public_key=public(SHORT).text, valid_until=soon)
    yield "short", done(short, by="carla")
    yield "retired", done(RetireKey(stakeholder="carla", fingerprint=public(OLD).fingerprint), by="carla")
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    yield "note", done(AddNote(stream="SUP-1", text="one word"), by="dan")
    vote = Approve(stream="SUP-1", role="compliance", statement="Good enough")
    yield "signed", done(vote, by="carla", key=KeyFile("carla"))
    yield "dan's", done(Approve(stream="SUP-1", role="data-science"), by="dan", key=KeyFile("dan"))
    yield "rejected", done(Reject(stream="SUP-1", role="compliance"), by="carla")
    yield "asserted", done(vote, by="carla")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    folder = tmp_path_factory.mktemp("signed") / ".roadlog"
    with team_store(folder) as team, patch.object(KeyFile, "sign", sign):
        at = dict(story(team))
        return Signed(folder, team.now, at)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


# What the intruder does, who then computes and signs everything anew


def anew(change: Callable[[Intruder, dict[str, int]], None], at: dict[str, int]) -> Attack:
    def attack(intruder: Intruder) -> None:
        change(intruder, at)
        intruder.seal_again()
        intruder.sign_again(intruder.stolen_key())

    return attack


def edits(where: str, old: str, new: str) -> Callable[[Intruder, dict[str, int]], None]:
    def change(intruder: Intruder, at: dict[str, int]) -> None:
        ((state,),) = intruder.sql("SELECT state FROM stored_events WHERE position = ?", at[where])
        assert old.encode() in state
        edited = state.replace(old.encode(), new.encode())
        intruder.sql("UPDATE stored_events SET state = ? WHERE position = ?", edited, at[where])

    return change


def signs(where: str, key: Ed25519PrivateKey) -> Callable[[Intruder, dict[str, int]], None]:
    """Puts a signature that is right, by some key, on an approval that has none."""

    def change(intruder: Intruder, at: dict[str, int]) -> None:
        each, text = found(intruder, at[where])
        store_signature(intruder, each, signed(key, text.encode(), namespace(intruder.origin)))

    return change


def copies(intruder: Intruder, at: dict[str, int]) -> None:
    """Puts the signature of an earlier approval on one that says the same."""
    first, _ = found(intruder, at["signed"])
    each, _ = found(intruder, at["asserted"])
    assert isinstance(first.event, StakeholderApproved)
    assert first.event.signature is not None
    store_signature(intruder, each, first.event.signature)


def found(intruder: Intruder, position: int) -> tuple[Record, str]:
    """An approval, and the text that is signed of it."""
    texts = Texts(intruder.origin)
    with Reading(intruder.folder, now=datetime(2999, 1, 1, tzinfo=UTC)) as reading:
        for each in reading.records(upto=position):
            text = texts.take(each)
    assert text is not None
    return each, text


def store_signature(intruder: Intruder, each: Record, signature: str) -> None:
    assert isinstance(each.event, StakeholderApproved)
    actor = replace(each.actor, assurance="signed")
    body = replace(each.body, actor=actor, event=replace(each.event, signature=signature))
    state = rows.codec().encode(each.type, body)
    intruder.sql("UPDATE stored_events SET state = ? WHERE position = ?", state, each.position)


ASSERTED, SURE = '"assurance":"asserted"', '"assurance":"signed"'
ROWS = [
    pytest.param(edits("signed", "Good enough", "Good enouhg"), "signed", id="the statement"),
    pytest.param(edits("signed", '"milestone":"feasibility"', '"milestone":"live"'), "signed", id="the gate"),
    pytest.param(edits("signed", '"subject":"', '"subject":"0'), "signed", id="what it is about"),
    pytest.param(edits("signed", '"reason":"because"', '"reason":null'), "signed", id="the reason"),
    pytest.param(edits("signed", '"id":"carla"', '"id":"erin"'), "signed", id="who"),
    pytest.param(edits("note", "one word", "no words"), "signed", id="what came before"),
    pytest.param(edits("key", public(CARLA).text, public(THIEF).text), "signed", id="the key"),
    pytest.param(edits("key", '"stakeholder":"carla"', '"stakeholder":"erin"'), "signed", id="whose key"),
    pytest.param(edits("signed", SURE, '"assurance":"hardware"'), "signed", id="surer"),
    pytest.param(edits("signed", SURE, ASSERTED), "signed", id="less sure"),
    pytest.param(edits("asserted", ASSERTED, SURE), "asserted", id="no signature"),
    pytest.param(edits("rejected", ASSERTED, SURE), "rejected", id="no approval"),
    pytest.param(copies, "asserted", id="replayed"),
    pytest.param(signs("asserted", THIEF), "asserted", id="an unknown key"),
    pytest.param(signs("asserted", DAN), "asserted", id="another's key"),
    pytest.param(signs("asserted", OLD), "asserted", id="a retired key"),
    pytest.param(signs("asserted", SHORT), "asserted", id="a key past its window"),
]
"""What is done, and the record that is named."""


@pytest.mark.parametrize(("change", "where"), ROWS)
def test_is_found(
    store: Signed, copy: Path, change: Callable[[Intruder, dict[str, int]], None], where: str
) -> None:
    after(anew(change, store.at), store.folder, copy)
    assert verdict(copy, store.now) == ("forged-approval", 4, store.at[where])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda *_: None, id="nothing"),
        pytest.param(signs("asserted", CARLA), id="who has carla's key is carla"),
    ],
)
def test_is_not_forged(store: Signed, copy: Path, change: Callable[[Intruder, dict[str, int]], None]) -> None:
    """The controls: an untouched store, and what no signature can tell."""
    after(anew(change, store.at), store.folder, copy)
    assert verdict(copy, store.now) == ("intact-unanchored", 1, None)


@contextmanager
def without(check: str, instead: str) -> Iterator[None]:
    """As if a check of signed approvals were not there."""
    source = inspect.getsource(approvals)
    assert source.count(check) == 1, check
    changed: dict[str, object] = {"__name__": approvals.__name__}
    exec(compile(source.replace(check, instead), approvals.__name__, "exec"), changed)  # noqa: S102 (our own source)
    with patch.object(verdict_of, "SignedApprovals", changed["SignedApprovals"]):
        yield


@pytest.mark.parametrize(
    ("check", "instead"),
    [
        pytest.param("found.check(text.encode(), namespace(origin))", "pass", id="signature"),
        pytest.param("if theirs.retired_by is not None:", "if False:", id="retired"),
        pytest.param("if not theirs.signs_at(at):", "if False:", id="window"),
        pytest.param(
            "            check_key(key, self._roadmap",
            "            () and check_key(key, self._roadmap",
            id="key",
        ),
        pytest.param("if assurance(key) == record.actor.assurance:", "if True:", id="assurance"),
        pytest.param(
            '            if record.actor.assurance != "asserted":', "            if False:", id="no signature"
        ),
        pytest.param('elif record.body.actor.assurance != "asserted":', "elif False:", id="no approval"),
    ],
)
def test_without_a_check_some_attack_is_not_found(
    store: Signed, copy: Path, check: str, instead: str
) -> None:
    missed = []
    with without(check, instead):
        for row in ROWS:
            change, where = row.values
            after(anew(change, store.at), store.folder, copy)  # type: ignore[arg-type]
            if verdict(copy, store.now) != ("forged-approval", 4, store.at[str(where)]):
                missed.append(row.id)
    assert missed != []


def test_what_nothing_vouched_for_while_its_key_was_used_is_not_proved(tmp_path: Path) -> None:
    """Recorded times are the log's own word: an anchor says since when an approval stands there."""
    with team_store(tmp_path / ".roadlog") as team, patch.object(KeyFile, "sign", sign):
        key = public(CARLA)
        team.do(EnrolKey(stakeholder="carla", public_key=key.text), by="carla")
        team.define()
        vote = team.do(Approve(stream="SUP-1"), by="carla", key=KeyFile("carla")).records[-1].position
        early = Note.read(team.application.checkpoint().note)
        team.do(RetireKey(stakeholder="carla", fingerprint=key.fingerprint))
        late = Note.read(team.application.checkpoint().note)
        now = team.now
    for against, proved in ((None, True), (early, True), (late, False)):
        answer = verdict_of.verify(tmp_path / ".roadlog", now=now, against=against)
        assert answer["verdict"] != "forged-approval"
        unproved = [each for each in answer["not_proved"] if each.startswith(f"that #{vote} were signed")]
        assert (unproved == []) is proved
