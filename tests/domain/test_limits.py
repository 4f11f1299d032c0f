"""Bad input: what no command may hold, refused with the field's name before any rule is asked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    Approve,
    ConcludeExperiment,
    DefineProblem,
    MeasureOutcome,
    OpenIncident,
    OpenRoadmap,
    PlaceInitiative,
    ReframeProblem,
    SetCriterion,
    StartExperiment,
)
from roadlog.domain.events import VariantResult
from roadlog.domain.limits import check_command, is_control, is_name, is_roadmap_key, text_fault
from roadlog.domain.refusals import Malformed

KIB = 1024
CONTROLS = [*range(9), 11, 12, 13, *range(14, 32), *range(127, 160)]


def refusal(command: Struct) -> Malformed:
    with pytest.raises(Malformed) as caught:
        check_command(command)
    assert caught.value.exit_code == 2
    return caught.value


def test_a_text_may_be_16_kib_long_and_no_longer() -> None:
    check_command(AddNote(text="x" * 16 * KIB))
    assert refusal(AddNote(text="x" * (16 * KIB + 1))).message.startswith("The text is 16,385 bytes long")


def test_the_length_of_a_text_is_that_of_its_utf_8() -> None:
    check_command(AddNote(text="é" * 8 * KIB))
    assert refusal(AddNote(text="é" * 8 * KIB + "x")).rule == "malformed-text"


def test_line_breaks_tabs_and_every_script_may_stand_in_a_text() -> None:
    check_command(AddNote(text="Two lines:\n\tدعم العملاء, 客户支持, 👩🏽‍🚀"))


@pytest.mark.parametrize("code", CONTROLS)
def test_control_characters_are_refused(code: int) -> None:
    said = refusal(AddNote(text=f"ab{chr(code)}c")).message
    assert said == f"The text holds a control character (U+{code:04X}) at place 3."


def test_lone_surrogates_are_refused() -> None:
    assert refusal(AddNote(text="ab\udc80")).message == "The text holds a lone surrogate (U+DC80) at place 3."


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u2003", "\u200b\u200b", "\u3164", "\ufeff"])
@pytest.mark.parametrize("field", ["title", "problem", "metric", "unit", "approach", "owner"])
def test_a_text_that_is_given_is_not_blank(field: str, blank: str) -> None:
    said = refusal(replace(DefineProblem(title="t", problem="p"), **{field: blank}))
    assert (said.rule, said.message) == (f"malformed-{field}", f"The {field} is empty.")


def test_texts_that_are_left_out_are_no_blanks() -> None:
    check_command(ReframeProblem(title="Support load"))


def test_a_title_is_one_line() -> None:
    assert refusal(DefineProblem(title="a\nb", problem="p")).rule == "malformed-title"
    check_command(DefineProblem(title="a b", problem="one\ntwo"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 2**53 + 1, -(2**53) - 1])
def test_numbers_that_cannot_be_compared_or_are_not_exact_are_refused(value: float) -> None:
    assert refusal(MeasureOutcome(metric="csat", value=value)).rule == "malformed-value"


@pytest.mark.parametrize("value", [0, -1.5, 2**53, -(2**53), 1e300, 5e-324])
def test_other_numbers_pass(value: float) -> None:
    check_command(MeasureOutcome(metric="csat", value=value))


def test_whole_numbers_are_bounded_too() -> None:
    assert refusal(PlaceInitiative(horizon="now", rank=10**30)).rule == "malformed-rank"


def test_a_list_may_have_1000_entries_and_no_more() -> None:
    segments = tuple(f"s{n}" for n in range(1000))
    check_command(DefineProblem(title="t", problem="p", segments=segments))
    said = refusal(DefineProblem(title="t", problem="p", segments=(*segments, "one more")))
    assert said.message == "The segments has 1,001 entries; at most 1,000 are kept."


def test_the_entries_of_lists_are_looked_at_however_deep() -> None:
    assert (
        refusal(DefineProblem(title="t", problem="p", segments=("ok", "\x00"))).rule == "malformed-segments"
    )
    assert refusal(Approve(conditions=(("bell \x07", None),))).rule == "malformed-conditions"
    broken = VariantResult(variant="a", value=float("nan"), sample=1, low=None, high=None)
    concluded = ConcludeExperiment(experiment="E", decision="ship", summary="s", variants=(broken,))
    assert refusal(concluded).rule == "malformed-value"


def test_a_workflow_s_definition_is_looked_at_and_may_hold_empty_texts() -> None:
    check_command(OpenRoadmap(name="n", definition={"milestones": [{"id": "a", "question": ""}]}))
    bad = OpenRoadmap(name="n", definition={"milestones": [{"id": "a", "question": "\x1b[2J"}]})
    assert refusal(bad).rule == "malformed-definition.milestones.question"


def test_moments_have_an_offset_from_utc() -> None:
    aware = datetime(2026, 3, 1, tzinfo=UTC)
    check_command(OpenIncident(description="d", aware_at=aware, severity=1))
    naive = OpenIncident(description="d", aware_at=aware.replace(tzinfo=None), severity=1)
    assert refusal(naive).rule == "malformed-aware-at"


@pytest.mark.parametrize("handle", ["dana", "dana.lee", "d_1", "7of9", "A-b", "x" * 64])
def test_handles_are_readable_anywhere(handle: str) -> None:
    check_command(AddStakeholder(stakeholder=handle, roles=("product",)))


@pytest.mark.parametrize(
    "handle",
    [
        "dana lee",
        "@dana",
        "dana@example.com",
        "-rf",
        ".dana",
        "dаna",
        "danа",
        "名前",
        "x" * 65,
        "a/b",
        "a,b",
        "a\nb",
    ],
)
def test_other_handles_are_refused(handle: str) -> None:
    assert refusal(AddStakeholder(stakeholder=handle, roles=("product",))).rule == "malformed-stakeholder"


def test_ids_that_people_give_are_readable_too() -> None:
    check_command(StartExperiment(experiment="ab-1", hypothesis="h", metric="m", variants=("a", "b")))
    assert refusal(
        StartExperiment(experiment="a b", hypothesis="h", metric="m", variants=("a", "b"))
    ).message.startswith("The experiment cannot be 'a b': it has up to 64 letters")
    criterion = SetCriterion(criterion="F 1", milestone="training", metric="F1", operator=">=", threshold=0.8)
    assert refusal(criterion).rule == "malformed-criterion"


@pytest.mark.parametrize("key", ["SUP", "AB", "ABCDEFGHIJ"])
def test_a_roadmap_s_key_is_two_to_ten_capitals(key: str) -> None:
    assert is_roadmap_key(key)


@pytest.mark.parametrize("key", ["A", "ABCDEFGHIJK", "sup", "Sup", "SUP1", "SUP-1", "SÜP", "AÉ", "", " SUP"])
def test_nothing_else_is_a_roadmap_s_key(key: str) -> None:
    assert not is_roadmap_key(key)


@property_of(st.text(max_size=40))
def test_a_text_without_fault_can_be_stored_and_shown(text: str) -> None:
    if text_fault(text) is None:
        assert text.encode("utf-8").decode("utf-8") == text
        assert all(character in "\n\t" or not is_control(character) for character in text)
    else:
        assert any(is_control(character) or "\ud800" <= character <= "\udfff" for character in text)


@property_of(st.text(max_size=80))
def test_a_name_is_ascii_without_blanks_and_can_be_typed_as_an_argument(text: str) -> None:
    if is_name(text):
        assert text.isascii()
        assert text.split() == [text]
        assert not text.startswith("-")
