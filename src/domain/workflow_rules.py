"""What a workflow must satisfy before it can be adopted: every mistake, with the key that holds it."""

from collections.abc import Iterator
from typing import get_args

from msgspec import Struct

from roadlog.domain.events import EvidenceKind
from roadlog.domain.limits import is_name, text_fault
from roadlog.domain.workflow import RISK_CATEGORIES, Policy, RequirementKind, Workflow

MILESTONES = 50
NAME_CHARS = 200
NAMED: dict[str, str] = {
    "evidence": "evidence kind",
    "result-or-evidence": "evidence kind",
    "approval": "role",
    "risk": "risk category",
}
"""Requirement kinds that go on with `:` and a name, and what is named."""

BOUNDS: dict[str, tuple[int, int]] = {
    "reason_min_chars": (1, 1000),
    "max_backdate_days": (0, 36_500),
    "risk_threshold": (1, 25),
    "edge_case_severity": (1, 5),
    "consult_every_days": (1, 36_500),
    "measure_every_days": (1, 36_500),
    "break_glass_review_days": (1, 36_500),
    "checkpoint_every_hours": (1, 876_000),
    "anchor_max_age_hours": (1, 876_000),
}
"""The least and the most of each number in the policy; scores are products of 1 to 5."""

NEVER_EMPTY = ("may_enrol", "may_adopt_workflow")
"""Without a role here, nobody could ever change who may do what."""


class Fault(Struct, frozen=True):
    """One mistake: the key (`milestone[2].requires`), what is wrong, and the key that it was held against."""

    key: str
    message: str
    against: str = ""


def faults(workflow: Workflow) -> tuple[Fault, ...]:
    """Every mistake of a workflow whose values have the right types, in the order of its file."""
    return (
        *_name_faults("name", workflow.name),
        *([] if workflow.version >= 1 else [Fault("version", "must be 1 or more")]),
        *_ends_faults(workflow),
        *_requires_faults("entry", workflow.entry, workflow),
        *_roles_faults(workflow.roles),
        *_milestone_faults(workflow),
        *_policy_faults(workflow.policy, workflow.roles),
    )


def _name_faults(key: str, name: str) -> Iterator[Fault]:
    if not name.strip():
        yield Fault(key, "is empty")
    elif name != name.strip() or "\n" in name or "\t" in name:
        yield Fault(key, f"{name!r} must be one line, without blanks around it")
    elif len(name) > NAME_CHARS:
        yield Fault(key, f"is {len(name)} characters long, more than {NAME_CHARS}")
    elif fault := text_fault(name):
        yield Fault(key, fault.rstrip("."))


def _ends_faults(workflow: Workflow) -> Iterator[Fault]:
    missing = False
    for key, name in (("start", workflow.start), ("finish", workflow.finish)):
        if name not in workflow.order:
            missing = True
            yield Fault(key, f"{name!r} is no milestone{_nearest(name, workflow.order)}", "milestone.id")
    if not missing and workflow.index(workflow.start) > workflow.index(workflow.finish):
        yield Fault("finish", f"{workflow.finish!r} comes before the start {workflow.start!r}", "start")


def _roles_faults(roles: tuple[str, ...]) -> Iterator[Fault]:
    if not roles:
        yield Fault("roles", "is empty: somebody must be able to act")
    for role in roles:
        if not is_name(role):
            yield Fault("roles", f"{role!r} cannot be a role: letters a-z, digits, '.', '_' and '-' can")
    yield from _twice("roles", roles)


def _milestone_faults(workflow: Workflow) -> Iterator[Fault]:
    if not workflow.milestones:
        yield Fault("milestone", "there are no milestones: write [[milestone]] with an id")
    if len(workflow.milestones) > MILESTONES:
        many = f"there are {len(workflow.milestones)} milestones, more than {MILESTONES}"
        yield Fault(f"milestone[{MILESTONES}]", many)
    for n, milestone in enumerate(workflow.milestones):
        yield from _name_faults(f"milestone[{n}].id", milestone.id)
        if milestone.id in workflow.order[:n]:
            yield Fault(f"milestone[{n}].id", f"{milestone.id!r} is there twice")
        if fault := text_fault(milestone.question):
            yield Fault(f"milestone[{n}].question", fault.rstrip("."))
        yield from _requires_faults(f"milestone[{n}].requires", milestone.requires, workflow)


def _requires_faults(key: str, requires: tuple[str, ...], workflow: Workflow) -> Iterator[Fault]:
    if key == "entry" and "criteria" in requires:
        yield Fault(key, "'criteria' can never be met here: a criterion belongs to a milestone's gate")
    for requirement in requires:
        kind, colon, name = requirement.partition(":")
        if kind not in get_args(RequirementKind):
            known = tuple(each + (":" if each in NAMED else "") for each in get_args(RequirementKind))
            yield Fault(key, f"unknown requirement {requirement!r}{_nearest(kind, known)}")
        elif kind in NAMED:
            known = _names_of(kind, workflow)
            if known and name not in known:
                what, against = NAMED[kind], "roles" if kind == "approval" else ""
                yield Fault(key, f"{requirement!r} names no {what}{_nearest(name, known)}", against)
        elif colon:
            yield Fault(key, f"{requirement!r}: {kind!r} takes no name")
    yield from _twice(key, requires)


def _names_of(kind: str, workflow: Workflow) -> tuple[str, ...]:
    match kind:
        case "approval":
            return workflow.roles
        case "risk":
            return RISK_CATEGORIES
        case _:
            return get_args(EvidenceKind)


def _policy_faults(policy: Policy, roles: tuple[str, ...]) -> Iterator[Fault]:
    for key in Policy.__struct_fields__:
        value = getattr(policy, key)
        if key in BOUNDS:
            least, most = BOUNDS[key]
            if not least <= value <= most:
                yield Fault(f"policy.{key}", f"{value} is not within {least} to {most}")
        elif isinstance(value, tuple):
            if not value and key in NEVER_EMPTY:
                yield Fault(f"policy.{key}", "is empty: nobody could ever do it")
            for role in value:
                if roles and role not in roles:
                    yield Fault(f"policy.{key}", f"{role!r} is no role{_nearest(role, roles)}", "roles")
            yield from _twice(f"policy.{key}", value)


def _twice(key: str, values: tuple[str, ...]) -> Iterator[Fault]:
    for value in dict.fromkeys(values):
        if values.count(value) > 1:
            yield Fault(key, f"{value!r} is there twice")


def _nearest(given: str, known: tuple[str, ...]) -> str:
    """How a message about an unknown word ends: the nearest known one, else some of them."""
    import difflib

    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(dict.fromkeys(known[:15]))}" if known else ""
