"""When something may have happened (rule 8): never in the future, and in the order of its own subject.

What is given when it is typed, votes, waivers and conditions met, is not backdated at all.
"""

from datetime import timedelta

from roadlog.domain.commands import Command
from roadlog.domain.events import (
    ApprovalWithdrawn,
    ConditionMet,
    Event,
    GateWaived,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import EARLIEST, days, exact, told
from roadlog.domain.names import event_name, sentence_case
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Situation
from roadlog.domain.wording import quoted

DECIDED_WITHIN = timedelta(minutes=1)
"""So long before it is recorded something is decided, at most; later it is decided again."""


def check_time(situation: Situation) -> None:
    """Never in the future, nor before all times. Raises Refused."""
    if situation.at > situation.now:
        raise Refused(
            "future",
            f"{told(situation.at)} lies in the future: it is {told(situation.now)}. "
            "Record what has happened, once it has, and leave --at out.",
            missing=("--at",),
        )
    if situation.at < EARLIEST:
        raise Refused(
            "before-all-times",
            f"{told(situation.at)} is before all times: --at takes {told(EARLIEST)} or later.",
            missing=("--at",),
        )


def check_order(situation: Situation, subject: str, what: str, *, on_roadmap: bool = False) -> None:
    """Nothing precedes the latest record of its own subject, nor the initiative's beginning.

    `what` would happen: the event's type. A roadmap's people and workflows may be older than its log.
    """
    state = situation.roadmap if on_roadmap else situation.initiative
    if isinstance(state, InitiativeState) and state.begun_at is not None and situation.at < state.begun_at:
        raise Refused(
            "order",
            f"{sentence_case(event_name(what))} at {told(situation.at)} would precede the beginning of "
            f"{state.key}: --at takes {told(state.begun_at, up=True)} or later.",
            missing=("--at",),
            try_=(f"roadlog log {state.key}",),
        )
    latest = state.touched.get(subject)
    if latest is not None and situation.at < latest:
        raise Refused(
            "order",
            f"{sentence_case(event_name(what))} at {told(situation.at)} would precede the latest record of "
            f"its subject ({subject}); those come in the order of time: --at takes {told(latest, up=True)} "
            "or later.",
            missing=("--at",),
            try_=(f"roadlog log {state.key}",),
        )


def is_old(situation: Situation) -> bool:
    """Whether it happened longer before it was typed than policy lets pass without a second person."""
    return situation.at < situation.now - days(situation.policy.max_backdate_days)


def check_not_given_before(situation: Situation, command: Command, recorded: tuple[Event, ...]) -> None:
    """What is about what its giver saw is given when it is typed: nobody's consent makes it older.

    Raises Refused, alone or not.
    """
    for event in recorded if is_old(situation) else ():
        again = _again(command.stream, event)
        if again:
            raise Refused(
                "backdating",
                f"A vote, a waiver or a condition met is given when it is given, not more than "
                f"{situation.policy.max_backdate_days} days before (max_backdate_days). Leave --at out.",
                missing=("--at",),
                try_=(again,),
            )


def _again(key: str, event: Event) -> str:
    """The command that records such an event now; empty for all others, which may be old."""
    match event:
        case StakeholderApproved():
            return f"roadlog approve {key} --role {event.role}"
        case StakeholderRejected():
            return f"roadlog reject {key} --role {event.role} --because WHY"
        case StakeholderAbstained():
            return f"roadlog abstain {key} --role {event.role}"
        case ApprovalWithdrawn():
            return f"roadlog withdraw {key} --role {event.role} --because WHY"
        case GateWaived():
            milestone = f" --milestone {quoted(event.milestone)}" if event.milestone else ""
            until = exact(event.until)
            return f"roadlog waive {key} {event.requirement}{milestone} --until {until} --because WHY"
        case ConditionMet():
            return f"roadlog condition met {key} {event.condition}"
        case _:
            return ""
