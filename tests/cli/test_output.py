"""Answers in JSON: one value, however many parts it was made of."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from roadlog.cli.output import print_json, print_json_parts

PARTS: list[list[list[Any]]] = [[], [[{"a": 1}]], [[{"a": "„\u202e“"}, 2], [[3]], [{"b": []}]]]


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("parts", PARTS)
def test_an_array_in_parts_is_the_array(
    parts: list[list[Any]],
    terminal: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    print_json([each for part in parts for each in part])
    whole = capsys.readouterr().out
    print_json_parts(parts)
    assert capsys.readouterr().out == whole


def test_what_cannot_be_told_whole_is_not_begun(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        print_json_parts([1 // number] for number in (1, 0))
    assert capsys.readouterr().out == ""
