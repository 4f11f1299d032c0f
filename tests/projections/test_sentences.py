"""What the trail says of each type, word for word, with a value in every field and with nothing optional."""

from datetime import date

import pytest
from msgspec.structs import replace

from roadlog.domain.events import (
    CATALOGUE,
    ExpectationSet,
    MilestoneAdvanced,
    MilestoneReturned,
    Number,
    Outcome,
    OutcomeTargeted,
    Satisfied,
    StakeholderJoined,
)
from roadlog.projections.sentences import number, sentence
from tests.golden.lines import variants

SAID = r"""
RoadmapOpened: opened the roadmap SUP, Support AI
WorkflowAdopted: adopted the workflow ai-product (version 1)
StakeholderJoined: enrolled dana as compliance and product
StakeholderJoined: enrolled dana as stakeholder without a role
StakeholderLeft: recorded that otto left
RoleGranted: gave dana the role engineering
RoleRevoked: took the role product from dana
ConsentRequested: asked for a second person's consent on SUP-1 to void record 12, dated 2026-09-30T12:30:15Z. Rule 11: the record is another's.
ConsentRequested: asked for a second person's consent on SUP-1 to void a record, dated 2026-09-30T12:30:15Z. Rule 11: the record is another's.
ConsentGiven: consented to the request at position 7
ConsentRefused: refused the request at position 8
ProblemDefined: defined the problem “Reduce support load”, allowed to propose “GPT-4”
ProblemDefined: defined the problem “Reduce support load”
ProblemReframed: reframed title, problem, segments and approach, allowed to propose “RAG”
ProblemReframed: reframed nothing
InitiativeAdopted: adopted “Onboarding”, in training since 2026-09-30
OutcomeTargeted: targeted tickets -30 % from 900 per week by 2026-09-30
OutcomeMeasured: measured tickets: 812.5 (n = 4)
OutcomeMeasured: measured tickets: 812.5
OwnerChanged: made dan the owner
InitiativePlaced: placed it in now, rank 1
InitiativePlaced: placed it in now
DependencyAdded: made it depend on SUP-2
DependencyRemoved: removed the dependency on SUP-2
PurposeClassified: classified its purpose as limited risk
ExpectationSet: set the expectation of 3 to 5 iterations
StakeholderConsulted: said as compliance: Fine so far
MilestoneAdvanced: advanced from feasibility to prototype by break-glass, 1 requirement waived
MilestoneAdvanced: advanced from the backlog to prototype by break-glass
BreakGlassReviewed: reviewed the break-glass at position 12: upheld
MilestoneReturned: went back from experimentation to training for learning, beginning iteration 2; learned: Sarcasm is read as praise; will change: Label it
MilestoneReturned: went back from experimentation to training, beginning iteration 2
GateWaived: waived criteria of training until 2026-09-30
GateWaived: waived criteria of the backlog until 2026-09-30
WorkBlocked: blocked the work: no access to the tickets
WorkUnblocked: unblocked the work
WorkPaused: paused the work
WorkResumed: resumed the work
InitiativeStopped: stopped the initiative
InitiativeReopened: reopened the initiative
InitiativeRetired: retired the product
RolloutSet: rolled it out to 12.5 % of users
ApprovalRequested: asked data-science and compliance to decide on training (Q1)
ApprovalRequested: asked nobody to decide on the backlog (Q1)
StakeholderApproved: approved training as compliance, signed, saying “Good enough for a pilot”, on condition C1 “Tell the users”, due 2026-09-30
StakeholderApproved: approved the backlog as compliance
StakeholderRejected: rejected training as compliance
StakeholderRejected: rejected the backlog as compliance
StakeholderAbstained: abstained on training as compliance
StakeholderAbstained: abstained on the backlog as compliance
ApprovalWithdrawn: withdrew the vote on training as compliance
ApprovalWithdrawn: withdrew the vote on the backlog as compliance
ConditionMet: met condition C1
RiskLogged: logged risk R1 (hallucination, 4 × 5 = 20): Invents refunds
RiskAssessed: assessed risk R1 at 3 × 5 = 15
RiskMitigated: mitigated risk R1 to 2 × 3 = 6: Amounts come from the ledger
RiskAccepted: accepted risk R1 as compliance until 2026-09-30
RiskClosed: closed risk R1
RiskReopened: reopened risk R1
FallbackDefined: defined the fallback (human-handoff): Talk to a human
FallbackTested: tested the fallback: passed
FallbackActivated: activated the fallback
FallbackDeactivated: deactivated the fallback
NoticeDefined: defined the notice “Written by a machine” (above the answer)
MonitorDefined: defined the monitor of share of edited drafts (the support desk), owned by otto
EdgeCaseLogged: logged edge case E1 (severity 4): Sarcasm read as praise
EdgeCaseTriaged: triaged edge case E1: wont-fix
EdgeCasesReviewed: reviewed 200 of drafts of May for edge cases and found 3
IncidentOpened: opened incident I1 (severity 4): Refund promised twice
IncidentReported: reported incident I1 to the regulator
IncidentClosed: closed incident I1
CriterionSet: set criterion F1 of training: f1 >= 0.9 for retail
CriterionSet: set criterion F1 of training: f1 >= 0.9
CriterionRetired: retired criterion F1
ResultRecorded: recorded 0.92 (n = 500) for F1: met
ResultRecorded: recorded 0.92 for F1: met
ExperimentStarted: started experiment X1: Drafts save time
ExperimentConcluded: concluded experiment X1: ship. Two minutes less
EvidenceAttached: attached dataset D1: Tickets of 2025
NoteAdded: noted: Grüße, “quoted” \ and⏎second line 👍
RecordVoided: voided the record at position 21
KeyEnrolled: enrolled dana's key SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM, which signs until 2027-09-30T12:30:15Z
KeyEnrolled: enrolled dana's key SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM
KeyRetired: retired dana's key SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM
PersonalDataErased: erased what the directory held of dana
LogKeyChanged: changed the log's key from adb82477 to 5d1f09ce
ForecastKept: kept a forecast: with 85 % probability at least 5 more finish by 2027-01-01 (forecast/1, seed 4711, position 12)
ForecastKept: kept a forecast: with 85 % probability at least 5 more finish by None (forecast/1, seed 4711, position 12)
ForecastKept: kept a forecast: with 70 % probability SUP-1 finishes by 2027-02-09 (forecast/1, seed 0, position 12)
ForecastKept: kept a forecast: with 70 % probability at least 2027-02-09 more finish by None (forecast/1, seed 0, position 12)
"""  # noqa: E501


def test_every_type_has_its_sentence() -> None:
    said = [f"{type(each).__name__}: {sentence(each)}".replace("\n", "⏎") for each in variants()]
    expected = SAID.strip().splitlines()
    assert list(dict.fromkeys(said)) == expected
    assert {each.partition(":")[0] for each in expected} == CATALOGUE.keys()


OUTCOME = Outcome(metric="csat", unit="points", baseline=70, target=80, relative=False, by=None)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (OUTCOME, "targeted csat from 70 to 80 points"),
        (replace(OUTCOME, baseline=None, by=date(2026, 9, 30)), "targeted csat to 80 points by 2026-09-30"),
        (replace(OUTCOME, unit=None), "targeted csat from 70 to 80"),
        (replace(OUTCOME, target=None), "targeted csat from 70 points, no target yet"),
        (replace(OUTCOME, target=None, baseline=None), "targeted csat, no target yet"),
        (replace(OUTCOME, relative=True, target=10), "targeted csat +10 % from 70 points"),
        (replace(OUTCOME, relative=True, target=-2.5, baseline=None), "targeted csat -2.5 %"),
    ],
)
def test_a_target_is_told_as_it_was_stated(outcome: Outcome, expected: str) -> None:
    assert sentence(OutcomeTargeted(outcome=outcome)) == expected


@pytest.mark.parametrize(("few", "many", "expected"), [(1, 1, "1 iteration"), (2, 2, "2 iterations")])
def test_an_exact_expectation_is_one_number(few: int, many: int, expected: str) -> None:
    event = ExpectationSet(
        iterations_from=few, iterations_to=many, outcome_from=None, outcome_to=None, told=()
    )
    assert sentence(event) == f"set the expectation of {expected}"


def test_a_move_through_an_open_gate_says_no_more_than_that() -> None:
    event = MilestoneAdvanced(
        from_=None, to="feasibility", cycle=1, iteration=1, visit=1, break_glass=False, gate=()
    )
    assert sentence(event) == "advanced from the backlog to feasibility"


def test_a_move_by_break_glass_names_what_was_bypassed() -> None:
    def line(requirement: str, *, met: bool, waiver: int | None = None) -> Satisfied:
        return Satisfied(milestone="training", requirement=requirement, by=(), waiver=waiver, met=met)

    event = MilestoneAdvanced(
        from_="training",
        to="integration",
        cycle=1,
        iteration=1,
        visit=1,
        break_glass=True,
        gate=(
            line("approval:engineering", met=False),
            line("approval:compliance", met=False),
            line("notice", met=True, waiver=9),
        ),
    )
    assert sentence(event) == (
        "advanced from training to integration by break-glass, bypassing approval:engineering and "
        "approval:compliance; 1 requirement waived"
    )


def test_a_return_to_the_same_milestone_begins_it_again() -> None:
    event = MilestoneReturned(
        from_="training",
        to="training",
        loop="rework",
        learned=None,
        change=None,
        cycle=1,
        iteration=2,
        visit=2,
    )
    assert sentence(event) == "began training again for rework, beginning iteration 2"


def test_three_roles_are_listed_as_people_do() -> None:
    event = StakeholderJoined(
        stakeholder="dana",
        kind="human",
        roles=("product", "compliance", "engineering"),
        name_commitment=None,
        address_commitment=None,
    )
    assert sentence(event) == "enrolled dana as product, compliance and engineering"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(7, "7"), (7.0, "7"), (7.5, "7.5"), (12000, "12000"), (0.1 + 0.2, "0.3"), (-30, "-30")],
)
def test_numbers_are_written_as_people_do(value: Number, expected: str) -> None:
    assert number(value) == expected
