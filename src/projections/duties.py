"""What is owed beside the next step: reviews, answers, consultations, measurements, and what lapses soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from roadlog.domain.gate import Gate, evaluate
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import days, told
from roadlog.domain.names import wish
from roadlog.domain.roadmap import Consent, RoadmapState
from roadlog.domain.wording import quoted
from roadlog.projections.standing import (
    AT_A_GATE,
    IN_PROGRESS,
    consultations_due,
    latest_break_glass,
    measurement_due,
    status_of,
    workflow_of,
)

SOON: timedelta = days(7)
"""How long before it lapses a waiver or an acceptance is worth a thought."""
BRIEF = 60
"""Characters of somebody's text that a line has room for."""


class Duty(Struct, frozen=True, kw_only=True):
    """Something that can be done or is owed: what, since when, by whom, and the command to type.

    kind: what sort of duty
    role: the role in which it is owed, where that matters
    by: the handles who could do it
    """

    key: str
    kind: str
    what: str
    since: datetime
    try_: str
    role: str | None = None
    by: tuple[str, ...] = ()


def holders(roadmap: RoadmapState, roles: tuple[str, ...]) -> tuple[str, ...]:
    """The people who hold one of these roles; while there is one person, that one may do all (rule 10)."""
    people = roadmap.humans()
    return tuple(each.handle for each in people if roadmap.alone or set(each.roles) & set(roles))


def answerable(state: InitiativeState, roadmap: RoadmapState) -> tuple[str, ...]:
    """The owner; where nobody here owns it, product."""
    if any(each.handle == state.owner for each in roadmap.present()):
        return (state.owner,) if state.owner else ()
    return holders(roadmap, ("product",))


def brief(text: str) -> str:
    """The beginning of somebody's text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= BRIEF else f"{line[: BRIEF - 1]}…"


def duties(state: InitiativeState, roadmap: RoadmapState, gate: Gate, at: datetime) -> Iterator[Duty]:
    """All that is owed on the initiative but the next step through its gate, which is in `steps.py`."""
    status = status_of(state, workflow_of(roadmap))
    yield from _reviews(state, roadmap)
    if status in IN_PROGRESS:
        yield from _not_upheld(state, roadmap, at)
    yield from _incidents(state, roadmap)
    if status not in ("stopped", "retired"):
        yield from _owner(state, roadmap, at)
        yield from _edge_cases(state, roadmap)
    if status in IN_PROGRESS:
        yield from _conditions(state, roadmap)
        yield from _consultations(state, roadmap, at)
        yield from _measurement(state, roadmap, at)
        yield from _acceptances(state, roadmap, at)
    if status in AT_A_GATE and gate.next:
        yield from _waivers(state, roadmap, gate, at)


def consent_duties(roadmap: RoadmapState) -> Iterator[Duty]:
    """Commands that wait for another person's yes (rule 11)."""
    people = [each.handle for each in roadmap.humans()]
    for consent in roadmap.consents.values():
        if consent.answer == "waiting":
            yield Duty(
                key=consent.stream,
                kind="consent",
                what=f"Say yes or no to what {consent.by} asks: {asked_of(consent)}",
                since=consent.requested_at,
                by=tuple(each for each in people if not roadmap.same(each, consent.by)),
                try_=f"roadlog consent {consent.request}",
            )


def asked_of(consent: Consent, *, whole: bool = False) -> str:
    """What would happen, as of when, and why it takes a second person; `whole`: uncut, with its reason."""
    asked = wish(consent.command, consent.arguments)
    asked = (asked if whole else brief(asked)).rstrip(".")
    dated = "" if consent.at == consent.requested_at else f", dated {told(consent.at)}"
    because = f", because “{consent.reason}”" if whole and consent.reason else ""
    return f"{asked}{dated}{because}. {consent.why}"


def _reviews(state: InitiativeState, roadmap: RoadmapState) -> Iterator[Duty]:
    """Rule 9: by another than who broke the glass, unless there is no other."""
    limit = days(workflow_of(roadmap).policy.break_glass_review_days)
    people = [each.handle for each in roadmap.humans()]
    for each in state.break_glass.values():
        if each.reviewed_by is None:
            yield Duty(
                key=state.key,
                kind="review",
                what=f"Review {each.by}'s break-glass at {each.milestone}, by {(each.at + limit).date()}",
                since=each.at,
                by=tuple(one for one in people if roadmap.alone or not roadmap.same(one, each.by)),
                try_=f"roadlog review {state.key} {each.move} --upheld --because WHY",
            )


def _not_upheld(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[Duty]:
    """What broken glass should not have bypassed is supplied after all, or the work goes back to it."""
    opened, workflow = latest_break_glass(state), workflow_of(roadmap)
    if opened is None or opened.upheld is not False:
        return
    place = next(at for at, each in enumerate(state.visits) if each.entered_by == opened.move)
    left = state.visits[place - 1].milestone if place else None
    if left is not None and left not in workflow.order:
        return
    reached = workflow.index(left)
    later = [each.milestone for each in state.visits[place + 1 :] if each.milestone in workflow.order]
    if any(workflow.index(each) <= reached for each in later):
        return
    missing = evaluate(state, workflow, left, at, roadmap).missing
    if not missing:
        return
    yield Duty(
        key=state.key,
        kind="break-glass",
        what=f"The break-glass at {left or 'the backlog'} was not upheld: "
        + (f"go back to {left} and pass its gate" if left else "supply what that gate lacks"),
        since=opened.at,
        by=answerable(state, roadmap),
        try_=f"roadlog return {state.key} {quoted(left)} --loop rejection --because WHY"
        if left
        else missing[0].try_ or f"roadlog show {state.key}",
    )


def _incidents(state: InitiativeState, roadmap: RoadmapState) -> Iterator[Duty]:
    for each in state.incidents.values():
        if each.closed_at is None:
            yield Duty(
                key=state.key,
                kind="incident",
                what=f"Incident {each.id} of severity {each.severity} is open: {brief(each.description)}",
                since=each.at,
                by=answerable(state, roadmap),
                try_=f"roadlog incident close {state.key} {each.id} --because WHY",
            )


def _owner(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[Duty]:
    if state.owner is None:
        yield Duty(
            key=state.key,
            kind="owner",
            what="Nobody answers for it: name an owner",
            since=state.defined_at or state.adopted_since or at,
            by=holders(roadmap, ("product",)),
            try_=f"roadlog owner {state.key} HANDLE",
        )


def _edge_cases(state: InitiativeState, roadmap: RoadmapState) -> Iterator[Duty]:
    severe = workflow_of(roadmap).policy.edge_case_severity
    for each in state.edge_cases.values():
        if each.outcome is None and each.severity >= severe:
            yield Duty(
                key=state.key,
                kind="edge-case",
                what=f"Decide what becomes of {each.id}, severity {each.severity}: {brief(each.description)}",
                since=each.at,
                by=answerable(state, roadmap),
                try_=f"roadlog edge-case triage {state.key} {each.id} --outcome OUTCOME",
            )


def _conditions(state: InitiativeState, roadmap: RoadmapState) -> Iterator[Duty]:
    """What approvers of this cycle still ask for."""
    for vote in state.approvals:
        if vote.cycle != state.cycle or not vote.stands:
            continue
        for each in vote.conditions:
            if each.met_by is None:
                due = f", due {each.due}" if each.due else ""
                yield Duty(
                    key=state.key,
                    kind="condition",
                    what=f"Meet {vote.stakeholder}'s condition {each.id}{due}: {brief(each.text)}",
                    since=vote.at,
                    by=answerable(state, roadmap),
                    try_=f"roadlog condition met {state.key} {each.id}",
                )


def _consultations(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[Duty]:
    """Rule 12. A role speaks through those who hold it."""
    workflow = workflow_of(roadmap)
    for role, due in consultations_due(state, workflow).items():
        if due <= at:
            yield Duty(
                key=state.key,
                kind="consultation",
                what=f"Hear {role}: silent for {workflow.policy.consult_every_days} days or more",
                role=role,
                since=due,
                by=holders(roadmap, (role,)),
                try_=f"roadlog checkin {state.key} --role {role} TEXT",
            )


def _measurement(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[Duty]:
    workflow = workflow_of(roadmap)
    due, outcome = measurement_due(state, workflow), state.first_outcome
    limit = workflow.policy.measure_every_days
    if due is not None and due <= at:
        metric = quoted(outcome.metric) if outcome else "METRIC"
        yield Duty(
            key=state.key,
            kind="measurement",
            what=f"Measure the outcome: live, and unmeasured for {limit} days or more",
            since=due,
            by=answerable(state, roadmap),
            try_=f"roadlog measure {state.key} {metric} VALUE"
            if outcome
            else f"roadlog target {state.key} METRIC --unit UNIT --baseline N --target N",
        )


def _acceptances(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[Duty]:
    """Of open risks that nothing but the acceptance treats."""
    policy = workflow_of(roadmap).policy
    for each in state.risks.values():
        accepted = each.accepted
        if not each.open or accepted is None or at < accepted.until - SOON:
            continue
        if not each.mitigated_below(policy.risk_threshold):
            yield Duty(
                key=state.key,
                kind="acceptance",
                what=f"The acceptance of {each.id} {_lapses(accepted.until, at)}: treat it, or accept anew",
                role=accepted.role,
                since=accepted.until - SOON,
                by=holders(roadmap, policy.may_accept_risk),
                try_=f"roadlog risk accept {state.key} {each.id} --until DATE --because WHY",
            )


def _waivers(state: InitiativeState, roadmap: RoadmapState, gate: Gate, at: datetime) -> Iterator[Duty]:
    """Of the present gate, where no record meets the requirement. An owner waives no approval (rule 10)."""
    policy = workflow_of(roadmap).policy
    for line in gate.requirements:
        mine = [
            each.until
            for each in state.waivers
            if (each.milestone, each.requirement) == (gate.milestone, line.id)
        ]
        if not mine or (line.met and line.waiver is None) or at < max(mine) - SOON:
            continue
        role = line.id.removeprefix("approval:") if line.kind == "approval" else None
        able = holders(roadmap, (role, *policy.may_waive_approvals) if role else policy.may_waive)
        yield Duty(
            key=state.key,
            kind="waiver",
            what=f"The waiver of {line.id} {_lapses(max(mine), at)}: supply it, or waive anew",
            role=role,
            since=max(mine) - SOON,
            by=tuple(
                each for each in able if roadmap.alone or not role or not roadmap.same(each, state.owner)
            ),
            try_=f"roadlog waive {state.key} {line.id} --until DATE --because WHY",
        )


def _lapses(until: datetime, at: datetime) -> str:
    return f"{'lapsed' if until <= at else 'lapses'} on {until.date()}"
