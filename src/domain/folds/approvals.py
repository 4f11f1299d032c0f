"""Requests, votes and conditions. A vote is about one gate of one cycle; it is marked, never changed."""

from typing import Literal, assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    ApprovalEvent,
    ApprovalRequested,
    ApprovalWithdrawn,
    ConditionMet,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.folds.in_time import latest
from roadlog.domain.initiative import ConditionState, InitiativeState, Request, Vote
from roadlog.domain.records import Record

VoteEvent = StakeholderApproved | StakeholderRejected | StakeholderAbstained


def evolve(state: InitiativeState, record: Record, event: ApprovalEvent) -> InitiativeState:
    """The state after a request, a vote, or what becomes of one."""
    match event:
        case StakeholderApproved():
            return _voted(state, record, _approval(_vote(state, record, event, "approved"), event))
        case StakeholderRejected():
            return _voted(state, record, _vote(state, record, event, "rejected"))
        case StakeholderAbstained():
            return _voted(state, record, _vote(state, record, event, "abstained"))
        case ApprovalRequested():
            return replace(state, requests=(*state.requests, _request(state, record, event)))
        case ApprovalWithdrawn():
            return _withdrawn(state, record, event)
        case ConditionMet():
            return replace(
                state, approvals=tuple(_met(vote, event.condition, record) for vote in state.approvals)
            )
        case _:
            assert_never(event)


def _vote(
    state: InitiativeState,
    record: Record,
    event: VoteEvent,
    decision: Literal["approved", "rejected", "abstained"],
) -> Vote:
    actor = record.actor
    return Vote(
        position=record.position,
        at=record.effective_at,
        stakeholder=actor.id,
        kind=actor.kind,
        role=event.role,
        held=event.role in actor.roles,
        milestone=event.milestone,
        cycle=state.cycle,
        iteration=state.iteration,
        decision=decision,
        subject=event.subject,
        shown=event.shown,
        reason=record.reason,
        was_owner=actor.id == state.owner,
        assurance=actor.assurance,
    )


def _approval(vote: Vote, event: StakeholderApproved) -> Vote:
    """With what only a yes carries."""
    return replace(
        vote,
        statement=event.statement,
        conditions=tuple(
            ConditionState(id=each.id, text=each.text, due=each.due) for each in event.conditions
        ),
        valid_until=event.valid_until,
        signature=event.signature,
    )


def _voted(state: InitiativeState, record: Record, vote: Vote) -> InitiativeState:
    """The stakeholder's earlier vote in this role on this gate stands no more."""
    approvals = state.approvals
    place = _standing(state, vote.stakeholder, vote.role, vote.milestone)
    if place is not None:
        approvals = _with(approvals, place, replace(approvals[place], superseded_by=record.position))
    return replace(
        state, approvals=(*approvals, vote), heard=latest(state.heard, vote.role, record.effective_at)
    )


def _withdrawn(state: InitiativeState, record: Record, event: ApprovalWithdrawn) -> InitiativeState:
    place = _standing(state, record.actor.id, event.role, event.milestone)
    if place is None:
        return state
    vote = replace(state.approvals[place], withdrawn_by=record.position)
    return replace(state, approvals=_with(state.approvals, place, vote))


def _standing(state: InitiativeState, stakeholder: str, role: str, milestone: str | None) -> int | None:
    """Where the stakeholder's standing vote in this role on this gate of the present cycle is."""
    for place in range(len(state.approvals) - 1, -1, -1):
        vote = state.approvals[place]
        same_gate = vote.cycle == state.cycle and vote.milestone == milestone
        if same_gate and vote.stakeholder == stakeholder and vote.role == role:
            return place if vote.withdrawn_by is None else None
    return None


def _with(votes: tuple[Vote, ...], place: int, vote: Vote) -> tuple[Vote, ...]:
    return (*votes[:place], vote, *votes[place + 1 :])


def _met(vote: Vote, condition: str, record: Record) -> Vote:
    if all(each.id != condition for each in vote.conditions):
        return vote
    return replace(
        vote,
        conditions=tuple(
            replace(each, met_by=record.position) if each.id == condition else each
            for each in vote.conditions
        ),
    )


def _request(state: InitiativeState, record: Record, event: ApprovalRequested) -> Request:
    return Request(
        request=event.request,
        position=record.position,
        at=record.effective_at,
        by=record.actor.id,
        milestone=event.milestone,
        cycle=state.cycle,
        iteration=state.iteration,
        roles=event.roles,
        subject=event.subject,
        valid_days=event.valid_days,
    )
