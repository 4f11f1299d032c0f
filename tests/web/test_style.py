"""The style sheet is whole: a brace left open hides every rule behind it, and no browser complains."""

import re
from importlib.resources import files

import pytest

SHEET = files("roadlog.web").joinpath("static/roadlog.css").read_text(encoding="utf-8")


def left_open(sheet: str) -> list[str]:
    """The sections and @-rules that begin inside of another rule, and what is open at the end."""
    found, depth = [], 0
    for line in sheet.splitlines():
        if depth and re.match(r"@|/\* [A-Z]", line):
            found.append(line)
        depth += line.count("{") - line.count("}")
    return found + ["the end"] * (depth != 0)


def test_no_rule_is_left_open() -> None:
    assert left_open(SHEET) == []


@pytest.mark.parametrize("brace", ["}", "{"])
def test_a_brace_too_few_is_found(brace: str) -> None:
    place = SHEET.index(brace, len(SHEET) // 2)
    assert left_open(SHEET[:place] + SHEET[place + 1 :]) != []


def test_no_colours_of_the_dark_reach_paper() -> None:
    found = re.findall(r"@media (.*)\(prefers-color-scheme: dark\)", SHEET)
    assert found == ["screen and ", "screen and "]
