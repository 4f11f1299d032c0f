"""How records came into the log: dated back, many at once, several people's votes by one account."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from roadlog.domain.events import ConsentGiven, NoteAdded
from roadlog.domain.records import Record
from roadlog.projections.audit.entry import bulk_entry, one_account
from roadlog.projections.audit.story import Story
from tests.domain.spec import Given, given, record
from tests.projections.audit.found import BUILT, Found, found_in, imported, story, typed
from tests.projections.audit.test_authority import vote
from tests.projections.histories import day, on, short

BULK = {"records": 3, "pause_minutes": 15, "late_hours": 24}


def with_last(last: Record, history: Given) -> Given:
    """The history with another last record."""
    return Given(roadmap=history.roadmap, initiative=[*history.initiative[:-1], last], others={})


# Backdated

NOTED = given(*BUILT, on(3, NoteAdded(text="Said on Thursday")), workflow=short())


def late(days: float) -> Record:
    return replace(NOTED.initiative[-1], recorded_at=day(3 + days))


def test_a_record_dated_back_further_than_policy_lets_pass_is_found() -> None:
    text = (
        "NoteAdded by paula is dated 2026-03-05, 8 days before it was recorded (policy: 7), "
        "and nobody agreed to it"
    )
    assert found_in(with_last(late(8), NOTED), "backdated") == [(text, (104,))]
    assert found_in(with_last(late(7), NOTED), "backdated") == []


def test_who_agreed_to_it_is_named() -> None:
    yes = record(ConsentGiven(request=90), position=105, stream="SUP", version=50, actor="carla", at=day(12))
    yes = replace(yes, body=replace(yes.body, command_id="c104"))
    history = Given(roadmap=[*NOTED.roadmap, yes], initiative=[*NOTED.initiative[:-1], late(9)], others={})
    text = (
        "NoteAdded by paula is dated 2026-03-05, 9 days before it was recorded (policy: 7), "
        "agreed to by carla"
    )
    assert found_in(history, "backdated") == [(text, (104, 105))]


def test_imports_are_older_by_their_nature() -> None:
    assert found_in(with_last(imported(late(90)), NOTED), "backdated") == []


# Bulk entry


def in_bulk(records: list[Record]) -> Found:
    history = Given(roadmap=NOTED.roadmap, initiative=records, others={})
    return [(each.text, each.positions) for each in bulk_entry(story(history).late, BULK)]


def notes(*minutes: int, account: str = "paula", days: int = 20) -> list[Record]:
    """The four records typed so many minutes after each other, so many days late."""
    return [
        typed(each, account=account, at=day(days) + timedelta(minutes=at))
        for each, at in zip(NOTED.initiative, minutes, strict=True)
    ]


def test_late_records_that_one_account_typed_in_one_go_are_found() -> None:
    text = (
        "4 records that are dated 2026-03-02 to 2026-03-05 were typed by the account paula on 2026-03-22 "
        "in one go"
    )
    assert in_bulk(notes(0, 10, 20, 35)) == [(text, (101, 102, 103, 104))]


def test_a_pause_divides_them() -> None:
    assert in_bulk(notes(0, 10, 26, 30)) == []


def test_another_account_divides_them() -> None:
    others = [typed(each, account="carla") for each in notes(0, 1, 2, 3)[2:]]
    assert in_bulk([*notes(0, 1, 2, 3)[:2], *others]) == []


def test_what_is_typed_as_it_happens_is_nothing_however_much_it_is() -> None:
    soon = [replace(each, recorded_at=each.effective_at + timedelta(hours=23)) for each in NOTED.initiative]
    assert in_bulk(soon) == []
    assert in_bulk([imported(each) for each in notes(0, 1, 2, 3)]) == []


# One account


def voted(*accounts: tuple[str, str, str]) -> Story:
    """Votes of people, in a role, each typed by an account."""
    steps = (on(3 + n, vote(role), who) for n, (who, role, _) in enumerate(accounts))
    history = given(*BUILT, *steps, workflow=short())
    typed_by = [account for *_, account in accounts]
    votes = zip(history.initiative[3:], typed_by, strict=True)
    records = [*history.initiative[:3], *(typed(each, account=account) for each, account in votes)]
    return story(Given(roadmap=history.roadmap, initiative=records, others={}))


def accounts(told: Story) -> Found:
    return [(each.text, each.positions) for each in one_account(told.ballots)]


DAN = ("dan", "data-science")
CARLA = ("carla", "compliance")


def test_votes_of_several_people_from_one_account_are_found() -> None:
    told = voted((*DAN, "dan"), (*CARLA, "dan"), ("erin", "engineering", "erin"))
    assert accounts(told) == [("The account dan typed the votes of dan and carla", (104, 105))]


def test_each_from_their_own_account_is_in_order() -> None:
    assert accounts(voted((*DAN, "dan"), (*CARLA, "carla"), (*DAN, "dan"))) == []


def test_accounts_whose_name_is_not_known_may_be_several() -> None:
    assert accounts(voted((*DAN, "unknown"), (*CARLA, "unknown"))) == []


def test_an_agents_vote_may_be_typed_by_who_runs_it() -> None:
    assert accounts(voted((*DAN, "dan"), ("bot", "engineering", "dan"))) == []
