"""Every command that the API takes, once: its address, what it does, and what it may be given."""

from typing import Any, NamedTuple

import msgspec

from roadlog.domain.commands import BEGINNINGS, ROADMAP_COMMANDS, DefineProblem
from roadlog.domain.names import COMMANDS as WORDS
from roadlog.domain.names import sentence_case
from roadlog.web.api.bodies import Wished, options_of
from roadlog.web.commands import COMMANDS, fields_of

SHARED = Wished.__struct_fields__
"""Options of every command."""


class Offered(NamedTuple):
    """One command at one address, behind /api/v1."""

    path: str
    name: str

    @property
    def is_of_one(self) -> bool:
        """Whether it is about the initiative that the address names."""
        return "{key}" in self.path

    @property
    def says(self) -> str:
        return f"{sentence_case(WORDS[COMMANDS[self.name].__name__])}."

    @property
    def typed(self) -> str:
        """What is typed for it on the command line."""
        return f"roadlog {self.name.replace(' remove', ' --remove')}"

    @property
    def needed(self) -> list[str]:
        """The values that have to be given."""
        return [field for field, info in fields_of(self.name).items() if info.required]

    @property
    def optional(self) -> list[str]:
        own = [each for each in options_of(self.name).__struct_fields__ if each not in SHARED]
        return [*(each for each in fields_of(self.name) if each not in self.needed), *own]


def _offered() -> tuple[Offered, ...]:
    found = []
    for name, kind in COMMANDS.items():
        word = name.replace(" ", "-")
        if kind is DefineProblem:
            found.append(Offered("/initiatives", name))
        if kind in ROADMAP_COMMANDS or (kind in BEGINNINGS and kind is not DefineProblem):
            found.append(Offered(f"/{word}", name))
        else:
            found.append(Offered(f"/initiatives/{{key}}/{word}", name))
    return tuple(found)


OFFERED = _offered()


def schema(name: str, ref: str = "#/components/schemas/{name}") -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of a command's body, with the wish's options in it, and of what it names by `ref`."""
    options = options_of(name)
    (command, wished), named = msgspec.json.schema_components((COMMANDS[name], options), ref_template=ref)
    parts = [_named(each, named) for each in (command, wished)]
    known = {*fields_of(name), *options.__struct_fields__}
    properties = {
        field: value for part in parts for field, value in part["properties"].items() if field in known
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [field for field in parts[0]["required"] if field in known],
        "additionalProperties": False,
    }, named


def _named(reference: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = named.pop(reference["$ref"].rpartition("/")[2])
    return found
