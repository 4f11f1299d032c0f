"""The generated page of the API: every address, from the table by which it answers."""

from collections.abc import Iterator

from roadlog.web.api.addresses import ADDRESSES
from roadlog.web.api.bodies import Wished
from roadlog.web.api.document import made
from roadlog.web.api.parameters import AT_MOMENT, Parameter
from roadlog.web.api.problems import BASE, TITLES
from roadlog.web.api.questions import Question
from roadlog.web.api.wishes import Offered, schema
from tests.docs.played import ROOT

API = ROOT / "docs" / "reference" / "api.md"
WRITTEN_BY = "<!-- Written by `make docs`. Change src/web/api, and run it. -->"
ABOUT = """\
Every address of `roadlog serve` for programs; each begins with `{base}`. How to use them, with examples: [use
the API](../how-to/use-the-api.md). What an answer holds is what the command prints with `--json`;
`{base}/openapi.json` tells all of this as OpenAPI {version}."""
ABOUT_MOMENTS = "Where it says so, an address may hold a moment; it is about now otherwise:"
ABOUT_COMMANDS = """\
The body is a JSON object of the values. What each means, and by which rule it may be refused, stands with the
[command](commands.md). Any body may hold these, too:"""
ABOUT_PROBLEMS = (
    "The type of a problem is `{base}/#exit-N`, by the command line's [exit code](exit-codes.md):"
)


def api() -> str:
    """What can be asked, what can be recorded, and what may go wrong."""
    base = BASE.rstrip("/")
    said = ["# The API", WRITTEN_BY, ABOUT.format(base=base, version=made()["openapi"])]
    said += ["## What can be asked", ABOUT_MOMENTS, _listed(AT_MOMENT)]
    for address in ADDRESSES:
        if address.asks is not None:
            said += _question(address.asks)
    said += ["## What can be recorded", ABOUT_COMMANDS, _options()]
    for address in ADDRESSES:
        if address.wishes is not None:
            said += _command(address.wishes)
    said += ["## What may go wrong", ABOUT_PROBLEMS.format(base=base)]
    said.append("\n".join(f"- {code}: {title}" for code, title in TITLES.items()))
    return "\n\n".join(said) + "\n"


def _question(question: Question) -> Iterator[str]:
    yield f"### GET {question.path}"
    kind = " JSON lines." if question.lines else ""
    moment = " It may hold a moment." if question.at_moment else ""
    yield f"{question.says}{kind}{moment}"
    if question.parameters:
        yield _listed(question.parameters)


def _listed(parameters: tuple[Parameter, ...]) -> str:
    return "\n".join(
        f"- `{each.name}`{' (needed)' if each.required else ''}: {each.says}" for each in parameters
    )


def _options() -> str:
    described = schema("note")[0]["properties"]
    return "\n".join(f"- `{name}`: {described[name]['description']}" for name in Wished.__struct_fields__)


def _command(offered: Offered) -> Iterator[str]:
    yield f"### POST {offered.path}"
    yield f"{offered.says} As `{offered.typed}` does."
    needed = ", ".join(f"`{each}`" for each in offered.needed)
    optional = ", ".join(f"`{each}`" for each in offered.optional)
    listed = [f"- Needed: {needed}"] if needed else []
    listed += [f"- If you like: {optional}"] if optional else []
    if listed:
        yield "\n".join(listed)
