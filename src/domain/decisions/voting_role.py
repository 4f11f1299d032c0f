"""In which role somebody votes: as given, or the one that can be meant."""

from roadlog.domain.decisions.arguments import known
from roadlog.domain.decisions.authority import holders
from roadlog.domain.gate import Gate, evaluate, owed_roles, split
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Situation
from roadlog.domain.wording import quoted


def voting_role(situation: Situation, given: str | None, verb: str) -> str:
    """The role to vote in, which the actor must hold. Raises Unknown, Malformed or Refused."""
    role = _default_role(situation, verb) if given is None else given
    if role in situation.roles:
        return role
    known("role", role, situation.workflow.roles)
    able = holders(situation, (role,))
    raise Refused(
        "role",
        f"{situation.actor} ({', '.join(situation.roles) or 'no role'}) does not hold the role {role}, "
        f"{'held by ' + ', '.join(able) if able else 'which nobody holds yet'}.",
        missing=(f"role:{role}",),
        try_=(
            f"roadlog request {situation.initiative.key} --role {quoted(role)}"
            if able
            else f"roadlog stakeholder add HANDLE --role {quoted(role)}",
        ),
    )


def _default_role(situation: Situation, verb: str) -> str:
    """The only role that the actor holds among those owed, else those the gate asks for, else at all."""
    gate = present_gate(situation)
    asked = tuple(name for kind, name in (split(each.id) for each in gate.requirements) if kind == "approval")
    for among in (owed_roles(gate), asked, situation.roles):
        mine = tuple(role for role in among if role in situation.roles)
        if mine:
            return only(situation, mine, verb)
    raise Refused(
        "role",
        f"{situation.actor} holds no role to vote in.",
        missing=("role",),
        try_=("roadlog stakeholder list",),
    )


def only(situation: Situation, roles: tuple[str, ...], verb: str) -> str:
    """The one role there is. Raises Malformed where there are several, with commands that say which."""
    if len(roles) > 1:
        raise Malformed(
            "which-role",
            f"{situation.actor} could speak as {' or '.join(roles)}: say which with --role.",
            missing=("--role",),
            try_=tuple(f"roadlog {verb} {situation.initiative.key} --role {role}" for role in roles),
        )
    return roles[0]


def present_gate(situation: Situation) -> Gate:
    """The gate that the initiative stands at."""
    state = situation.initiative
    return evaluate(state, situation.workflow, state.milestone, situation.at, situation.roadmap)
