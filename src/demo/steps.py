"""A step of the scenario: who typed which command when, and how it looks on a terminal."""

import shlex
from collections.abc import Iterator

from msgspec import Struct

from roadlog.demo.calendar import Calendar

Value = str | int | float | bool | tuple[str, ...]
WIDTH = 100
"""Columns to which a shown command is broken."""


class Step(Struct, frozen=True, kw_only=True):
    """One command of the history.

    when: week, weekday and time, such as `3 tue 14:20`
    who: the acting handle
    words: command and arguments, with days as `{40 fri}`
    tell: a line for the reader before it, where the command alone does not say enough
    refused: where a rule refuses it, words of what it says; empty where it is carried out
    """

    when: str
    who: str
    words: tuple[str, ...]
    tell: str = ""
    refused: str = ""

    def typed(self, calendar: Calendar) -> tuple[str, ...]:
        """The arguments of `roadlog`, as somebody types them afterwards."""
        at = calendar.moment(self.when).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (*(calendar.dated(word) for word in self.words), "--as", self.who, "--at", at)


def step(
    when: str, who: str, words: str, *texts: str, tell: str = "", refused: str = "", **options: Value
) -> Step:
    """A step: `words` are split at spaces, `texts` follow as they are, then `options`.

    `our_role="deployer"` is `--our-role deployer`; a trailing underscore keeps clear of Python's own words
    (`from_`); a tuple repeats its option, and True is an option without a value.
    """
    named = (word for name, value in options.items() for word in _option(name, value))
    return Step(when=when, who=who, words=(*words.split(), *texts, *named), tell=tell, refused=refused)


def _option(name: str, value: Value) -> Iterator[str]:
    option = f"--{name.strip('_').replace('_', '-')}"
    match value:
        case bool():
            yield option
        case tuple():
            for each in value:
                yield from (option, each)
        case _:
            yield from (option, str(value))


def shown(typed: tuple[str, ...]) -> str:
    """The command as a shell takes it, broken before options where it is long."""
    pieces: list[str] = ["roadlog"]
    for word in typed:
        if word.startswith("--"):
            pieces.append(word)
        else:
            pieces[-1] += f" {_quoted(word)}"
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) < WIDTH:
            lines[-1] += f" {piece}"
        else:
            lines.append(f"    {piece}")
    return " \\\n".join(lines)


def _quoted(word: str) -> str:
    """A word as the shell takes it; what holds an apostrophe in double quotes, as people would type it."""
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)
