"""What a record says, in one sentence without its actor: "approved training as compliance"."""

from typing import assert_never

from roadlog.domain.events import (
    AnythingEvent,
    ApprovalEvent,
    ApprovalRequested,
    ApprovalWithdrawn,
    BreakGlassReviewed,
    Condition,
    ConditionMet,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    CriterionRetired,
    CriterionSet,
    DependencyAdded,
    DependencyRemoved,
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    ExpectationSet,
    ExperimentConcluded,
    ExperimentEvent,
    ExperimentStarted,
    FallbackActivated,
    FallbackDeactivated,
    FallbackDefined,
    FallbackTested,
    ForecastKept,
    GateWaived,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    InitiativeAdopted,
    InitiativePlaced,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    KeyEnrolled,
    KeyRetired,
    LogKeyChanged,
    MilestoneAdvanced,
    MilestoneEvent,
    MilestoneReturned,
    MonitorDefined,
    NoteAdded,
    NoticeDefined,
    Number,
    Outcome,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    PersonalDataErased,
    ProblemDefined,
    ProblemEvent,
    ProblemReframed,
    PurposeClassified,
    RecordVoided,
    ResultRecorded,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskEvent,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
    RoadmapEvent,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    RolloutSet,
    SafeguardEvent,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderJoined,
    StakeholderLeft,
    StakeholderRejected,
    WorkBlocked,
    WorkflowAdopted,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.log_keys import key_id
from roadlog.domain.moments import told
from roadlog.domain.names import wish

BACKLOG = "the backlog"


def sentence(event: Event) -> str:
    """What happened, in one sentence that follows a name."""
    if isinstance(event, RoadmapEvent):
        return _roadmap(event)
    if isinstance(event, ProblemEvent):
        return _problem(event)
    if isinstance(event, MilestoneEvent):
        return _milestone(event)
    if isinstance(event, ApprovalEvent):
        return _approval(event)
    if isinstance(event, RiskEvent):
        return _risk(event)
    if isinstance(event, SafeguardEvent):
        return _safeguard(event)
    if isinstance(event, ExperimentEvent):
        return _experiment(event)
    if isinstance(event, AnythingEvent):
        return _anything(event)
    assert_never(event)


def _roadmap(event: RoadmapEvent) -> str:
    match event:
        case RoadmapOpened():
            return f"opened the roadmap {event.key}, {event.name}"
        case StakeholderJoined():
            return f"enrolled {event.stakeholder} as {_list(event.roles) or 'stakeholder without a role'}"
        case StakeholderLeft():
            return f"recorded that {event.stakeholder} left"
        case RoleGranted():
            return f"gave {event.stakeholder} the role {event.role}"
        case RoleRevoked():
            return f"took the role {event.role} from {event.stakeholder}"
        case KeyEnrolled():
            return _enrolled(event)
        case KeyRetired():
            return f"retired {event.stakeholder}'s key {event.fingerprint}"
        case LogKeyChanged():
            return f"changed the log's key from {key_id(event.old)} to {key_id(event.new)}"
        case WorkflowAdopted():
            return f"adopted the workflow {event.name} (version {event.version})"
        case PersonalDataErased():
            return f"erased what the directory held of {event.stakeholder}"
        case ForecastKept():
            return _forecast(event)
        case ConsentRequested():
            asked = wish(event.command, event.arguments).rstrip(".")
            return (
                f"asked for a second person's consent on {event.stream} to {asked}, "
                f"dated {told(event.at)}. {event.why}"
            )
        case ConsentGiven():
            return f"consented to the request at position {event.request}"
        case ConsentRefused():
            return f"refused the request at position {event.request}"
        case _:
            assert_never(event)


def _enrolled(event: KeyEnrolled) -> str:
    from roadlog.domain.ssh_keys import fingerprint

    until = f", which signs until {told(event.valid_until)}" if event.valid_until else ""
    return f"enrolled {event.stakeholder}'s key {fingerprint(event.public_key)}{until}"


def _forecast(event: ForecastKept) -> str:
    """Its 85 % line, or the surest below it that was told, and how to compute it again."""
    lines = ((85, event.lines.p85), (70, event.lines.p70), (50, event.lines.p50))
    level, sure = next((each for each in lines if each[1] is not None), lines[-1])
    if event.key is not None:
        said = f"{event.key} finishes by {sure}"
    elif event.count is not None:
        said = f"{event.count} more {'finishes' if event.count == 1 else 'finish'} by {sure}"
    else:
        said = f"at least {sure} more {'finishes' if sure == 1 else 'finish'} by {event.by}"
    made = f"{event.computed_as}, seed {event.seed}, position {event.position}"
    return f"kept a forecast: with {level} % probability {said} ({made})"


def _problem(event: ProblemEvent) -> str:
    match event:
        case ProblemDefined():
            return f"defined the problem “{event.title}”{_allowed(event.solution_words)}"
        case ProblemReframed():
            fields = ("title", "problem", "segments", "approach")
            changed = tuple(each for each in fields if getattr(event, each) is not None)
            return f"reframed {_list(changed) or 'nothing'}{_allowed(event.solution_words)}"
        case InitiativeAdopted():
            return f"adopted “{event.title}”, in {event.milestone} since {event.since:%Y-%m-%d}"
        case OutcomeTargeted():
            return f"targeted {_target(event.outcome)}"
        case OutcomeMeasured():
            return f"measured {event.metric}: {number(event.value)}{_sample(event.sample)}"
        case OwnerChanged():
            return f"made {event.owner} the owner"
        case InitiativePlaced():
            return f"placed it in {event.horizon}" + (f", rank {event.rank}" if event.rank else "")
        case DependencyAdded():
            return f"made it depend on {event.on}"
        case DependencyRemoved():
            return f"removed the dependency on {event.on}"
        case PurposeClassified():
            return f"classified its purpose as {event.risk_class} risk"
        case ExpectationSet():
            few, many = event.iterations_from, event.iterations_to
            return f"set the expectation of {'' if few == many else f'{few} to '}{_count(many, 'iteration')}"
        case StakeholderConsulted():
            return f"said as {event.role}: {event.said}"
        case _:
            assert_never(event)


def _milestone(event: MilestoneEvent) -> str:
    match event:
        case MilestoneAdvanced():
            moved = f"advanced from {event.from_ or BACKLOG} to {event.to}"
            bypassed = tuple(dict.fromkeys(line.requirement for line in event.gate if not line.met))
            if event.break_glass:
                moved += " by break-glass" + (f", bypassing {_list(bypassed)}" if bypassed else "")
            waived = sum(1 for line in event.gate if line.waiver is not None)
            waiver = f"{'; ' if bypassed else ', '}{_count(waived, 'requirement')} waived" if waived else ""
            return moved + waiver
        case BreakGlassReviewed():
            return (
                f"reviewed the break-glass at position {event.move}: {'' if event.upheld else 'not '}upheld"
            )
        case MilestoneReturned():
            kind = f" for {event.loop}" if event.loop else ""
            learned = f"; learned: {event.learned}" if event.learned else ""
            change = f"; will change: {event.change}" if event.change else ""
            way = (
                f"began {event.to} again"
                if event.from_ == event.to
                else f"went back from {event.from_} to {event.to}"
            )
            back = f"{way}{kind}, beginning iteration {event.iteration}"
            return f"{back}{learned}{change}"
        case GateWaived():
            return f"waived {event.requirement} of {event.milestone or BACKLOG} until {event.until:%Y-%m-%d}"
        case WorkBlocked():
            return f"blocked the work: {event.by}"
        case WorkUnblocked():
            return "unblocked the work"
        case WorkPaused():
            return "paused the work"
        case WorkResumed():
            return "resumed the work"
        case InitiativeStopped():
            return "stopped the initiative"
        case InitiativeReopened():
            return "reopened the initiative"
        case InitiativeRetired():
            return "retired the product"
        case RolloutSet():
            return f"rolled it out to {number(event.percent)} % of users"
        case _:
            assert_never(event)


def _approval(event: ApprovalEvent) -> str:
    match event:
        case ApprovalRequested():
            asked = _list(event.roles) or "nobody"
            return f"asked {asked} to decide on {event.milestone or BACKLOG} ({event.request})"
        case StakeholderApproved():
            signed = ", signed" if event.signature else ""
            said = f", saying “{event.statement}”" if event.statement else ""
            conditions = "".join(f", on condition {_condition(each)}" for each in event.conditions)
            return f"approved {event.milestone or BACKLOG} as {event.role}{signed}{said}{conditions}"
        case StakeholderRejected():
            return f"rejected {event.milestone or BACKLOG} as {event.role}"
        case StakeholderAbstained():
            return f"abstained on {event.milestone or BACKLOG} as {event.role}"
        case ApprovalWithdrawn():
            return f"withdrew the vote on {event.milestone or BACKLOG} as {event.role}"
        case ConditionMet():
            return f"met condition {event.condition}"
        case _:
            assert_never(event)


def _risk(event: RiskEvent) -> str:
    match event:
        case RiskLogged():
            return f"logged risk {event.risk} ({event.category}, {_score(event)}): {event.description}"
        case RiskAssessed():
            return f"assessed risk {event.risk} at {_score(event)}"
        case RiskMitigated():
            return f"mitigated risk {event.risk} to {_score(event)}: {event.treatment}"
        case RiskAccepted():
            return f"accepted risk {event.risk} as {event.role} until {event.until:%Y-%m-%d}"
        case RiskClosed():
            return f"closed risk {event.risk}"
        case RiskReopened():
            return f"reopened risk {event.risk}"
        case _:
            assert_never(event)


def _safeguard(event: SafeguardEvent) -> str:
    match event:
        case FallbackDefined():
            return f"defined the fallback ({event.kind}): {event.description}"
        case FallbackTested():
            return f"tested the fallback: {'passed' if event.passed else 'failed'}"
        case FallbackActivated():
            return "activated the fallback"
        case FallbackDeactivated():
            return "deactivated the fallback"
        case NoticeDefined():
            return f"defined the notice “{event.text}” ({event.placement})"
        case MonitorDefined():
            return f"defined the monitor of {event.signal} ({event.where}), owned by {event.owner}"
        case EdgeCaseLogged():
            return f"logged edge case {event.case} (severity {event.severity}): {event.description}"
        case EdgeCaseTriaged():
            return f"triaged edge case {event.case}: {event.outcome}"
        case EdgeCasesReviewed():
            return f"reviewed {event.sample} of {event.source} for edge cases and found {event.found}"
        case IncidentOpened():
            return f"opened incident {event.incident} (severity {event.severity}): {event.description}"
        case IncidentReported():
            return f"reported incident {event.incident} to {event.to}"
        case IncidentClosed():
            return f"closed incident {event.incident}"
        case _:
            assert_never(event)


def _experiment(event: ExperimentEvent) -> str:
    match event:
        case CriterionSet():
            segment = f" for {event.segment}" if event.segment else ""
            bound = f"{event.operator} {number(event.threshold)}"
            return f"set criterion {event.criterion} of {event.milestone}: {event.metric} {bound}{segment}"
        case CriterionRetired():
            return f"retired criterion {event.criterion}"
        case ResultRecorded():
            value = f"{number(event.value)}{_sample(event.sample)}"
            return f"recorded {value} for {event.criterion}: {event.verdict}"
        case ExperimentStarted():
            return f"started experiment {event.experiment}: {event.hypothesis}"
        case ExperimentConcluded():
            return f"concluded experiment {event.experiment}: {event.decision}. {event.summary}"
        case _:
            assert_never(event)


def _anything(event: AnythingEvent) -> str:
    match event:
        case EvidenceAttached():
            return f"attached {event.kind} {event.evidence}: {event.title}"
        case NoteAdded():
            return f"noted: {event.text}"
        case RecordVoided():
            return f"voided the record at position {event.position}"
        case _:
            assert_never(event)


def _allowed(words: tuple[str, ...]) -> str:
    """Rule 1, overridden: what the problem proposes all the same."""
    return f", allowed to propose {_list(tuple(f'“{each}”' for each in words))}" if words else ""


def _condition(condition: Condition) -> str:
    due = f", due {condition.due.isoformat()}" if condition.due else ""
    return f"{condition.id} “{condition.text}”{due}"


def number(value: Number) -> str:
    """A number as people write it: 7, 7.5, 12000."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _target(outcome: Outcome) -> str:
    start = "" if outcome.baseline is None else f" from {number(outcome.baseline)}"
    unit = f" {outcome.unit}" if outcome.unit else ""
    due = f" by {outcome.by.isoformat()}" if outcome.by else ""
    if outcome.target is None:
        return f"{outcome.metric}{start}{unit if start else ''}, no target yet{due}"
    if outcome.relative:
        sign = "+" if outcome.target > 0 else ""
        return f"{outcome.metric} {sign}{number(outcome.target)} %{start}{unit if start else ''}{due}"
    return f"{outcome.metric}{start} to {number(outcome.target)}{unit}{due}"


def _score(event: RiskLogged | RiskAssessed | RiskMitigated) -> str:
    return f"{event.likelihood} × {event.impact} = {event.likelihood * event.impact}"


def _sample(sample: int | None) -> str:
    return f" (n = {sample})" if sample is not None else ""


def _count(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"


def _list(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
