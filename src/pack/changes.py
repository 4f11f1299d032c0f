"""Tables made of the trail: every change, the sample, exceptions, safeguards, and roles over time."""

from collections.abc import Iterator
from typing import Any

from roadlog.domain.events import (
    EdgeCasesReviewed,
    FallbackActivated,
    FallbackDeactivated,
    FallbackDefined,
    FallbackTested,
    GateWaived,
    KeyEnrolled,
    KeyRetired,
    MonitorDefined,
    NoticeDefined,
    PersonalDataErased,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderLeft,
)
from roadlog.domain.moments import days
from roadlog.pack.table import Column, Row, Table
from roadlog.pack.told import Told

WHERE = Column("initiative", "Initiative")
POSITION = Column("position", "#", "position")
RECORDED = Column("recorded_at", "Recorded", "time")
HAPPENED = Column("effective_at", "Happened", "time")
WHO = Column("actor", "Who")
WHAT = Column("what", "What")
WHY = Column("why", "Why")

SAFEGUARDS = {
    each.__name__
    for each in (
        *(FallbackDefined, FallbackTested, FallbackActivated, FallbackDeactivated),
        *(NoticeDefined, MonitorDefined, EdgeCasesReviewed),
    )
}
PEOPLE = {
    each.__name__
    for each in (
        *(StakeholderJoined, StakeholderLeft, RoleGranted, RoleRevoked),
        *(KeyEnrolled, KeyRetired, PersonalDataErased),
    )
}


def changes(told: Told) -> Table:
    """The whole population, so that nobody has to trust a selection."""
    columns = (
        *(POSITION, RECORDED, HAPPENED, WHERE, Column("type"), WHO, Column("assurance"), Column("typed_by")),
        *(WHAT, WHY, Column("voided_by", "Void by", "position"), Column("import")),
    )
    return Table(
        name="changes",
        title="Every change",
        note="The whole population: each record of the scope, in the order in which it was recorded. "
        "“Happened” is when it took place, as the person said; “recorded” is when roadlog stored it.",
        empty="Nothing was recorded in this time.",
        columns=columns,
        rows=[_change(each) for each in told.entries],
    )


def _change(entry: dict[str, Any]) -> Row:
    source = entry["import"]
    return (
        *_when(entry),
        entry["key"],
        entry["type"],
        entry["actor"],
        entry["assurance"],
        entry["typed_by"],
        entry["sentence"],
        entry["reason"],
        entry["voided_by"],
        source and f"{source['format']} {source['digest']} {source['line']}",
    )


def _when(entry: dict[str, Any]) -> Row:
    return (entry["position"], entry["recorded_at"], entry["effective_at"])


def exceptions(told: Told) -> Table:
    """What did not go the usual way, whoever allowed it."""
    return Table(
        name="exceptions",
        title="Exceptions",
        note=f"Waivers, gates passed by break-glass, records made more than "
        f"{told.scope.workflow.policy.max_backdate_days} days after what they tell of (imports apart), "
        "records that were voided, and names and addresses that were erased.",
        empty="There were no waivers, no break-glass, no late or voided records, and nothing was erased.",
        columns=(Column("kind", "Kind"), *(POSITION, RECORDED, HAPPENED, WHERE, WHO, WHAT, WHY)),
        rows=[
            (kind, *_when(each), each["key"], each["actor"], each["sentence"], each["reason"])
            for each in told.entries
            for kind in _kinds(each, told)
        ],
    )


def _kinds(entry: dict[str, Any], told: Told) -> Iterator[str]:
    """As what the entry is an exception."""
    state = told.states.get(entry["key"])
    if entry["type"] == GateWaived.__name__:
        yield "waiver"
    if state and entry["position"] in state.break_glass:
        upheld = state.break_glass[entry["position"]].upheld
        yield "break-glass, " + ("not reviewed" if upheld is None else "upheld" if upheld else "not upheld")
    late = days(told.scope.workflow.policy.max_backdate_days).total_seconds()
    if entry["late"] > late and not entry["imported"]:
        yield "backdated"
    if entry["type"] == PersonalDataErased.__name__:
        yield "erased"
    if entry["voided_by"] is not None:
        yield f"voided by #{entry['voided_by']}"


def safeguards(told: Told) -> Table:
    """Fallback, notice, monitor and reviews, as they came about."""
    return Table(
        name="safeguards",
        title="Safeguards over time",
        note="What users get when the AI fails, what they are told, and who watches.",
        empty="No safeguard was defined, tested or used in this time.",
        columns=(POSITION, RECORDED, HAPPENED, WHERE, WHO, WHAT, WHY),
        rows=_simple(told, SAFEGUARDS),
    )


def people(told: Told) -> Table:
    """Who held which role, and since when."""
    return Table(
        name="roles",
        title="Roles and keys over time",
        note="The log knows people by their handles only, which stay when a name is erased. A vote counts "
        "for a role that its voter held then.",
        empty="Nobody's role changed in this time.",
        columns=(POSITION, RECORDED, HAPPENED, WHERE, Column("actor", "By"), WHAT, WHY),
        rows=_simple(told, PEOPLE),
    )


def _simple(told: Told, types: set[str]) -> list[Row]:
    return [
        (*_when(each), each["key"], each["actor"], each["sentence"], each["reason"])
        for each in told.entries
        if each["type"] in types
    ]
