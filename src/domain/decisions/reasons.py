"""The mandatory reason: which records need one, and the command to type again with it."""

from collections.abc import Callable
from typing import Any

from roadlog.domain import events
from roadlog.domain.commands import Command, ErasePersonalData, VoidRecord
from roadlog.domain.events import REASONED, Event
from roadlog.domain.limits import seen
from roadlog.domain.moments import exact
from roadlog.domain.names import event_name, sentence_case
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Situation
from roadlog.domain.wording import quoted

AGAIN: dict[type[Event], Callable[[str, Any], str]] = {
    events.ProblemReframed: lambda key, e: f"reframe {key}{_reframing(e)}",
    events.BreakGlassReviewed: lambda key, e: (
        f"review {key} {e.move} {'--upheld' if e.upheld else '--not-upheld'}"
    ),
    events.MilestoneReturned: lambda key, e: (
        f"return {key} {quoted(e.to)} --loop {e.loop}"
        f"{_option('learned', e.learned)}{_option('change', e.change)}"
    ),
    events.GateWaived: lambda key, e: (
        f"waive {key} {quoted(e.requirement)} --until {exact(e.until)}{_option('milestone', e.milestone)}"
    ),
    events.KeyRetired: lambda _, e: f"key retire {quoted(e.stakeholder)} {e.fingerprint}",
    events.LogKeyChanged: lambda _, __: "key rotate",
    events.InitiativeStopped: lambda key, _: f"stop {key}",
    events.InitiativeReopened: lambda key, _: f"reopen {key}",
    events.InitiativeRetired: lambda key, _: f"retire {key}",
    events.StakeholderRejected: lambda key, e: f"reject {key} --role {quoted(e.role)}",
    events.ApprovalWithdrawn: lambda key, e: f"withdraw {key} --role {quoted(e.role)}",
    events.RiskAccepted: lambda key, e: (
        f"risk accept {key} {e.risk} --until {exact(e.until)} --role {quoted(e.role)}"
    ),
    events.RiskClosed: lambda key, e: f"risk close {key} {e.risk}",
    events.RiskReopened: lambda key, e: f"risk reopen {key} {e.risk}",
    events.FallbackActivated: lambda key, _: f"fallback activate {key}",
    events.IncidentOpened: lambda key, e: (
        f"incident open {key} {quoted(e.description)} --aware {exact(e.aware_at)}"
        f" --severity {e.severity}{_option('case', e.case)}"
    ),
    events.IncidentClosed: lambda key, e: f"incident close {key} {e.incident}",
    events.CriterionRetired: lambda key, e: f"criterion retire {key} {e.criterion}",
    events.RecordVoided: lambda _, e: f"void {e.position}",
    events.PersonalDataErased: lambda _, e: f"erase {quoted(e.stakeholder)}",
}
"""For each of `REASONED`, the command line that wishes for it, up to its reason."""


def _reframing(event: events.ProblemReframed) -> str:
    segments = "".join(_option("segment", each) for each in event.segments or ())
    allowed = " --allow-solution" if event.solution_words else ""
    return (
        f"{_option('title', event.title)}{_option('problem', event.problem)}{segments}"
        f"{_option('approach', event.approach)}{allowed}"
    )


def _option(name: str, value: str | None) -> str:
    return "" if value is None else f" --{name} {quoted(value)}"


def check(situation: Situation, command: Command, recorded: tuple[Event, ...]) -> None:
    """Refuse what would be recorded without the reason that its type must carry. Raises Refused.

    Voiding another's record and erasing wait for consent, and need their reason before they wait.
    """
    needing = [each for each in recorded if type(each) in REASONED]
    if not needing and recorded and isinstance(command, VoidRecord):
        needing = [events.RecordVoided(position=command.position)]
    if not needing and recorded and isinstance(command, ErasePersonalData):
        needing = [events.PersonalDataErased(stakeholder=command.stakeholder)]
    if not needing or situation.reasoned:
        return
    least = max(1, situation.policy.reason_min_chars)
    given = seen(situation.reason or "")
    said = f"{given!r} is too short" if given else "none was given"
    again = AGAIN[type(needing[0])](command.stream, needing[0])
    option = "basis" if isinstance(needing[0], events.PersonalDataErased) else "because"
    raise Refused(
        "reason",
        f"{sentence_case(event_name(type(needing[0]).__name__))} needs a reason of at least {least} "
        f"characters, and {said}.",
        missing=("reason",),
        try_=(f"roadlog {again} --{option} WHY",),
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
