"""What a digest says of the records of its window: every one of them, and those that stand out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from roadlog.domain.events import (
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    MilestoneAdvanced,
    RiskAccepted,
    RiskLogged,
    RiskReopened,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.trail import from_record

RISEN: dict[type, str] = {RiskLogged: "logged", RiskReopened: "reopened", RiskAccepted: "accepted"}
"""What makes a risk one to know of, or one to live with."""


class Known(Struct, frozen=True, kw_only=True):
    """What is known of the records of a window before they are told.

    since: when it began
    voids: positions that are void, each with the first record that voided it
    about: positions of records of the roadmap that are about an initiative, each with its key
    """

    since: datetime
    voids: dict[int, int]
    about: dict[int, str]


def about(records: Iterable[Record], roadmap: RoadmapState) -> dict[int, str]:
    """The positions of requests for a consent, and of answers, each with what the command would act on."""
    found: dict[int, str] = {}
    for record in records:
        event = record.event
        if isinstance(event, ConsentRequested):
            found[record.position] = event.stream
        elif isinstance(event, ConsentGiven | ConsentRefused) and event.request in roadmap.consents:
            found[record.position] = roadmap.consents[event.request].stream
    return found


def happened(
    records: Iterable[Record], titles: Mapping[str, str | None], known: Known
) -> list[dict[str, Any]]:
    """The records by what they are about, in the order of `titles`, each in log order; all of them, once.

    earlier: it had happened before the window began, and was recorded in it
    """
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in titles}
    for record in records:
        groups[known.about.get(record.position, record.stream)].append(_entry(record, known))
    return [{"key": key, "title": titles[key], "records": found} for key, found in groups.items()]


def _entry(record: Record, known: Known) -> dict[str, Any]:
    """A line of the trail; what the record changed is there."""
    return {
        **from_record(record),
        "earlier": record.effective_at < known.since,
        "voided_by": known.voids.get(record.position),
        "assurance": record.actor.assurance,
    }


def risks(records: Iterable[Record], states: Mapping[str, InitiativeState]) -> Iterator[dict[str, Any]]:
    """Risks that were logged, reopened or accepted, as they stand now; `records` hold no voided ones."""
    for record in records:
        event = record.event
        if not isinstance(event, RiskLogged | RiskReopened | RiskAccepted) or record.stream not in states:
            continue
        state = states[record.stream]
        risk = state.risks.get(event.risk)
        if risk is not None:
            yield {
                **_told(record, state),
                "id": risk.id,
                "what": RISEN[type(event)],
                "category": risk.category,
                "description": risk.description,
                "score": risk.score,
                "residual": risk.residual,
                "open": risk.open,
                "until": rfc3339(event.until) if isinstance(event, RiskAccepted) else None,
                "role": event.role if isinstance(event, RiskAccepted) else None,
            }


def passed(records: Iterable[Record], states: Mapping[str, InitiativeState]) -> Iterator[dict[str, Any]]:
    """Gates that were passed by waiver or break-glass; `records` hold no voided ones.

    bypassed: requirements that did not hold; waived: those that a waiver met, with its position
    review: of a break-glass: unreviewed, upheld or not-upheld; None of all else
    """
    for record in records:
        event = record.event
        if not isinstance(event, MilestoneAdvanced) or record.stream not in states:
            continue
        waived = [
            {"requirement": line.requirement, "waiver": line.waiver}
            for line in event.gate
            if line.waiver is not None
        ]
        if event.break_glass or waived:
            state = states[record.stream]
            yield {
                **_told(record, state),
                "from": event.from_,
                "to": event.to,
                "break_glass": event.break_glass,
                "bypassed": list(dict.fromkeys(line.requirement for line in event.gate if not line.met)),
                "waived": waived,
                "reason": record.reason,
                "review": _review(state, record.position) if event.break_glass else None,
            }


def _review(state: InitiativeState, move: int) -> str:
    opened = state.break_glass.get(move)
    if opened is None or opened.upheld is None:
        return "unreviewed"
    return "upheld" if opened.upheld else "not-upheld"


def _told(record: Record, state: InitiativeState) -> dict[str, Any]:
    """What every entry about one record begins with."""
    return {
        "key": state.key,
        "title": state.title,
        "position": record.position,
        "at": rfc3339(record.effective_at),
        "actor": record.actor.id,
    }
