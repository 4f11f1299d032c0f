"""The frame of the command line: its commands stand in the story and are imported when they run."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from roadlog.cli import errors, program, story
from roadlog.domain.refusals import RoadlogError


def _show_help(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


HELP = click.Option(
    ["-h", "--help", "show_help"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_help,
    help="Show this message and exit.",
)


class _Helped(click.Command):
    """A command with our help option: click's own asks for a translation of its text, at 3 ms a command."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return HELP

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """click does not say in every error which command's option is wrong."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class Verb(_Helped):
    """A command: it takes the program's options too, and keeps its arguments as they were typed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.examples = ""

    def told_by(self, row: story.Row) -> "Verb":
        """Takes its help from its row of the story and its function's docstring."""
        said = (self.callback.__doc__ if self.callback else None) or ""
        paragraphs = [each for each in _dedented(said).split("\n\n") if each.strip()]
        if paragraphs and paragraphs[-1].startswith("roadlog "):
            self.examples = paragraphs.pop()
        self.name = row.name.split()[-1]
        self.help = "\n\n".join([row.help, *paragraphs])
        self.short_help = row.help
        return self

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        return [*own[:-1], *program.HIDDEN_OPTIONS, *own[-1:]]

    def invoke(self, ctx: click.Context) -> Any:
        with _help_offered(ctx):
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _check_characters(args)
        if any(_is_negative_number(each) for each in args):
            ctx.ignore_unknown_options = True  # -3 and -30% are values here: no option of ours is a digit
        given = list(args)
        with _help_offered(ctx):
            rest = super().parse_args(ctx, args)
        program.program_of(ctx).typed = self._typed(ctx, given)
        return rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        return [*completed_below(ctx, incomplete), *super().shell_complete(ctx, incomplete)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        with formatter.section("Options"):
            formatter.write_dl([_help_of(each, ctx) for each in options if not each.hidden])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text("The program's options, such as --json, may stand here too: roadlog --help.")
        if self.examples:
            with formatter.section("For example"):
                for line in self.examples.splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

    def _typed(self, ctx: click.Context, args: list[str]) -> dict[str, Any]:
        """The command and its own arguments, by name, as texts: what a command id stands for."""
        opts, _, _ = self.make_parser(ctx).parse_args(args=args)
        own = {str(each.name) for each in self.params} - {"command_id", "expect_version", "dry_run"}
        values = {name: value for name, value in opts.items() if name in own}
        typed = {
            name: value for name, value in values.items() if isinstance(value, str | bool | list | tuple)
        }
        return {"": ctx.command_path, **typed}


class Branch(_Helped, click.Group):
    """A noun with its verbs, or the program itself: what the story tells under a name."""

    def __init__(self, noun: str, **settings: Any) -> None:
        super().__init__(noun or "roadlog", **settings)
        self.noun = noun

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(story.names(self.noun))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        full = f"{self.noun} {cmd_name}".strip()
        if full in story.NOUNS:
            return Branch(full, help=story.NOUNS[full], short_help=story.NOUNS[full])
        row = story.row(full)
        return load(row) if row else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        below = self._below(args)
        if below is not None:
            return below
        if (
            args[0] not in story.names(self.noun)
            and not ctx.resilient_parsing
            and not args[0].startswith("-")
        ):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def _below(self, args: list[str]) -> tuple[str, click.Command, list[str]] | None:
        """The verb below a verb, such as `forecast keep`, wherever its word stands among the options."""
        full = f"{self.noun} {args[0]}".strip()
        if full in story.NOUNS:
            return None
        for place, word in enumerate(args[1:], start=1):
            row = story.row(f"{full} {word}")
            if row is not None:
                return f"{args[0]} {word}", load(row), [*args[1:place], *args[place + 1 :]]
        return None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        return [*own[:-1], *(program.HIDDEN_OPTIONS if self.noun else program.OPTIONS), *own[-1:]]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        headings: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            heading, help_ = self._told(name)
            headings.setdefault(heading, []).append((name, help_))
        widest = max(len(name) for rows in headings.values() for name, _ in rows)
        for heading, rows in headings.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), help_) for name, help_ in rows])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Commands from the story, so that completing one imports none."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self._told(name)[1]) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def _told(self, name: str) -> tuple[str, str]:
        """A command's heading and its help in one line."""
        full = f"{self.noun} {name}".strip()
        first = next(each for each in story.STORY if each.name == full or each.name.startswith(f"{full} "))
        return "Commands" if self.noun else first.heading, story.NOUNS.get(full, first.help)


class Root(Branch):
    """The program: runs a line and leaves with its exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        given = sys.argv[1:] if args is None else list(args)
        name = "roadlog"
        instruction = os.environ.get(complete_var or "_ROADLOG_COMPLETE")
        if instruction:
            from click.shell_completion import shell_complete

            sys.exit(shell_complete(self, {}, name, complete_var or "_ROADLOG_COMPLETE", instruction))
        sys.exit(errors.outcome(lambda: self._run(name, list(given), extra), given))

    def _run(self, name: str, args: list[str], extra: dict[str, Any]) -> Any:
        with (
            self.make_context(name, args, color=errors.color(args), **extra) as context,
            _help_offered(context),
        ):
            return self.invoke(context)


def completed_below(ctx: click.Context, incomplete: str) -> list[Any]:
    """The verbs below a verb that begin so, such as `keep` and `score` of `forecast`."""
    from click.shell_completion import CompletionItem

    full = ctx.command_path.partition(" ")[2]
    found = (each for each in story.STORY if each.name.startswith(f"{full} {incomplete}"))
    return [CompletionItem(each.name.split()[-1], help=each.help) for each in found]


def load(row: story.Row) -> click.Command:
    """Imports a command's module and takes the command from it. Raises AttributeError where there is none."""
    from importlib import import_module

    module = import_module(row.module)
    name = row.name.replace(" ", "_").replace("-", "_")
    command = getattr(module, name, None) or getattr(module, f"{name}_")
    return command.told_by(row) if isinstance(command, Verb) else command


@contextmanager
def _help_offered(context: click.Context) -> Iterator[None]:
    """Every error ends with something to type: the command's help, where it knows nothing better."""
    try:
        yield
    except RoadlogError as error:
        error.try_ = error.try_ or (f"{context.command_path} --help",)
        raise


def _help_of(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    """An option and its help, without the range that click adds, such as `[x>=0]`: not for people."""
    name, text = option.get_help_record(ctx) or ("", "")
    bounds = option.get_help_extra(ctx).get("range")
    return name, text.replace(f"[{bounds}; ", "[").removesuffix(f"  [{bounds}]") if bounds else text


def _dedented(text: str) -> str:
    from inspect import cleandoc

    return cleandoc(text)


def _is_negative_number(text: str) -> bool:
    return len(text) > 1 and text[0] == "-" and (text[1].isdigit() or text[1:2] == ".")


def _check_characters(args: list[str]) -> None:
    """Refuses bytes that are no UTF-8 before anything else looks at them. Raises BadParameter."""
    for each in args:
        if any("\ud800" <= character <= "\udfff" for character in each):
            raise click.UsageError(f"{each!r} holds bytes that are no UTF-8 text, or half a character.")
