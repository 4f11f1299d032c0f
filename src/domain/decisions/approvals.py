"""Approvals: asking for them, voting, withdrawing a vote, meeting the conditions of an approval.

A vote is refused only where the voter does not hold the role; whether it counts is judged at the gate.
"""

from datetime import datetime
from typing import assert_never

from roadlog.domain import subject
from roadlog.domain.commands import (
    Abstain,
    ApprovalCommand,
    Approve,
    MeetCondition,
    Reject,
    RequestApproval,
    WithdrawApproval,
)
from roadlog.domain.decisions.arguments import count, known, next_id
from roadlog.domain.decisions.authority import require_human
from roadlog.domain.decisions.voting_role import only, present_gate, voting_role
from roadlog.domain.events import (
    ApprovalRequested,
    ApprovalWithdrawn,
    Condition,
    ConditionMet,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.gate import owed_roles
from roadlog.domain.initiative import Request, Vote
from roadlog.domain.moments import days
from roadlog.domain.records import Assurance, reaches
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.votes import standing_votes


def decide(situation: Situation, command: ApprovalCommand) -> Events:
    """What a wish about approvals comes to. Raises Unknown, Malformed or Refused."""
    match command:
        case RequestApproval():
            return _request(situation, command)
        case Approve():
            return _approve(situation, command)
        case Reject():
            return _reject(situation, command)
        case Abstain():
            return _abstain(situation, command)
        case WithdrawApproval():
            return _withdraw(situation, command)
        case MeetCondition():
            return _meet(situation, command)
        case _:
            assert_never(command)


def _request(situation: Situation, command: RequestApproval) -> Events:
    """The same request again, before anybody it asks has voted, is already there."""
    state, workflow = situation.initiative, situation.workflow
    _lasting(situation, command.valid_days)
    for role in command.roles:
        known("role", role, workflow.roles)
    digest, parts = _shown(situation)
    event = ApprovalRequested(
        request=next_id(state, "Q"),
        milestone=state.milestone,
        roles=tuple(dict.fromkeys(command.roles)) or _owed(situation),
        subject=digest,
        shown=parts,
        valid_days=command.valid_days,
    )
    return () if any(_waiting(situation, each, event) for each in state.requests) else (event,)


def _owed(situation: Situation) -> tuple[str, ...]:
    owed = owed_roles(present_gate(situation))
    if owed:
        return owed
    key, here = situation.initiative.key, situation.initiative.milestone or "the backlog"
    raise Refused(
        "nothing-owed",
        f"The gate of {here} owes {key} no approval. Name the roles to ask all the same.",
        try_=(f"roadlog gate {key}", f"roadlog request {key} --role ROLE"),
    )


def _waiting(situation: Situation, earlier: Request, event: ApprovalRequested) -> bool:
    """Whether the earlier request asks the same and waits for all its answers still."""
    state = situation.initiative
    same = (earlier.milestone, earlier.roles, earlier.subject, earlier.valid_days) == (
        event.milestone,
        event.roles,
        event.subject,
        event.valid_days,
    )
    answered = any(
        each.role in earlier.roles and each.position > earlier.position for each in state.approvals
    )
    return same and (earlier.cycle, earlier.iteration) == (state.cycle, state.iteration) and not answered


def _approve(situation: Situation, command: Approve) -> Events:
    state = situation.initiative
    role = voting_role(situation, command.role, "approve")
    first = state.numbers.get("C", 0) + 1
    digest, parts = _shown(situation)
    event = StakeholderApproved(
        milestone=state.milestone,
        role=role,
        subject=digest,
        shown=parts,
        statement=command.statement,
        conditions=tuple(
            Condition(id=f"C{number}", text=text, due=due)
            for number, (text, due) in enumerate(command.conditions, start=first)
        ),
        valid_until=_lasting(situation, _valid_days(situation, role, command)),
        signature=None,
    )
    for each in event.conditions:
        if each.due is not None and each.due < situation.at.date():
            raise Malformed(
                "condition-due", f"The condition {each.text!r} was due on {each.due}, before the approval."
            )
    same = _says_again(situation, role, "approved", event.subject) and _asks_again(situation, event)
    return () if same else (event,)


def _asks_again(situation: Situation, event: StakeholderApproved) -> bool:
    """Whether the standing vote holds for as long, in the same words, on the same conditions, as surely."""
    standing = _standing(situation, event.role)
    demanded = situation.policy.demanded(event.role)
    wanted: Assurance = "signed" if demanded == "asserted" else demanded
    if standing is None or (situation.signing and not reaches(standing.assurance, wanted)):
        return False
    open_ones = tuple((each.text, each.due) for each in standing.conditions if each.met_by is None)
    return (standing.statement, standing.valid_until, open_ones) == (
        event.statement,
        event.valid_until,
        tuple((each.text, each.due) for each in event.conditions),
    )


def _valid_days(situation: Situation, role: str, command: Approve) -> int | None:
    """For how many days the approval holds: as typed, else as the latest request to that role asks."""
    if command.valid_days is not None:
        return command.valid_days
    state = situation.initiative
    here = (state.milestone, state.cycle)
    asked = [each for each in state.requests if role in each.roles and (each.milestone, each.cycle) == here]
    return asked[-1].valid_days if asked else None


def _reject(situation: Situation, command: Reject) -> Events:
    role = voting_role(situation, command.role, "reject")
    digest, parts = _shown(situation)
    event = StakeholderRejected(
        milestone=situation.initiative.milestone, role=role, subject=digest, shown=parts
    )
    return () if _says_again(situation, role, "rejected", event.subject) else (event,)


def _abstain(situation: Situation, command: Abstain) -> Events:
    role = voting_role(situation, command.role, "abstain")
    digest, parts = _shown(situation)
    event = StakeholderAbstained(
        milestone=situation.initiative.milestone, role=role, subject=digest, shown=parts
    )
    return () if _says_again(situation, role, "abstained", event.subject) else (event,)


def _shown(situation: Situation) -> tuple[str, dict[str, str]]:
    """What a vote now would be about: the digest of the subject, and its parts'."""
    state = situation.initiative
    shown = subject.content(state, situation.workflow, state.milestone)
    return subject.digest_of(shown), subject.parts_of(shown)


def _says_again(situation: Situation, role: str, decision: str, digest: str) -> bool:
    """Whether a vote repeats the actor's standing one, as who they were then, and unedited since."""
    state, standing = situation.initiative, _standing(situation, role)
    if standing is None or state.edited.get(situation.actor, 0) > standing.position:
        return False
    kind = situation.roadmap.stakeholders[situation.actor].kind
    voter = (standing.kind, standing.held, standing.was_owner)
    said = (standing.decision, standing.subject, standing.iteration, standing.reason)
    return voter == (kind, True, situation.actor == state.owner) and said == (
        decision,
        digest,
        state.iteration,
        situation.reason,
    )


def _standing(situation: Situation, role: str) -> Vote | None:
    """The actor's standing vote in that role on the gate the initiative stands at."""
    return next(
        (each for each in standing_votes(situation.initiative, situation.actor) if each.role == role), None
    )


def _withdraw(situation: Situation, command: WithdrawApproval) -> Events:
    """Only a standing vote can be withdrawn; the role may be lost since."""
    state = situation.initiative
    roles = tuple(
        each.role
        for each in standing_votes(situation.initiative, situation.actor)
        if command.role in (None, each.role)
    )
    if not roles:
        if command.role is not None and command.role not in situation.roles:
            known("role", command.role, situation.workflow.roles)
        here = state.milestone or "the backlog"
        role = f" as {command.role}" if command.role else ""
        raise Refused(
            "no-vote",
            f"{situation.actor} has no standing vote{role} on {state.key} at the gate of {here}.",
            missing=("vote",),
            try_=(f"roadlog gate {state.key}",),
        )
    return (ApprovalWithdrawn(milestone=state.milestone, role=only(situation, roles, "withdraw")),)


def _meet(situation: Situation, command: MeetCondition) -> Events:
    require_human(situation, "say that a condition is met")
    conditions = {each.id: each for vote in situation.initiative.approvals for each in vote.conditions}
    known("condition", command.condition, conditions, try_=(f"roadlog gate {situation.initiative.key}",))
    met = conditions[command.condition].met_by is not None
    return () if met else (ConditionMet(condition=command.condition),)


def _lasting(situation: Situation, valid_days: int | None) -> datetime | None:
    """When something that holds for so many days lapses; None when it does not. Raises Malformed."""
    count("validity in days", valid_days)
    try:
        return None if valid_days is None else situation.at + days(valid_days)
    except OverflowError:
        raise Malformed("count", f"A validity of {valid_days} days ends beyond the calendar.") from None
