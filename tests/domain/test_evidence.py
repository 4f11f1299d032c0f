"""The rules of evidence, notes and voiding: what may be voided, when, by whom, and what `undo` undoes."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import AddNote, AttachEvidence, VoidRecord
from roadlog.domain.decisions.evidence import attached as already_attached
from roadlog.domain.decisions.voids import undoable
from roadlog.domain.events import (
    ConsentRequested,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceKind,
    NoteAdded,
    OutcomeMeasured,
    RecordVoided,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskMitigated,
    RiskReopened,
    WorkPaused,
)
from roadlog.domain.names import event_name
from roadlog.domain.records import Record
from roadlog.domain.refusals import Refused
from tests.domain.part_events import (
    DATASET,
    DEFINED,
    FALLBACK,
    LATER,
    OTHER,
    advanced,
    approved,
    attached,
    criterion_set,
    edge_case,
    result,
    risk_logged,
    voiding,
)
from tests.domain.spec import AI_PRODUCT, FIRST, KEY, NOW, By, by, given, initiative_records, with_policy

NOTE = NoteAdded(text="Legal wants to see the prompt")
MEASURED = OutcomeMeasured(metric="tickets", value=840, sample=None, evidence=None)
REVIEWED = EdgeCasesReviewed(source="chat logs", sample=200, found=3)
TRIAGED = EdgeCaseTriaged(case="E1", outcome="fix")
MITIGATED = RiskMitigated(risk="R1", treatment="A person checks", likelihood=2, impact=2)
ACCEPTED = RiskAccepted(risk="R1", until=LATER, role="product")
CLOSED = RiskClosed(risk="R1")


def attaching(
    kind: EvidenceKind = "dataset", sha256: str = DATASET, *, uri: str | None = None, size: int | None = None
) -> AttachEvidence:
    return AttachEvidence(kind=kind, title="Tickets of 2025", sha256=sha256, uri=uri, size=size)


# Evidence and notes


def test_evidence_gets_the_next_id() -> None:
    given(DEFINED).when(attaching()).then(attached("D1"))
    given(DEFINED, attached("D1")).when(attaching(sha256=OTHER)).then(attached("D2", sha256=OTHER))


@pytest.mark.parametrize("sha256", ["d" * 63, "d" * 65, "D" * 64, "g" * 64, " " + "d" * 63, "١" * 64])
def test_a_sha_256_is_64_hex_digits_in_lower_case(sha256: str) -> None:
    refusal = given(DEFINED).when(attaching(sha256=sha256)).then_refused("sha256")
    assert refusal.exit_code == 2


@pytest.mark.parametrize("size", [1, 4096])
def test_a_size_is_a_number_of_bytes(size: int) -> None:
    given(DEFINED).when(attaching(size=size)).then(replace(attached(), size=size))
    given(DEFINED).when(attaching(size=-size)).then_refused("count", saying="size")


def test_what_is_empty_shows_nothing() -> None:
    refusal = given(DEFINED).when(attaching(size=0)).then_refused("empty", saying="is empty")
    assert refusal.exit_code == 2


def test_the_same_bytes_are_attached_once_for_each_kind_and_place() -> None:
    story = given(DEFINED, attached("D1", uri="s3://tickets"))
    story.when(attaching(uri="s3://tickets")).then()
    story.when(attaching(uri="s3://copy")).then(attached("D2", uri="s3://copy"))
    story.when(attaching("evaluation", uri="s3://tickets")).then(
        attached("D2", kind="evaluation", uri="s3://tickets")
    )


def test_voided_evidence_may_be_attached_again_under_a_new_id() -> None:
    given(DEFINED, attached("D1"), RecordVoided(position=FIRST + 1)).when(attaching()).then(attached("D2"))


def test_what_is_attached_already_is_found() -> None:
    state = given(DEFINED, attached("D1")).state()
    assert already_attached(state, "dataset", DATASET, None) == state.evidence["D1"]
    assert already_attached(state, "dataset", OTHER, None) is None


def test_a_note_is_taken_at_any_time_and_said_twice_is_said_twice() -> None:
    given(DEFINED, NOTE, WorkPaused()).when(AddNote(text=NOTE.text)).then(NOTE)


# What may be voided at all

VOIDABLE: tuple[tuple[tuple[Event, ...], Event], ...] = (
    ((), NOTE),
    ((), MEASURED),
    ((criterion_set(),), result()),
    ((), attached()),
    ((), edge_case()),
    ((edge_case(),), TRIAGED),
    ((), REVIEWED),
    ((), risk_logged()),
    ((risk_logged(),), RiskAssessed(risk="R1", likelihood=5, impact=5)),
    ((risk_logged(),), MITIGATED),
    ((risk_logged(),), ACCEPTED),
    ((risk_logged(),), CLOSED),
    ((risk_logged(), CLOSED), RiskReopened(risk="R1")),
)


@pytest.mark.parametrize(("before", "event"), VOIDABLE, ids=lambda each: type(each).__name__)
def test_notes_measurements_results_evidence_edge_cases_and_risk_entries_may_be_voided(
    before: tuple[Event, ...], event: Event
) -> None:
    story = given(DEFINED, *before, event)
    story.when(voiding(1 + len(before)), because="mistake").then(
        RecordVoided(position=FIRST + 1 + len(before))
    )


@pytest.mark.parametrize(
    ("event", "instead"),
    [
        (DEFINED, "roadlog reframe SUP-1 --problem TEXT --because TEXT"),
        (
            advanced("prototype", left="feasibility"),
            "roadlog return SUP-1 feasibility --loop rework --because TEXT",
        ),
        (
            advanced("live", left="go live"),
            "roadlog return SUP-1 'go live' --loop rework --because TEXT",
        ),
        (approved(), "roadlog withdraw SUP-1 --role compliance --because TEXT"),
        (criterion_set(), "roadlog criterion retire SUP-1 F1 --because TEXT"),
        (WorkPaused(), "roadlog resume SUP-1"),
        (FALLBACK, "roadlog note SUP-1 TEXT"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_everything_else_is_corrected_by_a_further_record(event: Event, instead: str) -> None:
    refusal = (
        given(DEFINED, event)
        .when(voiding(1), because="mistake")
        .then_refused("void", saying=event_name(type(event).__name__))
    )
    assert refusal.try_ == (instead,)


def test_a_void_cannot_be_voided() -> None:
    story = given(DEFINED, NOTE, RecordVoided(position=FIRST + 1))
    story.when(voiding(2), because="right after all").then_refused("void", saying="a void cannot be voided")


def test_a_record_is_voided_once() -> None:
    story = given(DEFINED, NOTE, RecordVoided(position=FIRST + 1))
    story.when(voiding(1), because="mistake").then_refused("voided")


def test_a_void_needs_a_reason() -> None:
    given(DEFINED, NOTE).when(voiding(1)).then_refused("reason")


def test_a_position_of_another_stream_is_unknown() -> None:
    refusal = (
        given(DEFINED, NOTE).when(VoidRecord(position=3), because="mistake").then_refused("unknown-position")
    )
    assert refusal.exit_code == 2


# Whose record


def test_one_voids_ones_own_record_directly() -> None:
    given(DEFINED, by("dan", NOTE)).when(voiding(1), by="dan", because="typo").then(
        RecordVoided(position=FIRST + 1)
    )


def test_anothers_record_is_voided_only_in_a_role_that_policy_names() -> None:
    given(DEFINED, by("dan", NOTE)).when(voiding(1), because="typo").then_refused(
        "authority", saying="void a record of dan"
    )
    lenient = with_policy(may_void_others=("product",))
    assert given(DEFINED, by("dan", NOTE), workflow=lenient).when(voiding(1), because="typo").events() != ()


def test_anothers_record_is_voided_only_with_a_second_persons_consent() -> None:
    story = given(DEFINED, by("dan", NOTE))
    story.when(voiding(1), by="carla", because="names a customer").then(
        ConsentRequested(
            command="VoidRecord",
            arguments={"stream": KEY, "position": FIRST + 1},
            stream=KEY,
            at=NOW,
            why=(
                f"Record {FIRST + 1} says: “Legal wants to see the prompt”. It is dan's, and voiding "
                "another's record takes a second person."
            ),
        )
    )
    story.when(voiding(1), by="carla", because="names a customer", consented=True).then(
        RecordVoided(position=FIRST + 1)
    )


def test_the_reason_is_given_before_consent_is_asked_for() -> None:
    given(DEFINED, by("dan", NOTE)).when(voiding(1), by="carla").then_refused("reason")


def test_consent_does_not_help_where_later_records_rely_on_it() -> None:
    steps = (DEFINED, by("dan", risk_logged()), by("dan", CLOSED))
    given(*steps).when(voiding(1), by="carla", because="mistake", consented=True).then_refused("relied-on")


def test_who_is_alone_voids_anybodys_record() -> None:
    given(DEFINED, by("dan", NOTE), team={"paula": ("product",)}).when(voiding(1), because="typo").then(
        RecordVoided(position=FIRST + 1)
    )


# Undo


def of_one_command(records: list[Record], *steps: int) -> tuple[Record, ...]:
    """The records, of which these came of one command."""
    return tuple(
        replace(each, body=replace(each.body, command_id="one")) if n in steps else each
        for n, each in enumerate(records)
    )


def check_not_undone(history: Sequence[Record], *, saying: str, actor: str = "paula") -> Refused:
    with pytest.raises(Refused) as caught:
        undoable(tuple(history), actor, AI_PRODUCT)
    assert caught.value.rule == "undo"
    assert saying in caught.value.message
    assert caught.value.try_ != ()
    return caught.value


def test_undo_voids_the_actors_own_last_command() -> None:
    history = initiative_records([DEFINED, NOTE, MEASURED, by("dan", NOTE)])
    assert undoable(tuple(history), "paula", AI_PRODUCT) == (FIRST + 2,)
    assert undoable(tuple(history), "dan", AI_PRODUCT) == (FIRST + 3,)


def test_undo_voids_a_command_whole_the_last_record_first() -> None:
    steps = (DEFINED, criterion_set(), attached(kind="evaluation"), result(evidence="D1"), by("dan", NOTE))
    history = of_one_command(initiative_records(steps), 2, 3)
    assert undoable(history, "paula", AI_PRODUCT) == (FIRST + 3, FIRST + 2)


def test_each_of_them_can_be_voided_in_that_order() -> None:
    steps: list[Event | By] = [DEFINED, criterion_set(), attached(kind="evaluation"), result(evidence="D1")]
    for position in undoable(of_one_command(initiative_records(steps), 2, 3), "paula", AI_PRODUCT):
        voids = given(*steps).when(VoidRecord(position=position), because="undone").events()
        assert voids == (RecordVoided(position=position),)
        steps += voids


def test_who_has_recorded_nothing_has_nothing_to_undo() -> None:
    check_not_undone(initiative_records([DEFINED]), actor="dan", saying="nothing")


def test_a_move_a_vote_or_a_definition_is_not_undone() -> None:
    check_not_undone(initiative_records([DEFINED]), saying="the definition of the problem")
    moved = advanced("prototype", left="feasibility")
    refusal = check_not_undone(initiative_records([DEFINED, NOTE, moved]), saying="a move forward")
    assert refusal.try_ == ("roadlog return SUP-1 feasibility --loop rework --because TEXT",)


def test_a_command_of_which_one_record_must_stay_is_not_undone_in_part() -> None:
    history = of_one_command(initiative_records([DEFINED, NOTE, WorkPaused(), NOTE]), 1, 2, 3)
    check_not_undone(history, saying="a pause")


def test_what_others_rely_on_by_now_is_not_undone() -> None:
    history = initiative_records([DEFINED, risk_logged(), by("dan", MITIGATED)])
    refusal = check_not_undone(history, saying="rely on it")
    assert refusal.missing == (str(FIRST + 2),)
    voted = of_one_command(initiative_records([DEFINED, risk_logged(), NOTE, by("carla", approved())]), 1, 2)
    check_not_undone(voted, saying="rely on it")


def test_what_votes_are_about_is_what_policy_says() -> None:
    history = initiative_records([DEFINED, risk_logged(), by("carla", approved())])
    assert undoable(tuple(history), "paula", with_policy(risk_threshold=20)) == (FIRST + 1,)


def test_undo_is_not_undone_and_does_not_reach_further_back() -> None:
    history = initiative_records([DEFINED, NOTE, MEASURED, RecordVoided(position=FIRST + 2)])
    check_not_undone(history, saying="a void cannot be voided")


def test_what_somebody_voided_already_is_not_undone() -> None:
    history = initiative_records([DEFINED, NOTE, by("carla", RecordVoided(position=FIRST + 1))])
    check_not_undone(history, saying="already")
