"""Decisions on whose an initiative is, where it is in the plan, what it is meant for, and what roles said."""

from roadlog.domain.commands import (
    AddDependency,
    ChangeOwner,
    ClassifyPurpose,
    ConsultStakeholder,
    PlaceInitiative,
    RemoveDependency,
)
from roadlog.domain.decisions.arguments import already, count, known, present
from roadlog.domain.decisions.authority import holders
from roadlog.domain.events import (
    DependencyAdded,
    DependencyRemoved,
    InitiativePlaced,
    OwnerChanged,
    PurposeClassified,
    StakeholderConsulted,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.refusals import Refused, unknown
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import listed, quoted


def change_owner(situation: Situation, command: ChangeOwner) -> Events:
    """To a stakeholder who has not left."""
    present(situation, command.owner)
    return () if command.owner == situation.initiative.owner else (OwnerChanged(owner=command.owner),)


def place(state: InitiativeState, command: PlaceInitiative) -> Events:
    """Without a rank, the one it has within the same horizon stays."""
    count("rank", command.rank)
    rank = state.rank if command.rank is None and command.horizon == state.horizon else command.rank
    if (command.horizon, rank) == (state.horizon, state.rank):
        return ()
    return (InitiativePlaced(horizon=command.horizon, rank=rank),)


def add_dependency(situation: Situation, command: AddDependency) -> Events:
    """On another initiative that does not itself wait for this one, neither directly nor through others."""
    key, on = situation.initiative.key, command.on
    if on == key:
        raise Refused(
            "dependency",
            f"{key} cannot depend on itself.",
            try_=(f"roadlog depend {key} --on KEY",),
        )
    _other(situation, on)
    ring = _way(situation, on, key)
    if ring:
        waits = ", which depends on ".join(ring)
        raise Refused(
            "dependency",
            f"{waits} already; {'both' if len(ring) == 2 else 'all of them'} would wait for each other.",
            try_=(f"roadlog depend {ring[-2]} --on {key} --remove",),
        )
    return () if on in situation.initiative.dependencies else (DependencyAdded(on=on),)


def _way(situation: Situation, start: str, end: str) -> tuple[str, ...]:
    """The keys from one initiative to another by what each depends on; none where there is no such way."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] == end:
            return way
        state = situation.others.get(way[-1])
        further = [each for each in state.dependencies if each not in seen] if state else []
        ways += [(*way, each) for each in further]
        seen.update(further)
    return ()


def remove_dependency(situation: Situation, command: RemoveDependency) -> Events:
    """Nothing is recorded where the other is there and nothing depended on it."""
    if command.on in situation.initiative.dependencies:
        return (DependencyRemoved(on=command.on),)
    _other(situation, command.on)
    return ()


def _other(situation: Situation, key: str) -> InitiativeState:
    other = situation.others.get(key)
    if other is None or not other.exists:
        known = tuple(name for name, each in situation.others.items() if each.exists)
        raise unknown("initiative", key, known, try_=("roadlog board",))
    return other


def classify(state: InitiativeState, command: ClassifyPurpose) -> Events:
    """What it is meant for, whom it affects and how risky that is; again when that changes."""
    event = PurposeClassified(
        purpose=command.purpose,
        affected=command.affected,
        risk_class=command.risk_class,
        our_role=command.our_role,
        basis=command.basis,
    )
    return () if already(state.classification, event) else (event,)


def consult(situation: Situation, command: ConsultStakeholder) -> Events:
    """Rule 12. A role speaks through somebody who holds it: nobody else can say that it was heard."""
    known("role", command.role, situation.workflow.roles)
    if not situation.alone and command.role not in situation.roles:
        raise _speechless(situation, command.role)
    return (StakeholderConsulted(role=command.role, said=command.said),)


def _speechless(situation: Situation, role: str) -> Refused:
    """Says who could speak for the role; where nobody could, how somebody comes to."""
    speakers = holders(situation, (role,))
    who = f"it is held by {listed(speakers)}" if speakers else "nobody here holds it"
    again = f"roadlog checkin {situation.initiative.key} --role {quoted(role)} TEXT"
    return Refused(
        "role",
        f"{situation.actor} does not hold the role {role}, and so cannot speak for it: {who}.",
        missing=(role,),
        try_=(again,) if speakers else (f"roadlog stakeholder add HANDLE --role {quoted(role)}",),
    )
