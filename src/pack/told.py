"""All that a pack tells of, read once: the states and pages of its moment, and the trail of its time."""

from hashlib import sha256
from typing import Any, NamedTuple

from roadlog.audit import audit
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.pack.anchors import Vouched
from roadlog.pack.scope import Scope
from roadlog.pack.table import Row
from roadlog.projections.page import page
from roadlog.reading import Reading

SAMPLE = 25
"""Records that are drawn by chance, for a reviewer to begin with."""


class Told(NamedTuple):
    """What the tables and the report are made of.

    root: of the log, in hex
    states, pages: by key, of the initiatives in the pack
    entries: lines of the trail that the report speaks about, oldest first; only of risks, and of those in
        the sample, with what they changed
    recorded: when each record in the pack was recorded
    flow: the answer of `roadlog metrics` at the moment
    audit: the answer of the audit of the same scope and time
    signed: how many approvals bear a signature
    anchors: what outsiders signed
    """

    scope: Scope
    root: str
    states: dict[str, InitiativeState]
    pages: dict[str, dict[str, Any]]
    entries: list[dict[str, Any]]
    recorded: dict[int, str]
    sample: list[int]
    flow: dict[str, Any]
    audit: dict[str, Any]
    signed: int
    anchors: list[Vouched]

    @property
    def risk_threshold(self) -> int:
        return self.scope.workflow.policy.risk_threshold

    def parts(self, part: str, fields: tuple[str, ...]) -> list[Row]:
        """The entries of a part of the pages that were recorded in the time: the key, then these fields."""
        return [
            (key, *(each[field] for field in fields))
            for key, page in self.pages.items()
            for each in page[part]
            if self.scope.holds(each["position"])
        ]


def told(reading: Reading, scope: Scope, root: str, signed: int, anchors: list[Vouched]) -> Told:
    """Reads it."""
    key, moment = scope.asked.key, scope.moment
    states = {key: reading.state(key, moment)} if key else reading.states(moment)[1]
    positions = scope.positions
    drawn = sample(positions, root)
    trail = reading.trail(moment._replace(as_of=moment.known_at), after=scope.after).only(set(positions))
    return Told(
        scope=scope,
        root=root,
        states=states,
        pages={each.key: page(each, scope.roadmap, moment.as_of) for each in states.values()},
        entries=[_light(each, drawn) for each in trail],
        recorded={each.position: rfc3339(each.recorded_at) for each in scope.records},
        sample=drawn,
        flow=reading.metrics(moment, key=key),
        signed=signed,
        anchors=anchors,
        audit=audit(reading, moment, key=key, start=scope.asked.start, end=scope.asked.end),
    )


def sample(positions: list[int], root: str) -> list[int]:
    """Which records to look at first, drawn by chance that nobody chose: by the log's root, in hex.

    Those whose SHA-256 of the text `ROOT-POSITION` is smallest, so that anybody can draw again.
    """
    drawn = sorted(positions, key=lambda each: sha256(f"{root}-{each}".encode()).digest())
    return sorted(drawn[:SAMPLE])


def _light(entry: dict[str, Any], drawn: list[int]) -> dict[str, Any]:
    """The entry without what nobody will look at, so that many can be held."""
    if entry["position"] in drawn:
        return entry
    return {**entry, "changes": [each for each in entry["changes"] if each["field"] == "risks"]}
