"""Workflows: the one in force, the built-in ones, and files."""

import os
from pathlib import Path
from typing import Any

import click

from roadlog.cli.asking import answering, moment_of, moments, tell_moment
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.cli.tables import read_bytes
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AdoptWorkflow
from roadlog.domain.refusals import Malformed, unknown
from roadlog.domain.workflow import Workflow

BUILT_IN = ("ai-product", "lite", "open")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def built_in(name: str) -> Workflow:
    """A workflow that comes with roadlog, by its name."""
    import roadlog.domain
    from roadlog.domain.workflow_file import parse

    path = Path(roadlog.domain.__path__[0]) / "workflows" / f"{name}.toml"
    return parse(path.read_text(encoding="utf-8"), path.name)


def from_file(path: Path) -> Workflow:
    """The workflow of a file. Raises Malformed with file, line and key of every mistake."""
    from roadlog.domain.workflow_file import parse

    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """A file's text. Raises Malformed where it cannot be read, or is no UTF-8."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Malformed("file", f"{path}:{line} is no UTF-8 text: {error.reason}.") from error


def named(name: str) -> Workflow:
    """A built-in workflow by its name, else the one of that file. Raises Unknown or Malformed."""
    if name in BUILT_IN:
        return built_in(name)
    if os.path.isfile(name):  # False, too, for what can be no path at all
        return from_file(Path(name))
    raise unknown(
        "workflow", name, BUILT_IN, try_=tuple(f"roadlog workflow show {each}" for each in BUILT_IN)
    )


def as_typed(content: dict[str, Any]) -> dict[str, Any]:
    """A workflow's definition, whose digest belongs to what a command id stands for: a file can change."""
    from roadlog.domain.workflow_file import digest_of

    program().typed["workflow digest"] = digest_of(content)
    return content


class _Named(click.ParamType[str]):
    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(each) for each in BUILT_IN if each.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]


NAMED = _Named()


def _render(workflow: dict[str, Any]) -> None:
    from roadlog.cli.views.workflow import render

    render(workflow)
    tell_moment()


@answering(_render)
@click.argument("name", type=NAMED, required=False)
@click.option("--toml", is_flag=True, help="As a file that `adopt` and `init` take, every value in it.")
@moments
def workflow_show(name: str | None, toml: bool, **moment: Any) -> dict[str, Any] | None:
    """NAME is a built-in workflow (ai-product, lite, open) or a file; the one in force, unless given.

    roadlog workflow show ai-product --toml > our-workflow.toml
    """
    from roadlog.projections.people import workflow_answer

    workflow = _in_force(**moment) if name is None else named(name)
    if not toml:
        return workflow_answer(workflow)
    from roadlog.domain.workflow_file import as_toml

    if program().json:
        return {"toml": as_toml(workflow)}
    say(as_toml(workflow).rstrip("\n"), lines=True)
    return None


def _in_force(**moment: Any) -> Workflow:
    with program().reading() as store:
        return store.workflow(moment_of(store, **moment))


def _render_check(answer: dict[str, Any]) -> None:
    say(
        f"{answer['file']}: {answer['name']} {answer['version']}, "
        f"{answer['milestones']} milestones, no mistakes."
    )


@answering(_render_check)
@click.argument("file", type=FILE)
def workflow_check(file: Path) -> dict[str, Any]:
    """Every mistake is told with its line and key; exit code 2 when there is one.

    roadlog workflow check our-workflow.toml
    """
    workflow = from_file(file)
    return {
        "file": str(file),
        "name": workflow.name,
        "version": workflow.version,
        "milestones": len(workflow.milestones),
        "problems": [],
    }


@writing
@click.argument("name", type=NAMED)
def workflow_adopt(name: str) -> Commands:
    """NAME is a file, or a built-in workflow. All of it is stored; one that drops a milestone in use is
    refused.

    roadlog workflow adopt our-workflow.toml \\
      --because "Legal wants a say before integration"
    """
    from roadlog.domain.workflow_file import definition

    return AdoptWorkflow(definition=as_typed(definition(named(name))))
