"""The mandatory reason: which records need one, and the command to type again with it."""

from roadlog.domain import events
from roadlog.domain.commands import Command, VoidRecord
from roadlog.domain.events import REASONED, Event
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Situation

AGAIN: dict[type[Event], str] = {
    events.ProblemReframed: "reframe {key} …",
    events.BreakGlassReviewed: "review {key} {e.move} …",
    events.MilestoneReturned: "return {key} {e.to} --loop {e.loop}",
    events.GateWaived: "waive {key} {e.requirement} --until {e.until:%Y-%m-%d}",
    events.InitiativeStopped: "stop {key}",
    events.InitiativeReopened: "reopen {key}",
    events.InitiativeRetired: "retire {key}",
    events.StakeholderRejected: "reject {key} --role {e.role}",
    events.ApprovalWithdrawn: "withdraw {key} --role {e.role}",
    events.RiskAccepted: "risk accept {key} {e.risk} --until {e.until:%Y-%m-%d}",
    events.RiskClosed: "risk close {key} {e.risk}",
    events.RiskReopened: "risk reopen {key} {e.risk}",
    events.FallbackActivated: "fallback activate {key}",
    events.IncidentOpened: "incident open {key} …",
    events.IncidentClosed: "incident close {key} {e.incident}",
    events.CriterionRetired: "criterion retire {key} {e.criterion}",
    events.RecordVoided: "void {e.position}",
}
"""For each of `REASONED`, the command line that wishes for it."""


def check(situation: Situation, command: Command, recorded: tuple[Event, ...]) -> None:
    """Refuse what would be recorded without the reason that its type must carry. Raises Refused.

    Voiding another's record waits for consent, and needs its reason before it waits.
    """
    needing = [each for each in recorded if type(each) in REASONED]
    if not needing and recorded and isinstance(command, VoidRecord):
        needing = [events.RecordVoided(position=command.position)]
    if not needing or situation.reasoned:
        return
    least = max(1, situation.policy.reason_min_chars)
    given = (situation.reason or "").strip()
    said = f"{given!r} is too short" if given else "none was given"
    again = AGAIN[type(needing[0])].format(key=command.stream, e=needing[0])
    raise Refused(
        "reason",
        f"{type(needing[0]).__name__} needs a reason of at least {least} characters, and {said}.",
        missing=("reason",),
        try_=(f"roadlog {again} --because WHY",),
    )


def require(situation: Situation, why: str, *, try_: tuple[str, ...]) -> None:
    """Refuse what needs a reason by its circumstances, not by its type. `why` is a sentence on which."""
    if not situation.reasoned:
        least = max(1, situation.policy.reason_min_chars)
        raise Refused(
            "reason",
            f"{why} Say why, in at least {least} characters.",
            missing=("reason",),
            try_=try_,
        )
