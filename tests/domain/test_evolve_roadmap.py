"""What the roadmap's own events do to its state, and what holds at every as-of."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from roadlog.domain.events import (
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    Event,
    NoteAdded,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderLeft,
    WorkflowAdopted,
)
from roadlog.domain.records import Record
from roadlog.domain.roadmap import Consent, RoadmapState, Stakeholder, evolve_roadmap, fold_roadmap
from roadlog.domain.workflow_file import definition, digest_of
from tests.domain.spec import AI_PRODUCT, START, at, built_in, record

ASKED = ConsentRequested(
    command="VoidRecord", arguments={"position": 7}, stream="SUP-1", at=at(-90), why="void-others"
)


def joined(handle: str, *roles: str) -> StakeholderJoined:
    return StakeholderJoined(
        stakeholder=handle, kind="human", roles=roles, name_commitment="aa", address_commitment=None
    )


def adopted(name: str) -> WorkflowAdopted:
    workflow = built_in(name)
    content = definition(workflow)
    return WorkflowAdopted(
        name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
    )


OPENING: tuple[Event, ...] = (
    RoadmapOpened(key="SUP", name="Support AI"),
    adopted("ai-product"),
    joined("paula", "product"),
)


def records(*events: Event, actor: str = "paula") -> list[Record]:
    """The opening and these events, an hour apart, positions from 1."""
    return [
        record(event, position=n, stream="SUP", version=n, actor=actor, at=at(n - 1))
        for n, event in enumerate((*OPENING, *events), start=1)
    ]


def changed(*events: Event, actor: str = "paula") -> dict[str, object]:
    """The fields that the last event changes, without version and touched."""
    *before, last = records(*events, actor=actor)
    state = fold_roadmap(before)
    snapshot = msgspec.to_builtins(state)
    after = evolve_roadmap(state, last)
    assert msgspec.to_builtins(state) == snapshot
    assert after.version == last.version
    return {
        name: getattr(after, name)
        for name in after.__struct_fields__
        if name not in {"version", "touched"} and getattr(after, name) != getattr(state, name)
    }


PAULA = Stakeholder(handle="paula", kind="human", roles=("product",), joined_at=at(2))
DAN = Stakeholder(handle="dan", kind="human", roles=("data-science",), joined_at=at(3))


def test_an_opened_roadmap_is_exactly_its_opening() -> None:
    assert fold_roadmap(records()) == RoadmapState(
        key="SUP",
        name="Support AI",
        version=3,
        opened_at=at(0),
        stakeholders={"paula": PAULA},
        workflow=AI_PRODUCT,
        workflow_digest=digest_of(definition(AI_PRODUCT)),
        touched={"workflow": at(1), "stakeholder:paula": at(2)},
    )


def test_a_stakeholder_joins_with_roles() -> None:
    assert changed(joined("dan", "data-science")) == {"stakeholders": {"paula": PAULA, "dan": DAN}}


def test_a_stakeholder_who_left_holds_no_role() -> None:
    state = fold_roadmap(records(joined("dan", "data-science"), StakeholderLeft(stakeholder="dan")))
    assert state.stakeholders["dan"] == replace(DAN, roles=(), left_at=at(4))
    assert state.present() == (PAULA,)
    assert not state.holds("dan", "data-science")


def test_a_stakeholder_who_left_may_join_again() -> None:
    left = StakeholderLeft(stakeholder="dan")
    state = fold_roadmap(records(joined("dan", "data-science"), left, joined("dan", "engineering")))
    assert state.stakeholders["dan"] == replace(DAN, roles=("engineering",), joined_at=at(5))


def test_a_role_is_granted_once_and_revoked() -> None:
    granted = RoleGranted(stakeholder="paula", role="compliance")
    assert changed(granted) == {"stakeholders": {"paula": replace(PAULA, roles=("product", "compliance"))}}
    assert changed(granted, granted) == {}
    revoked = RoleRevoked(stakeholder="paula", role="product")
    assert changed(granted, revoked) == {"stakeholders": {"paula": replace(PAULA, roles=("compliance",))}}


def test_a_role_of_somebody_who_never_joined_changes_nothing() -> None:
    assert changed(RoleGranted(stakeholder="dan", role="compliance")) == {}
    assert changed(StakeholderLeft(stakeholder="dan")) == {}


def test_another_workflow_comes_into_force_whole() -> None:
    lite = adopted("lite")
    assert changed(lite) == {"workflow": built_in("lite"), "workflow_digest": lite.digest}


def test_a_command_waits_for_consent() -> None:
    assert changed(ASKED) == {
        "consents": {
            4: Consent(
                request=4,
                command="VoidRecord",
                arguments={"position": 7},
                stream="SUP-1",
                at=at(-90),
                why="void-others",
                reason="because",
                by="paula",
                requested_at=at(3),
            )
        }
    }


@pytest.mark.parametrize(
    ("event", "answer"), [(ConsentGiven(request=4), "given"), (ConsentRefused(request=4), "refused")]
)
def test_another_stakeholder_answers(event: Event, answer: str) -> None:
    waiting = fold_roadmap(records(ASKED, actor="carla")).consents[4]
    assert changed(ASKED, event, actor="carla") == {
        "consents": {4: replace(waiting, answer=answer, answered_by="carla")}
    }


def test_an_answer_to_no_request_changes_nothing() -> None:
    assert changed(ConsentGiven(request=4)) == {}


def test_people_and_the_workflow_are_subjects_of_time_order_and_consents_are_none() -> None:
    state = fold_roadmap(
        records(ASKED, ConsentGiven(request=4), RoleGranted(stakeholder="paula", role="compliance"))
    )
    assert state.touched == {"workflow": at(1), "stakeholder:paula": at(5)}


def test_opening_first_workflow_and_first_stakeholder_hold_at_every_as_of() -> None:
    later = records(joined("dan", "data-science"), adopted("lite"))
    state = fold_roadmap(later, as_of=START - timedelta(days=365))
    assert state == fold_roadmap(records())


def test_as_of_leaves_out_what_was_effective_later() -> None:
    later = records(joined("dan", "data-science"), adopted("lite"), ASKED)
    assert fold_roadmap(later, as_of=at(3)) == fold_roadmap(later[:4])
    assert fold_roadmap(later, as_of=at(5)) == fold_roadmap(later)


def test_folding_on_is_evolving_on() -> None:
    all_records = records(joined("dan"), ASKED, ConsentRefused(request=5))
    for cut in range(len(all_records) + 1):
        state = fold_roadmap(all_records[:cut])
        for each in all_records[cut:]:
            state = evolve_roadmap(state, each)
        assert state == fold_roadmap(all_records)


def test_an_event_of_an_initiative_does_not_happen_to_a_roadmap() -> None:
    note = record(NoteAdded(text="x"), position=9, stream="SUP")
    with pytest.raises(TypeError, match="position 9: NoteAdded does not happen to a roadmap"):
        evolve_roadmap(RoadmapState(), note)
