"""What a log's names mean here: activities are milestones, people are handles with roles."""

import re
import tomllib
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args
from unicodedata import combining, normalize

from msgspec import Struct

from roadlog.domain.events import StakeholderKind
from roadlog.domain.limits import NAME_LENGTH, is_name
from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import Workflow
from roadlog.interop.files import blocks
from roadlog.interop.likeness import near
from roadlog.interop.written import one_line

SHOWN = 10
"""Entries of a map named in a warning."""
WRITE_PERSON = 'write { handle = "ana", roles = ["engineering"] }'


class Person(Struct, frozen=True, kw_only=True):
    """Who somebody in the log is here."""

    handle: str
    roles: tuple[str, ...] = ()
    kind: StakeholderKind = "human"


class Mapping(Struct, frozen=True, kw_only=True):
    """Activities to milestones (None: every activity is the milestone of its own name), people to handles.

    systems: the names of programs among the people
    """

    milestones: dict[str, str] | None = None
    people: dict[str, Person] = {}
    systems: frozenset[str] = frozenset()

    def milestone(self, activity: str, workflow: Workflow) -> str | None:
        """The milestone that an activity means; None for one that means none."""
        name = activity if self.milestones is None else self.milestones.get(activity)
        return name if name in workflow.order else None

    def unmeant(self, activities: Collection[str], workflow: Workflow) -> dict[str, str]:
        """The activities that mean no milestone, each with why: with the name like it that meets none."""
        where, names = ("workflow", workflow.order) if self.milestones is None else ("map", self.milestones)
        idle = [each for each in names if each not in activities]
        found: dict[str, str] = {}
        for name in activities:
            if self.milestone(name, workflow) is None:
                alike = near(name, idle)
                hint = f"; the {where} has {alike!r}" if alike else ""
                found[name] = f"it means no milestone of the workflow{hint}"
        return found

    def idle(self, activities: Collection[str], people: Collection[str]) -> str | None:
        """What to tell of entries that meet nothing in the files; None where all do."""
        parts = (("activity", self.milestones or {}, activities), ("person", self.people, people))
        found = [
            f"[{part}] {name!r}{_in_the_files(near(name, set(there) - set(entries)))}"
            for part, entries, there in parts
            for name in entries
            if name not in there
        ]
        if not found:
            return None
        more = f", and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
        return f"The map names what is nowhere in the files: {', '.join(found[:SHOWN])}{more}."

    def people_of(self, names: Iterable[str], earlier: dict[str, str]) -> dict[str, Person]:
        """Who each is: as the map says, else the handle of an earlier import, else one made of the name.

        One person may have several names. Raises Malformed where two names that the map leaves out would
        become one handle: whose acts are whose is not for roadlog to guess, and numbering them would depend
        on who happens to stand in the file.
        """
        found: dict[str, Person] = {}
        known = {name: Person(handle=handle) for name, handle in earlier.items()} | self.people
        taken: dict[str, str] = {each.handle: name for name, each in known.items()}
        for name in names:
            person = known.get(name)
            if person is None:
                person = Person(handle=handle_of(name), kind=kind_of(name, self.systems))
                other = taken.setdefault(person.handle, name)
                if other.casefold() != name.casefold():
                    raise _one_handle(other, name, person.handle)
            found[name] = person
        return found


def _in_the_files(name: str | None) -> str:
    return f" (they have {name!r})" if name else ""


def kind_of(name: str, systems: frozenset[str]) -> StakeholderKind:
    """What somebody is of whom the map does not say it."""
    return "system" if name in systems else "human"


def handle_of(name: str) -> str:
    """A handle made of a name: `Ana María (QA)` becomes `ana-maria-qa`, at every import.

    A name without any letter a-z or digit becomes `person-` and six digits of its SHA-256.
    """
    letters = "".join(each for each in normalize("NFKD", name) if not combining(each))
    handle = re.sub(r"[^a-z0-9._-]+", "-", letters.lower()).strip("-._")[:NAME_LENGTH].rstrip("-._")
    return handle or f"person-{sha256(name.encode()).hexdigest()[:6]}"


def _one_handle(first: str, second: str, handle: str) -> Malformed:
    return Malformed(
        "import",
        f"{first!r} and {second!r} would both become {handle!r}. Say who they are in a file, and give "
        f"it with --map FILE:\n[person]\n{_quoted(first)} = {_quoted(handle)}\n"
        f"{_quoted(second)} = {_quoted(f'{handle}-2')}",
        missing=(first, second),
    )


def _quoted(text: str) -> str:
    """As TOML writes a text."""
    import tomli_w

    return tomli_w.dumps({"x": text}).strip().removeprefix("x = ")


def read_map(
    path: Path, workflow: Workflow, *, people_only: bool = False, systems: frozenset[str] = frozenset()
) -> Mapping:
    """A map file: `[activity]` with `"Design" = "prototype"`, `[person]` with `"Ana" = {handle = "ana"}`.

    `people_only`: the log's own activities are the milestones, and `[activity]` is a mistake. `systems`: the
    log's names of programs. Raises Malformed naming the file, the line and the key of all that is wrong.
    """
    try:
        text = b"".join(blocks(path)).decode("utf-8-sig")
        content = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise Malformed("import", f"{path.name}: {getattr(error, 'strerror', None) or error}.") from error
    wrong = _Mistakes(path.name, text)
    allowed = ("person",) if people_only else ("activity", "person")
    for name in content:
        if name not in allowed:
            why = (
                "activities are their own milestones with --infer-workflow"
                if name == "activity"
                else "is unknown"
            )
            wrong.add(name, f"[{name}]: {why}; [{']; ['.join(allowed)}] can stand here")
    milestones = _milestones(content, workflow, wrong) if "activity" in content else None
    people = _people(content, workflow, wrong, systems)
    wrong.tell()
    return Mapping(milestones=milestones, people=people, systems=systems)


class _Mistakes:
    """What is wrong in a map. tomllib gives no places: a key's line is the first that holds it."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._found: list[str] = []

    def add(self, key: str, why: str) -> None:
        line = next((number for number, line in enumerate(self._lines, start=1) if key in line), 1)
        self._found.append(f"{self._file}, line {line}, {why}")

    def tell(self) -> None:
        if self._found:
            count = "1 mistake" if len(self._found) == 1 else f"{len(self._found)} mistakes"
            raise Malformed(
                "import", f"{self._file} has {count}; nothing was imported.", missing=tuple(self._found)
            )


def _milestones(content: dict[str, Any], workflow: Workflow, wrong: _Mistakes) -> dict[str, str]:
    milestones: dict[str, str] = {}
    for activity, milestone in _table(content, "activity", wrong).items():
        if milestone in workflow.order:
            milestones[_as_in_lines(activity)] = milestone
        else:
            known = ", ".join(workflow.order)
            wrong.add(activity, f"activity {activity!r}: {milestone!r} is no milestone ({known})")
    return milestones


def _people(
    content: dict[str, Any], workflow: Workflow, wrong: _Mistakes, systems: frozenset[str]
) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for name, value in _table(content, "person", wrong).items():
        here = _as_in_lines(name)
        person = _person(value, kind_of(here, systems))
        if person is None:
            wrong.add(name, f"person {name!r}: {WRITE_PERSON}")
            continue
        for role in person.roles:
            if role not in workflow.roles:
                wrong.add(name, f"person {name!r}: {role!r} is no role ({', '.join(workflow.roles)})")
        people[here] = person
    return people


def _table(content: dict[str, Any], name: str, wrong: _Mistakes) -> dict[str, Any]:
    table = content.get(name, {})
    if isinstance(table, dict):
        return table
    wrong.add(name, f"{name}: is not a table")
    return {}


def _person(value: Any, kind: StakeholderKind) -> Person | None:
    """A handle alone, or a handle with roles and a kind, which is that one unless it is said."""
    if isinstance(value, str):
        value = {"handle": value}
    if not isinstance(value, dict) or set(value) - {"handle", "roles", "kind"}:
        return None
    handle, roles, said = value.get("handle"), value.get("roles", []), value.get("kind", kind)
    if not isinstance(handle, str) or not is_name(handle) or said not in get_args(StakeholderKind):
        return None
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        return None
    return Person(handle=handle, roles=tuple(dict.fromkeys(roles)), kind=said)


def _as_in_lines(name: str) -> str:
    """As the reader gives the names of lines; one that no line can hold stays as it is, and meets none."""
    line, fault = one_line(name, len(name))
    return name if fault else line
