"""Signed approvals of a log, record by record: which hold, and what an insider may write that does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as over
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.approval_text import approval_text, namespace
from roadlog.domain.events import (
    Condition,
    Event,
    KeyEnrolled,
    KeyRetired,
    NoteAdded,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.evolve import fold
from roadlog.domain.records import Assurance, Record
from roadlog.domain.ssh_keys import PublicKey
from roadlog.trust.approvals import Forged, SignedApprovals, Texts
from tests.domain.gate_steps import advanced, defined, returned
from tests.domain.random_records import histories
from tests.domain.spec import FIRST, KEY, START, TEAM, record
from tests.trust.sshsig_made import in_hardware, public, signed, signed_in_hardware

ORIGIN = "roadlog/SUP/0123456789abcdef"
HOUR = timedelta(hours=1)
CARLA, DAN = (Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32) for each in (1, 2))
VOTE = FIRST + 3
APPROVED = StakeholderApproved(
    milestone="training",
    role="compliance",
    subject="5f" * 32,
    shown={"problem": "a1"},
    statement="Fine\nfor a pilot",
    conditions=(Condition(id="C1", text="Tell the users", due=None),),
    valid_until=START + 100 * HOUR,
    signature=None,
)


def enrolled(handle: str, key: PublicKey, *, position: int, until: datetime | None = None) -> Record:
    event = KeyEnrolled(stakeholder=handle, public_key=key.text, valid_from=START, valid_until=until)
    return record(event, position=position, stream="SUP", version=position, actor=handle, at=START)


def digest(words: Any) -> str:
    """SHA-256 of the JSON, as another program would write it."""
    return sha256(json.dumps(words, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def before() -> list[Record]:
    """Keys of carla and dan, and an initiative in its second iteration at training."""
    moves: tuple[Event, ...] = (defined(), advanced("training"), returned("training"))
    return [
        enrolled("carla", public(CARLA), position=90),
        enrolled("dan", public(DAN), position=91),
        *(
            record(each, position=FIRST + n, version=n + 1, at=START + n * HOUR)
            for n, each in enumerate(moves)
        ),
    ]


def vote(event: StakeholderApproved = APPROVED, **told: Any) -> Record:
    """carla's vote at VOTE, version 4."""
    place: dict[str, Any] = {"position": VOTE, "version": 4, "actor": "carla", "at": START + 3 * HOUR}
    return record(event, **{**place, **told})


def text_of(each: Record, **place: Any) -> str:
    assert isinstance(each.event, StakeholderApproved)
    here = {"origin": ORIGIN, "cycle": 1, "iteration": 2, "previous": f"{each.position - 1:064x}"}
    return approval_text(each, each.event, **{**here, **place})


def sign(
    each: Record,
    key: Ed25519PrivateKey = CARLA,
    *,
    made: Callable[..., str] = signed,
    assurance: Assurance = "signed",
    purpose: str = namespace(ORIGIN),
    **place: Any,
) -> Record:
    """The vote with a signature over its text."""
    signature = made(key, text_of(each, **place).encode(), purpose)
    return with_signature(each, signature, assurance)


def with_signature(each: Record, signature: str | None, assurance: Assurance = "signed") -> Record:
    assert isinstance(each.event, StakeholderApproved)
    event = replace(each.event, signature=signature)
    actor = replace(each.actor, assurance=assurance)
    return replace(each, body=replace(each.body, event=event, actor=actor))


def checked(*records: Record) -> SignedApprovals:
    approvals = SignedApprovals(ORIGIN)
    for each in records:
        approvals.take(each)
    return approvals


def why(*records: Record) -> str:
    """What is wrong with the one that is."""
    (forged,) = checked(*records).forged
    assert forged[:3] == (records[-1].position, records[-1].stream, records[-1].version)
    return forged.found


# What holds


def test_the_text_names_the_place_and_what_is_approved() -> None:
    assert text_of(replace(vote(), version=7)).splitlines() == [
        "roadlog/approval/v1",
        f'origin: "{ORIGIN}"',
        f'initiative: "{KEY}"',
        "version: 7",
        f'previous: "{VOTE - 1:064x}"',
        'effective_at: "2026-03-02T12:00:00.000000Z"',
        'stakeholder: "carla"',
        'role: "compliance"',
        'decision: "approved"',
        'milestone: "training"',
        "cycle: 1",
        "iteration: 2",
        f'subject: "{"5f" * 32}"',
        'valid_until: "2026-03-06T13:00:00.000000Z"',
        f'conditions: "{digest([{"due": None, "id": "C1", "text": "Tell the users"}])}"',
        f'statement: "{digest(APPROVED.statement)}"',
        f'reason: "{digest("because")}"',
    ]


def test_a_signature_over_the_text_holds() -> None:
    found = checked(*before(), sign(vote()))
    assert (found.forged, found.approvals, found.signed) == ([], 1, 1)


def test_so_does_one_by_a_device_which_is_surer() -> None:
    keys = enrolled("carla", in_hardware(CARLA), position=92)
    found = checked(*before(), keys, sign(vote(), made=signed_in_hardware, assurance="hardware"))
    assert (found.forged, found.signed) == ([], 1)


def test_what_is_only_asserted_needs_no_signature() -> None:
    found = checked(*before(), vote(), record(NoteAdded(text="x"), position=VOTE + 1, version=5))
    assert (found.forged, found.approvals, found.signed) == ([], 1, 0)


def test_who_has_a_second_key_signs_with_either() -> None:
    keys = enrolled("carla", public(DAN), position=92)
    assert checked(*before(), keys, sign(vote(), DAN)).signed == 1


@over(histories(voids=False))
def test_the_text_stands_where_the_fold_says_the_initiative_stands(records: list[Record]) -> None:
    """Whatever happened before: cycle and iteration are known from the moves alone."""
    state, texts = fold(records), Texts(ORIGIN)
    for other in records:
        assert (texts.take(other) is not None) is isinstance(other.event, StakeholderApproved)
    each = vote(position=FIRST + len(records), version=len(records) + 1)
    previous = records[-1].leaf if records else ""
    here = {"cycle": state.cycle, "iteration": state.iteration, "previous": previous}
    assert texts.take(each) == text_of(each, **here)


# What does not


def test_a_signature_by_another_person_s_key() -> None:
    assert "is dan's, not carla's" in why(*before(), sign(vote(), DAN))


def test_a_signature_by_a_key_that_was_never_enrolled() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert "is not enrolled for carla" in why(*before(), sign(vote(), other))


def test_a_key_enrolled_after_the_vote() -> None:
    carla, *rest = before()
    late = replace(carla, position=VOTE + 1)
    (forged,) = checked(*rest, sign(vote()), late).forged
    assert (forged.position, "not enrolled" in forged.found) == (VOTE, True)


def test_a_key_retired_before_the_vote_and_not_after_it() -> None:
    gone = KeyRetired(stakeholder="carla", fingerprint=public(CARLA).fingerprint)
    earlier = record(gone, position=92, stream="SUP", version=92)
    assert "was retired at position 92" in why(*before(), earlier, sign(vote()))
    later = record(gone, position=VOTE + 1, stream="SUP", version=92)
    assert checked(*before(), sign(vote()), later).forged == []


def windowed(until: datetime, **told: Any) -> list[Record]:
    return [enrolled("carla", public(CARLA), position=90, until=until), *before()[2:], sign(vote(**told))]


def test_a_key_outside_of_its_window_when_the_vote_was_recorded() -> None:
    recorded = START + 3 * HOUR
    assert checked(*windowed(recorded + HOUR)).forged == []
    assert "signs from 2026-03-02T09:00:00Z until 2026-03-02T12:00:00Z" in why(*windowed(recorded))
    early = windowed(recorded + HOUR, recorded_at=START - HOUR)
    assert "signs from" in why(*early)


def test_an_approval_that_an_anchor_first_shows_after_its_key_s_window_is_told_apart() -> None:
    until = START + 4 * HOUR
    found = checked(*windowed(until))
    assert found.forged == []
    assert found.outlived(lambda _: None) == ()
    assert found.outlived(lambda _: until - timedelta(seconds=1)) == ()
    assert found.outlived(lambda _: until) == (VOTE,)
    assert found.outlived(lambda position: until if position < VOTE else None) == ()


def test_so_is_one_whose_key_was_retired_since() -> None:
    gone = KeyRetired(stakeholder="carla", fingerprint=public(CARLA).fingerprint)
    at = START + 5 * HOUR
    later = record(gone, position=VOTE + 1, stream="SUP", version=92, at=at)
    found = checked(*before(), sign(vote()), later)
    assert found.forged == []
    assert found.outlived(lambda _: at - HOUR) == ()
    assert found.outlived(lambda _: at) == (VOTE,)


def test_a_signature_made_for_something_else() -> None:
    assert "made for 'file'" in why(*before(), sign(vote(), purpose="file"))
    other = namespace("roadlog/OPS/0123456789abcdef")
    assert "made for" in why(*before(), sign(vote(), purpose=other))


@pytest.mark.parametrize(
    "place",
    [{"origin": "roadlog/OPS/00"}, {"cycle": 2}, {"iteration": 1}, {"previous": "00" * 32}],
)
def test_a_signature_from_another_place(place: dict[str, Any]) -> None:
    assert "not over this text" in why(*before(), sign(vote(), **place))


@pytest.mark.parametrize(
    "changed",
    [
        {"milestone": "live"},
        {"milestone": None},
        {"role": "product"},
        {"subject": "00" * 32},
        {"statement": None},
        {"statement": "Fine"},
        {"conditions": ()},
        {"valid_until": None},
    ],
)
def test_a_signature_over_other_words(changed: dict[str, Any]) -> None:
    signature = sign(vote()).event.signature  # type: ignore[union-attr]
    other = with_signature(vote(replace(APPROVED, **changed)), signature)
    assert "not over this text" in why(*before(), other)


def test_a_signature_with_another_reason_time_or_version() -> None:
    good = sign(vote())
    signature = good.event.signature  # type: ignore[union-attr]
    assert isinstance(signature, str)
    told: dict[str, Any]
    for told in ({"reason": "other"}, {"at": START}, {"version": 5}, {"stream": "SUP-2"}):
        other = with_signature(vote(**told, recorded_at=START + 3 * HOUR), signature)
        assert len(checked(*before(), other).forged) == 1, told


def test_a_vote_signed_once_cannot_be_put_there_again() -> None:
    good = sign(vote())
    again = replace(good, position=VOTE + 1, version=5)
    (forged,) = checked(*before(), good, again).forged
    assert forged.position == VOTE + 1


def test_an_assurance_that_no_signature_gives() -> None:
    assert why(*before(), with_signature(vote(), None)) == "none, though the actor is signed"
    assert why(*before(), sign(vote(), assurance="asserted")) == "asserted"
    assert why(*before(), sign(vote(), assurance="hardware")) == "hardware"


def test_only_approvals_are_surer_than_asserted() -> None:
    no = StakeholderRejected(milestone="training", role="compliance", subject="5f", shown={})
    each = record(no, position=VOTE, version=4, actor="carla", assurance="signed")
    assert checked(*before(), each).forged == [
        Forged(VOTE, KEY, 4, "an actor asserted: only approvals are signed", "signed")
    ]


def test_what_is_no_signature() -> None:
    assert "begin and end" in why(*before(), with_signature(vote(), "yes"))


@over(handle=st.text(), role=st.text(), milestone=st.none() | st.text(), origin=st.text())
def test_no_value_reaches_beyond_its_line(handle: str, role: str, milestone: str | None, origin: str) -> None:
    event = replace(APPROVED, role=role, milestone=milestone)
    text = text_of(vote(event, actor=handle, roles=TEAM["carla"]), origin=origin)
    names = [each.partition(": ")[0] for each in text.split("\n")]
    assert (len(names), names[0], names[-1]) == (18, "roadlog/approval/v1", "")
    assert len(set(names)) == 18
