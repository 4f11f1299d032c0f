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


def numbers_after(numbers: dict[str, int], event: Event) -> dict[str, int]:
    """The highest number per kind of id (`R` for `R1`), with those that the event gives out."""
    if type(event) not in GIVING_OUT:
        return numbers
    after = dict(numbers)
    count(after, event)
    return after


def count(numbers: dict[str, int], event: Event) -> None:
    """Counts the ids that an event gives out, in place."""
    given_out = GIVING_OUT.get(type(event))
    if given_out is None:
        return
    for given in given_out(event):
        kind, digits = given[:1], given[1:]
        if digits.isdecimal() and len(digits) < 19:  # what roadlog gives out; any other id counts nothing
            numbers[kind] = max(numbers.get(kind, 0), int(digits))
