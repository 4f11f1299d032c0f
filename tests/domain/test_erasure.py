"""Erasing: anybody may ask, a second person says yes; the handle takes no name any more (rules 10, 11)."""

from __future__ import annotations

import pytest

from roadlog.domain.commands import AddStakeholder, ErasePersonalData
from roadlog.domain.events import (
    ConsentRequested,
    Event,
    PersonalDataErased,
    StakeholderJoined,
    StakeholderLeft,
)
from roadlog.domain.records import Record
from roadlog.domain.roadmap import Erasure, fold_roadmap
from tests.domain.spec import NOW, Given, given, record, roadmap_records

ERASE = ErasePersonalData(stakeholder="dan")
ERASED = PersonalDataErased(stakeholder="dan")
BASIS = "Left; asked on 4 May"
COMMITTED = AddStakeholder(stakeholder="dan", roles=("data-science",), name_commitment="1a" * 32)


def later(*events: Event) -> list[Record]:
    return [
        record(each, position=20 + place, stream="SUP", at=NOW) for place, each in enumerate(events, start=0)
    ]


def asked(command: ErasePersonalData = ERASE) -> ConsentRequested:
    return ConsentRequested(
        command="ErasePersonalData",
        arguments={"stream": "SUP-1", "stakeholder": command.stakeholder, "held": command.held},
        stream="SUP-1",
        at=NOW,
        why="What is erased cannot be had back, so that it takes a second person.",
    )


def erased(*events: Event) -> Given:
    return given(roadmap=later(ERASED, *events))


@pytest.mark.parametrize("by", ["paula", "dan", "otto", "bot"])
def test_any_stakeholder_may_ask_and_a_second_person_is_waited_for(by: str) -> None:
    given().when(ERASE, by=by, because=BASIS).then(asked())


def test_with_a_second_person_s_yes_it_is_erased() -> None:
    given().when(ERASE, because=BASIS, consented=True).then(ERASED)


def test_who_is_alone_erases_without_asking() -> None:
    alone = given(team={"paula": ("product",), "bot": ("engineering",)})
    alone.when(ErasePersonalData(stakeholder="paula"), because=BASIS).then(
        PersonalDataErased(stakeholder="paula")
    )
    alone.when(ErasePersonalData(stakeholder="paula"), by="bot", because=BASIS).then(
        asked(ErasePersonalData(stakeholder="paula"))
    )


def test_a_basis_is_due_before_it_waits() -> None:
    for because in (None, "  ", "no"):
        said = given().when(ERASE, because=because).then_refused("reason", saying="An erasure needs a reason")
        assert said.try_ == ("roadlog erase dan --basis WHY",)
    given().when(ERASE, because=None, consented=True).then_refused("reason")


def test_an_unknown_handle_is_refused_with_the_nearest() -> None:
    given().when(ErasePersonalData(stakeholder="dana")).then_refused(
        "unknown-stakeholder", saying="There is no stakeholder 'dana'. Did you mean dan?"
    )


def test_of_a_handle_that_only_the_directory_knows_the_rest_is_erased_too() -> None:
    orphan = ErasePersonalData(stakeholder="zoe", held=True)
    given().when(orphan, because=BASIS).then(asked(orphan))
    given().when(orphan, because=BASIS, consented=True).then(PersonalDataErased(stakeholder="zoe"))


def test_who_left_is_erased_as_who_is_here() -> None:
    given(roadmap=later(StakeholderLeft(stakeholder="dan"))).when(ERASE, because=BASIS, consented=True).then(
        ERASED
    )


def test_what_is_erased_is_erased_already() -> None:
    erased().when(ERASE).then()
    erased().when(ErasePersonalData(stakeholder="dan", held=True)).then()


def test_a_handle_that_was_erased_takes_no_name_again() -> None:
    gone = erased(StakeholderLeft(stakeholder="dan"))
    said = gone.when(COMMITTED).then_refused(
        "erased", saying="What the directory held of dan was erased at position 20"
    )
    assert said.try_ == ("roadlog stakeholder add dan --role data-science",)
    gone.when(
        AddStakeholder(stakeholder="dan", roles=("data-science",), address_commitment="1a" * 32)
    ).then_refused("erased")


def test_a_handle_that_was_erased_may_join_again_without_one() -> None:
    joined = StakeholderJoined(
        stakeholder="dan",
        kind="human",
        roles=("data-science",),
        name_commitment=None,
        address_commitment=None,
    )
    again = AddStakeholder(stakeholder="dan", roles=("data-science",))
    erased(StakeholderLeft(stakeholder="dan")).when(again).then(joined)


def test_a_handle_that_was_not_erased_takes_a_name() -> None:
    joined = StakeholderJoined(
        stakeholder="dan",
        kind="human",
        roles=("data-science",),
        name_commitment="1a" * 32,
        address_commitment=None,
    )
    given(roadmap=later(StakeholderLeft(stakeholder="dan"))).when(COMMITTED).then(joined)


def test_an_erasure_is_kept_by_its_handle_whoever_that_is() -> None:
    state = fold_roadmap([*roadmap_records(), *later(ERASED, PersonalDataErased(stakeholder="zoe"))])
    assert state.erasures == {
        "dan": Erasure(handle="dan", position=20, at=NOW),
        "zoe": Erasure(handle="zoe", position=21, at=NOW),
    }
    assert state.stakeholders == fold_roadmap(roadmap_records()).stakeholders
