"""A line of the trail: who, what, when, why, and what it changed, as a reader knows the fields."""

from datetime import timedelta
from typing import Any

from hypothesis import given as property_of
from hypothesis import settings
from msgspec.structs import replace

from roadlog.domain.events import (
    DependencyAdded,
    Event,
    FallbackDefined,
    InitiativeStopped,
    NoteAdded,
    RecordVoided,
    RiskAssessed,
    RoadmapOpened,
    StakeholderConsulted,
    StakeholderJoined,
    WorkBlocked,
    WorkPaused,
    WorkUnblocked,
)
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import ImportSource, Record, Source
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.projections.page import page
from roadlog.projections.trail import changes, entry
from tests.domain.random_records import histories
from tests.domain.spec import AI_PRODUCT, FIRST, START, By, at, initiative_records, record, roadmap_records
from tests.projections.histories import back, case, defined, measured, moved, risk, short

SHORT = short()


def told(*steps: Event | By) -> list[dict[str, Any]]:
    """The changes of the last of these steps."""
    *earlier, last = initiative_records(steps)
    before = fold(earlier)
    after = fold([*earlier, last])
    return list(changes(before, after, SHORT))


def change(field: str, before: object, after: object) -> dict[str, object]:
    return {"field": field, "before": before, "after": after}


def test_a_line_says_who_what_when_and_why() -> None:
    recorded = record(
        NoteAdded(text="seen"),
        position=FIRST,
        actor="dan",
        at=START,
        recorded_at=START + timedelta(days=2),
        reason="from my diary",
    )
    after = evolve(InitiativeState(), recorded)
    assert entry(recorded, InitiativeState(), after, SHORT) == {
        "position": FIRST,
        "recorded_at": "2026-03-04T09:00:00.000000Z",
        "effective_at": "2026-03-02T09:00:00.000000Z",
        "late": 172_800.0,
        "imported": False,
        "import": None,
        "actor": "dan",
        "typed_by": "tester",
        "type": "NoteAdded",
        "key": "SUP-1",
        "sentence": "noted: seen",
        "reason": "from my diary",
        "changes": [
            change(
                "notes",
                None,
                {"position": FIRST, "at": "2026-03-02T09:00:00.000000Z", "by": "dan", "text": "seen"},
            ),
            change("status", None, "backlog"),
        ],
        "gate": None,
        "voided_by": None,
        "assurance": "asserted",
    }


def test_what_an_import_recorded_is_marked() -> None:
    recorded = record(NoteAdded(text="seen"), position=FIRST)
    source = Source(
        client="import",
        version="0",
        os_user="tester",
        imported=ImportSource(format="csv", digest="0" * 64, line="2"),
    )
    recorded = replace(recorded, body=replace(recorded.body, source=source))
    after = evolve(InitiativeState(), recorded)
    told = entry(recorded, InitiativeState(), after, SHORT)
    assert told["imported"] is True
    assert set(told["import"]) == {"format", "digest", "line"}


def test_the_same_value_measured_again_is_one_measurement_more() -> None:
    (found,) = told(defined(), measured(870), measured(870))
    assert (found["field"], found["before"]) == ("outcomes", None)
    assert found["after"].items() >= {"metric": "tickets", "value": 870, "position": FIRST + 2}.items()


def test_before_a_stream_began_nothing_had_a_value() -> None:
    found = told(defined())
    assert {each["field"] for each in found} == {
        "title",
        "problem",
        "segments",
        "owner",
        "outcomes",
        "status",
    }
    assert {each["before"] for each in found} == {None}
    assert found[-1] == change("status", None, "backlog")


def test_before_a_roadmap_was_opened_it_had_no_name() -> None:
    opened = roadmap_records()[0]
    assert isinstance(opened.event, RoadmapOpened)
    found = list(changes(RoadmapState(), evolve_roadmap(RoadmapState(), opened)))
    assert found == [change("name", None, "Support AI")]


def test_a_move_tells_where_from_where_to_and_in_which_numbers() -> None:
    found = {each["field"]: each for each in told(defined(), moved("learn"), moved("build"), back("learn"))}
    assert found["milestone"] == change("milestone", "build", "learn")
    assert found["iteration"] == change("iteration", 1, 2)
    assert found["visit"] == change("visit", 1, 2)
    assert "cycle" not in found
    assert "status" not in found
    assert found["visits"]["before"] is None
    assert found["visits"]["after"]["milestone"] == "learn"


def test_the_first_number_is_nought_not_null_once_the_initiative_is_there() -> None:
    assert change("cycle", 0, 1) in told(defined(), moved("learn"))


def test_status_is_told_in_the_words_of_the_board() -> None:
    assert told(defined(), WorkBlocked(by="no data")) == [
        change("spans", None, _span("blocked", by="no data")),
        change("status", "backlog", "blocked"),
    ]
    steps = (defined(), moved("learn"), moved("build"))
    assert change("status", "active", "live") in told(*steps, moved("run"))
    assert change("status", "live", "paused") in told(*steps, moved("run"), WorkPaused())
    assert change("status", "backlog", "stopped") in told(defined(), InitiativeStopped())
    assert change("status", "blocked", "backlog") in told(defined(), WorkBlocked(by="x"), WorkUnblocked())


def test_of_collections_only_what_differs_is_told() -> None:
    two = (defined(), risk("R1"), risk("R2"), RiskAssessed(risk="R2", likelihood=1, impact=1))
    (found,) = told(*two)
    assert found["field"] == "risks"
    assert (found["before"]["id"], found["after"]["id"]) == ("R2", "R2")
    assert (found["before"]["likelihood"], found["after"]["likelihood"]) == (4, 1)


def test_a_list_of_words_is_told_whole() -> None:
    one, two = DependencyAdded(on="SUP-2"), DependencyAdded(on="SUP-3")
    assert told(defined(), one) == [change("dependencies", [], ["SUP-2"])]
    assert told(defined(), one, two) == [change("dependencies", ["SUP-2"], ["SUP-2", "SUP-3"])]


def test_an_outcome_is_told_with_its_latest_measurement() -> None:
    outcome, came = told(defined(), measured(900), measured(850))
    assert (outcome["field"], outcome["before"]["latest"], outcome["after"]["latest"]) == (
        "outcomes",
        900,
        850,
    )
    assert "measurements" not in outcome["after"]
    assert (came["field"], came["before"], came["after"]["value"]) == ("outcomes", None, 850)


def test_what_is_replaced_whole_is_told_whole() -> None:
    first = FallbackDefined(kind="disable", description="Off", trigger="errors", owner=None)
    (found,) = told(defined(), first, replace(first, description="Ask a person"))
    assert (found["before"]["description"], found["after"]["description"]) == ("Off", "Ask a person")


def test_a_void_tells_what_is_gone() -> None:
    (found,) = told(defined(), NoteAdded(text="seen"), RecordVoided(position=FIRST + 1))
    assert found == change("notes", found["before"], None)
    assert found["before"]["text"] == "seen"
    outcome, went = told(defined(), measured(900), measured(9), RecordVoided(position=FIRST + 2))
    assert (outcome["before"]["latest"], outcome["after"]["latest"]) == (9, 900)
    assert (went["before"]["value"], went["after"]) == (9, None)


def test_a_role_that_was_heard_is_told() -> None:
    (found,) = told(defined(), StakeholderConsulted(role="compliance", said="fine"))
    assert (found["field"], found["before"], found["after"]["role"]) == ("heard", None, "compliance")


def test_what_goes_from_or_comes_into_the_middle_is_all_that_is_told() -> None:
    notes = [NoteAdded(text=text) for text in ("one", "two", "three")]
    (gone,) = told(defined(), *notes, RecordVoided(position=FIRST + 2))
    assert (gone["before"]["text"], gone["after"]) == ("two", None)


def test_a_workflow_is_told_by_name_and_a_person_whole() -> None:
    state = RoadmapState()
    found: dict[str, dict[str, Any]] = {}
    for each in roadmap_records(AI_PRODUCT, {"paula": ("product",)}):
        after = evolve_roadmap(state, each)
        found |= {told["field"]: told for told in changes(state, after)}
        state = after
    told_of = {"name": "ai-product", "version": 1, "digest": state.workflow_digest}
    assert found["workflow"] == change("workflow", None, told_of)
    assert found["stakeholders"]["after"]["roles"] == ["product"]
    assert "workflow_digest" not in found
    joined = record(
        StakeholderJoined(
            stakeholder="mia", kind="human", roles=(), name_commitment=None, address_commitment=None
        ),
        position=20,
    )
    (mia,) = changes(state, evolve_roadmap(state, joined))
    assert (mia["before"], mia["after"]["handle"]) == (None, "mia")


def test_the_fields_are_keys_of_the_page() -> None:
    """What `log` says has changed, `show` has."""
    state, roadmap = case(defined())
    known = page(state, roadmap, at(9)).keys()
    fields = {name for name in InitiativeState.__struct_fields__ if list(_of(name))}
    assert fields <= known
    assert {"title", "milestone", "risks", "notes"} <= fields
    assert fields.isdisjoint({"key", "version", "position", "touched", "paused"})


def _of(field: str) -> list[dict[str, Any]]:
    """The changes that are told when a field changes."""
    changed = replace(InitiativeState(version=1), **{field: object()})
    found = list(changes(InitiativeState(version=1), changed))
    assert len(found) <= 1
    return found


@settings(deadline=None)
@property_of(histories())
def test_every_change_is_a_change(records: list[Record]) -> None:
    before = InitiativeState()
    for n in range(1, len(records) + 1):
        after = fold(records[:n])
        for found in changes(before, after, None):
            assert found["before"] != found["after"]
            assert found.keys() == {"field", "before", "after"}
        before = after


def _span(kind: str, *, by: str | None) -> dict[str, object]:
    return {
        "kind": kind,
        "from_at": "2026-03-02T10:00:00.000000Z",
        "by": by,
        "reason": "because",
        "to_at": None,
    }
