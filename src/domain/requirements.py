"""What meets each requirement of a gate, but for those in `criteria.py` and the approvals in `votes.py`.

Each function answers one kind with a `Finding`; `gate.py` asks them and applies waivers.
"""

from datetime import datetime

from msgspec import Struct

from roadlog.domain.events import EvidenceKind
from roadlog.domain.initiative import InitiativeState, Risk
from roadlog.domain.wording import listed, quoted
from roadlog.domain.workflow import Policy


class Stale(Struct, frozen=True, gc=False, kw_only=True):
    """A vote about something else than what stands there today, and the parts of the subject that differ."""

    position: int
    fields: tuple[str, ...]


class NotCounted(Struct, frozen=True, gc=False, kw_only=True):
    """A record (vote, result, waiver) that one might think meets the requirement, and why it does not."""

    position: int
    why: str


class Finding(Struct, frozen=True, gc=False, kw_only=True):
    """What the records say of one requirement: whether it holds and by which positions, or what would do."""

    met: bool
    text: str
    by: tuple[int, ...] = ()
    stale: tuple[Stale, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()
    try_: str | None = None


def problem(state: InitiativeState) -> Finding:
    """Rule 1: title and problem, and the first outcome's metric and target."""
    outcome = state.first_outcome
    given = {
        "title": state.title,
        "problem": state.problem,
        "metric": outcome,
        "target": None if outcome is None else outcome.target is not None,
    }
    missing = [name for name, value in given.items() if not value]
    if not missing:
        positions = {state.defined_by, outcome.position if outcome else None}
        return Finding(met=True, text="Problem stated, with metric and target", by=_positions(positions))
    metric = quoted(outcome.metric) if outcome else "METRIC"
    command = f"roadlog target {state.key} {metric} --unit UNIT --target N"
    if not (state.title and state.problem):
        command = f"roadlog define {quoted(state.title or 'TITLE')} --problem TEXT --for {state.key}"
    verb = "is" if len(missing) == 1 else "are"
    return Finding(met=False, text=f"Problem: {listed(missing)} {verb} missing", try_=command)


def baseline(state: InitiativeState) -> Finding:
    """The first outcome's value before anything was done."""
    outcome = state.first_outcome
    if outcome is None:
        command = f"roadlog target {state.key} METRIC --unit UNIT --baseline N --target N"
        return Finding(met=False, text="Baseline: there is no outcome yet", try_=command)
    if outcome.baseline is None:
        command = f"roadlog target {state.key} {quoted(outcome.metric)} --baseline N"
        return Finding(met=False, text=f"Baseline of {outcome.metric}: not known yet", try_=command)
    return Finding(met=True, text=f"Baseline of {outcome.metric} known", by=(outcome.position,))


def classification(state: InitiativeState) -> Finding:
    """The intended purpose, whom it affects, and its risk class; what is prohibited is not built."""
    found = state.classification
    if found is None:
        command = f"roadlog classify {state.key} --purpose TEXT --affected TEXT --class CLASS --basis TEXT"
        return Finding(met=False, text="Purpose: not classified yet", try_=command)
    if found.risk_class == "prohibited":
        early = NotCounted(position=found.position, why="the purpose is prohibited")
        command = f"roadlog stop {state.key} --because WHY"
        text = "Purpose: prohibited, so it may not be built"
        return Finding(met=False, text=text, not_counted=(early,), try_=command)
    return Finding(met=True, text=f"Purpose classified: {found.risk_class} risk", by=(found.position,))


def expectation(state: InitiativeState) -> Finding:
    """What everybody was told to expect."""
    found = state.expectation
    if found is None:
        command = f"roadlog expect {state.key} --iterations 3-5"
        return Finding(met=False, text="Expectation: nobody was told what to expect yet", try_=command)
    text = f"Expectation set: {found.iterations_from} to {found.iterations_to} iterations"
    return Finding(met=True, text=text, by=(found.position,))


def evidence(state: InitiativeState, kind: EvidenceKind | str) -> Finding:
    """At least one piece of evidence of that kind."""
    found = tuple(each.position for each in state.evidence.values() if each.kind == kind)
    if not found:
        command = f"roadlog evidence attach {state.key} FILE --kind {kind}"
        return Finding(met=False, text=f"Evidence: no {kind} attached yet", try_=command)
    return Finding(met=True, text=f"Evidence: {kind}", by=found)


def logged_risk(state: InitiativeState, category: str) -> Finding:
    """At least one risk of the category was thought of, whatever became of it."""
    found = tuple(each.position for each in state.risks.values() if each.category == category)
    if not found:
        command = f"roadlog risk log {state.key} TEXT --category {category} --likelihood N --impact N"
        return Finding(met=False, text=f"Risk: none of {category} logged yet", try_=command)
    return Finding(met=True, text=f"Risk of {category} logged", by=found)


def risks(state: InitiativeState, policy: Policy, at: datetime) -> Finding:
    """Rule 7: no open untreated risk at or above the threshold, and no acceptance that lapsed.

    Treated is a risk mitigated to below the threshold, or accepted and the acceptance unexpired.
    """
    due = [
        each
        for each in state.risks.values()
        if each.open and (max(each.score, each.residual) >= policy.risk_threshold or each.accepted)
    ]
    untreated = [each for each in due if not _treated(each, policy, at)]
    if not untreated:
        positions = {each.position for each in due} | {
            each.accepted.position if each.accepted else each.treated_by for each in due
        }
        return Finding(met=True, text="Risks treated", by=_positions(positions))
    names = [
        f"{each.id} (lapsed {each.accepted.until.date()})"
        if each.accepted
        else f"{each.id} ({each.residual})"
        for each in untreated
    ]
    lapsed = tuple(
        NotCounted(
            position=each.accepted.position,
            why=f"the acceptance of {each.id} lapsed {each.accepted.until.date()}",
        )
        for each in untreated
        if each.accepted
    )
    command = (
        f"roadlog risk mitigate {state.key} {untreated[0].id} --treatment TEXT --likelihood N --impact N"
    )
    text = f"Risks: {listed(names)} untreated, limit is below {policy.risk_threshold}"
    return Finding(met=False, text=text, not_counted=lapsed, try_=command)


def _treated(risk: Risk, policy: Policy, at: datetime) -> bool:
    mitigated = risk.mitigated_below(policy.risk_threshold)
    return mitigated or (risk.accepted is not None and at < risk.accepted.until)


def fallback(state: InitiativeState) -> Finding:
    """The present fallback passed its latest test, later than the latest evidence of a model, if any."""
    found = state.fallback
    if found is None:
        command = f"roadlog fallback define {state.key} TEXT --kind human-handoff --trigger TEXT"
        return Finding(met=False, text="Fallback: none defined yet", try_=command)
    command = f"roadlog fallback test {state.key} --passed"
    if not found.tests:
        return Finding(met=False, text="Fallback: defined, not tested yet", try_=command)
    test = max(found.tests, key=lambda each: (each.at, each.position))
    if not test.passed:
        return Finding(met=False, text="Fallback: its latest test failed", try_=command)
    models = [each for each in state.evidence.values() if each.kind == "model"]
    model = max(models, key=lambda each: (each.at, each.position), default=None)
    if model and (model.at, model.position) > (test.at, test.position):
        early = NotCounted(position=test.position, why=f"tested before the latest model ({model.id})")
        text = f"Fallback: not tested since the latest model ({model.id})"
        return Finding(met=False, text=text, not_counted=(early,), try_=command)
    text = f"Fallback tested after the latest model ({model.id})" if model else "Fallback tested"
    return Finding(met=True, text=text, by=(found.position, test.position))


def notice(state: InitiativeState) -> Finding:
    """The words that tell the user this is assistance, not gospel."""
    if state.notice is None:
        command = f"roadlog notice define {state.key} TEXT --where TEXT"
        return Finding(met=False, text="Notice: none defined yet", try_=command)
    return Finding(met=True, text="Notice to users defined", by=(state.notice.position,))


def monitor(state: InitiativeState) -> Finding:
    """Something is watched in production, by somebody."""
    if state.monitor is None or not state.monitor.owner:
        command = f"roadlog monitor define {state.key} TEXT --where TEXT --owner HANDLE"
        return Finding(met=False, text="Monitor: none with an owner yet", try_=command)
    return Finding(met=True, text=f"Monitor watched by {state.monitor.owner}", by=(state.monitor.position,))


def edge_cases(state: InitiativeState, policy: Policy) -> Finding:
    """Somebody looked, at a known sample, and no severe case waits for its triage."""
    severity = policy.edge_case_severity
    waiting = [
        each.id for each in state.edge_cases.values() if each.outcome is None and each.severity >= severity
    ]
    reviews = tuple(each.position for each in state.edge_case_reviews if each.source and each.sample > 0)
    missing = []
    command = ""
    if not reviews:
        missing.append("no review with source and sample size yet")
        command = f"roadlog edge-case review {state.key} --source TEXT --sample N --found N"
    if waiting:
        missing.append(f"{listed(waiting)} of severity {severity} or more not triaged")
        command = command or f"roadlog edge-case triage {state.key} {waiting[0]} --outcome OUTCOME"
    if missing:
        return Finding(met=False, text=f"Edge cases: {'; '.join(missing)}", try_=command)
    severe = {each.triaged_by for each in state.edge_cases.values() if each.severity >= severity}
    return Finding(met=True, text="Edge cases reviewed and triaged", by=_positions(severe | set(reviews)))


def experiment(state: InitiativeState) -> Finding:
    """The latest concluded experiment of this cycle was decided `ship`. It is of the cycle it began in."""
    first = min((each.iteration for each in state.visits if each.cycle == state.cycle), default=0)
    concluded = {
        each.concluded_by: each for each in state.experiments.values() if each.concluded_by is not None
    }
    present = {position: each for position, each in concluded.items() if each.iteration >= first}
    latest = max(present, key=lambda position: (present[position].concluded_at, position), default=None)
    if latest is not None and present[latest].decision == "ship":
        return Finding(met=True, text=f"Experiment {present[latest].id} concluded: ship", by=(latest,))
    text = "Experiment: none concluded in this cycle yet"
    if latest is not None:
        found = present[latest]
        text = f"Experiment: {found.id}, the latest, was concluded {found.decision}, not ship"
    earlier = tuple(
        NotCounted(position=position, why=f"{each.id} belongs to an earlier cycle")
        for position, each in concluded.items()
        if each.iteration < first
    )
    return Finding(met=False, text=text, not_counted=earlier, try_=_experimenting(state, first))


def _experimenting(state: InitiativeState, first: int) -> str:
    """Conclude the one that runs, or start one."""
    running = (
        each for each in state.experiments.values() if each.concluded_by is None and each.iteration >= first
    )
    present = next(running, None)
    if present is not None:
        return f"roadlog experiment conclude {state.key} {quoted(present.id)} --decision ship --summary TEXT"
    return (
        f"roadlog experiment start {state.key} ID --hypothesis TEXT --metric METRIC --variant A --variant B"
    )


def _positions(positions: set[int | None] | set[int]) -> tuple[int, ...]:
    return tuple(sorted(each for each in positions if each is not None))
