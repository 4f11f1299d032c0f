"""A workflow made of a log's own activities."""

from collections.abc import Sequence

from msgspec.structs import replace

from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import Milestone, Workflow
from roadlog.domain.workflow_rules import MILESTONES
from roadlog.interop.likeness import near

NAME = "inferred"
"""What such a workflow is called, and how an import knows one."""


def inferred(
    activities: Sequence[str], in_force: Workflow, *, start: str | None, finish: str | None, called: str
) -> Workflow:
    """A workflow without gates whose milestones are these activities, in this order.

    It keeps the roles and the policy in force. Where an inferred workflow is in force already, it is that one
    with the new activities behind those they follow here: moves that are recorded keep their meaning.
    Raises Malformed for more than fifty, or for a start or finish that is not among them or in wrong order.
    `called` is what the log calls an activity.
    """
    known = in_force if in_force.name == NAME else None
    order = _joined(known.order if known else (), activities)
    if len(order) > MILESTONES:
        raise Malformed(
            "import",
            f"There would be {len(order)} activities; a workflow has at most {MILESTONES} milestones. "
            "Say with --map FILE what each activity means.",
        )
    first, last = _ends(order, known, start, finish, called)
    if known is None:
        return Workflow(
            name=NAME,
            version=1,
            start=first,
            finish=last,
            milestones=tuple(Milestone(id=name) for name in order),
            entry=(),
            roles=in_force.roles,
            policy=replace(in_force.policy, problem_first=False),
        )
    there = {each.id: each for each in known.milestones}
    milestones = tuple(there.get(name) or Milestone(id=name) for name in order)
    made = replace(known, start=first, finish=last, milestones=milestones)
    return made if made == known else replace(made, version=known.version + 1)


def ends_moved(before: Workflow, after: Workflow) -> str | None:
    """What to tell whoever moves the ends of an inferred workflow; None where they stay."""
    if before.name != NAME or after.name != NAME:
        return None
    told = []
    if before.start != after.start:
        told.append(
            f"The start is {after.start!r} now; it was {before.start!r}. What is recorded keeps the cycles "
            "that began there; only work that starts from now on begins at the new one."
        )
    if before.finish != after.finish:
        told.append(
            f"The finish is {after.finish!r} now; it was {before.finish!r}. Cycles that ended there count "
            "as unfinished now, so that metrics differ from those of the whole log imported at once. To "
            f"have one finish throughout, keep the old one with --finish {before.finish!r} at every import, "
            "or begin with --map FILE in a roadmap of its own."
        )
    return " ".join(told) or None


def _ends(
    order: list[str], known: Workflow | None, start: str | None, finish: str | None, called: str
) -> tuple[str, str]:
    """Start and finish: as given, else as they were set apart before, else the first and the last."""
    for option, name in (("--start", start), ("--finish", finish)):
        if name is not None and name not in order:
            alike = near(name, order)
            hint = f"Did you mean {alike!r}?" if alike else f"Known: {', '.join(order)}."
            raise Malformed(
                "import", f"{option} {name!r} is no {called} of this log. {hint}", missing=(name,)
            )
    first, last = order[0], order[-1]
    if known and known.start != known.order[0]:
        first = known.start
    if known and known.finish != known.order[-1]:
        last = known.finish
    first, last = start or first, finish or last
    if order.index(first) > order.index(last):
        raise Malformed(
            "import", f"The start {first!r} comes after the finish {last!r} in: {', '.join(order)}."
        )
    return first, last


def _joined(known: Sequence[str], activities: Sequence[str]) -> list[str]:
    """The known ones in their order, each new one behind the one it follows."""
    order = list(known)
    before: str | None = None
    for activity in activities:
        if activity not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, activity)
        before = activity
    return order
