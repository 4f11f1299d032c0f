"""Outcome decisions: what is aimed at, what was measured, and what everybody was told to expect."""

from msgspec.structs import replace

from roadlog.domain.commands import DefineProblem, MeasureOutcome, SetExpectation, TargetOutcome
from roadlog.domain.decisions import reasons
from roadlog.domain.decisions.arguments import already, count, evidence, known
from roadlog.domain.events import ExpectationSet, Outcome, OutcomeMeasured, OutcomeTargeted
from roadlog.domain.refusals import Malformed
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted


def first_outcome(command: DefineProblem) -> Outcome | None:
    """The outcome that a problem is defined with, if any; it is due before the first advance, not before."""
    if command.metric is None:
        given = (command.unit, command.baseline, command.target, command.by)
        if any(each is not None for each in given) or command.relative:
            raise Malformed("metric", "A unit, baseline, target or day belongs to a metric: add --metric.")
        return None
    return _outcome(command.metric, command)


def _outcome(metric: str, command: DefineProblem | TargetOutcome) -> Outcome:
    if command.relative and command.target is None:
        raise Malformed("target", "A relative target needs its number of percent, such as --target -30%.")
    return Outcome(
        metric=metric,
        unit=command.unit,
        baseline=command.baseline,
        target=command.target,
        relative=command.relative,
        by=command.by,
    )


def target(situation: Situation, command: TargetOutcome) -> Events:
    """A new metric, or what is known now of an old one.

    Replacing a target, its day, or a known baseline, which moves a relative target, needs a reason.
    """
    asked = _outcome(command.metric, command)
    state = situation.initiative.outcomes.get(command.metric)
    if state is None:
        return (OutcomeTargeted(outcome=asked),)
    present = Outcome(
        metric=state.metric,
        unit=state.unit,
        baseline=state.baseline,
        target=state.target,
        relative=state.relative,
        by=state.by,
    )
    merged = replace(
        present,
        unit=present.unit if asked.unit is None else asked.unit,
        baseline=present.baseline if asked.baseline is None else asked.baseline,
        target=present.target if asked.target is None else asked.target,
        relative=present.relative if asked.target is None else asked.relative,
        by=present.by if asked.by is None else asked.by,
    )
    if merged == present:
        return ()
    replaced = _replaced(present, merged)
    if replaced is not None:
        again = (
            f"roadlog target {situation.initiative.key} {quoted(state.metric)} --{replaced[0]} --because WHY"
        )
        reasons.require(
            situation, f"{state.metric} has a {replaced[1]} already; a new one needs a reason.", try_=(again,)
        )
    return (OutcomeTargeted(outcome=merged),)


def _replaced(present: Outcome, merged: Outcome) -> tuple[str, str] | None:
    """What of it takes the place of something: the option that says so, and its name; None for nothing."""
    if present.target is not None and (merged.target, merged.relative) != (present.target, present.relative):
        return "target N", "target"
    if present.by is not None and merged.by != present.by:
        return "by DATE", "day to reach its target"
    if present.baseline is not None and merged.baseline != present.baseline:
        return "baseline N", "baseline"
    return None


def measure(situation: Situation, command: MeasureOutcome) -> Events:
    """A measurement of a known outcome; every one is a fact of its own, equal ones too."""
    state = situation.initiative
    supply = f"roadlog target {state.key} METRIC --target N"
    known("metric", command.metric, state.outcomes, try_=(supply,))
    shown_by = evidence(state, command.evidence)
    count("sample", command.sample)
    return (
        OutcomeMeasured(
            metric=command.metric,
            value=command.value,
            sample=command.sample,
            evidence=shown_by.id if shown_by else None,
        ),
    )


def expect(situation: Situation, command: SetExpectation) -> Events:
    """How many iterations, what outcome, and which roles were told."""
    if not 1 <= command.iterations_from <= command.iterations_to:
        raise Malformed(
            "iterations",
            f"Iterations go from 1 or more upwards, not {command.iterations_from}-{command.iterations_to}.",
            try_=(f"roadlog expect {situation.initiative.key} --iterations 3-5",),
        )
    for role in command.told:
        known("role", role, situation.workflow.roles)
    event = ExpectationSet(
        iterations_from=command.iterations_from,
        iterations_to=command.iterations_to,
        outcome_from=command.outcome_from,
        outcome_to=command.outcome_to,
        told=tuple(dict.fromkeys(command.told)),
    )
    return () if already(situation.initiative.expectation, event) else (event,)
