"""How a control stands by what was found, by what shows it, and by what the purpose is classified as."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from roadlog.controls import mapping
from roadlog.controls.mapping import Control, Framework
from roadlog.domain.events import (
    Event,
    EvidenceAttached,
    EvidenceKind,
    InitiativeStopped,
    MonitorDefined,
    OurRole,
    PurposeClassified,
    RiskClass,
)
from roadlog.projections.audit.judgement import accounts, summary
from roadlog.projections.audit.story import Ground, Story
from tests.domain.spec import By, given
from tests.projections.audit.found import BUILT, END, LIVE
from tests.projections.histories import day, defined, measured, on, risk, short

MONITOR = MonitorDefined(signal="Wrong answers", where="dashboard", owner="erin")


def control(**told: Any) -> Control:
    return Control(id="it", title="It", refs=("1",), **told)


def evidence(kind: EvidenceKind) -> EvidenceAttached:
    return EvidenceAttached(
        evidence="D1", kind=kind, title="D", uri=None, media_type=None, sha256="a" * 64, size=1
    )


def judged(
    asked: Control, *histories: tuple[Event | By, ...], start: datetime | None = None, at: datetime = END
) -> dict[str, Any]:
    """The control's answer for initiatives with these histories, whose keys are SUP-1, SUP-2, …"""
    first = given(*(histories or ((),))[0], workflow=short())
    ground = Ground(first.roadmap, at, mapping.limits())
    roadmap = Story("SUP", ground)
    for record in first.roadmap:
        roadmap.enter(record)
    framework = Framework(
        id="theirs", name="Theirs", edition="1", date="2026", source="", mapped="2026-01-01", control=(asked,)
    )
    (account,) = accounts([(framework, asked)], start, roadmap)
    for number, steps in enumerate(histories, start=1):
        records = given(*steps, workflow=short()).initiative
        account.take(Story(f"SUP-{number}", ground).read(records), ground.workflow)
    account.together([("SUP", roadmap.found)])
    return account.answer()


def stands(asked: Control, *histories: tuple[Event | By, ...], **told: Any) -> tuple[str, list[int]]:
    answer = judged(asked, *histories, **told)
    return answer["status"], answer["evidence"]


def classified(risk_class: RiskClass, our_role: OurRole | None = "provider") -> By:
    event = PurposeClassified(
        purpose="Answer", affected="Customers", risk_class=risk_class, our_role=our_role, basis="Read"
    )
    return on(2.5, event)


RISKS = control(evidence=("RiskLogged",))


def test_what_a_record_shows_is_satisfied_with_its_position() -> None:
    answer = judged(RISKS, (*BUILT, on(3, risk())))
    assert answer == {
        "id": "it",
        "framework": "theirs",
        "title": "It",
        "framework_refs": ["Theirs, 1"],
        "status": "satisfied",
        "evidence": [104],
        "findings": [],
        "initiatives": {"satisfied": ["SUP-1"]},
        "why": {},
    }


def test_what_no_record_shows_is_absent_and_says_what_is_missing() -> None:
    answer = judged(RISKS, BUILT)
    assert (answer["status"], answer["evidence"]) == ("absent", [])
    assert answer["why"] == {"no risk": ["SUP-1"]}


def test_each_kind_of_evidence_must_be_there_and_of_alternatives_one() -> None:
    both = control(evidence=("RiskLogged", "MonitorDefined|OutcomeMeasured"))
    answer = judged(both, (*BUILT, on(3, risk())))
    assert (answer["status"], answer["evidence"]) == ("absent", [104])
    assert answer["why"] == {"no definition of the monitor or measurement": ["SUP-1"]}
    assert stands(both, (*BUILT, on(3, risk()), on(4, measured(3)))) == ("satisfied", [104, 105])
    assert stands(both, (*BUILT, on(3, risk()), on(4, MONITOR))) == ("satisfied", [104, 105])


def test_evidence_may_have_to_be_of_a_kind() -> None:
    data = control(evidence=("EvidenceAttached/dataset",))
    assert stands(data, (*BUILT, on(3, evidence("dataset")))) == ("satisfied", [104])
    assert judged(data, (*BUILT, on(3, evidence("model"))))["why"] == {
        "no evidence of kind dataset": ["SUP-1"]
    }


def test_who_is_enrolled_shows_it_for_every_initiative() -> None:
    assert stands(control(evidence=("StakeholderJoined",)), BUILT) == ("satisfied", [3, 4, 5, 6, 7, 8])


def test_a_finding_outweighs_evidence() -> None:
    watched = control(evidence=("MilestoneAdvanced",), checks=("live-without-monitor",))
    answer = judged(watched, LIVE)
    assert (answer["status"], answer["evidence"]) == ("finding", [102, 103, 104])
    assert answer["findings"] == [
        {
            "text": "Live since 2026-03-05 without a monitor that somebody owns",
            "positions": [104],
            "key": "SUP-1",
            "check": "live-without-monitor",
        }
    ]


def test_what_looks_for_exceptions_is_satisfied_where_there_are_none() -> None:
    waivers = control(evidence=("GateWaived",), checks=("waiver-expired",), exceptions=True)
    assert stands(waivers, BUILT) == ("satisfied", [])
    assert stands(waivers) == ("satisfied", [])


# Scope

HIGH = control(classes=("high",), our_roles=("provider",), evidence=("RiskLogged",))


@pytest.mark.parametrize("risk_class", ["minimal", "limited", "prohibited"])
def test_what_is_asked_of_high_risk_is_out_of_scope_for_others_and_says_why(risk_class: RiskClass) -> None:
    answer = judged(HIGH, (*BUILT, classified(risk_class), on(3, risk())))
    assert (answer["status"], answer["evidence"]) == ("out-of-scope", [])
    assert answer["why"] == {f"its purpose is classified as {risk_class}": ["SUP-1"]}


def test_it_is_in_scope_for_high_risk_and_where_nobody_has_classified_it() -> None:
    assert stands(HIGH, (*BUILT, classified("high"), on(3, risk()))) == ("satisfied", [105])
    assert stands(HIGH, BUILT) == ("absent", [])
    assert stands(HIGH, (*BUILT, classified("high", None))) == ("absent", [])


def test_what_is_asked_of_providers_is_out_of_scope_for_deployers() -> None:
    assert judged(HIGH, (*BUILT, classified("high", "deployer")))["why"] == {"we are its deployer": ["SUP-1"]}


def test_findings_of_what_is_out_of_scope_do_not_count() -> None:
    asked = control(classes=("high",), checks=("live-without-monitor",), exceptions=True)
    assert stands(asked, (*LIVE, on(4, classified("limited").event))) == ("out-of-scope", [])


# When it is due

WATCHED = control(due="live", evidence=("MonitorDefined",))


def test_what_is_due_once_live_is_out_of_scope_before_unless_it_is_there() -> None:
    assert judged(WATCHED, BUILT)["why"] == {"it was never live": ["SUP-1"]}
    assert stands(WATCHED, LIVE) == ("absent", [])
    assert stands(WATCHED, (*BUILT, on(3, MONITOR))) == ("satisfied", [104])


def test_nothing_is_due_in_the_backlog_or_of_what_was_stopped_early() -> None:
    assert judged(RISKS, (defined(),))["why"] == {"it has not started": ["SUP-1"]}
    stopped = (*BUILT, on(3, InitiativeStopped()))
    assert judged(RISKS, stopped)["why"] == {"it was stopped before it went live": ["SUP-1"]}


# Several initiatives


def test_the_worst_of_several_initiatives_stands_for_all_and_each_is_named() -> None:
    answer = judged(RISKS, (*BUILT, on(3, risk())), BUILT, (defined(),))
    assert answer["status"] == "absent"
    assert answer["initiatives"] == {"absent": ["SUP-2"], "satisfied": ["SUP-1"], "out-of-scope": ["SUP-3"]}


def test_without_initiatives_the_roadmap_alone_is_judged() -> None:
    assert stands(RISKS) == ("absent", [])
    assert stands(control(evidence=("WorkflowAdopted",))) == ("satisfied", [2])


# The period


def test_evidence_is_that_of_the_period_and_else_what_stood_before_it() -> None:
    steps = (*BUILT, on(3, risk()), on(10, risk("R2")))
    assert stands(RISKS, steps, start=day(5)) == ("satisfied", [105])
    assert stands(RISKS, steps, start=day(20)) == ("satisfied", [104, 105])
    assert stands(RISKS, steps, at=day(2.9)) == ("absent", [])
    assert stands(RISKS, steps, at=day(9)) == ("satisfied", [104])


def test_a_finding_counts_for_each_period_in_which_it_held() -> None:
    watched = control(checks=("live-without-monitor",), evidence=("MilestoneAdvanced",))
    steps = (*LIVE, on(20, MONITOR))
    assert judged(watched, steps, start=day(10))["status"] == "finding"
    assert judged(watched, steps, at=day(10))["status"] == "finding"
    assert judged(watched, steps, start=day(20))["status"] == "satisfied"
    assert judged(watched, steps, at=day(2.9))["status"] == "satisfied"


def test_the_summary_counts_each_status() -> None:
    found = [judged(RISKS, BUILT), judged(HIGH, BUILT), judged(WATCHED, BUILT)]
    assert summary(found) == {"finding": 0, "absent": 2, "satisfied": 0, "out-of-scope": 1}
