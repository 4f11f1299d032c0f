"""The roadmap and its people: opening it, who may act as what, and under which workflow."""

from typing import assert_never

from roadlog.domain.commands import (
    AddStakeholder,
    AdoptWorkflow,
    AnswerConsent,
    GrantRole,
    OpenRoadmap,
    RemoveStakeholder,
    RevokeRole,
    RoadmapCommand,
)
from roadlog.domain.decisions import consent
from roadlog.domain.decisions.authority import require_role
from roadlog.domain.events import (
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderLeft,
    WorkflowAdopted,
)
from roadlog.domain.limits import is_roadmap_key
from roadlog.domain.refusals import Malformed, Refused, unknown
from roadlog.domain.roadmap import Stakeholder
from roadlog.domain.situation import Events, Situation
from roadlog.domain.workflow import Policy, Workflow


def decide(situation: Situation, command: RoadmapCommand) -> Events:
    """What a command about the roadmap or its people records."""
    match command:
        case OpenRoadmap():
            return _open(situation, command)
        case AddStakeholder():
            return _add(situation, command)
        case RemoveStakeholder():
            return _remove(situation, command)
        case GrantRole():
            return _grant(situation, command)
        case RevokeRole():
            return _revoke(situation, command)
        case AdoptWorkflow():
            return _adopt(situation, command)
        case AnswerConsent():
            return consent.answer(situation, command)
        case _:
            assert_never(command)


def _open(situation: Situation, command: OpenRoadmap) -> Events:
    """The acting handle is enrolled, as product (rule 10)."""
    if situation.roadmap.version:
        raise Refused(
            "roadmap-exists",
            f"There is a roadmap here already: {situation.roadmap.key} ({situation.roadmap.name}).",
            try_=("roadlog board",),
        )
    if not is_roadmap_key(command.stream):
        raise Malformed(
            "roadmap-key", f"{command.stream!r} cannot be a roadmap's key: it has 2 to 10 capitals, A to Z."
        )
    return (
        RoadmapOpened(key=command.stream, name=command.name),
        StakeholderJoined(
            stakeholder=situation.actor,
            kind="human",
            roles=("product",),
            name_commitment=None,
            address_commitment=None,
        ),
        _adopted(_sound(command.definition)),
    )


def _add(situation: Situation, command: AddStakeholder) -> Events:
    """Who left may join again; who is here already is granted further roles, not enrolled twice."""
    handle, policy = command.stakeholder, situation.policy
    require_role(situation, policy.may_enrol, f"enrol {handle}")
    roles = tuple(dict.fromkeys(command.roles))
    for role in roles:
        _known_role(situation, role)
    there = situation.roadmap.stakeholders.get(handle)
    if there is not None and there.left_at is None:
        lacking = [role for role in roles if role not in there.roles]
        if not lacking and command.kind == there.kind:
            return ()
        raise Refused(
            "enrolled",
            f"{handle} is enrolled already, as {there.kind} with {', '.join(there.roles) or 'no role'}.",
            try_=tuple(f"roadlog stakeholder grant {handle} --role {role}" for role in lacking)
            or ("roadlog stakeholder list",),
        )
    after = {each.handle: each.roles for each in situation.roadmap.present()} | {handle: roles}
    _must_stay_governable(situation, policy, after, f"Enrolling {handle}")
    return (
        StakeholderJoined(
            stakeholder=handle,
            kind=command.kind,
            roles=roles,
            name_commitment=command.name_commitment,
            address_commitment=command.address_commitment,
        ),
    )


def _remove(situation: Situation, command: RemoveStakeholder) -> Events:
    """Anybody may leave; to take another off the roadmap is for those who may enrol."""
    handle = command.stakeholder
    there = _known_stakeholder(situation, handle)
    if there.left_at is not None:
        return ()
    if handle != situation.actor:
        require_role(situation, situation.policy.may_enrol, f"take {handle} off the roadmap")
    after = {each.handle: each.roles for each in situation.roadmap.present() if each.handle != handle}
    _must_stay_governable(situation, situation.policy, after, f"{handle}'s leaving")
    return (StakeholderLeft(stakeholder=handle),)


def _grant(situation: Situation, command: GrantRole) -> Events:
    require_role(situation, situation.policy.may_enrol, f"grant {command.role}")
    there = _present_stakeholder(situation, command.stakeholder)
    _known_role(situation, command.role)
    if command.role in there.roles:
        return ()
    return (RoleGranted(stakeholder=there.handle, role=command.role),)


def _revoke(situation: Situation, command: RevokeRole) -> Events:
    """A role that the workflow has dropped can still be taken from those who hold it."""
    require_role(situation, situation.policy.may_enrol, f"revoke {command.role}")
    there = _known_stakeholder(situation, command.stakeholder)
    if command.role not in there.roles:
        _known_role(situation, command.role)
        return ()
    left = tuple(role for role in there.roles if role != command.role)
    after = {each.handle: each.roles for each in situation.roadmap.present()} | {there.handle: left}
    _must_stay_governable(situation, situation.policy, after, f"Revoking {command.role} from {there.handle}")
    return (RoleRevoked(stakeholder=there.handle, role=command.role),)


def _adopt(situation: Situation, command: AdoptWorkflow) -> Events:
    require_role(situation, situation.policy.may_adopt_workflow, "adopt a workflow")
    workflow = _sound(command.definition)
    adopted = _adopted(workflow)
    if adopted.digest == situation.roadmap.workflow_digest:
        return ()
    dropped: dict[str, list[str]] = {}
    for key, initiative in sorted(situation.others.items()):
        if initiative.milestone is not None and initiative.milestone not in workflow.order:
            dropped.setdefault(initiative.milestone, []).append(key)
    if dropped:
        uses = "; ".join(f"{milestone} (in use by {', '.join(keys)})" for milestone, keys in dropped.items())
        raise Refused(
            "milestone-in-use",
            f"{workflow.name} {workflow.version} drops {uses}. Keep it in the file, or move them first.",
            missing=tuple(dropped),
            try_=tuple(f"roadlog show {keys[0]}" for keys in dropped.values()),
        )
    people = {each.handle: each.roles for each in situation.roadmap.present()}
    _must_stay_governable(situation, workflow.policy, people, f"Adopting {workflow.name} {workflow.version}")
    return (adopted,)


def _sound(content: dict[str, object]) -> Workflow:
    """A workflow without faults. Raises Malformed with all of them."""
    from roadlog.domain.workflow_file import from_definition
    from roadlog.domain.workflow_rules import faults

    workflow = from_definition(content)
    found = tuple(f"{fault.key}: {fault.message}" for fault in faults(workflow))
    if found:
        raise Malformed("workflow", "This workflow cannot be adopted:\n" + "\n".join(found), missing=found)
    return workflow


def _adopted(workflow: Workflow) -> WorkflowAdopted:
    from roadlog.domain.workflow_file import definition, digest_of

    content = definition(workflow)
    return WorkflowAdopted(
        name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
    )


def _must_stay_governable(
    situation: Situation, policy: Policy, after: dict[str, tuple[str, ...]], what: str
) -> None:
    """Refuse what would leave nobody who may enrol. A sole stakeholder may do all, and needs no role for it.

    `after` are the stakeholders and their roles as they would be, `policy` the one that would hold.
    """
    needed = set(policy.may_enrol)
    if any(needed & set(roles) for roles in after.values()):
        return
    if len(after) == 1 and not any(needed & set(each.roles) for each in situation.roadmap.present()):
        return
    candidate = next(iter(after), "HANDLE")
    raise Refused(
        "governance",
        f"{what} would leave nobody with {' or '.join(policy.may_enrol)} to enrol and grant. "
        "Let somebody else have it first.",
        missing=tuple(f"role:{role}" for role in policy.may_enrol),
        try_=(f"roadlog stakeholder grant {candidate} --role {policy.may_enrol[0]}",),
    )


def _known_role(situation: Situation, role: str) -> None:
    if role not in situation.workflow.roles:
        raise unknown("role", role, situation.workflow.roles)


def _known_stakeholder(situation: Situation, handle: str) -> Stakeholder:
    there = situation.roadmap.stakeholders.get(handle)
    if there is None:
        raise unknown(
            "stakeholder", handle, tuple(situation.roadmap.stakeholders), try_=("roadlog stakeholder list",)
        )
    return there


def _present_stakeholder(situation: Situation, handle: str) -> Stakeholder:
    there = _known_stakeholder(situation, handle)
    if there.left_at is not None:
        raise Refused(
            "left",
            f"{handle} has left {situation.roadmap.key}. Enrol them again first.",
            try_=(f"roadlog stakeholder add {handle} --role ROLE",),
        )
    return there
