"""The roadmap and its people: opening it, who may act as what, and under which workflow."""

from typing import assert_never

from msgspec.structs import replace

from roadlog.domain.commands import (
    AddStakeholder,
    AdoptWorkflow,
    AnswerConsent,
    ChangeLogKey,
    EnrolKey,
    ErasePersonalData,
    GrantRole,
    KeepForecast,
    OpenRoadmap,
    RemoveStakeholder,
    RetireKey,
    RevokeRole,
    RoadmapCommand,
)
from roadlog.domain.decisions import consent, erasure, forecasts, keys, log_keys
from roadlog.domain.decisions.adoption import adopt, adopted, sound
from roadlog.domain.decisions.authority import must_stay_governable, require_role
from roadlog.domain.events import (
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderLeft,
)
from roadlog.domain.limits import is_roadmap_key
from roadlog.domain.refusals import Malformed, Refused, unknown
from roadlog.domain.roadmap import Stakeholder
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted


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
        case EnrolKey():
            return keys.enrol(situation, command)
        case RetireKey():
            return keys.retire(situation, command)
        case ChangeLogKey():
            return log_keys.change(situation, command)
        case AdoptWorkflow():
            return adopt(situation, command)
        case ErasePersonalData():
            return erasure.erase(situation, command)
        case KeepForecast():
            return forecasts.keep(situation, command)
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
        adopted(sound(command.definition)),
    )


def _add(situation: Situation, command: AddStakeholder) -> Events:
    """Who left may join again; who is here already is granted further roles, not enrolled twice."""
    handle, policy = command.stakeholder, situation.policy
    require_role(situation, policy.may_enrol, f"enrol {handle}")
    roles = tuple(dict.fromkeys(command.roles))
    for role in roles:
        _known_role(situation, role)
    there = situation.roadmap.stakeholders.get(handle)
    if there is None:
        _must_differ(situation, handle)
    if command.name_commitment is not None or command.address_commitment is not None:
        erasure.check_not_erased(situation, handle, roles)
    if there is not None and there.left_at is None:
        lacking = [role for role in roles if role not in there.roles]
        if not lacking and command.kind == there.kind:
            return ()
        raise _enrolled(there, command, lacking)
    new = Stakeholder(handle=handle, kind=command.kind, roles=roles, joined_at=situation.at)
    after = {each.handle: each for each in situation.roadmap.present()} | {handle: new}
    must_stay_governable(situation, policy, after, f"Enrolling {handle}")
    return (
        StakeholderJoined(
            stakeholder=handle,
            kind=command.kind,
            roles=roles,
            name_commitment=command.name_commitment,
            address_commitment=command.address_commitment,
        ),
    )


def _must_differ(situation: Situation, handle: str) -> None:
    """Refuse a handle that differs from another's only in the case of its letters: who is who stays clear."""
    for other in situation.roadmap.stakeholders.values():
        if other.handle.casefold() == handle.casefold():
            add = "grant" if other.left_at is None else "add"
            raise Refused(
                "handle",
                f"{handle} differs only in case from {other.handle}, who is here already: "
                "one person has one handle.",
                missing=(handle,),
                try_=(f"roadlog stakeholder {add} {quoted(other.handle)} --role ROLE",),
            )


def _enrolled(there: Stakeholder, command: AddStakeholder, lacking: list[str]) -> Refused:
    """Who is here is granted roles; a kind is changed by leaving and joining again."""
    handle, again = there.handle, ""
    ways = tuple(f"roadlog stakeholder grant {handle} --role {role}" for role in lacking)
    if command.kind != there.kind:
        roles = "".join(f" --role {role}" for role in dict.fromkeys((*there.roles, *command.roles)))
        again = f" To be {command.kind}, they leave and join again."
        ways = (
            f"roadlog stakeholder leave {handle}",
            f"roadlog stakeholder add {handle} --kind {command.kind}{roles}",
        )
    return Refused(
        "enrolled",
        f"{handle} is enrolled already, as {there.kind} with {', '.join(there.roles) or 'no role'}.{again}",
        try_=ways,
    )


def _remove(situation: Situation, command: RemoveStakeholder) -> Events:
    """Anybody may leave; to take another off the roadmap is for those who may enrol."""
    handle = command.stakeholder
    there = _known_stakeholder(situation, handle)
    if there.left_at is not None:
        return ()
    if handle != situation.actor:
        require_role(situation, situation.policy.may_enrol, f"take {handle} off the roadmap")
    after = {each.handle: each for each in situation.roadmap.present() if each.handle != handle}
    must_stay_governable(situation, situation.policy, after, f"{handle}'s leaving")
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
    after = {each.handle: each for each in situation.roadmap.present()}
    after |= {there.handle: replace(there, roles=left)} if there.left_at is None else {}
    must_stay_governable(situation, situation.policy, after, f"Revoking {command.role} from {there.handle}")
    return (RoleRevoked(stakeholder=there.handle, role=command.role),)


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
