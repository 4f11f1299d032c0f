"""Hypothesis strategies: any command by anybody, its fields drawn from few values, so that they meet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from roadlog.domain import commands
from roadlog.domain.commands import Command, InitiativeCommand
from roadlog.domain.events import Lines, VariantResult
from roadlog.domain.ssh_keys import ED25519, PublicKey, fingerprint
from roadlog.domain.workflow_file import definition
from tests.domain.spec import built_in
from tests.stores import OPENED

KEYS = (*["SUP-1"] * 5, *["SUP-2"] * 4, "SUP-3")
PEOPLE = (*["paula"] * 6, *["carla"] * 2, "dan", "erin", "otto", "mia")
ROLES = ("data-science", "engineering", "compliance", "customer-ops", "product")
MILESTONES = ("feasibility", "prototype", "training", "integration", "experimentation", "live")
WORKFLOWS = ("open", "lite", "ai-product")
REQUIREMENTS = ("problem", "baseline", "approval:compliance", "evidence:dataset", "notice", "nothing")
PUBLIC_KEYS = tuple(PublicKey(kind=ED25519, point=bytes([each]) * 32).text for each in (1, 2, 3))

Values = st.SearchStrategy[Any]


def _of(*values: Any) -> Values:
    return st.sampled_from(values)


def _each(names: str, values: Values) -> dict[str, Values]:
    return dict.fromkeys(names.split(), values)


def _definition(workflow: str) -> dict[str, Any]:
    return definition(built_in(workflow))


TEXT = _of("one", "another", "three", "Zähe\nAntwort", "")
LINE = _of("one", "another", "three", "Zähe Antwort", "use GPT-4", "")
COUNT = st.integers(1, 5) | st.integers(0, 6)
NUMBER = _of(0, 1, 0.5, 3, 900, -30)
LATER = _of(*(OPENED + timedelta(days=days) for days in (1, 20, 400)))
DAY = _of(*(date(2026, 3, 2) + timedelta(days=days) for days in (0, 3, 90)))
ROLE = _of(*ROLES)
SAID = _of(None, 3, date(2026, 3, 5))
BY_NAME: dict[str, Values] = {
    **_each("text problem approach description treatment trigger placement locale signal where source", TEXT),
    **_each("summary hypothesis purpose affected basis said learned change statement", TEXT),
    **_each("title segment unit name", LINE),
    **_each("baseline target value low high threshold percent outcome_from outcome_to", NUMBER),
    **_each("likelihood impact severity sample found rank size valid_days iterations_from", COUNT),
    **_each("iterations_to", COUNT),
    **_each("position request move", st.integers(0, 200)),
    **_each("owner stakeholder", _of("paula", "dan", "carla", "mia", "noa")),
    **_each("roles told", st.lists(ROLE, max_size=2, unique=True).map(tuple)),
    **_each("since aware_at", _of(OPENED - timedelta(days=30), OPENED)),
    **_each("milestone to", _of(*MILESTONES)),
    **_each("name_commitment address_commitment", _of("c" * 64)),
    **_each("risk", _of("R1", "R1", "R2", "R3")),
    **_each("case", _of("E1", "E1", "E2", "E3")),
    **_each("incident", _of("I1", "I1", "I2")),
    **_each("evidence dataset", _of("D1", "D1", "D2")),
    **_each("condition", _of("C1", "C1", "C2")),
    **_each("criterion", _of("F1", "F1", "F2")),
    **_each("experiment", _of("X1", "X1", "X2")),
    "segments": st.lists(LINE, max_size=2, unique=True).map(tuple),
    "metric": _of("tickets", "hours"),
    "category": _of("bias", "hallucination", "privacy"),
    "catalogue": st.none(),
    "requirement": _of(*REQUIREMENTS),
    "role": ROLE,
    "on": _of(*KEYS),
    "until": LATER,
    "public_key": _of(*PUBLIC_KEYS),
    "fingerprint": _of(*map(fingerprint, PUBLIC_KEYS)),
    **_each("valid_from valid_until", LATER),
    "by": DAY,
    **_each("window_from window_to as_of", _of(OPENED - timedelta(days=30), OPENED)),
    **_each("count n trials seed", COUNT),
    "key": _of("SUP-1", "SUP-2"),
    "computed_as": _of("forecast/1"),
    "zone": _of("UTC", "Europe/Berlin"),
    "head": _of("a" * 64, "b" * 64, "-"),
    "lines": st.builds(Lines, p50=SAID, p70=SAID, p85=SAID, p95=SAID),
    "sha256": _of("a" * 64, "b" * 64),
    "uri": _of("https://x.example/a"),
    "media_type": _of("text/csv"),
    "conditions": st.lists(st.tuples(TEXT, st.none() | DAY), max_size=1).map(tuple),
    "definition": _of(*WORKFLOWS).map(_definition),
}
BY_FIELD: dict[tuple[type, str], Values] = {
    (commands.BlockWork, "by"): TEXT,
    (commands.ReportIncident, "to"): LINE,
    (commands.StartExperiment, "variants"): _of(("a", "b"), ("a",), ("a", "a")),
    (commands.ConcludeExperiment, "variants"): st.lists(
        st.builds(
            VariantResult, variant=_of("a", "b"), value=NUMBER, sample=COUNT, low=st.none(), high=st.none()
        ),
        max_size=2,
    ).map(tuple),
}


def _field(kind: type[Struct], name: str, hint: Any) -> Values:
    """A field's values. A field that is in no table, and no choice or flag, is one to be put there."""
    if name == "stream":
        new = ("", "") if kind in (commands.DefineProblem, commands.AdoptInitiative) else ()
        return _of(*new, *KEYS) if kind in get_args(InitiativeCommand) else st.just("")
    if (kind, name) in BY_FIELD:
        return BY_FIELD[kind, name]
    choices = (
        hint
        if get_origin(hint) is Literal
        else next((each for each in get_args(hint) if get_origin(each) is Literal), None)
    )
    if choices is not None:
        return _of(*get_args(choices))
    return st.booleans() if hint is bool else BY_NAME[name]


def _command(kind: type[Struct]) -> st.SearchStrategy[Command]:
    hints = get_type_hints(kind)
    values = {}
    for each in fields(kind):
        value = _field(kind, each.name, hints[each.name])
        optional = each.default is not NODEFAULT and each.name != "stream"
        values[each.name] = st.just(each.default) | value if optional else value
    return st.builds(kind, **values)  # type: ignore[arg-type]


COMMANDS: dict[type[Struct], st.SearchStrategy[Command]] = {
    kind: _command(kind) for kind in get_args(Command) if kind is not commands.ChangeLogKey
}
"""All but the change of the log's key: `rotation` alone wishes for it, with a file for the key."""


FURNISHED: tuple[Command, ...] = (
    commands.LogRisk(stream="SUP-1", description="It invents", category="bias", likelihood=4, impact=4),
    commands.AttachEvidence(stream="SUP-1", kind="dataset", title="Tickets", sha256="a" * 64),
    commands.SetCriterion(
        stream="SUP-1", criterion="F1", milestone="training", metric="accuracy", operator=">=", threshold=1
    ),
    commands.LogEdgeCase(stream="SUP-1", description="Asked in Catalan", severity=4),
    commands.OpenIncident(stream="SUP-1", description="Oops", aware_at=OPENED, severity=2),
    commands.DefineFallback(stream="SUP-1", kind="disable", description="Off", trigger="Complaints"),
    commands.StartExperiment(
        stream="SUP-1", experiment="X1", hypothesis="It helps", metric="tickets", variants=("a", "b")
    ),
    commands.AdvanceMilestone(stream="SUP-2", break_glass=True),
)
"""One of each thing that has an id, to begin with."""


class Wanted(Struct, frozen=True):
    """One wish: so many hours after the last, about something so many hours ago."""

    commands: tuple[Command, ...]
    by: str
    because: str | None
    hours_after: int
    hours_ago: int


def wanted(family: Any, size: int = 1) -> st.SearchStrategy[Wanted]:
    """So many commands of a family, which is one of the unions of commands."""
    any_of_it = st.one_of(*(COMMANDS[kind] for kind in get_args(family) if kind in COMMANDS))
    return st.builds(
        Wanted,
        commands=st.lists(any_of_it, min_size=size, max_size=size).map(tuple),
        by=_of(*PEOPLE),
        because=_of("because", "because", None),
        hours_after=_of(0, 1, 1, 30, 200, -5),
        hours_ago=_of(0, 0, 0, 0, 1, 20, 300),
    )
