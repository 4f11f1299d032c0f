"""Who acted: on their own work, without the role, before they were enrolled."""

from collections.abc import Iterator

from roadlog.domain.events import (
    BreakGlassReviewed,
    GateWaived,
    MilestoneAdvanced,
    RiskAccepted,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderRejected,
)
from roadlog.domain.records import Record
from roadlog.projections.audit.findings import End, Finding, InForce, Step, day, once

Vote = StakeholderApproved | StakeholderRejected | StakeholderAbstained


def self_approval(step: Step) -> Iterator[Finding]:
    """The owner's waiver of an approval, a break-glass reviewed by who broke it, a gate that rests on an
    approval by who owns the initiative by then."""
    record, event = step.record, step.record.event
    who, owner = record.actor.id, step.before.owner
    match event:
        case GateWaived() if event.requirement.startswith("approval:") and who == owner:
            yield once(f"{who} waived {event.requirement} while owning it", [record.position], step.at)
        case BreakGlassReviewed():
            opened = step.before.break_glass.get(event.move)
            if opened is not None and opened.by == who:
                text = f"{who} reviewed their own break-glass"
                yield once(text, [event.move, record.position], step.at)
        case MilestoneAdvanced():
            relied = {each for line in event.gate for each in line.by}
            for vote in step.before.approvals:
                if vote.position in relied and vote.stakeholder == owner and not vote.was_owner:
                    text = f"{owner} owned it when its gate rested on their approval as {vote.role}"
                    yield once(text, [vote.position, record.position], step.at)
        case _:
            pass


def owners_votes(end: End) -> Iterator[Finding]:
    """Approvals by who owned the initiative then, whether or not a gate counted them."""
    for vote in end.state.approvals:
        if vote.decision == "approved" and vote.was_owner:
            rested = [
                each.record.position
                for each in end.gates
                if any(vote.position in line.by for line in each.event.gate)
            ]
            counted = "and its gate rested on that" if rested else "which no gate counted"
            gate = vote.milestone or "the backlog"
            text = f"{vote.stakeholder} approved {gate} as {vote.role} while owning it, {counted}"
            yield once(text, [vote.position, *rested], vote.at)


def missing_role(step: Step, in_force: InForce) -> Iterator[Finding]:
    """Acts that ask for a role: held when it was recorded, and when it is dated? Imports name no roles."""
    asked = () if step.imported else _asked(step)
    if not asked:
        return
    record, handle = step.record, step.record.actor.id
    what, roles = asked
    lone = step.roadmap.alone and step.roadmap.humans()[0].handle == handle
    if lone and not isinstance(record.event, Vote):
        return  # who is alone may do all but vote
    wanted = " or ".join(roles)
    if not step.roadmap.holds(handle, *roles):
        yield once(f"{handle} {what} without the role {wanted}", [record.position], step.at)
    elif not set(in_force.roles(handle, step.at) or ()) & set(roles):
        text = f"{handle} {what}, dated {day(step.at)}, when they did not hold the role {wanted}"
        yield once(text, [record.position], step.at)


def _asked(step: Step) -> tuple[()] | tuple[str, tuple[str, ...]]:
    """What was done, and the roles of which it takes one; nothing for acts that take none."""
    event, policy = step.record.event, step.workflow.policy
    match event:
        case StakeholderApproved() | StakeholderRejected() | StakeholderAbstained():
            return f"voted as {event.role}", (event.role,)
        case StakeholderConsulted():
            return f"spoke for {event.role}", (event.role,)
        case GateWaived():
            kind, _, role = event.requirement.partition(":")
            roles = (role, *policy.may_waive_approvals) if kind == "approval" else policy.may_waive
            return f"waived {event.requirement}", tuple(dict.fromkeys(roles))
        case RiskAccepted():
            return f"accepted {event.risk}", policy.may_accept_risk
        case MilestoneAdvanced() if event.break_glass:
            return "broke the glass", policy.may_break_glass
        case _:
            return ()


def before_enrolment(record: Record, in_force: InForce) -> Iterator[Finding]:
    """A record dated before its author was enrolled, or by somebody who never was. Imports are older."""
    if record.body.source.imported is not None or record.position == 1:
        return
    handle = record.actor.id
    if in_force.roles(handle, record.effective_at) is not None:
        return
    joined = in_force.joined(handle)
    when = f"before {handle} was enrolled ({day(joined)})" if joined else f"and {handle} never was enrolled"
    text = f"{record.type} by {handle} is dated {day(record.effective_at)}, {when}"
    yield once(text, [record.position], record.recorded_at)
