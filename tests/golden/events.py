"""One event of every type, with a value in every field: what the golden lines hold.

Released lines never change, so neither do these: a type whose shape changes gets a further event here.
"""

from datetime import UTC, date, datetime

from roadlog.domain import events as e
from tests.domain.spec import AI_PRODUCT

DIGEST = "5f" * 32
SHOWN = {"problem": "a1" * 32, "risks": "b2" * 32}
LATER = datetime(2026, 9, 30, 12, 30, 15, 250000, tzinfo=UTC)
DAY = date(2026, 9, 30)
OUTCOME = e.Outcome(metric="tickets", unit="per week", baseline=900, target=-30, relative=True, by=DAY)
DEFINITION = {
    "name": AI_PRODUCT.name,
    "version": AI_PRODUCT.version,
    "start": "feasibility",
    "finish": "live",
    "milestones": [{"id": "feasibility", "question": "Do we have the right data?"}, {"id": "live"}],
}

ROADMAP: tuple[e.Event, ...] = (
    e.RoadmapOpened(key="SUP", name="Support AI"),
    e.WorkflowAdopted(name="ai-product", version=1, digest=DIGEST, definition=DEFINITION),
    e.StakeholderJoined(
        stakeholder="dana",
        kind="human",
        roles=("compliance", "product"),
        name_commitment="c3" * 32,
        address_commitment="d4" * 32,
    ),
    e.StakeholderLeft(stakeholder="otto"),
    e.RoleGranted(stakeholder="dana", role="engineering"),
    e.RoleRevoked(stakeholder="dana", role="product"),
    e.ConsentRequested(
        command="VoidRecord",
        arguments={"stream": "SUP-1", "position": 12},
        stream="SUP-1",
        at=LATER,
        why="Rule 11: the record is another's.",
    ),
    e.ConsentGiven(request=7),
    e.ConsentRefused(request=8),
)

INITIATIVE: tuple[e.Event, ...] = (
    e.ProblemDefined(
        key="SUP-1",
        title="Reduce support load",
        problem="Support agents answer 900 tickets a week",
        outcome=OUTCOME,
        segments=("retail", "business"),
        approach="Draft answers with a language model",
        owner="paula",
        solution_words=("GPT-4",),
    ),
    e.ProblemReframed(
        title="Reduce support load by 30 %",
        problem="Customers wait nine hours",
        segments=("retail",),
        approach="Retrieval",
        solution_words=("RAG",),
    ),
    e.InitiativeAdopted(
        key="SUP-1",
        title="Onboarding",
        milestone="training",
        since=LATER,
        owner="paula",
        origin="under-way",
        cycle=1,
        iteration=1,
        visit=1,
    ),
    e.OutcomeTargeted(outcome=OUTCOME),
    e.OutcomeMeasured(metric="tickets", value=812.5, sample=4, evidence="D1"),
    e.OwnerChanged(owner="dan"),
    e.InitiativePlaced(horizon="now", rank=1),
    e.DependencyAdded(on="SUP-2"),
    e.DependencyRemoved(on="SUP-2"),
    e.PurposeClassified(
        purpose="Drafts answers that agents send",
        affected="Customers",
        risk_class="limited",
        our_role="deployer",
        basis="Article 50",
    ),
    e.ExpectationSet(
        iterations_from=3, iterations_to=5, outcome_from=-20, outcome_to=-30.5, told=("product", "compliance")
    ),
    e.StakeholderConsulted(role="compliance", said="Fine so far"),
    e.MilestoneAdvanced(
        from_="feasibility",
        to="prototype",
        cycle=1,
        iteration=1,
        visit=1,
        break_glass=True,
        gate=(
            e.Satisfied(
                milestone="feasibility", requirement="approval:compliance", by=(3, 4), waiver=9, met=True
            ),
        ),
    ),
    e.BreakGlassReviewed(move=12, upheld=True),
    e.MilestoneReturned(
        from_="experimentation",
        to="training",
        loop="learning",
        learned="Sarcasm is read as praise",
        change="Label it",
        cycle=1,
        iteration=2,
        visit=2,
    ),
    e.GateWaived(milestone="training", requirement="criteria", until=LATER),
    e.WorkBlocked(by="no access to the tickets"),
    e.WorkUnblocked(),
    e.WorkPaused(),
    e.WorkResumed(),
    e.InitiativeStopped(),
    e.InitiativeReopened(),
    e.InitiativeRetired(),
    e.RolloutSet(percent=12.5),
    e.ApprovalRequested(
        request="Q1",
        milestone="training",
        roles=("data-science", "compliance"),
        subject=DIGEST,
        shown=SHOWN,
        valid_days=30,
    ),
    e.StakeholderApproved(
        milestone="training",
        role="compliance",
        subject=DIGEST,
        shown=SHOWN,
        statement="Good enough for a pilot",
        conditions=(e.Condition(id="C1", text="Tell the users", due=DAY),),
        valid_until=LATER,
        signature="U1NIU0lH",
    ),
    e.StakeholderRejected(milestone="training", role="compliance", subject=DIGEST, shown=SHOWN),
    e.StakeholderAbstained(milestone="training", role="compliance", subject=DIGEST, shown=SHOWN),
    e.ApprovalWithdrawn(milestone="training", role="compliance"),
    e.ConditionMet(condition="C1"),
    e.RiskLogged(
        risk="R1",
        category="hallucination",
        description="Invents refunds",
        likelihood=4,
        impact=5,
        owner="erin",
        catalogue="nist-confabulation",
    ),
    e.RiskAssessed(risk="R1", likelihood=3, impact=5),
    e.RiskMitigated(risk="R1", treatment="Amounts come from the ledger", likelihood=2, impact=3),
    e.RiskAccepted(risk="R1", until=LATER, role="compliance"),
    e.RiskClosed(risk="R1"),
    e.RiskReopened(risk="R1"),
    e.FallbackDefined(
        kind="human-handoff", description="Talk to a human", trigger="confidence below 0.6", owner="otto"
    ),
    e.FallbackTested(passed=True, evidence="D2"),
    e.FallbackActivated(),
    e.FallbackDeactivated(),
    e.NoticeDefined(text="Written by a machine", placement="above the answer", locale="en"),
    e.MonitorDefined(signal="share of edited drafts", where="the support desk", owner="otto"),
    e.EdgeCaseLogged(
        case="E1", description="Sarcasm read as praise", severity=4, source="ticket 4711", risk="R1"
    ),
    e.EdgeCaseTriaged(case="E1", outcome="wont-fix"),
    e.EdgeCasesReviewed(source="drafts of May", sample=200, found=3),
    e.IncidentOpened(
        incident="I1", description="Refund promised twice", aware_at=LATER, severity=4, case="E1"
    ),
    e.IncidentReported(incident="I1", to="the regulator"),
    e.IncidentClosed(incident="I1"),
    e.CriterionSet(
        criterion="F1",
        milestone="training",
        metric="f1",
        operator=">=",
        threshold=0.9,
        segment="retail",
        dataset="e5" * 32,
    ),
    e.CriterionRetired(criterion="F1"),
    e.ResultRecorded(
        criterion="F1", value=0.92, sample=500, low=0.9, high=0.94, evidence="D3", verdict="met"
    ),
    e.ExperimentStarted(
        experiment="X1", hypothesis="Drafts save time", metric="minutes", variants=("without", "with")
    ),
    e.ExperimentConcluded(
        experiment="X1",
        decision="ship",
        summary="Two minutes less",
        variants=(e.VariantResult(variant="with", value=5.5, sample=400, low=5.1, high=5.9),),
    ),
    e.EvidenceAttached(
        evidence="D1",
        kind="dataset",
        title="Tickets of 2025",
        uri="https://data.example/tickets.csv",
        media_type="text/csv",
        sha256="f6" * 32,
        size=1048576,
    ),
    e.NoteAdded(text="Grüße, “quoted” \\ and\nsecond line 👍"),
    e.RecordVoided(position=21),
)

ADDED: tuple[e.Event, ...] = (
    e.KeyEnrolled(
        stakeholder="dana",
        public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE",
        valid_from=LATER,
        valid_until=datetime(2027, 9, 30, 12, 30, 15, 250000, tzinfo=UTC),
    ),
    e.KeyRetired(stakeholder="dana", fingerprint="SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM"),
    e.PersonalDataErased(stakeholder="dana"),
    e.LogKeyChanged(
        old="roadlog/SUP/b3c17e37a017b34a+adb82477+AUkS6rFeYn7Rc0Zp4e0nFvPj5h2Zb0cC3kXx1cQyq0cS",
        new="roadlog/SUP/b3c17e37a017b34a+5d1f09ce+AQ7l0p8uJm1dHq5gV9c3yZsW4bTtKe6RfxN2oYhA1LiE",
        by_old="bGQQ" * 21 + "bA==",
        by_new="bmV3" * 21 + "bg==",
    ),
    e.ForecastKept(
        computed_as="forecast/1",
        key=None,
        by=date(2027, 1, 1),
        count=None,
        window_from=LATER,
        window_to=None,
        zone="Europe/Berlin",
        seed=4711,
        trials=10_000,
        as_of=LATER,
        position=12,
        head="a7" * 32,
        n=31,
        lines=e.Lines(p50=9, p70=7, p85=5, p95=None),
    ),
    e.ForecastKept(
        computed_as="forecast/1",
        key="SUP-1",
        by=None,
        count=None,
        window_from=None,
        window_to=LATER,
        zone="UTC",
        seed=0,
        trials=10_000,
        as_of=LATER,
        position=12,
        head="a7" * 32,
        n=10,
        lines=e.Lines(p50=date(2027, 1, 9), p70=date(2027, 2, 9), p85=None, p95=None),
    ),
)
"""Types and shapes that came after the first release, oldest first: lines stand in the order of `EVENTS`."""

EVENTS = ROADMAP + INITIATIVE + ADDED
