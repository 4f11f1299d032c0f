"""Decisions on whose an initiative is, where it is in the plan, what it is meant for, and what roles said."""

from roadlog.domain.commands import (
    AddDependency,
    ChangeOwner,
    ClassifyPurpose,
    ConsultStakeholder,
    PlaceInitiative,
    RemoveDependency,
)
from roadlog.domain.decisions.arguments import count, known, present
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
    """On another initiative that does not itself wait for this one."""
    key, on = situation.initiative.key, command.on
    if on == key:
        raise Refused(
            "dependency",
            f"{key} cannot depend on itself.",
            try_=(f"roadlog depend {key} --on KEY",),
        )
    other = _other(situation, on)
    if key in other.dependencies:
        raise Refused(
            "dependency",
            f"{on} depends on {key} already; both would wait for each other.",
            try_=(f"roadlog depend {on} --on {key} --remove",),
        )
    return () if on in situation.initiative.dependencies else (DependencyAdded(on=on),)


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
    today = state.classification
    same = today is not None and event == PurposeClassified(
        purpose=today.purpose,
        affected=today.affected,
        risk_class=today.risk_class,
        our_role=today.our_role,
        basis=today.basis,
    )
    return () if same else (event,)


def consult(situation: Situation, command: ConsultStakeholder) -> Events:
    """Rule 12. A role speaks through somebody who holds it: nobody else can say that it was heard."""
    known("role", command.role, situation.workflow.roles)
    if not situation.alone and command.role not in situation.roles:
        speakers = holders(situation, (command.role,)) or ("HANDLE",)
        call = f"roadlog --as {speakers[0]} checkin {situation.initiative.key}"
        raise Refused(
            "role",
            f"{situation.actor} does not hold the role {command.role}, and so cannot speak for it.",
            missing=(command.role,),
            try_=(f"{call} --role {command.role} TEXT",),
        )
    return (StakeholderConsulted(role=command.role, said=command.said),)
