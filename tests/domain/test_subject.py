"""The subject digest: what an approval is about, and what it is not about."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from msgspec.structs import replace

from roadlog.domain import subject
from roadlog.domain.events import (
    Condition,
    ConditionMet,
    EdgeCaseLogged,
    Event,
    EvidenceAttached,
    FallbackActivated,
    FallbackDefined,
    FallbackTested,
    MonitorDefined,
    NoteAdded,
    NoticeDefined,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    ProblemReframed,
    RiskAccepted,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
    StakeholderConsulted,
)
from roadlog.domain.evolve import fold
from tests.domain.gate_steps import TICKETS, Steps, advanced, criterion, defined, result, returned, voted
from tests.domain.spec import AI_PRODUCT, NOW, initiative_records, with_policy

PARTS = (
    "title",
    "problem",
    "segments",
    "approach",
    "outcomes",
    "criteria",
    "evidence",
    "risks",
    "fallback",
    "notice",
    "monitor",
)
EVIDENCE = EvidenceAttached(
    evidence="D1", kind="dataset", title="Tickets", uri=None, media_type=None, sha256="a" * 64, size=None
)
RISK = RiskLogged(
    risk="R1",
    category="bias",
    description="Worse for new users",
    likelihood=4,
    impact=4,
    owner=None,
    catalogue=None,
)
MITIGATED = RiskMitigated(risk="R1", treatment="Balanced the data", likelihood=1, impact=4)
FALLBACK = FallbackDefined(
    kind="human-handoff", description="Talk to a human", trigger="Low score", owner=None
)
TESTED = FallbackTested(passed=True, evidence=None)
NOTICE = NoticeDefined(text="An assistant wrote this", placement="Chat", locale=None)
MONITOR = MonitorDefined(signal="Wrong answers", where="Dashboard", owner="erin")
RETITLED = ProblemReframed(
    title="Fewer tickets", problem=None, segments=None, approach=None, solution_words=()
)

WHOLE: Steps = (
    defined(segments=("new", "returning")),
    advanced("training"),
    criterion(),
    result(),
    EVIDENCE,
    RISK,
    FALLBACK,
    TESTED,
    NOTICE,
    MONITOR,
)


def digest(*steps: Event, after: Steps = WHOLE, milestone: str = "training") -> str:
    return subject.digest(fold(initiative_records((*after, *steps))), AI_PRODUCT, milestone)


def changed(*steps: Event, after: Steps = WHOLE) -> set[str]:
    """The parts that these steps change."""
    before = subject.parts(fold(initiative_records(after)), AI_PRODUCT, "training")
    now = subject.parts(fold(initiative_records((*after, *steps))), AI_PRODUCT, "training")
    return {name for name in before if before[name] != now[name]}


def test_the_subject_has_exactly_these_parts() -> None:
    state = fold(initiative_records(WHOLE))
    assert tuple(subject.content(state, AI_PRODUCT, "training")) == PARTS
    assert tuple(subject.parts(state, AI_PRODUCT, "training")) == PARTS


def test_the_digest_is_the_sha256_of_the_sorted_json() -> None:
    state = fold(initiative_records(WHOLE))
    content = subject.content(state, AI_PRODUCT, "training")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert subject.digest(state, AI_PRODUCT, "training") == sha256(text.encode()).hexdigest()
    risks = json.dumps(content["risks"], sort_keys=True, separators=(",", ":")).encode()
    assert subject.parts(state, AI_PRODUCT, "training")["risks"] == sha256(risks).hexdigest()[:16]


def test_the_content_of_a_whole_initiative() -> None:
    content = subject.content(fold(initiative_records(WHOLE)), AI_PRODUCT, "training")
    assert content == {
        "title": "Reduce support load",
        "problem": "Support agents answer 900 tickets a week",
        "segments": ["new", "returning"],
        "approach": None,
        "outcomes": {
            "tickets": {
                "unit": "per week",
                "baseline": 900,
                "target": -30,
                "relative": True,
                "by": "2026-09-30",
            }
        },
        "criteria": {
            "F1": {
                "metric": "f1",
                "operator": ">=",
                "threshold": 0.8,
                "segment": None,
                "dataset": None,
                "result": {
                    "value": 0.9,
                    "sample": 200,
                    "low": None,
                    "high": None,
                    "evidence": None,
                    "verdict": "met",
                },
            }
        },
        "evidence": {"D1": "a" * 64},
        "risks": {
            "R1": {
                "likelihood": 4,
                "impact": 4,
                "treatment": None,
                "residual_likelihood": None,
                "residual_impact": None,
                "accepted": None,
            }
        },
        "fallback": {
            "kind": "human-handoff",
            "description": "Talk to a human",
            "trigger": "Low score",
            "owner": None,
            "passed": True,
        },
        "notice": {"text": "An assistant wrote this", "placement": "Chat", "locale": None},
        "monitor": {"signal": "Wrong answers", "where": "Dashboard", "owner": "erin"},
    }


@pytest.mark.parametrize(
    ("event", "part"),
    [
        (RETITLED, "title"),
        (replace(RETITLED, title=None, problem="Agents cannot keep up"), "problem"),
        (replace(RETITLED, title=None, segments=("new",)), "segments"),
        (replace(RETITLED, title=None, approach="A small model"), "approach"),
        (OutcomeTargeted(outcome=replace(TICKETS, target=-20)), "outcomes"),
        (OutcomeTargeted(outcome=replace(TICKETS, baseline=950)), "outcomes"),
        (OutcomeTargeted(outcome=replace(TICKETS, metric="csat")), "outcomes"),
        (criterion("F2"), "criteria"),
        (criterion(threshold=0.7), "criteria"),
        (result(value=0.91), "criteria"),
        (replace(EVIDENCE, evidence="D2"), "evidence"),
        (MITIGATED, "risks"),
        (RiskAccepted(risk="R1", until=NOW, role="compliance"), "risks"),
        (RiskClosed(risk="R1"), "risks"),
        (replace(RISK, risk="R2"), "risks"),
        (replace(FALLBACK, trigger="Any doubt"), "fallback"),
        (FallbackTested(passed=False, evidence=None), "fallback"),
        (replace(NOTICE, text="Written by a machine"), "notice"),
        (replace(MONITOR, owner="dan"), "monitor"),
    ],
)
def test_what_approvals_are_about_changes_the_digest(event: Event, part: str) -> None:
    assert digest(event) != digest()
    assert changed(event) == {part}


@pytest.mark.parametrize(
    "event",
    [
        NoteAdded(text="Looks good"),
        OutcomeMeasured(metric="tickets", value=700, sample=None, evidence=None),
        EdgeCaseLogged(case="E1", description="Said no to a refund", severity=5, source=None, risk=None),
        StakeholderConsulted(role="compliance", said="Go on"),
        OwnerChanged(owner="erin"),
        FallbackActivated(),
        returned("training"),
        replace(RISK, risk="R2", likelihood=2),
        criterion("P1", milestone="prototype"),
    ],
)
def test_what_approvals_are_not_about_keeps_the_digest(event: Event) -> None:
    assert digest(event) == digest()


@pytest.mark.parametrize(
    "event", [defined(segments=("returning", "new")), TESTED, FALLBACK, NOTICE, MONITOR, result()]
)
def test_an_equal_value_logged_again_keeps_the_digest(event: Event) -> None:
    again = (event, TESTED) if event == FALLBACK else (event,)
    assert digest(*again) == digest()


def test_twelve_and_twelve_point_zero_are_one_number() -> None:
    assert digest(OutcomeTargeted(outcome=replace(TICKETS, baseline=900.0))) == digest()


def test_votes_and_conditions_are_not_in_the_digest() -> None:
    condition = Condition(id="C1", text="Retest in May", due=None)
    approved = voted(WHOLE, "dan", "data-science", conditions=(condition,))
    assert digest(after=approved) == digest()
    assert digest(ConditionMet(condition="C1"), after=approved) == digest()


def test_a_result_measured_before_its_criterion_changed_is_not_in_the_digest() -> None:
    content = subject.content(
        fold(initiative_records((*WHOLE, criterion(threshold=0.7)))), AI_PRODUCT, "training"
    )
    assert content["criteria"]["F1"]["result"] is None


def test_only_the_criteria_of_this_gate_are_in_the_digest() -> None:
    assert digest(criterion(threshold=0.7), milestone="prototype") == digest(milestone="prototype")


def test_a_treated_risk_stays_in_the_subject_with_its_treatment() -> None:
    content = subject.content(fold(initiative_records((*WHOLE, MITIGATED))), AI_PRODUCT, "training")
    assert content["risks"]["R1"]["treatment"] == "Balanced the data"


def test_a_risk_closed_and_reopened_brings_the_digest_back() -> None:
    assert digest(RiskClosed(risk="R1"), RiskReopened(risk="R1")) == digest()


def test_the_policy_says_which_risks_approvals_are_about() -> None:
    state = fold(initiative_records(WHOLE))
    lenient = with_policy(risk_threshold=17)
    assert subject.content(state, lenient, "training")["risks"] == {}
    assert set(subject.content(state, with_policy(risk_threshold=16), "training")["risks"]) == {"R1"}
