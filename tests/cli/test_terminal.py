"""Other people's text on a terminal: shown, never obeyed."""

import json
import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.visible import plain, safe_json

INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "\\u001b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("a\u200bb\ufeff\u2060", "a\\u200bb\\ufeff\\u2060"),
        ("a\u200db", "a\\u200db"),
        ("\u200d", "\\u200d"),
        ("\x9b31m", "\\u009b31m"),
        ("\udcff", "\\udcff"),
        ("a\U000e0041", "a\\U000e0041"),
        ("a\u00a0b\u3000c", "a b c"),
        ("one\ntwo\tthree", "one two three"),
        ("one\rtwo", "one\\u000dtwo"),
        ("👩‍💻 👨‍👩‍👧 👍🏽", "👩‍💻 👨‍👩‍👧 👍🏽"),
        ("سلام می‌خواهم", "سلام می‌خواهم"),
        ("क्‍ष", "क्‍ष"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert plain("one\n\ttwo\x1b", lines=True) == "one\n\ttwo\\u001b"


@given(st.text(st.characters(codec=None)))
def test_nothing_that_a_terminal_obeys_comes_through(text: str) -> None:
    assert INVISIBLE.search(plain(text)) is None
    assert "\n" not in plain(text)


@given(
    st.recursive(
        st.text() | st.integers(0, 9), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_says_the_same_and_holds_nothing_invisible(value: object) -> None:
    printed = safe_json(orjson.dumps(value).decode())
    assert json.loads(printed) == value
    assert INVISIBLE.search(printed) is None


def test_the_check_itself_can_fail() -> None:
    assert INVISIBLE.search(orjson.dumps("\u202e").decode()) is not None
