"""Every command and event type can be looked up; every command says what it does and how it is typed."""

import re
import shlex

import click
import pytest

from roadlog.cli import story
from roadlog.domain.events import CATALOGUE
from tests.docs import reference

pytestmark = pytest.mark.docs


def headings(text: str) -> list[str]:
    return re.findall(r"^### (.+)$", text, flags=re.MULTILINE)


def typed(examples: str) -> list[list[str]]:
    """The words of each example, lines that go on joined."""
    return [shlex.split(line) for line in examples.replace("\\\n", " ").splitlines()]


def named(row: story.Row) -> str:
    return row.name


def test_every_command_of_the_story_is_in_the_reference() -> None:
    assert headings(reference.COMMANDS.read_text(encoding="utf-8")) == [row.name for row in story.STORY]


def test_every_event_type_is_in_the_reference() -> None:
    told = headings(reference.EVENTS.read_text(encoding="utf-8"))
    assert sorted(told[: len(CATALOGUE)]) == sorted(CATALOGUE)


@pytest.mark.parametrize("row", story.STORY, ids=named)
def test_a_command_says_what_it_does_in_one_sentence(row: story.Row) -> None:
    assert re.fullmatch(r"[A-Z].{8,75}\.", row.help)


@pytest.mark.parametrize("row", story.STORY, ids=named)
def test_every_option_of_a_command_has_a_help_text(row: story.Row) -> None:
    options = [each for each in reference.verb(row).params if isinstance(each, click.Option)]
    assert [each.opts for each in options if not each.hidden and not each.help] == []


@pytest.mark.parametrize("row", story.STORY, ids=named)
def test_a_command_has_an_example_that_it_can_be_typed_as(row: story.Row) -> None:
    command = reference.verb(row)
    examples = typed(command.examples)
    assert examples
    for words in examples:
        head = ["roadlog", *row.name.split()]
        assert words[: len(head)] == head
        arguments = [word for word in words[len(head) :] if word != ">"]
        given, _, _ = command.make_parser(click.Context(command)).parse_args(args=arguments)
        missing = [
            each.name for each in command.params if each.required and given.get(str(each.name)) is None
        ]
        assert missing == []
