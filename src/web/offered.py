"""The forms that do what a line to type does: what the terminal says to type, the page has pressed."""

import shlex
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import quote, urlencode

from roadlog.web.forms import FORMS, Form

TOGETHER = {"approve": ("approve", "reject", "abstain")}
"""By the command that is told, those that answer the same question."""


class Offer(NamedTuple):
    """A form, and its address, in which stands what the line says."""

    form: Form
    address: str


class Line(NamedTuple):
    """A line to type: what stands in it by position, and what by the names of options."""

    values: list[str]
    options: dict[str, str]


def offered(line: str, key: str, roles: Collection[str]) -> list[Offer]:
    """What whoever holds these roles may press instead of typing the line about `key`; none has no form."""
    words = shlex.split(line)[1:]
    told = next((each for each in FORMS if _begins(words, each)), None)
    if told is None:
        return []
    said = _line(words[len(told.command.split()) :])
    if told.compares and said.options.get("role", "") not in ("", *roles):
        return []
    forms = [each for each in FORMS if each.command in TOGETHER.get(told.command, (told.command,))]
    return [Offer(each, _address(each, key, said)) for each in forms]


def _begins(words: list[str], form: Form) -> bool:
    name = form.command.split()
    return words[: len(name)] == name


def _line(words: list[str]) -> Line:
    said = Line([], {})
    option = ""
    for word in words:
        if word.startswith("--"):
            option = word[2:]
        elif option:
            said.options[option], option = word, ""
        else:
            said.values.append(word)
    return said


def _address(form: Form, key: str, said: Line) -> str:
    """Of the form, filled in as far as the line says; words to replace, such as TEXT, say nothing."""
    options, values = said.options, said.values[1:] if said.values[:1] == [key] else said.values
    names = [each.name for each in form.fields]
    named = {each: options.get(each) or options.get(each.removesuffix("s")) for each in names}
    placed = zip((each for each in names if not named[each]), values, strict=False)
    given = {name: value for name, value in {**named, **dict(placed)}.items() if value}
    filled = {name: value for name, value in given.items() if not (value.isalpha() and value.isupper())}
    place = f"/initiatives/{quote(key, safe='')}/do/{form.slug}"
    return f"{place}?{urlencode(filled)}" if filled else place
