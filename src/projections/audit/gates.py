"""What gates rested on when they were passed, and whether that has lapsed since."""

from collections.abc import Iterator
from datetime import datetime

from roadlog.domain.events import BreakGlassReviewed, MilestoneAdvanced, Satisfied
from roadlog.domain.gate import Requirement, evaluate, split
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import days
from roadlog.domain.wording import listed, parts_in_words
from roadlog.projections.audit.findings import End, Finding, Passage, Step, day, once


def approval_at_gate(step: Step) -> Iterator[Finding]:
    """Approvals that a gate was passed on though they did not count, judged again as things stood then; and
    what stood against it where the gate was passed without them."""
    event = step.record.event
    if not isinstance(event, MilestoneAdvanced) or step.imported:
        return
    lines = [each for each in event.gate if split(each.requirement)[0] == "approval"]
    for milestone in dict.fromkeys(each.milestone for each in lines):
        gate = evaluate(step.before, step.workflow, milestone, step.at, step.roadmap)
        then = {each.id: each for each in gate.requirements}
        for line in lines:
            if line.milestone == milestone and line.requirement in then:
                yield from _approval(step, line, then[line.requirement])


def _approval(step: Step, line: Satisfied, then: Requirement) -> Iterator[Finding]:
    against = dict(_against(step.before, then, step.at, relied=line.by))
    wrong = {each: against[each] for each in line.by if each in against and each not in then.by}
    if not line.by:
        wrong = against
    for position, why in wrong.items():
        text = f"The gate of {line.milestone or 'the backlog'} {_passed(step, line, position, why)}"
        yield once(text, [position, step.record.position], step.at)


def _passed(step: Step, line: Satisfied, position: int, why: str) -> str:
    """On what, or against what, a gate was passed."""
    vote = next((each for each in step.before.approvals if each.position == position), None)
    whose = f"{vote.stakeholder}'s" if vote else f"#{position}, an"
    role = split(line.requirement)[1]
    if line.by:
        return f"rested on {whose} approval as {role}, which did not count: {why}"
    how = "a waiver" if line.waiver is not None else "break-glass"
    if vote and vote.decision == "rejected":
        return f"was passed by {how} against {whose} rejection as {role}"
    return f"was passed by {how} while {whose} approval as {role} did not count: {why}"


def _against(
    state: InitiativeState, then: Requirement, at: datetime, *, relied: tuple[int, ...]
) -> Iterator[tuple[int, str]]:
    """Positions of votes, and why each did not count: stale, expired, withdrawn, a standing no; of votes that
    were relied on, whatever it was."""
    votes = {each.position: each for each in state.approvals}
    for each in then.stale:
        yield each.position, f"{listed(parts_in_words(each.fields)) or 'its subject'} changed since"
    for other in then.not_counted:
        vote = votes.get(other.position)
        if vote is None:
            continue
        lapsed = vote.stands and vote.valid_until is not None and vote.valid_until <= at
        against = lapsed or (vote.stands and vote.decision == "rejected" and vote.cycle == state.cycle)
        if against or other.position in relied:
            yield other.position, other.why


def passage(step: Step, event: MilestoneAdvanced) -> Passage:
    """What is kept of a move through a gate until the end of the period."""
    waivers = {each.position: each for each in step.before.waivers}
    waived = tuple((line, waivers[line.waiver]) for line in event.gate if line.waiver in waivers)
    return Passage(step.record, event, step.workflow, waived)


def waiver_expired(end: End) -> Iterator[Finding]:
    """Waivers that had lapsed when their gate was passed; and those that a gate rests on still, which lapsed
    since, while nothing else has met the requirement.

    It rests on them no more once the work went back to that milestone or before, was stopped or retired.
    """
    for each in end.gates:
        for line, waiver in each.waived:
            positions = (waiver.position, each.record.position)
            if waiver.until <= each.at:
                lapsed = f"The waiver of {line.requirement} had lapsed on {day(waiver.until)}"
                yield once(f"{lapsed} when its gate was passed", positions, each.at)
            elif waiver.until <= end.at and not end.ended and _rests(end, each, line):
                rests = (
                    f"The gate of {line.milestone or 'the backlog'} rests on a waiver of {line.requirement}"
                )
                text = f"{rests} that lapsed on {day(waiver.until)}, and nothing has met it since"
                yield Finding(text, positions, waiver.until, end.at)


def _rests(end: End, passed: Passage, line: Satisfied) -> bool:
    """Whether the work went on from that gate, and nothing but the waiver met the requirement."""
    if _returned(end, passed, line.milestone):
        return False
    today = evaluate(end.state, end.workflow, line.milestone, end.at, end.roadmap).requirements
    return any(each.id == line.requirement and not each.met for each in today)


def _returned(end: End, passed: Passage, milestone: str | None) -> bool:
    """Whether it stood at that milestone or before it since."""
    order = end.workflow.order
    if milestone is None or milestone not in order:
        return False
    later = [each.milestone for each in end.state.visits if each.entered_by > passed.record.position]
    return any(each in order and order.index(each) <= order.index(milestone) for each in later)


def break_glass_late(step: Step) -> Iterator[Finding]:
    """A review that came late, or did not uphold the move."""
    event = step.record.event
    if not isinstance(event, BreakGlassReviewed):
        return
    opened = step.before.break_glass.get(event.move)
    if opened is None:
        return
    due = opened.at + days(step.workflow.policy.break_glass_review_days)
    positions = [event.move, step.record.position]
    if step.at > due:
        text = (
            f"{opened.by}'s break-glass at {opened.milestone} was reviewed late: that was due on {day(due)}"
        )
        yield once(text, positions, step.at)
    if not event.upheld:
        yield once(f"{opened.by}'s break-glass at {opened.milestone} was not upheld", positions, step.at)


def break_glass_unreviewed(end: End) -> Iterator[Finding]:
    """Break-glass that nobody has reviewed by the day on which that was due."""
    policies = {each.record.position: each.workflow.policy for each in end.gates}
    for each in end.state.break_glass.values():
        due = each.at + days(policies[each.move].break_glass_review_days)
        if each.reviewed_by is None and due <= end.at:
            text = f"{each.by}'s break-glass at {each.milestone} is not reviewed; that was due on {day(due)}"
            yield Finding(text, (each.move,), due, end.at)


def prohibited(end: End) -> Iterator[Finding]:
    """A prohibited purpose that is neither stopped nor retired."""
    found = end.state.classification
    if found is None or found.risk_class != "prohibited" or end.ended:
        return
    moves = [each for each in end.gates if each.record.position > found.position]
    on = f", and moved on to {end.state.milestone}" if moves else ""
    text = f"Its purpose is classified as prohibited, and it is neither stopped nor retired{on}"
    since = moves[0].at if moves else end.at
    yield Finding(text, (found.position, *(each.record.position for each in moves)), since, end.at)
