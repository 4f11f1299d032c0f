"""The generated pages of the reference: commands from their help, event types from their docstrings."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import click
from msgspec.structs import fields

from roadlog.cli import asking, program, story, writing
from roadlog.cli.frame import Verb, load
from roadlog.cli.main import roadlog
from roadlog.domain.events import Condition, Outcome, Satisfied, VariantResult
from roadlog.projections.catalogue import catalogue
from tests.docs.played import ROOT

WRITTEN_BY = "<!-- Written by `make docs`. Change the help, or the docstring, and run it. -->"
ABOUT_COMMANDS = """\
In the order of the story that a roadmap goes through. `roadlog COMMAND --help` says the same at the terminal.
What the exit codes mean: [exit codes](exit-codes.md)."""
ABOUT_TIME = """\
TIME is RFC 3339 (`2026-03-02T09:00:00Z`), a day (`2026-03-02`: its start in the store's zone, UTC unless
set), or words such as `"3 days ago"`; what words were read as is printed."""
ABOUT_EVENTS = """\
{count} types, and no others, are ever stored or read. Every field is stated in the stored record; one that
may be null says so. A record's position, stream, version, type and recorded time stand in columns beside
these fields; its effective time, actor, reason, source and salt stand with them in the stored bytes. How
those are sealed: [trust the log](../how-to/trust-the-log.md). `roadlog catalogue --schema` prints the same as
JSON Schema."""
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
EVENTS = ROOT / "docs" / "reference" / "events.md"
SHARED = {id(option) for option in (*writing.SHARED, *asking.MOMENT, *program.HIDDEN_OPTIONS)}


def commands() -> str:
    """Every command in the order of the story: usage, meaning, options, examples."""
    said = ["# Commands", WRITTEN_BY, *_shared_options()]
    for heading, rows in groupby(story.STORY, key=lambda row: row.heading):
        said.append(f"## {heading}")
        for row in rows:
            said += _command(row)
    return "\n\n".join(said) + "\n"


def verb(row: story.Row) -> Verb:
    """The command of a row. Raises AssertionError for one that the story cannot tell."""
    command = load(row)
    assert isinstance(command, Verb), row.name
    return command


def events() -> str:
    """Every event type by subject: meaning and fields."""
    types = catalogue()
    said = [
        "# Event types",
        WRITTEN_BY,
        ABOUT_EVENTS.format(count=len(types)),
    ]
    for subject, group in groupby(types, key=lambda each: each["subject"]):
        said.append(f"## {subject}")
        for each in group:
            reason = " A reason is mandatory." if each["reason_required"] else ""
            said += [f"### {each['type']}", each["meaning"] + reason]
            listed = [
                f"- `{field['name']}` ({field['type']}): {field['meaning']}" for field in each["fields"]
            ]
            said += ["\n".join(listed)] if listed else []
    said.append("## Parts of events")
    for part in (Outcome, Condition, VariantResult, Satisfied):
        names = ", ".join(f"`{field.encode_name}`" for field in fields(part))
        said += [f"### {part.__name__}", " ".join((part.__doc__ or "").split()), f"Fields: {names}."]
    return "\n\n".join(said) + "\n"


def _shared_options() -> Iterator[str]:
    yield ABOUT_COMMANDS
    yield "## Options of several commands"
    yield "Of every command, anywhere on the line:"
    yield _options(program.OPTIONS, click.Context(roadlog))
    yield "Of every command that records something:"
    yield _options(writing.SHARED, click.Context(roadlog))
    yield "Of every command that answers from the store:"
    yield _options(asking.MOMENT, click.Context(roadlog))
    yield ABOUT_TIME


def _command(row: story.Row) -> Iterator[str]:
    command = verb(row)
    context = click.Context(command, info_name=f"roadlog {row.name}")
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield f"### {row.name}"
    yield f"`{' '.join([f'roadlog {row.name}', *pieces])}`"
    yield from (" ".join(paragraph.split()) for paragraph in (command.help or "").split("\n\n"))
    own = [each for each in command.params if id(each) not in SHARED]
    listed = _options(own, context)
    if listed:
        yield listed
    also = [f"`{each.opts[0]}`" for each in command.params if id(each) in SHARED]
    if also:
        yield f"Also {', '.join(also)}."
    if command.examples:
        yield f"```sh\n{command.examples}\n```"


def _options(parameters: Iterable[click.Parameter], context: click.Context) -> str:
    """A list of what each option is for, in the help's words."""
    records = [each.get_help_record(context) for each in parameters if isinstance(each, click.Option)]
    return "\n".join(f"- `{names}`: {' '.join(help_.split())}" for names, help_ in filter(None, records))
