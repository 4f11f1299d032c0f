"""Who may, and what needs a second person: rules 10 and 11, for every subject's decisions."""

from typing import Any

import msgspec

from roadlog.domain.commands import AdoptInitiative, Command, DefineProblem
from roadlog.domain.events import ConsentRequested
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Situation


def holders(situation: Situation, roles: tuple[str, ...]) -> tuple[str, ...]:
    """The handles, in order of joining, that hold one of these roles now."""
    return tuple(each.handle for each in situation.roadmap.present() if set(each.roles) & set(roles))


def require_role(situation: Situation, roles: tuple[str, ...], what: str) -> None:
    """Refuse an actor without one of the roles that policy asks for; a sole stakeholder may do all (rule 10).

    `what` goes on "… may not": "enrol bob". Raises Refused with the roles that may and who holds them.
    """
    if situation.alone or set(situation.roles) & set(roles):
        return
    able = holders(situation, roles)
    who = f"held by {', '.join(able)}" if able else "which nobody holds"
    asked = f"{' or '.join(roles)}, {who}" if roles else "a role, and names none"
    mine = ", ".join(situation.roles) or "no role"
    enroller = next(iter(holders(situation, situation.policy.may_enrol)), None)
    raise Refused(
        "authority",
        f"{situation.actor} ({mine}) may not {what}: the policy asks for {asked}.",
        missing=tuple(f"role:{role}" for role in roles),
        try_=(f"roadlog stakeholder grant {situation.actor} --role {roles[0]} --as {enroller}",)
        if roles and enroller
        else ("roadlog stakeholder list",),
    )


def needs_consent(situation: Situation, why: str, command: Command) -> ConsentRequested:
    """The command as a request to a second person (rule 11). `why` is the rule that asks for one.

    The request belongs to the roadmap's stream, at the time it is typed; the command keeps its own effective
    time. An initiative not yet on the roadmap has no key before somebody said yes.
    """
    arguments: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(command))
    stream = command.stream
    if isinstance(command, DefineProblem | AdoptInitiative) and not situation.initiative.exists:
        arguments["stream"], stream = "", situation.roadmap.key
    return ConsentRequested(
        command=type(command).__name__, arguments=arguments, stream=stream, at=situation.at, why=why
    )
