"""One initiative, whole: the board's row and every part of its state."""

from datetime import datetime
from typing import Any

from roadlog.domain.criteria import counted_result
from roadlog.domain.gate import Gate, Requirement, split
from roadlog.domain.initiative import Incident, InitiativeState, OutcomeState, Risk, Visit, Vote, Waiver
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.wording import listed, parts_in_words
from roadlog.projections.board import outcome_answer, row
from roadlog.projections.metrics.measured import visit_answer
from roadlog.projections.plain import plain
from roadlog.projections.standing import gate_of, not_evidenced, workflow_of


def page(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> dict[str, Any]:
    """The board's keys and the rest. Entries name the position of their record, which leads to the trail.

    defined_at, adopted_since, imported, origin: how it came onto the roadmap; an imported one, from where
    not_evidenced: milestones of adopted work whose gates were passed before its adoption
    visits: of one begun by a backward move also what was learned, and what will be different
    spans: blocked, paused and stopped times; heard: when each role last spoke
    """
    return {
        **row(state, roadmap, at),
        "problem": state.problem,
        "segments": list(state.segments),
        "approach": state.approach,
        "outcomes": [_outcome(each) for each in state.outcomes.values()],
        "visits": [_visit(each, at) for each in state.visits],
        "spans": plain(state.spans),
        "rollout": state.rollout,
        "dependencies": list(state.dependencies),
        "expectation": plain(state.expectation),
        "classification": plain(state.classification),
        **_approval_parts(state, roadmap, at),
        "risks": risks(state, at),
        "evidence": plain(tuple(state.evidence.values())),
        **_criteria_parts(state),
        "fallback": plain(state.fallback),
        "notice": plain(state.notice),
        "monitor": plain(state.monitor),
        "edge_cases": plain(tuple(state.edge_cases.values())),
        "edge_case_reviews": plain(state.edge_case_reviews),
        "incidents": [_incident(each) for each in state.incidents.values()],
        "notes": plain(state.notes),
        "defined_at": plain(state.defined_at),
        "adopted_since": plain(state.adopted_since),
        "imported": state.imported,
        "origin": plain(state.origin),
        "not_evidenced": not_evidenced(state, workflow_of(roadmap)),
        "version": state.version,
    }


def _visit(visit: Visit, at: datetime) -> dict[str, Any]:
    told = {"cycle": visit.cycle, "began": visit.began, "learned": visit.learned, "change": visit.change}
    return {**visit_answer(visit, at), **told}


def _outcome(outcome: OutcomeState) -> dict[str, Any]:
    return {
        **outcome_answer(outcome),
        "position": outcome.position,
        "measurements": plain(outcome.measurements),
    }


def _approval_parts(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> dict[str, Any]:
    gate = gate_of(state, roadmap, at)
    return {
        "approvals": [_vote(each, state, gate) for each in state.approvals],
        "requests": plain(state.requests),
        "heard": plain(state.heard),
        "waivers": [_waiver(each, at) for each in state.waivers],
        "broken_glass": plain(tuple(state.break_glass.values())),
    }


def _vote(vote: Vote, state: InitiativeState, gate: Gate) -> dict[str, Any]:
    """`counts` is whether the gate of today rests on it, `why_not` what speaks against it; `counted`, whether
    a gate that was passed rested on it.
    """
    entry = plain(vote)
    del entry["shown"]
    lines = {split(each.id)[1]: each for each in gate.requirements if each.kind == "approval"}
    why = _why_not(vote, state, lines.get(vote.role))
    return {**entry, "counts": why is None, "why_not": why, "counted": vote.position in state.relied}


def _why_not(vote: Vote, state: InitiativeState, line: Requirement | None) -> str | None:
    if (vote.milestone, vote.cycle) != (state.milestone, state.cycle):
        left = vote.milestone or "the backlog"
        if vote.position in state.relied:
            return f"counted when it left {left}"
        taken_back = {"withdrawn": vote.withdrawn_by, "superseded": vote.superseded_by}
        how = next((f", {word} at #{by}" for word, by in taken_back.items() if by is not None), "")
        return f"no gate that was passed rests on it{how}"
    if line is None:
        return f"the gate asks for no approval by {vote.role}"
    if vote.position in line.by:
        return None
    told = {each.position: f"{listed(parts_in_words(each.fields))} changed since" for each in line.stale}
    told |= {each.position: each.why for each in line.not_counted}
    return told.get(vote.position, "given later")


def _waiver(waiver: Waiver, at: datetime) -> dict[str, Any]:
    return {**plain(waiver), "in_force": at < waiver.until}


def risks(state: InitiativeState, at: datetime) -> list[dict[str, Any]]:
    """Its risks, with what remains of each, and whether an acceptance has lapsed."""
    return [_risk(each, at) for each in state.risks.values()]


def _risk(risk: Risk, at: datetime) -> dict[str, Any]:
    accepted = risk.accepted
    return {
        **plain(risk),
        "score": risk.score,
        "residual": risk.residual,
        "accepted": {**plain(accepted), "lapsed": accepted.until <= at} if accepted else None,
    }


def _criteria_parts(state: InitiativeState) -> dict[str, Any]:
    """Each criterion with the result that counts for it, and of each result whether it counts."""
    counted = {each.id: counted_result(state, each) for each in state.criteria.values()}
    positions = {each.position for each in counted.values() if each}
    return {
        "criteria": [{**plain(each), "result": plain(counted[each.id])} for each in state.criteria.values()],
        "results": [{**plain(each), "counts": each.position in positions} for each in state.results],
        "experiments": plain(tuple(state.experiments.values())),
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        **plain(incident),
        "open": incident.closed_at is None,
        "reported": [{"to": to, "at": plain(at)} for to, at in incident.reported],
    }
