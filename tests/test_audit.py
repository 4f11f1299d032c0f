"""The audit of a store: whole, of one initiative, over a period, at a moment; and what it is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from roadlog.audit import IS_NOT, audit
from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdvanceMilestone,
    AnswerConsent,
    Approve,
    LogRisk,
    OpenIncident,
    VoidRecord,
)
from roadlog.domain.refusals import Malformed, Unknown
from tests.stores import PROBLEM, Store

RISK = LogRisk(stream="SUP-1", category="bias", description="Answers differ", likelihood=2, impact=2)
HOUR = timedelta(hours=1)


def audited(store: Store, **asked: Any) -> dict[str, Any]:
    with store.reading() as reading:
        return audit(reading, reading.moment(), **asked)


def control(store: Store, name: str, **asked: Any) -> dict[str, Any]:
    (found,) = audited(store, ids=[name], **asked)["controls"]
    assert isinstance(found, dict)
    return found


def texts(store: Store, name: str, **asked: Any) -> list[tuple[str | None, str, list[int]]]:
    found = control(store, name, **asked)["findings"]
    return [(each["key"], each["text"], each["positions"]) for each in found]


@pytest.fixture
def store(team: Store) -> Store:
    """A store with SUP-1, which has started, at position 9."""
    team.do(PROBLEM)
    team.do(AdvanceMilestone(stream="SUP-1"))
    return team


def test_the_answer_says_of_what_and_when_it_is_and_what_it_is_not(store: Store) -> None:
    answer = audited(store)
    assert (answer["roadmap"], answer["key"], answer["position"]) == ("SUP", None, 9)
    assert (answer["from"], answer["to"]) == (None, None)
    assert answer["is_not"] == list(IS_NOT)
    assert any("Articles 12 and 19" in each for each in answer["is_not"])
    assert sum(answer["summary"].values()) == len(answer["controls"])
    assert {each["id"] for each in answer["frameworks"]} == {each["framework"] for each in answer["controls"]}


def test_nothing_it_says_calls_anything_compliant(store: Store) -> None:
    assert "compliant" not in str(audited(store)).lower()


def test_a_vote_dated_before_its_voter_was_enrolled_is_found(store: Store) -> None:
    before = store.now
    store.do(AddStakeholder(stakeholder="nina", roles=("compliance",)))
    store.do(Approve(stream="SUP-1", role="compliance"), by="nina", at=before)
    day = f"{before:%Y-%m-%d}"
    text = f"nina voted as compliance, dated {day}, when they did not hold the role compliance"
    assert texts(store, "missing-role") == [("SUP-1", text, [11])]
    text = f"StakeholderApproved by nina is dated {day}, before nina was enrolled ({day})"
    assert texts(store, "before-enrolment") == [("SUP-1", text, [11])]


def test_votes_of_several_people_are_found_over_all_initiatives_and_over_one(store: Store) -> None:
    store.do(PROBLEM)
    store.do(Approve(stream="SUP-1", role="data-science"), by="dan")
    store.do(Approve(stream="SUP-2", role="compliance"), by="carla")
    ((key, text, positions),) = texts(store, "one-account")
    assert (key, positions) == (None, [11, 12])
    assert text.endswith("typed the votes of dan and carla")
    assert texts(store, "one-account", key="SUP-1") == []
    assert texts(store, "one-account", start=store.now) == []


def test_backdating_with_consent_names_who_agreed(store: Store) -> None:
    store.clock.tick(timedelta(days=30))
    old = store.now - timedelta(days=9)
    store.do(AddNote(stream="SUP-1", text="Said in April"), at=old)
    store.do(AnswerConsent(request=10, give=True), by="carla")
    text = (
        f"NoteAdded by paula is dated {old:%Y-%m-%d}, 9 days before it was recorded (policy: 7), agreed to "
        "by carla"
    )
    assert texts(store, "backdated") == [("SUP-1", text, [12, 11])]


def test_what_was_voided_is_neither_evidence_nor_found(store: Store) -> None:
    store.do(RISK)
    store.do(VoidRecord(stream="SUP-1", position=10))
    assert control(store, "iso-42001-6.1.2")["status"] == "absent"


def test_the_clock_of_an_incident_is_judged_at_the_end_of_the_period(store: Store) -> None:
    opened = store.now
    store.do(OpenIncident(stream="SUP-1", description="Wrong prices", aware_at=opened, severity=5, case=None))
    store.clock.tick(timedelta(days=3))
    assert control(store, "incident-clock")["status"] == "finding"
    assert control(store, "incident-clock", end=opened + timedelta(days=2))["status"] == "satisfied"
    assert control(store, "incident-clock", start=opened + timedelta(days=2.5))["status"] == "finding"


def test_a_moment_is_audited_as_things_stood_then(store: Store) -> None:
    store.do(RISK)
    with store.reading() as reading:
        then = audit(reading, reading.moment(position=9), ids=["iso-42001-6.1.2"])
        now = audit(reading, reading.moment(), ids=["iso-42001-6.1.2"])
    assert [each["status"] for answer in (then, now) for each in answer["controls"]] == [
        "absent",
        "satisfied",
    ]


def test_an_empty_roadmap_has_nothing_that_could_be_found(team: Store) -> None:
    assert audited(team)["summary"]["finding"] == 0


def test_how_far_it_is_is_told(store: Store) -> None:
    store.do(PROBLEM)
    told: list[tuple[int, int]] = []
    with store.reading() as reading:
        audit(reading, reading.moment(), progress=lambda done, total: told.append((done, total)))
    assert told == [(9, 10), (10, 10)]


@pytest.mark.parametrize("key", ["SUP-2", "SUP"])
def test_a_key_that_is_not_there_is_unknown(store: Store, key: str) -> None:
    with pytest.raises(Unknown, match=f"There is no initiative '{key}'"):
        audited(store, key=key)


def test_a_key_that_was_not_there_in_the_period_is_told_since_when_it_is(store: Store) -> None:
    with pytest.raises(Unknown, match="SUP-1 was not there yet"):
        audited(store, key="SUP-1", end=store.now - HOUR)


def test_a_control_that_is_not_there_is_unknown_and_the_nearest_is_offered(store: Store) -> None:
    with pytest.raises(Unknown, match=r"Did you mean eu-ai-act-9\.1\?"):
        audited(store, ids=["eu-ai-act-9.11"])


def test_a_period_ends_after_it_begins_and_begins_before_the_moment(store: Store) -> None:
    now: datetime = store.now
    with pytest.raises(Malformed, match="is not after --from"):
        audited(store, start=now - HOUR, end=now - HOUR)
    with pytest.raises(Malformed, match="nothing is there"):
        audited(store, start=now + HOUR)
    assert audited(store, start=now - HOUR, end=now + HOUR)["position"] == 9
