"""Milestone decisions: moves, waivers, reviews of break-glass, and work that waits, stops or ends."""

from typing import assert_never

from roadlog.domain.commands import (
    AdvanceMilestone,
    BlockWork,
    MilestoneCommand,
    PauseWork,
    ReopenInitiative,
    ResumeWork,
    RetireInitiative,
    ReturnMilestone,
    ReviewBreakGlass,
    SetRollout,
    StopInitiative,
    UnblockWork,
    WaiveRequirement,
)
from roadlog.domain.decisions.arguments import known
from roadlog.domain.decisions.authority import require_human, require_role
from roadlog.domain.decisions.status import must_go_on
from roadlog.domain.events import (
    BreakGlassReviewed,
    GateWaived,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    RolloutSet,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.refusals import Malformed, Refused, unknown
from roadlog.domain.situation import Events, Situation


def decide(situation: Situation, command: MilestoneCommand) -> Events:
    """The events of one milestone command, none where already so. Raises Refused, Malformed or Unknown."""
    state = situation.initiative
    match command:
        case AdvanceMilestone():
            from roadlog.domain.decisions import moves

            return moves.advance(situation, command)
        case ReturnMilestone():
            from roadlog.domain.decisions import moves

            return moves.go_back(situation, command)
        case ReviewBreakGlass():
            return _review(situation, command)
        case WaiveRequirement():
            return _waive(situation, command)
        case BlockWork():
            return _block(state, command)
        case UnblockWork():
            return (WorkUnblocked(),) if state.blocked_by is not None else ()
        case PauseWork():
            return _pause(state)
        case ResumeWork():
            return (WorkResumed(),) if state.paused else ()
        case StopInitiative():
            return _stop(state)
        case ReopenInitiative():
            return _reopen(state)
        case RetireInitiative():
            return _retire(situation)
        case SetRollout():
            return _set_rollout(state, command)
        case _:
            assert_never(command)


def _review(situation: Situation, command: ReviewBreakGlass) -> Events:
    """Rule 9: by another person than who broke the glass. Alone, one reviews oneself (rule 10)."""
    require_human(situation, "review a break-glass")
    key, moves = situation.initiative.key, situation.initiative.break_glass
    move = moves.get(command.move)
    if move is None:
        raise unknown("move", str(command.move), tuple(str(each) for each in moves))
    if move.reviewed_by is not None:
        verdict = "upheld" if move.upheld else "not upheld"
        raise Refused(
            "reviewed",
            f"The move at position {move.move} was reviewed by {move.reviewed_by}: {verdict}.",
            try_=(f"roadlog log {key}",),
        )
    roadmap = situation.roadmap
    if roadmap.same(situation.actor, move.by) and not situation.alone:
        verdict = "--upheld" if command.upheld else "--not-upheld"
        others = [each.handle for each in roadmap.humans() if not roadmap.same(each.handle, move.by)]
        raise Refused(
            "review",
            f"{situation.actor} broke the glass at position {move.move}; another person must review it: "
            f"{' or '.join(others)}.",
            missing=("second person",),
            try_=(f"roadlog review {key} {move.move} {verdict} --because WHY",),
        )
    return (BreakGlassReviewed(move=command.move, upheld=command.upheld),)


def _waive(situation: Situation, command: WaiveRequirement) -> Events:
    """Rule 10: a person whom the policy names; an approval also a holder of its role, never the owner."""
    from roadlog.domain.gate import asked

    require_human(situation, f"waive {command.requirement}")
    state, workflow = situation.initiative, situation.workflow
    milestone = command.milestone or state.milestone
    if milestone is not None:
        known("milestone", milestone, workflow.order)
    ids = asked(state, workflow, milestone)
    known("requirement", command.requirement, ids, try_=(f"roadlog gate {state.key}",))
    if command.until <= situation.at:
        raise Malformed(
            "until", "A waiver must last beyond the moment it is given: --until takes a later time."
        )
    _may_waive(situation, command.requirement)
    waived = GateWaived(milestone=milestone, requirement=command.requirement, until=command.until)
    same = any(
        (each.milestone, each.requirement, each.until) == (milestone, command.requirement, command.until)
        for each in state.waivers
    )
    return () if same else (waived,)


def _may_waive(situation: Situation, requirement: str) -> None:
    state, approval = situation.initiative, requirement.removeprefix("approval:")
    is_approval = approval != requirement
    if is_approval and situation.roadmap.same(situation.actor, state.owner) and not situation.alone:
        raise Refused(
            "owner",
            f"{situation.actor} owns {state.key}, and an owner never waives an approval.",
            try_=(f"roadlog request {state.key} --role {approval}",),
        )
    policy = situation.policy
    roles = tuple(dict.fromkeys((approval, *policy.may_waive_approvals))) if is_approval else policy.may_waive
    require_role(situation, roles, f"waive {requirement}")


def _block(state: InitiativeState, command: BlockWork) -> Events:
    if state.blocked_by == command.by:
        return ()
    _must_not_have_ended(state)
    if state.blocked_by is not None:
        raise Refused(
            "blocked",
            f"{state.key} is blocked already, by {state.blocked_by}.",
            try_=(f"roadlog unblock {state.key}",),
        )
    return (WorkBlocked(by=command.by),)


def _pause(state: InitiativeState) -> Events:
    if state.paused:
        return ()
    must_go_on(state)
    return (WorkPaused(),)


def _stop(state: InitiativeState) -> Events:
    """In the backlog, blocked or paused too: only the moves of work that has ended are refused."""
    if state.stopped:
        return ()
    _must_not_have_ended(state)
    return (InitiativeStopped(),)


def _reopen(state: InitiativeState) -> Events:
    if state.retired:
        must_go_on(state)
    return (InitiativeReopened(),) if state.stopped else ()


def _retire(situation: Situation) -> Events:
    """Only what was offered can end being offered: some visit reached the finish."""
    state, workflow = situation.initiative, situation.workflow
    if state.retired:
        return ()
    if not any(each.milestone in workflow.finishing for each in state.visits):
        raise Refused(
            "retire",
            f"{state.key} never reached {workflow.finish}: there is no product to retire.",
            try_=(f"roadlog stop {state.key} --because WHY",),
        )
    return (InitiativeRetired(),)


def _must_not_have_ended(state: InitiativeState) -> None:
    if state.stopped or state.retired:
        must_go_on(state)


def _set_rollout(state: InitiativeState, command: SetRollout) -> Events:
    """Any time after the start, also when stopped: rolling back must always be recordable."""
    if not 0 <= command.percent <= 100:
        raise Malformed("percent", f"A rollout is in percent of the users, 0 to 100, not {command.percent}.")
    if state.cycle == 0:
        raise Refused(
            "not-started",
            f"{state.key} has not started: there is nothing to roll out.",
            try_=(f"roadlog advance {state.key}",),
        )
    return () if state.rollout == command.percent else (RolloutSet(percent=command.percent),)
