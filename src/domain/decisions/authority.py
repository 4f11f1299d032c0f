"""Who may, what takes a human or a second person: rules 10 and 11, for every subject's decisions."""

from typing import Any

import msgspec

from roadlog.domain.commands import AdoptInitiative, Command, DefineProblem
from roadlog.domain.events import ConsentRequested
from roadlog.domain.refusals import Refused
from roadlog.domain.roadmap import Stakeholder
from roadlog.domain.situation import Situation
from roadlog.domain.wording import quoted
from roadlog.domain.workflow import Policy


def holders(situation: Situation, roles: tuple[str, ...]) -> tuple[str, ...]:
    """The handles, in order of joining, that hold one of these roles now."""
    return tuple(each.handle for each in situation.roadmap.present() if set(each.roles) & set(roles))


def require_role(situation: Situation, roles: tuple[str, ...], what: str) -> None:
    """Refuse an actor without one of the roles that policy asks for; who is alone may do all (rule 10).

    `what` goes on "… may not": "enrol bob". Raises Refused with the roles that may and who holds them.
    """
    if situation.alone or set(situation.roles) & set(roles):
        return
    able = holders(situation, roles)
    who = f"held by {', '.join(able)}" if able else "which nobody holds yet"
    asked = f"{' or '.join(roles)}, {who}" if roles else "a role, and names none"
    mine = ", ".join(situation.roles) or "no role"
    raise Refused(
        "authority",
        f"{situation.actor} ({mine}) may not {what}: the policy asks for {asked}.",
        missing=tuple(f"role:{role}" for role in roles),
        try_=(f"roadlog stakeholder add HANDLE --role {quoted(roles[0])}",)
        if roles and not able
        else ("roadlog stakeholder list",),
    )


def require_human(situation: Situation, what: str) -> None:
    """Refuse an agent what only a person answers for, whatever its roles (rule 10).

    `what` goes on "… may not": "waive an approval". Raises Refused with the people there are.
    """
    stakeholder = situation.roadmap.stakeholders.get(situation.actor)
    if stakeholder is None or stakeholder.kind == "human":
        return
    people = ", ".join(each.handle for each in situation.roadmap.humans()) or "nobody here"
    raise Refused(
        "human",
        f"{situation.actor} ({stakeholder.kind}) may not {what}: that takes a person, such as {people}.",
        missing=("human",),
        try_=("roadlog stakeholder list",),
    )


def must_stay_governable(
    situation: Situation, policy: Policy, after: dict[str, Stakeholder], what: str
) -> None:
    """Refuse what would leave nobody who may enrol. Who is alone may do all, and needs no role for it.

    `after` are the stakeholders as they would be, `policy` the one that would hold.
    """
    needed = set(policy.may_enrol)
    if any(needed & set(each.roles) for each in after.values()):
        return
    humans = [each for each in after.values() if each.kind == "human"]
    if len(humans) == 1 and not any(needed & set(each.roles) for each in situation.roadmap.present()):
        return
    holding = holders(situation, policy.may_enrol)
    others = [each.handle for each in humans if each.handle not in holding]
    first = f"Grant it to {' or '.join(others)} first." if others else "Enrol somebody with it first."
    way = f"grant {quoted(others[0])}" if others else "add HANDLE"
    role = next((each for each in policy.may_enrol if each in situation.workflow.roles), policy.may_enrol[0])
    raise Refused(
        "governance",
        f"{what} would leave nobody with {' or '.join(policy.may_enrol)} to enrol and grant. {first}",
        missing=tuple(f"role:{role}" for role in policy.may_enrol),
        try_=(f"roadlog stakeholder {way} --role {quoted(role)}",),
    )


def needs_consent(situation: Situation, why: str, command: Command) -> ConsentRequested:
    """The command as a request to a second person (rule 11). `why` is the rule that asks for one.

    The request belongs to the roadmap's stream, at the time it is typed; the command keeps its own effective
    time. An initiative not yet on the roadmap has no key before somebody said yes.
    """
    arguments: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(command, order="sorted"))
    stream = command.stream
    if isinstance(command, DefineProblem | AdoptInitiative) and not situation.initiative.exists:
        arguments["stream"], stream = "", situation.roadmap.key
    return ConsentRequested(
        command=type(command).__name__, arguments=arguments, stream=stream, at=situation.at, why=why
    )
