"""Workflows as TOML files and as stored definitions: read, checked, written, digested.

A file states name, version, start, finish, entry, roles, one `[[milestone]]` (id, question, requires, renew)
for each milestone in order, and `[policy]`. What it leaves out has the value that `workflow.py` gives.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import Milestone, Policy, Workflow

TOP: dict[str, Any] = {"name": str, "version": int, "start": str, "finish": str}
OPTIONAL: dict[str, Any] = {"entry": tuple[str, ...], "roles": tuple[str, ...]}
MILESTONE: dict[str, Any] = {"id": str, "question": str, "requires": tuple[str, ...], "renew": bool}
SAID = {int: "a whole number", str: "a text", bool: "true or false", tuple[str, ...]: "a list of texts"}


def parse(text: str, file: str) -> Workflow:
    """The workflow that a file describes. Raises Malformed with every mistake as `file:line key: what`."""
    mistakes, workflow = _read(text, file)
    if mistakes or workflow is None:
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise Malformed("workflow", f"{file} has {count}:\n" + "\n".join(mistakes), missing=mistakes)
    return workflow


def problems(text: str, file: str) -> tuple[str, ...]:
    """Every mistake of a workflow file as `file:line key: what`, in the order of its lines."""
    return _read(text, file)[0]


def definition(workflow: Workflow) -> dict[str, Any]:
    """All of a workflow as JSON has it, defaults included: what the log stores."""
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(workflow))
    return content


def from_definition(content: dict[str, Any]) -> Workflow:
    """The workflow of a stored definition; policy values added since have their defaults.

    Raises Malformed on keys or types that a definition cannot have. Whether the whole makes sense was checked
    when it was adopted (`workflow_rules.faults`).
    """
    try:
        return msgspec.convert(content, Workflow)
    except msgspec.ValidationError as error:
        raise Malformed("workflow", f"This is no workflow: {error}.") from error


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hex, of a definition as sorted-key JSON."""
    import hashlib

    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def as_toml(workflow: Workflow) -> str:
    """The workflow as a file that `parse` reads back to the same: every value stated, defaults included."""
    sections = [
        ("", [(key, getattr(workflow, key)) for key in (*TOP, *OPTIONAL)]),
        *(
            ("[[milestone]]\n", [(key, getattr(each, key)) for key in MILESTONE])
            for each in workflow.milestones
        ),
        ("[policy]\n", [(key, getattr(workflow.policy, key)) for key in Policy.__struct_fields__]),
    ]
    return "\n".join(
        header + "".join(f"{key} = {_quoted(value)}\n" for key, value in values)
        for header, values in sections
    )


def _quoted(value: object) -> str:
    """A TOML value: texts, numbers and booleans as in JSON (DEL differs, and is in no sound workflow)."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return msgspec.json.encode(value).decode()


def _read(text: str, file: str) -> tuple[tuple[str, ...], Workflow | None]:
    """Every mistake, and the workflow where there is none."""
    import tomllib

    from roadlog.domain.limits import unseen_fault
    from roadlog.domain.workflow_rules import faults

    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return (_syntax_mistake(text, file, error),), None
    wrong: dict[str, str] = {}
    workflow = _draft(content, wrong)
    found = [
        *wrong.items(),
        *(
            (each.key, each.message)
            for each in faults(workflow)
            if not _doubtful(each.key, each.against, wrong)
        ),
        *(
            (f"milestone[{n}].id", fault)
            for n, each in enumerate(workflow.milestones)
            if (fault := unseen_fault(each.id))
        ),
    ]
    lines = _lines_of(text)
    placed = sorted(((_line(lines, key), key, message) for key, message in found), key=lambda each: each[0])
    mistakes = tuple(f"{file}:{line} {_without_numbers(key)}: {message}" for line, key, message in placed)
    return mistakes, None if mistakes else workflow


def _syntax_mistake(text: str, file: str, error: Exception) -> str:
    """tomllib's message, with the line first; what it finds at the end of the document has the last line."""
    import re

    message = str(error) if isinstance(error, ValueError) else "nested too deeply"
    place = re.search(r" \(at line (\d+), column (\d+)\)| \(at end of document\)", message)
    if place is None:
        return f"{file}:1 syntax: {message}"
    line = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
    column = f" (column {place[2]})" if place[2] else ""
    return f"{file}:{line} syntax: {message[: place.start()]}{column}"


def _draft(content: dict[str, Any], wrong: dict[str, str]) -> Workflow:
    """The workflow with stand-ins where a value is missing or mistyped, which `wrong` then tells."""
    sections = {"milestone": list, "policy": dict}
    top = {key: value for key, value in content.items() if key not in sections}
    values = _typed(top, TOP | OPTIONAL, "", tuple(TOP), wrong)
    if "milestone" not in content:
        wrong["milestone"] = "there are no milestones: write [[milestone]] with an id"
    tables = content.get("milestone", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        wrong["milestone"], tables = "expected [[milestone]] tables", []
    milestones = [
        _typed(each, MILESTONE, f"milestone[{n}].", ("id",), wrong) for n, each in enumerate(tables)
    ]
    policy = content.get("policy", {})
    if not isinstance(policy, dict):
        wrong["policy"], policy = "expected a [policy] table", {}
    types = {field.name: field.type for field in msgspec.structs.fields(Policy)}
    stand_in: dict[str, Any] = {"name": "?", "version": 1, "start": "?", "finish": "?"}
    return Workflow(
        **(stand_in | values),
        milestones=tuple(Milestone(**({"id": f"?{n}"} | each)) for n, each in enumerate(milestones)),
        policy=Policy(**_typed(policy, types, "policy.", (), wrong)),
    )


def _typed(
    table: dict[str, Any], types: dict[str, Any], within: str, needed: tuple[str, ...], wrong: dict[str, str]
) -> dict[str, Any]:
    """The values that have the right key and type; `wrong` tells of the others and of what is missing."""
    values = {}
    for key, value in table.items():
        if key not in types:
            wrong[within + key] = "unknown key" + _nearest_key(key, tuple(types))
            continue
        try:
            values[key] = msgspec.convert(value, types[key])
        except msgspec.ValidationError:
            wrong[within + key] = f"expected {SAID[types[key]]}"
    for key in needed:
        if key not in table:
            wrong[within + key] = "is missing"
    return values


def _nearest_key(given: str, known: tuple[str, ...]) -> str:
    import difflib

    near = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"


def _doubtful(key: str, against: str, wrong: dict[str, str]) -> bool:
    """Whether what is said of a key only follows from a stand-in, its own or of what it was held against."""
    return any(
        against == _without_numbers(bad)
        or any(part == bad for other in (key, against) for part in _with_parents(other))
        for bad in wrong
    )


def _lines_of(text: str) -> dict[str, int]:
    """On which line each key stands. tomllib gives no places, so this looks for `key =` and `[section]`.

    It only places messages: the text has been read by tomllib, and a key it misses gets its section's line.
    """
    lines: dict[str, int] = {}
    section, milestones, within = "", 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        code = line.strip()
        if not within and code.startswith("["):
            name = code.split("]")[0].strip("[ \t")
            if code.startswith("[[milestone]]"):
                name, milestones = f"milestone[{milestones}]", milestones + 1
            if "=" not in name and "," not in code:
                section = f"{name}."
                lines.setdefault(name, number)
        elif not within and "=" in code:
            key = section + code.split("=")[0].strip().strip("\"'")
            for part in _with_parents(key):
                lines.setdefault(part, number)
        for quotes in ('"""', "'''"):
            if within in ("", quotes) and line.count(quotes) % 2:
                within = "" if within else quotes
    return lines


def _with_parents(key: str) -> Iterator[str]:
    parts = key.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _line(lines: dict[str, int], key: str) -> int:
    """The key's line, else the line of what it stands in, else the first."""
    return next((lines[part] for part in reversed([*_with_parents(key)]) if part in lines), 1)


def _without_numbers(key: str) -> str:
    name, bracket, rest = key.partition("[")
    return name + rest.partition("]")[2] if bracket else key
