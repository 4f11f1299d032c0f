"""What is searched is what stands in events, and every field of it is one that a reader knows."""

from hashlib import sha256
from typing import Any, get_type_hints

import pytest

from roadlog.domain.events import CATALOGUE, Condition, RecordVoided
from roadlog.projections.page import page
from roadlog.projections.search import BLOCKS, TABLES
from roadlog.projections.texts import ROOM, TEXTS, VOID, field_of, number_of, placed, texts_of, voided_by
from tests.domain.spec import START
from tests.projections.histories import case, defined

# What an index holds. When this fails, an older one lacks something or has it in another place: give VERSION
# in projections/cache.py its next number, so that it is made anew, and put the digest here.
SHAPE = "98878ec20d246f7e"


def test_the_version_stands_for_what_is_indexed() -> None:
    assert sha256(repr((TABLES, BLOCKS, ROOM, sorted(TEXTS.items()))).encode()).hexdigest()[:16] == SHAPE


@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_is_one_of_its_event(kind: str) -> None:
    hints = get_type_hints(CATALOGUE[kind])
    assert {hints[name] for name, _ in TEXTS[kind]} <= {str, str | None, tuple[Condition, ...]}
    assert len(TEXTS[kind]) < ROOM


def test_every_field_is_a_key_of_show() -> None:
    fields = {field for texts in TEXTS.values() for _, field in texts}
    state, roadmap = case(defined())
    assert fields <= page(state, roadmap, START).keys()


def test_a_void_is_known_by_its_name() -> None:
    assert CATALOGUE[VOID] is RecordVoided
    assert voided_by(VOID, {"data": {"position": 7}}) == 7
    assert voided_by("NoteAdded", {"data": {"text": "7"}}) is None


def test_texts_have_their_places() -> None:
    data = {"title": "a title", "problem": None, "approach": "how", "key": "SUP-1"}
    body: dict[str, Any] = {"reason": "why", "data": data}
    assert list(texts_of("ProblemReframed", body)) == [(0, "why"), (1, "a title"), (3, "how")]
    assert list(texts_of("MilestoneAdvanced", body | {"reason": None})) == []
    assert [field_of("ProblemReframed", place) for place in range(3)] == ["reason", "title", "problem"]
    assert placed(number_of(9, 2)) == (9, 2)
    asked = {
        "statement": None,
        "conditions": [{"id": "C1", "text": "a test"}, {"id": "C2", "text": "a note"}],
    }
    assert list(texts_of("StakeholderApproved", {"reason": None, "data": asked})) == [(2, "a test; a note")]
    none = {"statement": "fine", "conditions": []}
    assert list(texts_of("StakeholderApproved", {"reason": None, "data": none})) == [(1, "fine")]


@pytest.mark.parametrize("body", [{}, {"reason": 3, "data": {}}, {"reason": None, "data": {"text": ["x"]}}])
def test_what_is_no_text_is_refused(body: dict[str, object]) -> None:
    with pytest.raises((LookupError, TypeError)):
        list(texts_of("NoteAdded", body))
