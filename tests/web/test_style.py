"""The style sheet is whole: a brace left open hides every rule behind it, and no browser complains."""

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from roadlog import words
from roadlog.told.facts import Tone

WEB = Path(str(files("roadlog.web")))
SHEET = (WEB / "static/roadlog.css").read_text(encoding="utf-8")
MADE = {
    *words.MARKS,
    *get_args(Tone),
    *("passed", "here", "ahead"),
    *("milestone", "return", "approval"),
    *(f"shade-{each}" for each in range(5)),
    "htmx-request",
}
"""Classes that templates take from an answer, and what htmx sets."""


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


def ruled(sheet: str) -> set[str]:
    """The classes that a sheet has rules for."""
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet, flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)", selectors))


def written(template: str) -> set[str]:
    """The classes that a template gives, as far as they stand in it."""
    found = re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', template)
    chosen = re.sub(r"""== *['"].*?['"]""", " ", " ".join(re.findall(r"\{\{.*?\}\}", " ".join(found))))
    quoted = re.findall(r"""['"]([a-z][\w -]*)['"]""", chosen)
    plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", " ".join(found))
    return {each for each in (*plain.split(), *" ".join(quoted).split()) if not each.endswith("-")}


def test_every_class_of_a_template_has_a_rule_and_every_rule_its_class() -> None:
    templates = "".join(each.read_text(encoding="utf-8") for each in WEB.glob("templates/*.html"))
    scripts = "".join(each.read_text(encoding="utf-8") for each in WEB.glob("static/[!h]*.js"))
    given = written(templates)
    by_scripts = {each for each in ruled(SHEET) if re.search(rf"""["'. ]{each}["'. ]""", scripts)}
    assert given - ruled(SHEET) - MADE == set()
    assert ruled(SHEET) - given - by_scripts - MADE == set()


def test_classes_are_found_in_rules_and_in_templates() -> None:
    sheet = ".a .b-c:hover, d { top: 0.5em; } @media print { .e { f: url(g.h) } /* .i */ }"
    assert ruled(sheet) == {"a", "b-c", "e"}
    template = """<p class="a{% if "x" %} b{% endif %} c-{{ n }} {{ 'd e' if f == "g" else h }}">"""
    assert written(template) == {"a", "b", "d", "e"}
