"""What an approval is about: the subject of a vote, its parts and its digest (glossary: subject digest).

Values only, no positions and no times of recording, so that a value logged again leaves the digest as it was.
"""

from typing import Any

import msgspec

from roadlog.domain.criteria import asked_criteria, counted_result
from roadlog.domain.events import Number
from roadlog.domain.initiative import (
    Criterion,
    Fallback,
    InitiativeState,
    Monitor,
    Notice,
    OutcomeState,
    Risk,
)
from roadlog.domain.moments import rfc3339
from roadlog.domain.workflow import Workflow

Content = dict[str, Any]


def content(state: InitiativeState, workflow: Workflow, milestone: str | None) -> Content:
    """The subject of a vote on that gate (None: the backlog's), as JSON-able values, one key a part.

    Not in it: votes, conditions, notes, measurements, edge cases and times. A baseline belongs to its target,
    which may be relative to it. Risks are the open ones whose score, before or after treatment, is at or
    above the policy's threshold.
    """
    threshold = workflow.policy.risk_threshold
    return {
        "title": state.title,
        "problem": state.problem,
        "segments": sorted(state.segments),
        "approach": state.approach,
        "outcomes": {each.metric: _target(each) for each in state.outcomes.values()},
        "criteria": {each.id: _criterion(state, each) for each in asked_criteria(state, milestone)},
        "evidence": {each.id: each.sha256 for each in state.evidence.values()},
        "risks": {
            each.id: _risk(each)
            for each in state.risks.values()
            if each.open and max(each.score, each.residual) >= threshold
        },
        "fallback": _fallback(state.fallback),
        "notice": _notice(state.notice),
        "monitor": _monitor(state.monitor),
    }


def parts(state: InitiativeState, workflow: Workflow, milestone: str | None) -> dict[str, str]:
    """Each part with 16 hex digits of the SHA-256 of its sorted-key JSON; a vote keeps them."""
    return parts_of(content(state, workflow, milestone))


def digest(state: InitiativeState, workflow: Workflow, milestone: str | None) -> str:
    """SHA-256, in hex, of the whole content as sorted-key JSON."""
    return digest_of(content(state, workflow, milestone))


def parts_of(subject: Content) -> dict[str, str]:
    """The parts' digests of a content at hand."""
    return {name: _sha256(value)[:16] for name, value in subject.items()}


def digest_of(subject: Content) -> str:
    """The digest of a content at hand."""
    return _sha256(subject)


def _sha256(value: object) -> str:
    from hashlib import sha256

    return sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def _number(value: Number | None) -> Number | None:
    """12.0 and 12 are one number, and so they are written alike."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _target(outcome: OutcomeState) -> Content:
    return {
        "unit": outcome.unit,
        "baseline": _number(outcome.baseline),
        "target": _number(outcome.target),
        "relative": outcome.relative,
        "by": outcome.by and outcome.by.isoformat(),
    }


def _criterion(state: InitiativeState, criterion: Criterion) -> Content:
    result = counted_result(state, criterion)
    return {
        "metric": criterion.metric,
        "operator": criterion.operator,
        "threshold": _number(criterion.threshold),
        "segment": criterion.segment,
        "dataset": criterion.dataset,
        "result": result
        and {
            "value": _number(result.value),
            "sample": result.sample,
            "low": _number(result.low),
            "high": _number(result.high),
            "evidence": result.evidence,
            "verdict": result.verdict,
        },
    }


def _risk(risk: Risk) -> Content:
    accepted = risk.accepted
    return {
        "likelihood": risk.likelihood,
        "impact": risk.impact,
        "treatment": risk.treatment,
        "residual_likelihood": risk.residual_likelihood,
        "residual_impact": risk.residual_impact,
        "accepted": accepted and {"until": rfc3339(accepted.until), "role": accepted.role, "by": accepted.by},
    }


def _fallback(fallback: Fallback | None) -> Content | None:
    """A fallback is what it says with its trigger and what its last test showed."""
    if fallback is None:
        return None
    last = max(fallback.tests, key=lambda test: (test.at, test.position), default=None)
    return {
        "kind": fallback.kind,
        "description": fallback.description,
        "trigger": fallback.trigger,
        "owner": fallback.owner,
        "passed": last and last.passed,
    }


def _notice(notice: Notice | None) -> Content | None:
    if notice is None:
        return None
    return {"text": notice.text, "placement": notice.placement, "locale": notice.locale}


def _monitor(monitor: Monitor | None) -> Content | None:
    if monitor is None:
        return None
    return {"signal": monitor.signal, "where": monitor.where, "owner": monitor.owner}
