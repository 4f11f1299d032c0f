"""Which ids events give out, so that the next one is higher and none is reused."""

from collections.abc import Callable
from typing import Any

from roadlog.domain.events import (
    ApprovalRequested,
    EdgeCaseLogged,
    Event,
    EvidenceAttached,
    IncidentOpened,
    RiskLogged,
    StakeholderApproved,
)

GIVING_OUT: dict[type[Event], Callable[[Any], tuple[str, ...]]] = {
    RiskLogged: lambda event: (event.risk,),
    EdgeCaseLogged: lambda event: (event.case,),
    IncidentOpened: lambda event: (event.incident,),
    EvidenceAttached: lambda event: (event.evidence,),
    ApprovalRequested: lambda event: (event.request,),
    StakeholderApproved: lambda event: tuple(condition.id for condition in event.conditions),
}


def count(numbers: dict[str, int], event: Event) -> None:
    """Keeps the highest number per kind of id (`R` for `R1`), with the ids of an event that is giving out."""
    for given in GIVING_OUT[type(event)](event):
        kind, digits = given[:1], given[1:]
        if digits.isdecimal() and len(digits) < 19:  # what roadlog gives out; any other id counts nothing
            numbers[kind] = max(numbers.get(kind, 0), int(digits))
