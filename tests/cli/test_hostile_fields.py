"""Every field of every command, as click knows them: what takes text is recorded hostile, or refuses it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from roadlog.cli import story
from roadlog.cli.frame import Verb, load
from tests.cli.hostile import LINE, OBEYED, READING, STEPS, Filled, raw
from tests.cli.line import Line

HOSTILE = frozenset(("T", "L", "FILE", "URI", "VARIANT", "OURS", "RESULTS", "CASES", "PUBFILE"))
"""What stands in a step for hostile text, or for a file of a hostile name."""
BOUND = (click.types.BoolParamType, click.Choice, click.types.IntParamType)
"""Types that take no text at all."""
OF_A_FORM = {
    "init": ("key", "workflow"),
    "stakeholder add": ("handle",),
    "key retire": ("fingerprint",),
    "approve": ("key_file",),
    "evidence attach": ("sha256",),
    "experiment start": ("experiment",),
    "criterion set": ("criterion",),
    "risk log": ("catalogue",),
}
"""Fields of writing commands whose values have a form that hostile text has not: they refuse it."""
KNOWN = (
    *("NameType", "KeyType", "ZoneType", "NumberType", "TargetType", "RangeType", "SpanType"),
    *("TimeType", "DayType"),
)
"""Types of values that are known already, or numbers and times: they refuse it, too, but for what follows."""
FREE = ("metric", "text")
"""Names of `NameType` that are completed from what is known, and may be new."""
ELSEWHERE = {"import csv": "test_an_import_of_hostile_names_is_shown_and_not_obeyed"}
BEGUN = {
    "init": "init --key NEW",
    "demo": "demo",
    "catalogue": "catalogue",
    "evidence-pack": "evidence-pack SUP-1 --out pack",
    "import csv": "import csv CASES --case description --activity source --time severity",
    "import jira": "import jira BOARD --infer-workflow",
    "projections rebuild": "projections rebuild",
    "anchor": "anchor --git",
    "witness": "witness --log FILE",
    "serve": "serve --host nowhere",
    "token revoke": "token revoke 1",
}
"""How a command is typed that has no step and no reading."""


class Field(NamedTuple):
    """One parameter of a command."""

    command: str
    parameter: click.Parameter

    @property
    def name(self) -> str:
        return str(self.parameter.name)

    @property
    def takes_free_text(self) -> bool:
        kind = self.parameter.type
        known = type(kind).__name__ in KNOWN and kind.name not in FREE
        return not isinstance(kind, BOUND) and not known and self.name not in OF_A_FORM.get(self.command, ())


def fields() -> Iterator[tuple[click.Command, Field]]:
    for row in story.STORY:
        command = load(row)
        for parameter in command.params:
            yield command, Field(row.name, parameter)


def begun_with(name: str) -> list[str]:
    """The steps and readings of a command, without its name."""
    lines = [*(words for _, words in STEPS), *filter(None, READING), *BEGUN.values()]
    found = [each for each in lines if f"{each} ".startswith(f"{name} ")]
    others = [each.name for each in story.STORY if each.name.startswith(f"{name} ")]
    return [each[len(name) :] for each in found if not any(each.startswith(other) for other in others)]


def given(command: click.Command, words: str) -> dict[str, tuple[str, ...]]:
    """What a line gives each field, as it is typed."""
    values, _, _ = command.make_parser(click.Context(command)).parse_args(words.split())
    return {
        name: tuple(map(str, value if isinstance(value, list | tuple) else (value,)))
        for name, value in values.items()
    }


def writes(command: click.Command) -> bool:
    return isinstance(command, Verb) and any(each.name == "command_id" for each in command.params)


def test_every_command_is_typed_somewhere() -> None:
    assert [row.name for row in story.STORY if not begun_with(row.name)] == []


def unrecorded(found: Iterable[tuple[click.Command, Field]]) -> Iterator[str]:
    """Fields of writing commands that take text and get no hostile one. (Every step has a hostile id.)"""
    for command, field in found:
        if writes(command) and field.name != "command_id" and field.takes_free_text:
            lines = begun_with(field.command)
            values = {value for words in lines for value in given(command, words).get(field.name, ())}
            if not HOSTILE & values:
                yield f"{field.command} {field.name}"


def test_every_field_that_takes_text_is_recorded_hostile_by_a_step() -> None:
    """A new option that takes text fails here until a step gives it some, or its form is named above."""
    assert list(unrecorded(fields())) == []


def test_a_field_without_a_hostile_step_is_found() -> None:
    """The control: an option that no step knows."""
    row = story.row("note")
    assert row is not None
    assert list(unrecorded([(load(row), Field("note", click.Option(["--motto"])))])) == ["note motto"]
    assert len(raw(LINE)) > 15


UNGIVEN = {
    id(field.parameter): (command, field)
    for command, field in fields()
    if field.command not in ELSEWHERE
    and not isinstance(field.parameter.type, click.types.BoolParamType)
    and not any(field.name in given(command, words) for words in begun_with(field.command))
}
"""Fields that no step and no reading gives, once where commands share one; the others are tried elsewhere."""


@pytest.mark.parametrize(
    ("command", "field"), UNGIVEN.values(), ids=[f"{f.command} {f.name}" for _, f in UNGIVEN.values()]
)
def test_a_field_that_is_given_hostile_text_refuses_or_shows_it(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: click.Command, field: Field
) -> None:
    monkeypatch.chdir(tmp_path)
    filled = Filled(tmp_path)
    begin = filled.words(f"{field.command}{begun_with(field.command)[0]}")
    option = field.parameter.opts[:1] if isinstance(field.parameter, click.Option) else []
    rehearse = ["--dry-run"] if writes(command) else []
    for said, more in ((OBEYED, ()), ("\udc9b\udcff", ("--json",)), (LINE, ("--json",)), (LINE, ())):
        result = line.run(*begin, *option, said, *rehearse, *more)
        assert result.exit_code in (0, 1, 2, 5, 6), result.stderr
        assert (raw(result.stdout), raw(result.stderr)) == ([], []), said
        if result.exit_code in (2, 5, 6) and more:
            assert list(json.loads(result.stderr)) == ["error"]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, all_ in OF_A_FORM.items() for field in all_]
)
def test_a_field_of_a_form_refuses_hostile_text(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, field: str
) -> None:
    monkeypatch.chdir(tmp_path)
    row = story.row(name)
    assert row is not None
    command = load(row)
    words = f"{begun_with(name)[0]}".split()
    parameter = next(each for each in command.params if each.name == field)
    values = given(command, " ".join(words)).get(field)
    if values:
        words[words.index(values[0])] = "HOSTILE"
    else:
        words += [parameter.opts[0], "HOSTILE"]
    typed = [LINE if each == "HOSTILE" else each for each in Filled(tmp_path).words(" ".join(words))]
    fresh = Line(tmp_path / "new" / ".roadlog") if name == "init" else line
    result = fresh.run(*name.split(), *typed, "--dry-run")
    assert result.exit_code in (2, 5), result.stdout
    assert raw(result.stderr) == []
