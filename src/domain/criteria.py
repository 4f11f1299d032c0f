"""Criteria and the results that count for them (rule 6)."""

from roadlog.domain.events import ResultVerdict
from roadlog.domain.initiative import Criterion, InitiativeState, Result
from roadlog.domain.requirements import Finding, NotCounted, evidence
from roadlog.domain.wording import listed, quoted

AFTER: dict[ResultVerdict, str] = {
    "met": "being met",
    "missed": "missing",
    "inconclusive": "an inconclusive result",
}


def asked_criteria(state: InitiativeState, milestone: str | None) -> tuple[Criterion, ...]:
    """The criteria that this gate asks for, retired ones left out, by id."""
    asked = (
        each for each in state.criteria.values() if each.milestone == milestone and each.retired_by is None
    )
    return tuple(sorted(asked, key=lambda each: each.id))


def counted_result(state: InitiativeState, criterion: Criterion) -> Result | None:
    """The latest result (effective time, ties in log order) of those recorded after the criterion was set."""
    counted = (
        each
        for each in state.results
        if each.criterion == criterion.id and each.position > criterion.position
    )
    return max(counted, key=lambda each: (each.at, each.position), default=None)


def criteria(state: InitiativeState, milestone: str | None) -> Finding:
    """Every criterion of the gate is met, and there is one for each segment of the problem.

    A criterion without a segment is about all segments together, which hides the worst of them: it covers
    none where the problem has segments. Where the problem has none, any one criterion will do.
    """
    asked = asked_criteria(state, milestone)
    results = {each.id: counted_result(state, each) for each in asked}
    unmet = [each for each in asked if not _met(results[each.id])]
    uncovered = [name for name in state.segments if name not in {each.segment for each in asked}]
    moved = [*(each.id for each in asked if each.moved), *_dropped(state, milestone)]
    note = f" (threshold moved after result: {listed(moved)})" if moved else ""
    early = tuple(
        NotCounted(position=result.position, why=f"threshold of {each.id} moved after result")
        for each in asked
        for result in state.results
        if result.criterion == each.id and result.position < each.position
    )
    if asked and not unmet and not uncovered:
        positions = {each.position for each in asked} | {each.position for each in results.values() if each}
        text = f"Criteria met: {listed([each.id for each in asked])}{note}"
        return Finding(met=True, text=text, by=tuple(sorted(positions)), not_counted=early)
    text = f"Criteria: {_missing(state, asked, results)}{note}"
    command = _set(state, milestone, uncovered) if uncovered or not asked else _measure(state, unmet[0])
    return Finding(met=False, text=text, not_counted=early, try_=command)


def result_or_evidence(state: InitiativeState, kind: str) -> Finding:
    """A result that counts, of any criterion, or evidence of that kind."""
    results = (counted_result(state, each) for each in state.criteria.values() if each.retired_by is None)
    found = tuple(sorted(each.position for each in results if each))
    attached = evidence(state, kind)
    if found:
        return Finding(met=True, text="A result", by=(*found, *attached.by))
    if attached.met:
        return attached
    return Finding(met=False, text=f"Neither a result nor evidence of a {kind} yet", try_=attached.try_)


def _dropped(state: InitiativeState, milestone: str | None) -> list[str]:
    """The criteria of this gate retired once their result was known: another id moves a threshold too."""
    told = []
    for each in state.criteria.values():
        if each.milestone == milestone and each.retired_by is not None:
            before = [result for result in state.results if result.criterion == each.id]
            known = [result for result in before if each.position < result.position < each.retired_by]
            if known:
                last = max(known, key=lambda result: (result.at, result.position))
                told.append(f"{each.id} was retired at #{each.retired_by} after {AFTER[last.verdict]}")
    return told


def _met(result: Result | None) -> bool:
    return result is not None and result.verdict == "met"


def _missing(state: InitiativeState, asked: tuple[Criterion, ...], results: dict[str, Result | None]) -> str:
    if not asked:
        return "none set yet" if not state.segments else f"none set yet for {listed(state.segments)}"
    met = {each.segment for each in asked if _met(results[each.id])}
    lacking = [name for name in state.segments if name not in met]
    told = [f"none met for {listed(lacking)}"] if lacking else []
    told += [_short_of(each, results[each.id]) for each in asked if not _met(results[each.id])]
    return "; ".join(told)


def _short_of(criterion: Criterion, result: Result | None) -> str:
    wanted = f"{criterion.metric} {criterion.operator} {criterion.threshold}"
    if result is None:
        return f"{criterion.id} ({wanted}) has no result that counts"
    return f"{criterion.id} ({wanted}) {result.verdict} with {result.value}"


def _set(state: InitiativeState, milestone: str | None, uncovered: list[str]) -> str:
    segment = f" --segment {quoted(uncovered[0])}" if uncovered else ""
    return (
        f"roadlog criterion set {state.key} ID --milestone {quoted(milestone or 'MILESTONE')} "
        f"--metric METRIC --operator '>=' --threshold N{segment}"
    )


def _measure(state: InitiativeState, criterion: Criterion) -> str:
    return f"roadlog result {state.key} {quoted(criterion.id)} VALUE"
