"""What a digest says of a moment: decisions owed, approvals that went stale, quiet roles, outcomes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from roadlog.domain import subject
from roadlog.domain.initiative import InitiativeState, OutcomeState, Vote
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import signing
from roadlog.domain.workflow import Workflow
from roadlog.projections.board import outcome_answer
from roadlog.projections.duties import holders
from roadlog.projections.metrics.cycles import cycles
from roadlog.projections.metrics.iterations import iterations
from roadlog.projections.owed import owed
from roadlog.projections.sentences import sentence
from roadlog.projections.standing import consultations_due, gate_of, status_of, workflow_of
from roadlog.projections.walk import History, Walk

DECISIONS = frozenset({"approval", "consent", "review", "edge-case", "acceptance", "waiver"})
"""Kinds of duty in which somebody says yes or no; the others are work to do."""


def standing(
    roadmap: RoadmapState, states: Mapping[str, InitiativeState], handle: str, at: datetime
) -> dict[str, Any]:
    """What holds at a moment, whatever was recorded when.

    owed: the decisions that the stakeholder owes, oldest first; further: how many other things
    stale: approvals of theirs that stand but are about something else than what stands there today
    quiet: roles that were not heard for as long as the policy allows, and who could speak
    outcomes: of what was started and has not ended, how far its outcome had come in each iteration
    """
    titles = {roadmap.key: roadmap.name} | {key: state.title for key, state in states.items()}
    mine = owed(roadmap, states, handle, at)
    decisions = [{"title": titles.get(each["key"]), **each} for each in mine if each["kind"] in DECISIONS]
    return {
        "owed": decisions,
        "further": len(mine) - len(decisions),
        "stale": [each for state in states.values() for each in _stale(state, roadmap, handle, at)],
        "quiet": [each for state in states.values() for each in _quiet(state, roadmap, at)],
        "outcomes": [each for state in states.values() for each in _outcome(state, roadmap, at)],
    }


def _stale(
    state: InitiativeState, roadmap: RoadmapState, handle: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """The gate is looked at only where they voted on it."""
    here = (state.milestone, state.cycle)
    votes = {
        vote.position: vote
        for vote in state.approvals
        if vote.stakeholder == handle and vote.decision == "approved" and (vote.milestone, vote.cycle) == here
    }
    if not votes or state.stopped or state.retired:
        return
    for line in gate_of(state, roadmap, at).requirements:
        for each in line.stale:
            if each.position in votes:
                vote = votes[each.position]
                yield {
                    "key": state.key,
                    "title": state.title,
                    "milestone": vote.milestone,
                    "role": vote.role,
                    "position": vote.position,
                    "at": rfc3339(vote.at),
                    "fields": list(each.fields),
                    "try": _again(vote, state, roadmap),
                }


def _again(vote: Vote, state: InitiativeState, roadmap: RoadmapState) -> str | None:
    """How to approve what stands there now; None for somebody whose vote would not count any more."""
    able = roadmap.holds(vote.stakeholder, vote.role) and not roadmap.same(vote.stakeholder, state.owner)
    signed = signing(workflow_of(roadmap).policy, vote.role)
    return f"roadlog approve {state.key} --role {vote.role}{signed}" if able else None


def _quiet(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[dict[str, Any]]:
    for role, due in consultations_due(state, workflow_of(roadmap)).items():
        if due <= at:
            yield {
                "key": state.key,
                "title": state.title,
                "role": role,
                "since": rfc3339(due),
                "by": list(holders(roadmap, (role,))),
                "try": f"roadlog checkin {state.key} --role {role} TEXT",
            }


def _outcome(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Iterator[dict[str, Any]]:
    workflow, outcome = workflow_of(roadmap), state.first_outcome
    if outcome is None or status_of(state, workflow) in ("backlog", "stopped", "retired"):
        return
    yield {
        "key": state.key,
        "title": state.title,
        "outcome": outcome_answer(outcome),
        "iterations": [
            {
                "iteration": each["iteration"],
                "cycle": cycle.number,
                "from": each["from"],
                "to": each["to"],
                "value": _value_at(outcome, each["ended_at"]),
                "progress": each["progress"],
            }
            for cycle in cycles(state, workflow)
            for each in iterations(cycle, state, cycle.until(at))
        ],
    }


def _value_at(outcome: OutcomeState, end: str | None) -> int | float | None:
    """The latest measurement by then; None where nothing was measured yet."""
    values = [each.value for each in outcome.measurements if end is None or rfc3339(each.at) <= end]
    return values[-1] if values else None


def changed_since(
    records: Iterable[Record], history: History, vote: Mapping[str, Any], workflow: Workflow
) -> Iterator[dict[str, Any]]:
    """The records after a stale vote that changed one of its `fields`; `records` are all of its stream."""
    walk, shown = Walk(history), dict[str, str]()
    for record in records:
        walk.take(record)
        if record.position < vote["position"]:
            continue
        now = subject.parts(walk.changed()[record.stream], workflow, vote["milestone"])
        if shown and any(shown.get(field) != now.get(field) for field in vote["fields"]):
            yield {
                "position": record.position,
                "effective_at": rfc3339(record.effective_at),
                "actor": record.actor.id,
                "sentence": sentence(record.event),
            }
        shown = now
