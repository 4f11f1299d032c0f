"""What a digest says of a moment, and of the records of its window: exactly that, and in that order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from roadlog.domain.events import (
    BreakGlassReviewed,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    EdgeCaseLogged,
    Event,
    MilestoneAdvanced,
    NoteAdded,
    NoticeDefined,
    OwnerChanged,
    RecordVoided,
    RiskClosed,
    RiskReopened,
    Satisfied,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState, fold_roadmap
from roadlog.projections import digest, happened
from roadlog.projections.digest import standing
from roadlog.projections.happened import Known
from tests.domain.spec import FIRST, KEY, By, by, given, record, roadmap_records
from tests.projections.histories import (
    DAN,
    accepted,
    approved,
    asked,
    back,
    case,
    day,
    defined,
    measured,
    moved,
    on,
    rekeyed,
    risk,
    short,
)

TITLE = "Reduce support load"
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))


def told(
    *steps: By, handle: str = "dan", at: float = 5, workflow: Any = DAN, **more: InitiativeState
) -> dict[str, Any]:
    """What the digest says on day `at`; `more` are other initiatives."""
    state, roadmap = case(*steps, workflow=workflow)
    return standing(roadmap, {KEY: state, **more}, handle, day(at))


# Decisions owed


def test_a_vote_that_was_asked_for_is_a_decision_owed_with_its_command() -> None:
    answer = told(*AT_BUILD, on(3, asked("data-science")))
    assert answer["owed"] == [
        {
            "title": TITLE,
            "key": KEY,
            "what": "Decide as data-science on leaving build",
            "role": "data-science",
            "since": rfc3339(day(3)),
            "try": "roadlog approve SUP-1 --role data-science",
            "kind": "approval",
            "by": ["dan"],
        }
    ]
    assert answer["further"] == 0


def test_work_to_do_is_no_decision_and_is_counted() -> None:
    answer = told(*AT_BUILD, handle="paula")  # it is hers to ask for the vote
    assert (answer["owed"], answer["further"]) == ([], 1)


def test_decisions_stand_oldest_first_over_all_initiatives() -> None:
    first, roadmap = case(*AT_BUILD, on(4, asked("data-science")), workflow=DAN)
    second, _ = case(*AT_BUILD, on(3, asked("data-science")), workflow=DAN)
    states = {KEY: first, "SUP-2": rekeyed(second, "SUP-2")}
    found = standing(roadmap, states, "dan", day(5))["owed"]
    assert [(each["key"], each["since"]) for each in found] == [
        ("SUP-2", rfc3339(day(3))),
        (KEY, rfc3339(day(4))),
    ]


def test_what_needs_a_second_person_is_a_decision_about_the_roadmap_too() -> None:
    wish = ConsentRequested(
        command="RevokeRole",
        arguments={"stakeholder": "erin", "role": "engineering"},
        stream="SUP",
        at=day(0),
        why="It takes a second person.",
    )
    opening = roadmap_records(DAN)
    waiting = record(
        wish, position=len(opening) + 1, stream="SUP", version=len(opening) + 1, at=day(0), actor="paula"
    )
    roadmap = fold_roadmap([*opening, waiting])
    (owed,) = standing(roadmap, {}, "dan", day(1))["owed"]
    assert (owed["key"], owed["title"], owed["kind"]) == ("SUP", "Support AI", "consent")
    assert standing(roadmap, {}, "paula", day(1))["owed"] == []


def test_a_severe_edge_case_is_to_be_decided_by_the_owner() -> None:
    severe = EdgeCaseLogged(case="E1", description="Tour in German", severity=5, source=None, risk=None)
    kinds = [each["kind"] for each in told(*AT_BUILD, on(3, severe), handle="paula")["owed"]]
    assert kinds == ["edge-case"]


# Stale approvals


def test_an_approval_whose_subject_changed_says_what_and_how_to_approve_again() -> None:
    steps = (*approved(*AT_BUILD, at=3), on(4, risk()))
    assert told(*steps)["stale"] == [
        {
            "key": KEY,
            "title": TITLE,
            "milestone": "build",
            "role": "data-science",
            "position": FIRST + 3,
            "at": rfc3339(day(3)),
            "fields": ["risks"],
            "try": "roadlog approve SUP-1 --role data-science",
        }
    ]


def test_an_approval_of_what_stands_there_is_not_stale() -> None:
    assert told(*approved(*AT_BUILD, at=3), on(4, NoteAdded(text="hm")))["stale"] == []


def test_the_stale_approvals_of_others_are_theirs() -> None:
    assert told(*approved(*AT_BUILD, at=3), on(4, risk()), handle="erin")["stale"] == []


def test_who_became_the_owner_cannot_approve_again() -> None:
    steps = (*approved(*AT_BUILD, at=3), on(4, risk()), on(4.5, OwnerChanged(owner="dan")))
    assert [each["try"] for each in told(*steps)["stale"]] == [None]


def test_a_gate_that_was_passed_makes_no_approval_stale() -> None:
    assert told(*approved(*AT_BUILD, at=3), on(4, moved("run")), on(4.5, risk()))["stale"] == []


def changed_by(*steps: By, fields: list[str]) -> list[tuple[int, str]]:
    history = given(*steps, workflow=DAN)
    vote = {"position": FIRST + 3, "milestone": "build", "fields": fields}

    def stream(_: str, upto: int) -> list[Record]:
        return [each for each in history.initiative if each.position <= upto]

    found = digest.changed_since(history.initiative, stream, vote, DAN)
    return [(each["position"], each["sentence"]) for each in found]


NOTICE = NoticeDefined(text="An assistant", placement="above", locale=None)


def test_the_records_that_changed_what_was_approved_are_named() -> None:
    noted, noticed, logged = on(4, NoteAdded(text="hm")), on(4.1, NOTICE), on(4.2, risk())
    steps = (*approved(*AT_BUILD, at=3), noted, noticed, logged)
    by_risk = (FIRST + 6, "logged risk R1 (bias, 4 × 4 = 16): Answers differ by segment")
    by_notice = (FIRST + 5, "defined the notice “An assistant” (above)")
    assert changed_by(*steps, fields=["risks"]) == [by_risk]
    assert changed_by(*steps, fields=["notice", "risks"]) == [by_notice, by_risk]


def test_a_void_that_took_something_away_is_named_too() -> None:
    steps = (*AT_BUILD[:2], on(1.5, NOTICE), AT_BUILD[2], on(4, RecordVoided(position=FIRST + 2)))
    assert changed_by(*steps, fields=["notice"]) == [
        (FIRST + 4, f"voided the record at position {FIRST + 2}")
    ]


# Quiet roles, outcomes


def test_a_role_that_was_not_heard_is_quiet_and_says_who_could_speak() -> None:
    assert told(*AT_BUILD, at=30)["quiet"] == [
        {
            "key": KEY,
            "title": TITLE,
            "role": "data-science",
            "since": rfc3339(day(1) + timedelta(days=14)),
            "by": ["dan"],
            "try": "roadlog checkin SUP-1 --role data-science TEXT",
        }
    ]
    assert told(*AT_BUILD, at=14)["quiet"] == []


def test_an_outcome_stands_with_what_each_iteration_brought() -> None:
    steps = (*AT_BUILD, on(3, measured(765)), on(4, back("learn")), on(5, measured(630)))
    (found,) = told(*steps, at=6, workflow=short())["outcomes"]
    assert found["outcome"]["latest"] == 630
    assert found["iterations"] == [
        {
            "iteration": 1,
            "cycle": 1,
            "from": rfc3339(day(1)),
            "to": rfc3339(day(4)),
            "value": 765,
            "progress": 0.5,
        },
        {
            "iteration": 2,
            "cycle": 1,
            "from": rfc3339(day(4)),
            "to": None,
            "value": 630,
            "progress": 1.0,
        },
    ]


def test_what_was_not_started_or_has_no_outcome_has_none_by_iteration() -> None:
    assert told(on(0, defined()))["outcomes"] == []
    assert told(on(0, defined(outcome=None)), *AT_BUILD[1:])["outcomes"] == []


# The window


def window(*steps: Event | By) -> tuple[list[Record], dict[str, InitiativeState], RoadmapState]:
    history = given(*steps, workflow=DAN)
    return history.initiative, {KEY: history.state()}, history.roadmap_state()


def test_every_record_stands_once_under_its_initiative_and_late_ones_say_so() -> None:
    noted = record(NoteAdded(text="late"), position=FIRST, at=day(1), recorded_at=day(3), actor="dan")
    other = record(NoteAdded(text="now"), position=FIRST + 1, stream="SUP-2", at=day(3))
    known = Known(since=day(2), voids={FIRST: FIRST + 9}, about={})
    found = happened.happened([noted, other], {"SUP-2": None, KEY: TITLE}, known)
    assert [(each["key"], each["title"], len(each["records"])) for each in found] == [
        ("SUP-2", None, 1),
        (KEY, TITLE, 1),
    ]
    assert found[1]["records"] == [
        {
            "position": FIRST,
            "recorded_at": rfc3339(day(3)),
            "effective_at": rfc3339(day(1)),
            "late": 2 * 86_400.0,
            "earlier": True,
            "imported": False,
            "import": None,
            "actor": "dan",
            "typed_by": "tester",
            "type": "NoteAdded",
            "key": KEY,
            "sentence": "noted: late",
            "reason": "because",
            "voided_by": FIRST + 9,
            "assurance": "asserted",
        }
    ]
    assert found[0]["records"][0]["earlier"] is False


def test_what_is_asked_of_a_second_person_stands_under_what_it_is_about() -> None:
    wish = ConsentRequested(
        command="AddNote", arguments={"text": "x"}, stream=KEY, at=day(0), why="It takes a second person."
    )
    asked_and_answered: list[Event] = [wish, ConsentGiven(request=8), ConsentRefused(request=99)]
    records = [
        record(event, position=n, stream="SUP", version=n, at=day(0))
        for n, event in enumerate(asked_and_answered, start=8)
    ]
    opening = roadmap_records(DAN)
    roadmap = fold_roadmap([*opening, records[0]])
    about = happened.about(records, roadmap)
    assert about == {8: KEY, 9: KEY}
    known = Known(since=day(0), voids={}, about=about)
    found = happened.happened(records, {"SUP": "Support AI", KEY: TITLE}, known)
    assert [[each["position"] for each in group["records"]] for group in found] == [[10], [8, 9]]


def test_risks_that_rose_or_were_accepted_are_told_as_they_stand() -> None:
    steps = (
        *AT_BUILD,
        on(3, risk()),
        by("carla", accepted(day(90)), at=day(4)),
        on(5, RiskClosed(risk="R1")),
        on(6, RiskReopened(risk="R1")),
    )
    records, states, _ = window(*steps)
    found = list(happened.risks(records, states))
    about = {
        "key": KEY,
        "title": TITLE,
        "id": "R1",
        "category": "bias",
        "description": "Answers differ by segment",
        "score": 16,
        "residual": 16,
        "open": True,
    }
    none = {"until": None, "role": None}
    assert found == [
        {**about, **none, "position": FIRST + 3, "at": rfc3339(day(3)), "actor": "paula", "what": "logged"},
        {
            **about,
            "position": FIRST + 4,
            "at": rfc3339(day(4)),
            "actor": "carla",
            "what": "accepted",
            "until": rfc3339(day(90)),
            "role": "compliance",
        },
        {**about, **none, "position": FIRST + 6, "at": rfc3339(day(6)), "actor": "paula", "what": "reopened"},
    ]


def through(*gate: Satisfied, break_glass: bool = False) -> MilestoneAdvanced:
    return replace(moved("run", break_glass=break_glass), from_="build", gate=gate)


def line(requirement: str, *, met: bool = True, waiver: int | None = None) -> Satisfied:
    return Satisfied(milestone="build", requirement=requirement, by=(), waiver=waiver, met=met)


def test_a_gate_passed_by_waiver_says_which() -> None:
    event = through(line("notice", waiver=50), line("baseline"))
    records, states, _ = window(*AT_BUILD, on(3, event))
    assert list(happened.passed(records, states)) == [
        {
            "key": KEY,
            "title": TITLE,
            "position": FIRST + 3,
            "at": rfc3339(day(3)),
            "actor": "paula",
            "from": "build",
            "to": "run",
            "break_glass": False,
            "bypassed": [],
            "waived": [{"requirement": "notice", "waiver": 50}],
            "reason": "because",
            "review": None,
        }
    ]


def test_a_gate_passed_by_break_glass_says_what_its_review_said() -> None:
    event = through(line("notice", met=False), break_glass=True)
    reviews = [None, *(BreakGlassReviewed(move=FIRST + 3, upheld=upheld) for upheld in (True, False))]
    found = []
    for review in reviews:
        steps = (*AT_BUILD, on(3, event), *([by("carla", review, at=day(4))] if review else []))
        records, states, _ = window(*steps)
        (passed,) = happened.passed(records, states)
        found.append((passed["break_glass"], passed["bypassed"], passed["review"]))
    assert found == [(True, ["notice"], each) for each in ("unreviewed", "upheld", "not-upheld")]


def test_a_gate_passed_by_what_it_asks_for_is_not_told() -> None:
    records, states, _ = window(*AT_BUILD, on(3, through(line("notice"))))
    assert list(happened.passed(records, states)) == []
